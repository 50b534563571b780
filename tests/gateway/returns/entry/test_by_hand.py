"""What people say of goods: outcomes entered by hand, and goods that name a line which the return does not have."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.returns import CannotResolve, balances, blocked_at, net_postings
from tests.gateway.returns.builders import code, inspection, orders, receipt, ref, request
from tests.gateway.returns.shell import Shell, stored
from translators.canonical import Inspection, InspectionLine, Item, Receipt, ReceiptLine, Reference


def _received(quantity: int = 10, *, final: bool = True) -> Shell:
    shell = Shell()
    shell.receive(orders("SO1", A=20, B=20), "atlas")
    shell.receive(request("RTV1", {"A": 10, "B": 2}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": quantity}, final=final), "harbor")
    return shell


def _inspected(number: str, quantity: int, *, line_no: str = "", sku: str = "A", outcome: str = "") -> Inspection:
    item = Item(sku=sku)
    line = InspectionLine(
        line_no=line_no, item=item, quantity=Decimal(quantity), condition=code("used_good"), disposition=code(outcome)
    )
    return Inspection(number=number, references=ref("RTV1"), lines=(line,))


def _outcomes(shell: Shell, line_no: str = "1") -> dict[str, str]:
    return {name: str(q) for name, q in balances(shell.one(), line_no).by_disposition.items()}


def _open(shell: Shell) -> list[str]:
    return [h.class_ for h in shell.one().open_holds()]


def test_inspected_goods_without_an_outcome_wait_for_a_person() -> None:
    shell = _received(final=False)
    shell.receive(_inspected("IN1", 10), "harbor")
    assert _open(shell) == ["disposition_missing"]
    blocked = blocked_at(shell.one(), shell.now)
    assert blocked is not None
    assert (blocked.stage, blocked.who) == ("disposition", "warehouse")
    shell.answer("R000001", "disposition_missing", "dispose", restock="8")
    assert _open(shell) == ["disposition_missing"]
    shell.answer("R000001", "disposition_missing", "dispose", scrap="2")
    assert (_open(shell), _outcomes(shell)) == ([], {"restock": "8", "scrap": "2"})
    assert ("R000001", "ann said what becomes of line 1: 2 scrap") in shell.notes
    shell.run_erp()
    assert str(balances(shell.one(), "1").credited) == "10"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"restock": "8", "scrap": "3"}, "restock=8 scrap=3 is 11, but 10 of line 1 have no outcome yet"),
        ({"polish": "1"}, "polish is no outcome here; these are: donate,"),
        ({"scrap": "0"}, "scrap=0: a quantity is a number above 0"),
        ({"scrap": "NaN"}, "scrap=NaN: a quantity is a number above 0"),
        ({}, "dispose needs OUTCOME=QUANTITY ..."),
    ],
)
def test_what_does_not_fit_is_refused_in_words(chosen: dict[str, str], words: str) -> None:
    shell = _received(final=False)
    shell.receive(_inspected("IN1", 10), "harbor")
    before = stored(shell.one())
    with pytest.raises(CannotResolve) as refused:
        shell.answer("R000001", "disposition_missing", "dispose", **chosen)
    assert words in str(refused.value)
    assert shell.one() == before


def test_received_goods_can_be_given_an_outcome_and_the_late_inspection_is_asked_about() -> None:
    shell = _received()
    shell.dispose("R000001", "1", restock="7", scrap="3")
    assert _outcomes(shell) == {"restock": "7", "scrap": "3"}
    assert str(balances(shell.one(), "1").inspected) == "10"
    net = net_postings(shell.one())
    assert [int(net["1", *slot][0]) for slot in (("inventory_move", "restock"), ("scrap", "scrap"))] == [7, 3]
    shell.receive(inspection("IN1", "RTV1", [("A", 10, "scrap")]), "harbor")
    assert _outcomes(shell) == {"restock": "7", "scrap": "3"}
    assert "inspection_exceeds_received" in _open(shell)


def test_a_mistake_is_taken_back_by_movements_that_point_at_it() -> None:
    shell = _received()
    shell.dispose("R000001", "1", restock="10")
    shell.run_erp()
    with pytest.raises(CannotResolve, match="have no outcome yet"):
        shell.dispose("R000001", "1", scrap="2")
    shell.dispose("R000001", "1", instead=True, restock="8", scrap="2")
    shell.run_erp()
    assert _outcomes(shell) == {"restock": "8", "scrap": "2"}
    taken = [m.reverses for m in shell.one().movements if m.kind == "disposition" and m.quantity < 0]
    assert [shell.one().movements[seq - 1].quantity for seq in taken if seq] == [10]
    assert stored(shell.one()) == shell.one()


def test_nothing_to_replace_and_no_such_line() -> None:
    shell = _received()
    with pytest.raises(CannotResolve, match="nothing was said of line 1 by hand before"):
        shell.dispose("R000001", "1", instead=True, restock="8")
    with pytest.raises(CannotResolve, match="R000001 has no line 9: it has 1, 2"):
        shell.dispose("R000001", "9", restock="8")


def test_an_inspection_of_a_line_that_is_not_there_is_held_and_assigned() -> None:
    shell = _received(final=False)
    number = shell.receive(_inspected("IN1", 10, line_no="7", sku="X9", outcome="restock"), "harbor")
    assert (_open(shell), shell.states[number][0]) == (["unknown_line"], "parked")
    assert "X9 was inspected (10 in IN1)" in shell.one().open_holds()[0].message
    with pytest.raises(CannotResolve, match="say to which line, as line=NUMBER: R000001 has 1, 2"):
        shell.answer("R000001", "unknown_line", "assign", line="9")
    shell.answer("R000001", "unknown_line", "assign", line="1")
    assert (_open(shell), _outcomes(shell)) == ([], {"restock": "10"})
    assert shell.states[number] == ("applied", "")
    shell.receive(receipt("WR2", "RTV1", {"X9": 2}, final=False), "harbor")
    assert str(balances(shell.one(), "1").received) == "12"


def test_goods_that_name_only_a_line_go_to_it() -> None:
    shell = _received(final=False)
    shell.receive(_inspected("IN1", 4, line_no="1", sku="", outcome="restock"), "harbor")
    shell.receive(_inspected("IN2", 4, line_no="7", sku="", outcome="scrap"), "harbor")
    assert _outcomes(shell) == {"restock": "4"}
    assert _open(shell) == ["unknown_line"]
    assert "line 7 was inspected (4 in IN2), but R000001 has no such line" in shell.one().open_holds()[0].message
    shell.answer("R000001", "unknown_line", "assign", line="1")
    assert _outcomes(shell) == {"restock": "4", "scrap": "4"}


def test_a_receipt_of_a_line_that_is_not_there_can_be_assigned() -> None:
    shell = _received(6, final=False)
    line = ReceiptLine(line_no="1", item=Item(), quantity=Decimal(4), references=(Reference(kind="line", value="7"),))
    shell.receive(Receipt(number="WR2", references=ref("RTV1"), final=False, lines=(line,)), "harbor")
    assert _open(shell) == ["unexpected_item"]
    shell.answer("R000001", "unexpected_item", "assign", line="1")
    assert (_open(shell), str(balances(shell.one(), "1").received)) == ([], "10")


def test_what_was_rejected_does_not_come_back_when_its_document_is_tried_again() -> None:
    shell = _received(final=False)
    document = Inspection(
        number="IN1",
        references=ref("RTV1"),
        lines=(
            *_inspected("IN1", 3, line_no="7", sku="X9", outcome="scrap").lines,
            *_inspected("IN1", 2, line_no="2", sku="B", outcome="restock").lines,
        ),
    )
    number = shell.receive(document, "harbor")
    shell.answer("R000001", "unknown_line", "reject")
    assert shell.states[number] == ("parked", "waits_for_receipt")
    shell.receive(receipt("WR2", "RTV1", {"B": 2}, final=False), "harbor")
    assert (_open(shell), _outcomes(shell, "2")) == ([], {"restock": "2"})
    assert shell.states[number] == ("applied", "")


def test_a_line_that_is_asked_for_later_takes_what_named_it_before() -> None:
    shell = _received(final=False)
    shell.receive(_inspected("IN1", 1, line_no="3", sku="", outcome="scrap"), "harbor")
    shell.receive(request("RTV1", {"A": 10, "B": 2, "C": 1}, purpose="replace"), "northgate")
    return_ = shell.one()
    assert [(line.partner_line, line.sku) for line in return_.lines.values()] == [("1", "A"), ("2", "B"), ("3", "C")]
