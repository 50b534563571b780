"""Another item comes as a line's goods, or the warehouse does not take goods in: the line is not received with them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gateway.returns import CannotResolve, Policy, balances, net_postings
from tests.gateway.returns.builders import DAY, code, inspection, orders, receipt, ref, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.homes import drop_sample
from tests.stories.commands import once
from tests.stories.money.at_work import story
from tests.stories.money.orders import in_every_order
from translators.canonical import Item, Receipt, ReceiptException, ReceiptLine

POLICY = Policy(warehouse="harbor", erp="atlas")
ORDERS: Sent = ("atlas", orders("SO1", A=10, B=10))
ASKED: Sent = ("northgate", request("RTV1", {"A": 4}))


def receipt_of(quantity: int, **conditions: int) -> Receipt:
    """A receipt of item A of which parts are in these conditions."""
    exceptions = tuple(
        ReceiptException(condition=code(condition), quantity=Decimal(part)) for condition, part in conditions.items()
    )
    line = ReceiptLine(line_no="1", item=Item(sku="A"), quantity=Decimal(quantity), exceptions=exceptions)
    return Receipt(number="WR1", references=ref("RTV1"), warehouse="harbor", received_on=DAY, lines=(line,))


def booked(shell: Shell) -> dict[tuple[str, str, str], int]:
    """Item, kind and split → quantity that the ERP ends up with."""
    lines = shell.one().lines
    return {
        (lines[no].sku, kind, split): int(quantity)
        for (no, kind, split), (quantity, _) in net_postings(shell.one()).items()
    }


def holds(shell: Shell) -> list[tuple[str, str]]:
    """Class and message of the open Holds."""
    return sorted((hold.class_, hold.message) for hold in shell.one().open_holds())


OTHER = ("unexpected_item", "1 of another item than A came, not authorized")
SHORT = ("short_received", "1 of A did not come although the receipt is final")


def test_another_item_is_no_receipt_of_the_line() -> None:
    documents: list[Sent] = [
        ASKED,
        ("harbor", receipt_of(4, wrong_item=1)),
        ("harbor", inspection("IN1", "RTV1", [("A", 3, "restock")])),
    ]
    shell = in_every_order(documents, POLICY, first=[ORDERS])
    assert int(balances(shell.one(), "1").received) == 3
    assert booked(shell)["A", "goods_receipt", "good"] == 3
    assert booked(shell)["A", "credit_request", "0"] == 3
    assert not [posting for posting in booked(shell) if posting[0] == ""]
    assert holds(shell) == [SHORT, OTHER]


def test_a_line_that_came_all_wrong_waits_for_its_goods() -> None:
    shell = in_every_order([ASKED, ("harbor", receipt_of(4, wrong_item=4))], POLICY, first=[ORDERS])
    assert int(balances(shell.one(), "1").open_to_receive) == 4
    assert booked(shell) == {("A", "return_order", "0"): 4}
    shell.receive(receipt("WR2", "RTV1", {"A": 4}), "harbor")
    shell.run_erp()
    assert booked(shell)["A", "goods_receipt", "good"] == 4


def named(sku: str, decision: str, shell: Shell) -> None:
    """A person says which item came, and what becomes of it."""
    shell.answer("R000001", "unexpected_item", "identify", sku=sku)
    assert ("unexpected_item", f"1 of {sku} came, not authorized") in holds(shell)
    shell.answer("R000001", "unexpected_item", decision)


@pytest.mark.parametrize(
    ("decision", "of_other"),
    [
        ("accept", {("B", "return_order", "0"): 1, ("B", "goods_receipt", "wrongitem"): 1}),
        ("keep_without_credit", {("B", "goods_receipt", "wrongitem"): 1}),
        ("quarantine_and_return", {("B", "goods_receipt", "surplus"): 1, ("B", "inventory_move", "surplus"): 1}),
        ("reject", {}),
    ],
)
def test_once_it_is_named_it_is_an_unexpected_item_like_others(
    decision: str, of_other: dict[tuple[str, str, str], int]
) -> None:
    documents: list[Sent] = [ASKED, ("harbor", receipt_of(4, wrong_item=1))]
    shell = in_every_order(documents, POLICY, first=[ORDERS], act=lambda shell: named("B", decision, shell))
    assert {posting: q for posting, q in booked(shell).items() if posting[0] == "B"} == of_other
    assert "unexpected_item" not in dict(holds(shell))


def test_it_may_be_the_goods_of_another_line() -> None:
    both: Sent = ("northgate", request("RTV1", {"A": 4, "B": 1}))
    shell = in_every_order([both, ("harbor", receipt_of(4, wrong_item=1))], POLICY, first=[ORDERS])
    with pytest.raises(CannotResolve, match="answer assign line=2"):
        shell.answer("R000001", "unexpected_item", "identify", sku="B")
    shell.answer("R000001", "unexpected_item", "assign", line="2")
    shell.run_erp()
    assert int(balances(shell.one(), "2").received) == 1
    assert booked(shell)["B", "goods_receipt", "wrongitem"] == 1


def test_what_has_no_name_is_not_booked() -> None:
    shell = in_every_order([ASKED, ("harbor", receipt_of(4, wrong_item=1))], POLICY, first=[ORDERS])
    for decision in ("accept", "accept_unexpected", "keep_without_credit"):
        with pytest.raises(CannotResolve, match="identify sku=SKU first"):
            shell.answer("R000001", "unexpected_item", decision)
    with pytest.raises(CannotResolve, match="as sku=SKU"):
        shell.answer("R000001", "unexpected_item", "identify", item="B")
    shell.answer("R000001", "unexpected_item", "quarantine_and_return")
    shell.run_erp()
    assert not [posting for posting in booked(shell) if posting[0] == ""]
    assert holds(shell) == [SHORT]


def test_a_corrected_receipt_closes_the_question() -> None:
    shell = in_every_order([ASKED, ("harbor", receipt_of(4, wrong_item=1))], POLICY, first=[ORDERS])
    shell.receive(receipt("WR1", "RTV1", {"A": 4}, purpose="replace"), "harbor")
    assert holds(shell) == []
    assert int(balances(shell.one(), "1").received) == 4


def test_a_warehouse_that_does_not_inspect_quarantines_nothing_of_another_item_on_its_own() -> None:
    policy = POLICY.model_copy(update={"inspection_by_warehouse": False})
    shell = in_every_order([ASKED, ("harbor", receipt_of(4, wrong_item=1))], policy, first=[ORDERS])
    assert booked(shell)["A", "inventory_move", "restock"] == 3
    assert not [posting for posting in booked(shell) if posting[2] == "quarantine"]


@pytest.mark.parametrize("condition", ["rejected", "over_returned", "not_processable"])
def test_what_the_warehouse_did_not_take_in_is_no_receipt(condition: str) -> None:
    shell = in_every_order([ASKED, ("harbor", receipt_of(4, **{condition: 1}))], POLICY, first=[ORDERS])
    assert int(balances(shell.one(), "1").received) == 3
    assert booked(shell) == {("A", "return_order", "0"): 4, ("A", "goods_receipt", "good"): 3}
    assert [class_ for class_, _ in holds(shell)] == ["not_taken_in", "short_received"]
    shell.receive(receipt("WR1", "RTV1", {"A": 4}, purpose="replace"), "harbor")
    assert holds(shell) == []


@pytest.mark.parametrize("condition", ["short", "missing", "not_received", "cumulative_adjustment"])
def test_what_never_came_is_no_part_of_what_came(condition: str) -> None:
    shell = in_every_order([ASKED, ("harbor", receipt_of(3, **{condition: 1}))], POLICY, first=[ORDERS])
    assert booked(shell) == {("A", "return_order", "0"): 4, ("A", "goods_receipt", "good"): 3}
    assert holds(shell) == [SHORT]


@pytest.mark.parametrize("condition", ["over", "no_ship_notice", "non_standard_container"])
def test_what_came_in_a_strange_way_is_the_goods_of_the_line_all_the_same(condition: str) -> None:
    shell = in_every_order([ASKED, ("harbor", receipt_of(4, **{condition: 1}))], POLICY, first=[ORDERS])
    assert int(balances(shell.one(), "1").received) == 4
    assert holds(shell) == []


def test_more_of_another_item_than_came_is_an_inconsistent_receipt() -> None:
    shell = in_every_order([ASKED, ("harbor", receipt_of(2, wrong_item=3))], POLICY, first=[ORDERS])
    assert [class_ for class_, _ in holds(shell)] == ["inconsistent_quantity"]
    assert booked(shell) == {("A", "return_order", "0"): 4}


def test_another_item_in_a_944_through_the_command_line(home: Path) -> None:
    told = story(home)
    drop_sample(home, "northgate", "180-requests.edi")
    once(home)
    edi = (home / "partners/harbor/samples/944-receipt.edi").read_text()
    told.put("harbor", "944.edi", edi.replace("W13*1*EA*01**CC~", "W13*1*EA*05~"))
    told.erp_answers()
    assert told.balances().received == 3
    assert told.holds().count("unexpected_item") == 2, "the sprayer that nobody asked for, and what came as a drill"
    assert "MS-1001" in told.reconciliation()
    told.proves()
