"""Goods that go back to their vendor: we ask, the supplier answers with its RMA, and only what it allows is claimed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.returns import Policy, balances, blocked_at, net_postings, status_of
from tests.gateway.returns.builders import inspection, orders, products, receipt, request
from tests.gateway.returns.shell import ROLES, Shell, stored
from translators.canonical import Authorization, Code, Item, Reference, RequestLine

POLICY = Policy(warehouse="harbor", erp="atlas", suppliers={"*": "acme"})


@pytest.fixture(autouse=True)
def _a_supplier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROLES, "acme", "supplier")


def _returned(policy: Policy = POLICY) -> Shell:
    shell = Shell(policy=policy)
    shell.receive(products(A="12.50", B="3.10"), "atlas")
    shell.receive(orders("SO1", A=20, B=20), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 8, "rtv"), ("A", 2, "restock")]), "harbor")
    return shell


def _answer(quantity: int, number: str = "ACK1", rma: str = "AC-778", **more: Any) -> Authorization:
    line = RequestLine(line_no="1", item=Item(sku="A"), quantity=Decimal(quantity))
    said: dict[str, Any] = {"decision": "authorized", "purpose": "response", "issued_on": date(2025, 3, 5)}
    reference = (Reference(kind="request", value="R000001V1"),)
    return Authorization(number=number, rma=rma, references=reference, lines=(line,), **(said | more))


def _claimed(shell: Shell) -> str:
    return str(net_postings(shell.one()).get(("1", "supplier_claim", "rtv"), (Decimal(0), 0))[0])


def _open(shell: Shell) -> list[str]:
    return [h.class_ for h in shell.one().open_holds()]


def test_the_supplier_is_asked_and_its_number_stands_on_the_claim() -> None:
    shell = _returned()
    ((supplier, asked),) = shell.vendor_requests
    assert (supplier, asked.number, asked.purpose) == ("acme", "R000001V1", "original")
    assert [(line.line_no, str(line.quantity)) for line in asked.lines] == [("1", "8")]
    assert _claimed(shell) == "0"
    shell.run_erp()
    blocked = blocked_at(shell.one(), shell.now)
    assert blocked is not None
    assert (status_of(shell.one()), blocked.why) == ("settling", "acme has not answered R000001V1: 8 to go back")
    shell.receive(_answer(8), "acme")
    assert (_claimed(shell), _open(shell)) == ("8", [])
    assert "rma:AC-778" in shell.one().keys
    shell.run_erp()
    assert (status_of(shell.one()), str(balances(shell.one(), "1").claimed)) == ("closed", "8")
    assert stored(shell.one()) == shell.one()


def test_a_part_is_a_hold_and_only_the_part_is_claimed() -> None:
    shell = _returned()
    shell.receive(_answer(6), "acme")
    assert (_claimed(shell), _open(shell)) == ("6", ["vendor_refused"])
    assert "acme takes back 6 of the 8 of A that R000001V1 asks for (AC-778)" in shell.one().open_holds()[0].message
    shell.answer("R000001", "vendor_refused", "ask_again")
    assert (_claimed(shell), _open(shell)) == ("6", [])
    shell.receive(_answer(8, "ACK2", issued_on=date(2025, 3, 6)), "acme")
    assert (_claimed(shell), _open(shell)) == ("8", [])


def test_a_denial_answers_it() -> None:
    shell = _returned()
    shell.receive(_answer(8, rma="", decision="denied"), "acme")
    assert (_claimed(shell), _open(shell)) == ("0", ["vendor_refused"])
    shell.answer("R000001", "vendor_refused", "ask_again")
    assert [(no, each.purpose) for no, each in shell.vendor_requests] == [("acme", "original"), ("acme", "change")]
    shell.receive(_answer(8, "ACK0", issued_on=date(2025, 3, 1)), "acme")
    assert _claimed(shell) == "0"


def test_a_line_that_is_refused_in_an_answer_that_grants_others() -> None:
    shell = _returned()
    refused = RequestLine(line_no="1", item=Item(sku="A"), quantity=Decimal(8), disposition=Code(raw="RD"))
    shell.receive(_answer(8, decision="partial").model_copy(update={"lines": (refused,)}), "acme")
    assert (_claimed(shell), _open(shell)) == ("0", ["vendor_refused"])


def test_more_that_goes_back_is_asked_for_under_the_same_number_and_less_is_taken_back() -> None:
    shell = _returned()
    shell.receive(_answer(8), "acme")
    shell.run_erp()
    shell.receive(inspection("IN1", "RTV1", [("A", 5, "rtv"), ("A", 5, "scrap")], purpose="replace"), "harbor")
    assert [(each.number, each.purpose) for _, each in shell.vendor_requests] == [
        ("R000001V1", "original"),
        ("R000001V1", "change"),
    ]
    shell.run_erp()
    assert (_claimed(shell), str(balances(shell.one(), "1").claimed)) == ("5", "5")
    assert _open(shell) == ["vendor_differs"]
    shell.receive(inspection("IN1", "RTV1", [], purpose="cancel"), "harbor")
    assert shell.vendor_requests[-1][1].purpose == "cancel"


def test_an_answer_before_the_question_waits_for_it() -> None:
    shell = Shell(policy=POLICY)
    shell.receive(products(A="12.50"), "atlas")
    shell.receive(orders("SO1", A=20), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")
    early = shell.receive(_answer(8), "acme")
    assert shell.states[early][0] == "parked"
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 8, "rtv"), ("A", 2, "restock")]), "harbor")
    assert (_claimed(shell), shell.states[early]) == ("8", ("applied", ""))


def test_two_answers_under_one_number_are_a_question() -> None:
    shell = _returned()
    shell.receive(_answer(8), "acme")
    other = shell.receive(_answer(6), "acme")
    assert shell.states[other] == ("held", "duplicate_differs")
    shell.answer("R000001", "duplicate_differs", "take_new")
    assert _claimed(shell) == "6"


def test_where_no_supplier_is_named_the_claim_is_posted_unasked() -> None:
    shell = _returned(Policy(warehouse="harbor", erp="atlas"))
    assert (shell.vendor_requests, _claimed(shell)) == ([], "8")


def test_each_vendor_of_the_product_master_is_asked_for_its_own() -> None:
    policy = Policy(warehouse="harbor", erp="atlas", suppliers={"V-1": "acme", "V-2": "zenith"})
    assert (policy.supplier_of("V-2"), policy.supplier_of("V-9"), policy.supplier_of("")) == ("zenith", "", "")
