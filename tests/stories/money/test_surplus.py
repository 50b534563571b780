"""More comes than was authorized: only what was authorized is booked and credited, until somebody decides."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.returns import CannotResolve, Policy, balances, net_postings, reconcile, status_of
from tests.gateway.returns.builders import inspection, orders, receipt, request, shipment
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.homes import drop_sample
from tests.stories.commands import once
from tests.stories.money.at_work import story
from tests.stories.money.orders import ErpRuns, in_every_order

POLICY = Policy(warehouse="harbor", erp="atlas")
# What is posted before its turn is undone without asking: the ends are alike then, whenever the ERP posts.
UNDOES = POLICY.model_copy(update={"reverse_posted_up_to": {"credit_request": "any", "goods_receipt": "any"}})
ORDERS: Sent = ("atlas", orders("SO1", A=10))
ASKED: Sent = ("northgate", request("RTV1", {"A": 2}))
NINE: list[Sent] = [
    ("harbor", receipt("WR1", "RTV1", {"A": 9})),
    ("harbor", inspection("IN1", "RTV1", [("A", 9, "restock")])),
]
TWICE: list[Sent] = [
    ("harbor", receipt("WR1", "RTV1", {"A": 2})),
    ("harbor", receipt("WR2", "RTV1", {"A": 2})),
    ("harbor", inspection("IN1", "RTV1", [("A", 2, "restock")])),
    ("harbor", inspection("IN2", "RTV1", [("A", 2, "restock")])),
]
Net = dict[tuple[str, str], tuple[int, str]]


def booked(shell: Shell) -> Net:
    """Kind and split → quantity and money that the ERP ends up with."""
    return {
        (kind, split): (int(quantity), str(amount))
        for (_, kind, split), (quantity, amount) in net_postings(shell.one()).items()
    }


def answered(decision: str) -> Callable[[Shell], None]:
    """A person answers the Hold of the surplus."""
    return lambda shell: shell.answer("R000001", "over_received", decision)


AUTHORIZED_ONLY: Net = {
    ("return_order", "0"): (2, "0"),
    ("goods_receipt", "good"): (2, "0"),
    ("inventory_move", "restock"): (2, "0"),
    ("credit_request", "0"): (2, "39.98"),
}


@pytest.mark.parametrize("documents", [NINE, TWICE], ids=["nine for two", "twice"])
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_a_surplus_waits_and_what_was_authorized_is_booked(documents: list[Sent], erp: ErpRuns) -> None:
    shell = in_every_order([ASKED, *documents], POLICY, first=[ORDERS], erp=erp)
    assert booked(shell) == AUTHORIZED_ONLY
    (hold,) = shell.one().open_holds()
    surplus = 7 if documents is NINE else 2
    assert (hold.class_, hold.message) == ("over_received", f"{surplus} more of A came than the 2 authorized")
    found = {row.difference: int(row.quantity) for row in reconcile([shell.one()], POLICY)}
    assert found == {"matched": 2, "received_not_authorized": surplus}


@pytest.mark.parametrize("documents", [NINE, TWICE], ids=["nine for two", "twice"])
def test_an_accepted_surplus_is_booked_and_credited(documents: list[Sent]) -> None:
    shell = in_every_order([ASKED, *documents], POLICY, first=[ORDERS], act=answered("accept"))
    came = 9 if documents is NINE else 4
    money = str(came * Decimal("19.99"))
    assert booked(shell) == {
        ("return_order", "0"): (came, "0"),
        ("goods_receipt", "good"): (came, "0"),
        ("inventory_move", "restock"): (came, "0"),
        ("credit_request", "0"): (came, money),
    }
    assert status_of(shell.one()) == "closed"


def test_a_surplus_that_goes_back_is_quarantined_and_not_credited() -> None:
    shell = in_every_order([ASKED, *NINE], POLICY, first=[ORDERS], act=answered("quarantine_and_return"))
    assert booked(shell) == AUTHORIZED_ONLY | {
        ("goods_receipt", "surplus"): (7, "0"),
        ("inventory_move", "surplus"): (7, "0"),
    }
    sent_back = {p.kind: p.stock_status for p in shell.one().postings.values() if p.split == "surplus"}
    assert sent_back == {"goods_receipt": "quarantine", "inventory_move": "return_to_customer"}
    assert status_of(shell.one()) == "closed"
    assert [row.difference for row in reconcile([shell.one()], POLICY)] == ["matched"]


def test_a_surplus_that_goes_back_needs_no_inspection() -> None:
    inspected: Sent = ("harbor", inspection("IN1", "RTV1", [("A", 2, "restock")]))
    shell = in_every_order([ASKED, NINE[0], inspected], POLICY, first=[ORDERS], act=answered("quarantine_and_return"))
    assert balances(shell.one(), "1").awaiting_inspection == 0
    assert shell.one().clocks["inspection"].state == "met"
    assert status_of(shell.one()) == "closed"


def test_a_surplus_that_is_kept_is_booked_and_never_credited() -> None:
    shell = in_every_order([ASKED, *NINE], POLICY, first=[ORDERS], act=answered("keep_without_credit"))
    assert booked(shell) == AUTHORIZED_ONLY | {
        ("goods_receipt", "good"): (9, "0"),
        ("inventory_move", "restock"): (9, "0"),
    }
    assert status_of(shell.one()) == "closed"
    assert [row.difference for row in reconcile([shell.one()], POLICY)] == ["matched"]


def test_a_kept_surplus_is_not_replaced_either() -> None:
    replaced: list[Sent] = [NINE[0], ("harbor", inspection("IN1", "RTV1", [("A", 9, "replace")]))]
    shell = in_every_order([ASKED, *replaced], POLICY, first=[ORDERS], act=answered("keep_without_credit"))
    assert booked(shell)["replacement", "replace"] == (2, "0")
    assert booked(shell)["inventory_move", "replace"] == (9, "0")


@pytest.mark.parametrize("documents", [NINE, TWICE], ids=["nine for two", "twice"])
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_a_rejected_surplus_leaves_nothing_in_stock(documents: list[Sent], erp: ErpRuns) -> None:
    shell = in_every_order([ASKED, *documents], POLICY, first=[ORDERS], act=answered("reject"), erp=erp)
    assert booked(shell) == AUTHORIZED_ONLY
    b = balances(shell.one(), "1")
    assert [int(q) for q in (b.received, b.inspected, b.dispositioned, b.over)] == [2, 2, 2, 0]
    assert status_of(shell.one()) == "closed"
    assert [row.difference for row in reconcile([shell.one()], POLICY)] == ["matched"]


def test_a_rejected_receipt_that_comes_again_stays_rejected_until_it_is_corrected() -> None:
    shell = in_every_order([ASKED, *TWICE], POLICY, first=[ORDERS], act=answered("reject"))
    shell.receive(receipt("WR2", "RTV1", {"A": 2}), "harbor")
    assert balances(shell.one(), "1").received == 2
    assert shell.one().open_holds() == []
    shell.receive(receipt("WR2", "RTV1", {"A": 3}, purpose="replace"), "harbor")
    assert balances(shell.one(), "1").received == 5
    assert [hold.message for hold in shell.one().open_holds()] == ["3 more of A came than the 2 authorized"]


def test_what_comes_on_top_of_a_decided_surplus_is_asked_about_anew() -> None:
    shell = in_every_order([ASKED, *NINE], POLICY, first=[ORDERS], act=answered("keep_without_credit"))
    shell.receive(receipt("WR9", "RTV1", {"A": 1}), "harbor")
    assert [hold.message for hold in shell.one().open_holds()] == ["1 more of A came than the 2 authorized"]
    shell.answer("R000001", "over_received", "accept")
    shell.run_erp()
    assert balances(shell.one(), "1").authorized == 3
    assert booked(shell)["goods_receipt", "good"] == (10, "0")


@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_what_came_first_is_booked_and_what_came_on_top_waits(erp: ErpRuns) -> None:
    """Two damaged units came and are quarantined; two good ones came on top: the credit is that of what was booked."""
    documents: list[Sent] = [
        ("harbor", receipt("WR1", "RTV1", {"A": 2}, {"A": 2})),
        ("harbor", receipt("WR2", "RTV1", {"A": 2})),
        ("harbor", inspection("IN1", "RTV1", [("A", 2, "quarantine")])),
        ("harbor", inspection("IN2", "RTV1", [("A", 2, "restock")])),
    ]
    shell = in_every_order([ASKED, *documents], UNDOES, first=[ORDERS], erp=erp)
    assert booked(shell) == {
        ("return_order", "0"): (2, "0"),
        ("goods_receipt", "damaged"): (2, "0"),
        ("inventory_move", "quarantine"): (2, "0"),
    }


def test_of_one_receipt_the_good_units_are_the_authorized_ones() -> None:
    policy = POLICY.model_copy(update={"inspection_by_warehouse": False})
    shell = in_every_order([ASKED, ("harbor", receipt("WR1", "RTV1", {"A": 4}, {"A": 2}))], policy, first=[ORDERS])
    assert booked(shell) == AUTHORIZED_ONLY


def test_tolerated_units_are_booked_and_not_credited() -> None:
    policy = POLICY.model_copy(update={"over_receipt_tolerance": Decimal(1)})
    three: list[Sent] = [
        ("harbor", receipt("WR1", "RTV1", {"A": 3})),
        ("harbor", inspection("IN1", "RTV1", [("A", 3, "restock")])),
    ]
    shell = in_every_order([ASKED, *three], policy, first=[ORDERS])
    assert shell.one().open_holds() == []
    assert booked(shell) == AUTHORIZED_ONLY | {
        ("goods_receipt", "good"): (3, "0"),
        ("inventory_move", "restock"): (3, "0"),
    }


@pytest.mark.parametrize("decision", ["keep_without_credit", "quarantine_and_return", "reject"])
def test_goods_that_nobody_asked_for_have_the_same_answers(decision: str) -> None:
    documents: list[Sent] = [
        ASKED,
        ("harbor", receipt("WR1", "RTV1", {"A": 2, "Z": 3})),
        ("harbor", inspection("IN1", "RTV1", [("A", 2, "restock"), ("Z", 3, "scrap")])),
    ]
    shell = in_every_order(
        documents,
        POLICY,
        first=[ORDERS],
        act=lambda shell: shell.answer("R000001", "unexpected_item", decision),
    )
    of_z = {
        (kind, split): int(quantity)
        for (no, kind, split), (quantity, _) in net_postings(shell.one()).items()
        if shell.one().lines[no].sku == "Z"
    }
    assert (
        of_z
        == {
            "keep_without_credit": {("goods_receipt", "good"): 3, ("scrap", "scrap"): 3},
            "quarantine_and_return": {("goods_receipt", "surplus"): 3, ("inventory_move", "surplus"): 3},
            "reject": {},
        }[decision]
    )
    assert shell.one().open_holds() == []


def test_goods_on_their_way_cannot_be_kept_or_sent_back_yet() -> None:
    shell = in_every_order([ASKED, ("northgate", shipment("SH1", "RTV1", {"A": 2, "Z": 1}))], POLICY, first=[ORDERS])
    for decision in ("keep_without_credit", "quarantine_and_return"):
        with pytest.raises(CannotResolve, match="have not come yet"):
            shell.answer("R000001", "unexpected_item", decision)


def test_the_same_goods_under_a_second_number_through_the_command_line(home: Path) -> None:
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
    again = (home / "partners/harbor/samples/944-receipt.edi").read_text()
    for old, new in (("HR20871", "HR20999"), ("000005501", "000005502"), ("*5501", "*5502")):
        again = again.replace(old, new)
    segments = [f"{segment}~" for segment in again.replace("\n", "").split("~") if segment]
    drill_only = [*segments[:14], "W14*4*4*1~", "SE*14*0001~", *segments[-2:]]
    told.put("harbor", "944-again.edi", "\n".join(drill_only))
    assert told.holds().count("over_received") == 1
    told.erp_answers()
    assert told.sent("atlas") == before, "nothing of the surplus is sent"
    assert "received_not_authorized" in told.reconciliation()
    assert "received_not_posted" not in told.reconciliation()
    told.answer("over_received", "reject")
    told.erp_answers()
    assert told.sent("atlas") == before
    assert told.balances().received == 4
    told.proves()
