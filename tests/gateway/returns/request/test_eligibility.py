"""Every rule of eligibility, seen from the answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway.returns import Policy, status_of
from tests.gateway.returns.builders import DAY, cancellation, orders, request
from tests.gateway.returns.shell import Shell
from translators.canonical import Code, Item, ReferenceData, RequestLine, ReturnRequest


def ready(policy: Policy | None = None) -> Shell:
    shell = Shell(policy=policy or Policy(warehouse="harbor"))
    shell.receive(orders("SO1", A=10, B=4), "atlas")
    shell.receive(
        ReferenceData(
            dataset="products",
            rows=(
                {"sku": "A", "gtin": "0400101001003", "product_class": "tools", "description": "Drill", "unit": "EA"},
                {"sku": "B", "returnable": "no"},
                {"sku": "C"},
            ),
        ),
        "atlas",
    )
    customers = ({"customer": "C666", "blocked": "Y"}, {"customer": "C100"}, {"customer": "C200"})
    shell.receive(ReferenceData(dataset="customers", rows=customers), "atlas")
    return shell


def ask(shell: Shell, number: str = "RTV1", **changes: Any) -> tuple[str, str, int]:
    """Ask for two of item A; decision, reason and authorized quantity of the line."""
    document = request(number, {"A": 2}).model_copy(update=changes)
    shell.receive(document, "northgate")
    return_ = next(r for r in shell.returns.values() if r.request_number == number)
    line = return_.lines["1"]
    return line.decision, line.decision_reason, int(return_.tally("1").a)


def line(sku: str = "A", quantity: int = 2, **more: Any) -> tuple[RequestLine, ...]:
    return (RequestLine(line_no="1", item=Item(sku=sku), quantity=Decimal(quantity), **more),)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("authorized", "", 2)),
        ({"order_number": "SO9"}, ("pending", "unknown_order", 0)),
        ({"order_number": "", "purchase_order": "PO-SO1"}, ("authorized", "", 2)),
        ({"customer": "C200"}, ("denied", "customer_mismatch", 0)),
        ({"customer": "C100"}, ("authorized", "", 2)),
        ({"customer": "C666", "order_number": "SO9"}, ("pending", "unknown_order", 0)),
        ({"customer": "C999"}, ("pending", "unknown_customer", 0)),
        ({"lines": line("C")}, ("denied", "not_on_order", 0)),
        ({"lines": line("X")}, ("pending", "unknown_item", 0)),
        ({"lines": line(unit="CA")}, ("pending", "unknown_unit", 0)),
        ({"lines": line(quantity=1, unit="DZ")}, ("partial", "quantity_exceeded", 10)),
        ({"lines": line("B")}, ("denied", "not_returnable", 0)),
        ({"lines": line(quantity=0)}, ("denied", "invalid_quantity", 0)),
        ({"lines": line(quantity=12)}, ("partial", "quantity_exceeded", 10)),
        ({"lines": line(reason=Code(raw="QQ"))}, ("pending", "unknown_reason", 0)),
        ({"issued_on": DAY.replace(year=2026)}, ("authorized", "", 2)),
    ],
)
def test_rules(changes: dict[str, Any], expected: tuple[str, str, int]) -> None:
    assert ask(ready(), **changes) == expected


def test_what_other_returns_took_back_counts() -> None:
    shell = ready()
    assert ask(shell, "RTV1", lines=line(quantity=7)) == ("authorized", "", 7)
    assert ask(shell, "RTV2", lines=line(quantity=7)) == ("partial", "quantity_exceeded", 3)
    assert ask(shell, "RTV3", lines=line(quantity=1)) == ("denied", "quantity_exceeded", 0)
    shell.receive(cancellation("CX", "RTV1"), "northgate")
    assert ask(shell, "RTV4", lines=line(quantity=9)) == ("partial", "quantity_exceeded", 7)


def test_a_large_value_waits_for_a_person_who_approves_it() -> None:
    shell = ready(Policy.model_validate({"rules": [{"check": "over_limit", "outcome": "hold", "value": 30}]}))
    number = shell.receive(request("RTV1", {"A": 2}), "northgate")
    assert shell.states[number] == ("held", "eligibility_review")
    assert shell.answers == []
    assert status_of(shell.one()) == "requested"
    shell.answer("R000001", "eligibility_review", "approve")
    assert status_of(shell.one()) == "authorized"
    ((_, answer),) = shell.answers
    assert (answer.decision, answer.rma) == ("authorized", "RMA-000001")
    assert shell.one().open_holds() == []


def test_a_person_may_deny() -> None:
    shell = ready(Policy.model_validate({"rules": [{"check": "over_limit", "outcome": "hold", "value": 30}]}))
    shell.receive(request("RTV1", {"A": 2}), "northgate")
    shell.answer("R000001", "eligibility_review", "deny")
    ((_, answer),) = shell.answers
    assert (answer.decision, answer.reason) == ("denied", "over_limit")
    assert status_of(shell.one()) == "rejected"


def test_a_reason_code_that_becomes_known_runs_the_request_again() -> None:
    shell = ready()
    unknown = request("RTV1", {"A": 2}).model_copy(update={"lines": line(reason=Code(raw="QQ"))})
    number = shell.receive(unknown, "northgate")
    (hold,) = shell.one().open_holds()
    assert (hold.class_, hold.owner) == ("crosswalk_missing", "it")
    known = unknown.model_copy(update={"lines": line(reason=Code(raw="QQ", canonical="defective"))})
    shell.again(number, known)
    assert shell.states[number] == ("applied", "")
    assert shell.one().lines["1"].decision == "authorized"
    assert shell.one().open_holds() == []


def test_warranty_days_of_the_product_go_before_the_rules() -> None:
    rules = [{"check": "outside_warranty", "outcome": "deny", "days": 5, "reasons": ["defective"]}]
    shell = ready(Policy.model_validate({"rules": rules}))
    assert ask(shell, "RTV1")[:2] == ("denied", "outside_warranty")
    row = {"sku": "A", "warranty_days": "730"}
    shell.receive(ReferenceData(dataset="products", rows=(row,)), "atlas")
    assert ask(shell, "RTV2")[:2] == ("authorized", "")


def test_the_master_data_complete_the_line() -> None:
    shell = ready()
    by_gtin = (RequestLine(line_no="0010", item=Item(gtin="0400101001003"), quantity=Decimal(1)),)
    shell.receive(ReturnRequest(number="RTV1", order_number="SO1", issued_on=DAY, lines=by_gtin), "northgate")
    got = shell.one().lines["0010"]
    assert (got.sku, got.item.description, got.product_class) == ("A", "Drill", "tools")
    assert (got.unit_price, got.order_line) == (Decimal("19.99"), "1")
    assert (shell.one().customer, shell.one().currency) == ("C100", "USD")


def test_nobody_hears_of_a_request_before_every_line_is_decided() -> None:
    rules = [{"check": "over_limit", "outcome": "hold", "quantity": 5}]
    shell = ready(Policy.model_validate({"rules": rules, "warehouse": "harbor"}))
    shell.receive(request("RTV1", {"A": 6, "B": 2}), "northgate")
    assert shell.answers == [] and shell.expected == []
    shell.answer("R000001", "eligibility_review", "deny", "1")
    assert [a.decision for _, a in shell.answers] == ["partial"]
    assert [[line.line_no for line in e.lines] for _, e in shell.expected] == [["2"]]


def test_an_order_that_the_erp_tells_of_later_decides_the_request_then() -> None:
    shell = ready()
    number = shell.receive(request("RTV1", {"A": 2}, order="SO7"), "northgate")
    assert shell.states[number] == ("parked", "unknown_order")
    assert [h.class_ for h in shell.one().open_holds()] == ["eligibility_review"]
    shell.receive(orders("SO6", A=1), "atlas")
    assert shell.states[number] == ("parked", "unknown_order")
    shell.receive(orders("SO7", A=9), "atlas")
    assert shell.states[number] == ("applied", "")
    assert shell.one().open_holds() == []
    assert [a.decision for _, a in shell.answers] == ["authorized"]


def test_what_a_person_decided_is_not_decided_again() -> None:
    shell = ready()
    number = shell.receive(request("RTV1", {"A": 2}, order="SO7"), "northgate")
    shell.answer("R000001", "eligibility_review", "deny")
    assert shell.states[number] == ("applied", "")
    shell.receive(orders("SO7", A=9), "atlas")
    assert [a.decision for _, a in shell.answers] == ["denied"]
