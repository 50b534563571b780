"""The same units are inspected again under another number: nothing is booked twice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gateway.returns import Policy, balances, net_postings
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.homes import drop_sample
from tests.stories.commands import once
from tests.stories.money.at_work import story
from tests.stories.money.orders import ErpRuns, in_every_order

POLICY = Policy(warehouse="harbor", erp="atlas")
ORDERS: Sent = ("atlas", orders("SO1", A=10))
ASKED: Sent = ("northgate", request("RTV1", {"A": 4}))
INSPECTED: list[Sent] = [
    ("harbor", inspection("IN1", "RTV1", [("A", 2, "restock")])),
    ("harbor", inspection("IN2", "RTV1", [("A", 2, "restock")])),
]


def moved(shell: Shell) -> int:
    """Units that the ERP restocks in the end."""
    return int(net_postings(shell.one()).get(("1", "inventory_move", "restock"), (Decimal(0), None))[0])


@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_a_second_inspection_of_the_same_units_is_held(final: bool, erp: ErpRuns) -> None:
    came: Sent = ("harbor", receipt("WR1", "RTV1", {"A": 2}, final=final))
    policy = POLICY.model_copy(update={"reverse_posted_up_to": {"credit_request": "any"}})
    shell = in_every_order([ASKED, came, *INSPECTED], policy, first=[ORDERS], erp=erp)
    assert moved(shell) == 2
    held = [hold.message for hold in shell.one().open_holds() if hold.class_ == "inspection_exceeds_received"]
    assert held == ["2 in IN2"]


def test_a_later_receipt_explains_it() -> None:
    came: list[Sent] = [("harbor", receipt(f"WR{n}", "RTV1", {"A": 2}, final=False)) for n in (1, 2)]
    shell = in_every_order([ASKED, *came, *INSPECTED], POLICY, first=[ORDERS])
    assert moved(shell) == 4
    assert shell.one().open_holds() == []


def test_an_inspection_that_comes_before_its_receipt_only_waits() -> None:
    shell = in_every_order([ASKED, INSPECTED[0]], POLICY, first=[ORDERS])
    assert shell.one().open_holds() == []


def test_units_of_a_second_receipt_inspected_twice_wait_with_the_surplus() -> None:
    """Two authorized and received twice under two numbers, inspected three times: nothing is booked beyond two."""
    documents: list[Sent] = [
        ("northgate", request("RTV1", {"A": 2})),
        ("harbor", receipt("WR1", "RTV1", {"A": 2})),
        ("harbor", receipt("WR2", "RTV1", {"A": 2})),
        *INSPECTED,
        ("harbor", inspection("IN3", "RTV1", [("A", 2, "restock")])),
    ]
    shell = in_every_order(documents, POLICY, first=[ORDERS])
    assert moved(shell) == 2
    assert sorted(hold.class_ for hold in shell.one().open_holds()) == ["inspection_exceeds_received", "over_received"]
    shell.answer("R000001", "over_received", "reject")
    shell.run_erp()
    assert moved(shell) == 2
    assert [int(q) for q in (balances(shell.one(), "1").received, balances(shell.one(), "1").inspected)] == [2, 2]
    assert [hold.class_ for hold in shell.one().open_holds()] == ["inspection_exceeds_received"]


def test_a_second_inspection_through_the_command_line(home: Path) -> None:
    told = story(home)
    for partner, sample in (
        ("northgate", "180-requests.edi"),
        ("harbor", "944-receipt.edi"),
        ("harbor", "inspection.csv"),
    ):
        drop_sample(home, partner, sample)
        once(home)
    told.erp_answers()
    before = told.sent("atlas")
    head, *rows = (home / "partners/harbor/samples/inspection.csv").read_text().splitlines()
    again = [row.replace(row.split(",")[0], "QI-AGAIN", 1) for row in rows]
    told.put("harbor", "inspection-again.csv", "\n".join([head, *again, ""]))
    told.erp_answers()
    assert told.sent("atlas") == before
    assert "inspection_exceeds_received" in told.holds()
    told.proves()
