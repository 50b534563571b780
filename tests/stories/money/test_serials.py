"""Serial and lot numbers: what was sold, asked for, sent, received and inspected are the same units."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway.returns import Policy
from tests.gateway.returns.builders import cancellation, orders, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell

POLICY = Policy(warehouse="harbor", erp="atlas")


def naming(document: Any, *of_lines: str, lots: tuple[str, ...] = ()) -> Any:
    """The document with the serials of each line, apart by blanks, and the lots of the first."""
    told = [
        line.model_copy(update={"serials": tuple(serials.split())})
        for line, serials in zip(document.lines, of_lines, strict=True)
    ]
    if lots:
        told[0] = told[0].model_copy(update={"lots": lots})
    return document.model_copy(update={"lines": tuple(told)})


def sold(serials: str = "", lots: str = "", quantity: int = 10) -> Sent:
    """The ERP's order, with the numbers of the units that went out."""
    document = orders("SO1", A=quantity)
    rows = tuple({**row, "serials": serials, "lots": lots} for row in document.rows)
    return "atlas", document.model_copy(update={"rows": rows})


def asks(number: str, serials: str, quantity: int = 1, order: str = "SO1") -> Sent:
    """A request for units of A."""
    return "northgate", naming(request(number, {"A": quantity}, order=order), serials)


def play(*sent: Sent, policy: Policy = POLICY) -> Shell:
    """Documents in the given order."""
    shell = Shell(policy=policy, through_store=True)
    for partner, document in sent:
        shell.receive(document, partner)
    return shell


def decided(shell: Shell, return_no: str = "R000001", line_no: str = "1") -> tuple[str, str]:
    """Decision and reason of a line."""
    line = shell.returns[return_no].lines[line_no]
    return line.decision, line.decision_reason


# --- asked for


def test_a_serial_that_was_not_sold_waits_for_a_person() -> None:
    shell = play(sold("S1;S2"), asks("RTV1", "S7"))
    assert decided(shell) == ("pending", "serial_not_sold")
    (hold,) = shell.one().open_holds()
    assert hold.message == "serial S7 was not sold: S1, S2 were"
    shell.answer("R000001", "eligibility_review", "approve")
    assert shell.one().tally("1").a == Decimal(1)


def test_a_serial_of_the_sale_is_authorized_however_it_is_written() -> None:
    for written in ("S2", "s2"):
        assert decided(play(sold(" S1 ; S2,"), asks("RTV1", written))) == ("authorized", "")


def test_nothing_is_asked_where_the_sale_or_the_request_names_no_serials() -> None:
    assert decided(play(sold(""), asks("RTV1", "S7"))) == ("authorized", "")
    assert decided(play(sold("S1"), asks("RTV1", ""))) == ("authorized", "")


def test_a_lot_that_was_not_sold_waits_for_a_person() -> None:
    for lot, decision in (("L1", ("authorized", "")), ("L9", ("pending", "lot_not_sold"))):
        asked = "northgate", naming(request("RTV1", {"A": 1}), "", lots=(lot,))
        assert decided(play(sold(lots="L1|L2"), asked)) == decision


@pytest.mark.parametrize("outcome", ["deny", "hold", "allow"])
def test_the_policy_says_what_a_strange_serial_gets(outcome: str) -> None:
    policy = Policy.model_validate(
        {"warehouse": "harbor", "erp": "atlas", "rules": [{"check": "serial_not_sold", "outcome": outcome}]}
    )
    shell = play(sold("S1"), asks("RTV1", "S7"), policy=policy)
    assert decided(shell)[0] == {"deny": "denied", "hold": "pending", "allow": "authorized"}[outcome]


def test_a_serial_may_be_open_in_one_return_only() -> None:
    shell = play(sold(), asks("RTV1", "S7"), asks("RTV2", "S7"))
    assert decided(shell) == ("authorized", "")
    assert decided(shell, "R000002") == ("pending", "serial_in_other_return")
    (hold,) = shell.returns["R000002"].open_holds()
    assert hold.message == "serial S7 (R000001) is to come back in another return"


def test_another_item_with_the_same_serial_is_another_unit() -> None:
    shell = Shell(policy=POLICY, through_store=True)
    shell.receive(orders("SO1", A=10, B=10), "atlas")
    shell.receive(naming(request("RTV1", {"A": 1}), "1"), "northgate")
    shell.receive(naming(request("RTV2", {"B": 1}), "1"), "northgate")
    assert decided(shell, "R000002") == ("authorized", "")


def test_the_second_request_is_free_once_the_first_is_cancelled_before_or_after() -> None:
    first, second = asks("RTV1", "S7"), asks("RTV2", "S7")
    cancelled: Sent = "northgate", cancellation("CX1", "RTV1")
    for order in ([first, second, cancelled], [first, cancelled, second], [cancelled, first, second]):
        shell = play(sold(), *order)
        assert decided(shell, "R000002") == ("authorized", "")
        assert shell.returns["R000002"].open_holds() == []
        assert [answer.decision for _, answer in shell.answers if answer.request_number == "RTV2"] == ["authorized"]


def test_the_first_request_keeps_the_serial_although_its_order_comes_late() -> None:
    shell = play(asks("RTV1", "S7"), asks("RTV2", "S7"), sold("S7"))
    assert decided(shell) == ("authorized", "")
    assert decided(shell, "R000002") == ("pending", "serial_in_other_return")


def test_a_serial_is_named_twice_or_more_of_them_than_units() -> None:
    shell = play(sold(), ("northgate", naming(request("RTV1", {"A": 2}), "S1 S1")))
    assert decided(shell) == ("pending", "serials_inconsistent")
    assert shell.one().lines["1"].decision_text == "serial S1 is named twice"
    shell = play(sold(), asks("RTV1", "S1 S2 S3", quantity=2))
    assert shell.one().lines["1"].decision_text == "3 serials for 2 units"
    assert decided(play(sold(), asks("RTV1", "S1 S2", quantity=3))) == ("authorized", "")
    assert decided(play(sold(), asks("RTV1", "S1    S2", quantity=2))) == ("authorized", "")


def test_two_lines_of_a_request_name_one_serial() -> None:
    both = request("RTV1", {"A": 1})
    again = both.lines[0].model_copy(update={"line_no": "2"})
    asked = naming(both.model_copy(update={"lines": (*both.lines, again)}), "S1", "S1")
    shell = play(sold(), ("northgate", asked))
    assert decided(shell) == ("authorized", "")
    assert decided(shell, line_no="2") == ("pending", "serials_inconsistent")
