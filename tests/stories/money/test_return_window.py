"""A request counts for the return window from the day it came, not from an older date that it states."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gateway.returns import Policy
from gateway.returns.policy import Rule
from tests.gateway.returns.builders import orders, request
from tests.gateway.returns.shell import START, Shell
from tests.homes import GatewayAtWork, replace_text
from tests.stories.money.orders import in_every_order

LATE = ("northgate", request("RTV1", {"A": 2}).model_copy(update={"issued_on": date(2025, 1, 1)}))
# The sale is of 2024-12-20: 30 days were over long before the request came in March.
ORDERS = ("atlas", orders("SO1", sold="2024-12-20", A=10))


@pytest.mark.parametrize(("request_date", "decision"), [("received", "denied"), ("stated", "authorized")])
def test_an_old_date_reopens_no_window_in_every_order(request_date: str, decision: str) -> None:
    policy = Policy.model_validate({"warehouse": "harbor", "erp": "atlas", "request_date": request_date})
    shell = in_every_order([ORDERS, LATE], policy)
    assert shell.answers[-1][1].decision == decision


def test_a_request_that_waits_for_its_order_is_judged_by_the_day_it_came() -> None:
    shell = Shell(policy=Policy(warehouse="harbor", erp="atlas"), through_store=True)
    shell.receive(request("RTV1", {"A": 2}), "northgate")
    shell.now = START + timedelta(days=100)
    shell.receive(orders("SO1", sold="2025-02-20", A=10), "atlas")
    assert shell.answers[-1][1].decision == "authorized"


@pytest.mark.parametrize(("sold", "decision"), [("2025-02-20", "authorized"), ("2024-12-20", "denied")])
def test_a_warranty_is_judged_by_the_same_day(sold: str, decision: str) -> None:
    policy = Policy(rules=(Rule(check="outside_warranty", outcome="deny", days=60),))
    shell = Shell(policy=policy)
    shell.receive(orders("SO1", sold=sold, A=10), "atlas")
    shell.receive(*LATE[::-1])
    assert shell.answers[-1][1].decision == decision


def test_a_dated_180_comes_too_late_in_a_home(gateway: GatewayAtWork) -> None:
    """The samples are of 14 March 2025; half a year later they are too late, unless the partner is believed."""
    gateway.clock.advance(200 * 24 * 3600.0)
    gateway.drop("cedar", "requests.csv")
    replace_text(gateway.root / "partners/northgate/partner.toml", 'request_date = "stated"', "")
    gateway.engine.reload()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    answers = {path.read_bytes() for path in gateway.sent("northgate", "180_*")}
    assert answers
    assert all(b"RDR*RD**RT" in answer for answer in answers)
