"""What a stage needs is looked for when it is reached: what is missing is a Hold, which goes when it comes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.returns import Policy, blocked_at
from gateway.returns.items.required import ASKED, REQUIRED
from gateway.returns.status import STAGE_REACHED
from tests.gateway.returns.builders import DAY, inspection, orders, receipt, ref, request, shipment
from tests.gateway.returns.shell import Shell, stored
from translators.canonical import Item, Receipt, ReceiptLine, Reference, RequestLine, ReturnRequest

POLICY = Policy(warehouse="harbor", erp="atlas")


def _held(shell: Shell) -> list[tuple[str, str, str]]:
    """Owner, words and extent of the open Hold `incomplete`."""
    holds = [h for h in shell.one().open_holds() if h.class_ == "incomplete"]
    return [(h.owner, h.message, h.extent) for h in holds]


def _blocked(shell: Shell) -> str:
    blocked = blocked_at(shell.one(), shell.now)
    return blocked.stage if blocked else ""


def test_every_stage_has_its_fields_its_owner_and_its_place() -> None:
    stages = ["requested", "authorized", "shipped", "received", "inspected", "dispositioned", "credited"]
    assert [list(REQUIRED), list(ASKED), list(STAGE_REACHED)] == [stages, stages, stages]


def test_a_request_without_an_item_is_incomplete_until_it_is_sent_again() -> None:
    shell = Shell(policy=POLICY)
    line = RequestLine(line_no="1", item=Item(), quantity=Decimal(2))
    shell.receive(ReturnRequest(number="RTV1", issued_on=DAY, order_number="SO1", lines=(line,)), "northgate")
    assert _held(shell) == [("customer_service", "line 1 is requested without item", "requested:item")]
    assert _blocked(shell) == "eligibility"
    shell.receive(orders("SO1", A=20), "atlas")
    shell.receive(request("RTV1", {"A": 2}, purpose="change"), "northgate")
    assert _held(shell) == []
    assert stored(shell.one()) == shell.one()


def test_what_is_authorized_without_a_customer_is_incomplete_before_the_erp_refuses_it() -> None:
    shell = Shell(policy=POLICY)
    shell.receive(request("RTV1", {"A": 2}), "northgate")
    assert _held(shell) == []
    shell.answer("R000001", "eligibility_review", "approve")
    assert _held(shell) == [("customer_service", "A is authorized without customer", "authorized:customer")]
    assert _blocked(shell) == "authorization"
    shell.answer("R000001", "incomplete", "dismiss")
    shell.receive(receipt("WR1", "RTV1", {"A": 2}), "harbor")
    assert _held(shell) == []
    shell.receive(inspection("IN1", "RTV1", [("A", 2, "restock")]), "harbor")
    assert _held(shell)[0][2] == "authorized:customer;credited:unit_price"


def test_goods_that_name_no_item_are_asked_about_when_a_person_takes_them_in() -> None:
    shell = Shell(policy=POLICY)
    shell.receive(orders("SO1", A=20), "atlas")
    shell.receive(request("RTV1", {"A": 2}), "northgate")
    line = ReceiptLine(line_no="1", item=Item(), quantity=Decimal(1), references=(Reference(kind="line", value="7"),))
    shell.receive(Receipt(number="WR1", references=ref("RTV1"), received_on=DAY, final=False, lines=(line,)), "harbor")
    assert _held(shell) == []
    shell.answer("R000001", "unexpected_item", "accept_unexpected")
    assert _held(shell) == [("customer_service", "line 2 is authorized without item", "authorized:item")]


@pytest.mark.parametrize(("resolution", "extents"), [("", ["credited:unit_price"]), ("replacement", [])])
def test_credit_in_advance_needs_its_price_before_any_goods_come(resolution: str, extents: list[str]) -> None:
    shell = Shell(policy=Policy(settlement="in_advance", warehouse="harbor", erp="atlas"))
    asked = request("RTV1", {"A": 2})
    lines = tuple(line.model_copy(update={"resolution": resolution}) for line in asked.lines)
    shell.receive(asked.model_copy(update={"customer": "C100", "lines": lines}), "northgate")
    shell.answer("R000001", "eligibility_review", "approve")
    assert [extent for _, _, extent in _held(shell)] == extents
    assert [owner for owner, _, _ in _held(shell)] == ["finance"] * len(extents)
    shell.receive(shipment("SH1", "RTV1", {"A": 2}), "northgate")
    assert [extent for _, _, extent in _held(shell)] == extents
