"""The plain return, which every other story departs from: asked, sent, received, inspected, credited."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from gateway.returns import Policy, net_postings
from tests.gateway.returns.builders import inspection, orders, receipt, request, shipment
from tests.homes import drop_sample
from tests.stories.commands import once
from tests.stories.money.at_work import story
from tests.stories.money.orders import in_every_order

ORDERS = ("atlas", orders("SO1", A=10))


def test_a_plain_return_ends_credited_in_every_order() -> None:
    documents = [
        ("northgate", request("RTV1", {"A": 4})),
        ("northgate", shipment("SH1", "RTV1", {"A": 4})),
        ("harbor", receipt("WR1", "RTV1", {"A": 4})),
        ("harbor", inspection("IN1", "RTV1", [("A", 4, "restock")])),
    ]
    for erp in ("at_end", "between"):
        shell = in_every_order(documents, Policy(warehouse="harbor", erp="atlas"), first=[ORDERS], erp=erp)
        return_ = shell.one()
        assert net_postings(return_)["1", "credit_request", "0"] == (Decimal(4), Decimal("79.96"))
        assert return_.open_holds() == []


def test_a_plain_return_through_the_command_line(home: Path) -> None:
    told = story(home)
    for partner, sample in (
        ("northgate", "180-requests.edi"),
        ("harbor", "944-receipt.edi"),
        ("harbor", "inspection.csv"),
    ):
        drop_sample(home, partner, sample)
        once(home)
    told.erp_answers()
    balances = told.balances()
    assert balances.received == balances.inspected == balances.credited == 4
    assert any(name.endswith(".csv") for name in told.sent("atlas"))
    assert "matched" in told.reconciliation()
    told.proves()
