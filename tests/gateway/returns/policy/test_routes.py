"""Which ERP hears of a return line, while some returns go to a new one already: partner, site, type and day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from gateway.partners.model import ErpSwitch as SwitchInFolder
from gateway.returns import ErpSwitch, Policy, Routes
from gateway.returns.model import Return, ReturnLine
from gateway.returns.policy import return_types
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.shell import START, Shell
from translators.canonical import Code, Item, Receipt

TODAY = START.date()


def _policy(*switches: ErpSwitch, **more: object) -> Policy:
    routes = Routes(switches=switches, sites={"harbor": "HP1"})
    return Policy(warehouse="harbor", erp="atlas", routes=routes).model_copy(update=more)


def _shell(policy: Policy) -> Shell:
    shell = Shell(policy=policy, through_store=True)
    shell.receive(orders("SO1", A=10, B=4), "atlas")
    return shell


def _destinations(shell: Shell) -> dict[str, str]:
    return {key: p.destination for r in shell.returns.values() for key, p in r.postings.items()}


@pytest.mark.parametrize(
    ("switch", "to"),
    [
        (ErpSwitch(to="new"), "new"),
        (ErpSwitch(to="new", partner="northgate"), "new"),
        (ErpSwitch(to="new", partner="cedar"), "atlas"),
        (ErpSwitch(to="new", site="HP1"), "new"),
        (ErpSwitch(to="new", site="HP2"), "atlas"),
        (ErpSwitch(to="new", return_type="credit"), "new"),
        (ErpSwitch(to="new", return_type="repair"), "atlas"),
        (ErpSwitch(to="new", valid_from=TODAY), "new"),
        (ErpSwitch(to="new", valid_from=TODAY + timedelta(days=1)), "atlas"),
        (ErpSwitch(to="new", valid_to=TODAY), "new"),
        (ErpSwitch(to="new", valid_to=TODAY - timedelta(days=1)), "atlas"),
        (ErpSwitch(to="new", partner="northgate", site="HP1", return_type="credit", valid_from=TODAY), "new"),
        (ErpSwitch(to="new", partner="northgate", site="HP1", return_type="keep", valid_from=TODAY), "atlas"),
    ],
    ids=str,
)
def test_every_condition_must_hold(switch: ErpSwitch, to: str) -> None:
    shell = _shell(_policy(switch))
    shell.receive(request("RTV1", {"A": 2}), "northgate")
    assert set(_destinations(shell).values()) == {to}


def test_the_lines_of_one_return_part_by_their_type_and_the_first_switch_that_fits_decides() -> None:
    shell = _shell(
        _policy(ErpSwitch(to="spare", return_type="replacement"), ErpSwitch(to="new", return_type="replacement"))
    )
    asked = request("RTV1", {"A": 2, "B": 1})
    lines = (asked.lines[0].model_copy(update={"resolution": "replacement"}), asked.lines[1])
    shell.receive(asked.model_copy(update={"lines": lines}), "northgate")
    shell.receive(receipt("RC1", "RTV1", {"A": 2, "B": 1}), "harbor")
    shell.receive(inspection("QC1", "RTV1", [("A", 2, "restock"), ("B", 1, "restock")]), "harbor")
    by_line: dict[str, set[str]] = {}
    for key, destination in _destinations(shell).items():
        by_line.setdefault(key.split("-")[1], set()).add(destination)
    assert by_line == {"1": {"spare"}, "2": {"atlas"}}


@pytest.mark.parametrize(
    ("line", "consumer", "types"),
    [
        (ReturnLine("1", Item(), Decimal(1)), False, {"credit"}),
        (ReturnLine("1", Item(), Decimal(1), resolution="Refund"), False, {"credit"}),
        (ReturnLine("1", Item(), Decimal(1), resolution="exchange"), False, {"replacement"}),
        (ReturnLine("1", Item(), Decimal(1), resolution="repair"), True, {"repair", "consumer"}),
        (ReturnLine("1", Item(), Decimal(1), instruction="keep"), False, {"credit", "keep"}),
    ],
)
def test_the_types_of_a_line(line: ReturnLine, consumer: bool, types: set[str]) -> None:
    assert return_types(Return("R1", "northgate", consumer_return=consumer), line) == types
    for each in types:
        SwitchInFolder.model_validate({"to": "new", "return_type": each})


def test_a_return_that_straddles_the_day_stays_with_the_erp_that_got_its_return_order() -> None:
    shell = _shell(_policy(ErpSwitch(to="new", valid_from=TODAY + timedelta(days=1))))
    shell.receive(request("RTV1", {"A": 2}), "northgate")
    shell.now += timedelta(days=2)
    shell.receive(receipt("RC1", "RTV1", {"A": 2, "B": 1}), "harbor")
    shell.answer("R000001", "unexpected_item", "accept_unexpected")
    shell.receive(inspection("QC1", "RTV1", [("A", 2, "restock"), ("B", 1, "restock")]), "harbor")
    # The line that came on later is judged by the day of the return's first posting, too.
    assert set(_destinations(shell).values()) == {"atlas"}
    assert {key.split("-")[1] for key in _destinations(shell)} == {"1", "2"}
    shell.receive(request("RTV2", {"A": 2}), "northgate")
    assert _destinations(shell)["R000002-1-RO-0-1"] == "new"


def test_the_day_that_counts_is_that_of_the_first_posting_not_of_the_request() -> None:
    shell = _shell(_policy(ErpSwitch(to="new", valid_from=TODAY + timedelta(days=1))))
    shell.receive(request("RTV1", {"Z": 2}, order="SO9"), "northgate")
    assert _destinations(shell) == {}
    shell.now += timedelta(days=1)
    shell.answer("R000001", "eligibility_review", "approve")
    assert _destinations(shell) == {"R000001-1-RO-0-1": "new"}


def test_the_day_is_that_of_the_house() -> None:
    """03:00 in London on the fourth is the evening of the third in Chicago."""
    switch = ErpSwitch(to="new", valid_from=date(2025, 3, 4))
    policy = _policy(switch)
    late = policy.model_copy(update={"calendar": policy.calendar.model_copy(update={"time_zone": "America/Chicago"})})
    for each, to in ((policy, "new"), (late, "atlas")):
        shell = _shell(each)
        shell.now = START.replace(day=4, hour=3)
        shell.receive(request("RTV1", {"A": 2}), "northgate")
        assert set(_destinations(shell).values()) == {to}


def test_a_line_stays_with_its_erp_when_the_switch_is_taken_out_again() -> None:
    shell = _shell(_policy(ErpSwitch(to="new")))
    shell.receive(request("RTV1", {"A": 2}), "northgate")
    shell.policy = _policy()
    shell.receive(receipt("RC1", "RTV1", {"A": 2}), "harbor")
    assert set(_destinations(shell).values()) == {"new"}


def test_where_no_return_order_was_sent_the_site_of_the_receipt_decides() -> None:
    policy = _policy(ErpSwitch(to="new", site="HP2")).model_copy(update={"wrong_site": "accept"})
    shell = _shell(policy.model_copy(update={"stages": policy.stages.model_copy(update={"authorized": ()})}))
    shell.receive(request("RTV1", {"A": 2, "B": 2}), "northgate")
    shell.receive(_at("HP1", receipt("RC1", "RTV1", {"A": 2})), "harbor")
    shell.receive(_at("HP2", receipt("RC2", "RTV1", {"B": 2})), "harbor")
    assert {key.split("-")[1]: to for key, to in _destinations(shell).items()} == {"1": "atlas", "2": "new"}


def _at(site: str, document: Receipt) -> Receipt:
    return document.model_copy(update={"warehouse": site})


def test_what_was_cancelled_before_it_left_binds_nobody() -> None:
    shell = _shell(_policy(ErpSwitch(to="new", return_type="replacement")))
    asked = request("RTV1", {"A": 2})
    shell.receive(asked, "northgate")
    shell.receive(request("RTV1", {"A": 0}, purpose="change"), "northgate")
    lines = (asked.lines[0].model_copy(update={"resolution": "replacement", "reason": Code(canonical="defective")}),)
    again = asked.model_copy(update={"lines": lines, "purpose": "replace", "issued_on": TODAY + timedelta(days=1)})
    shell.receive(again, "northgate")
    posted = {p.key: (p.state, p.destination) for p in shell.one().postings.values()}
    assert posted == {"R000001-1-RO-0-1": ("cancelled", "atlas"), "R000001-1-RO-0-2": ("ready", "new")}
