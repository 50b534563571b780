"""What is new of a changed return: each thing once, in the order of its life, and in sum what the ledger says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from gateway.returns import Policy, Return, status_of
from gateway.returns.events import (
    EVENT_FIELDS,
    EVENT_KINDS,
    NOTHING_TOLD,
    BusinessEvent,
    ToldState,
    events_since,
    told_state,
)
from gateway.returns.events.kinds import COMMON_FIELDS
from tests.gateway.returns.builders import inspection, orders, products, receipt, request, shipment
from tests.gateway.returns.shell import Shell
from translators.canonical import CarrierEvent, InboundDocument


@dataclass
class Listener:
    """Told after every decision, as the store is."""

    told: dict[str, ToldState] = field(default_factory=dict)
    events: list[BusinessEvent] = field(default_factory=list)

    def __call__(self, return_: Return) -> None:
        status = status_of(return_)
        before = self.told.get(return_.return_no, NOTHING_TOLD)
        self.events += events_since(before, return_, status)
        self.told[return_.return_no] = told_state(return_, status)
        assert events_since(told_state(return_, status), return_, status) == [], "nothing is told twice"

    def names(self) -> list[str]:
        return [event.name for event in self.events]

    def take(self) -> list[BusinessEvent]:
        taken, self.events = self.events, []
        return taken


def listening() -> tuple[Shell, Listener]:
    listener = Listener()
    shell = Shell(after=listener)
    shell.receive(orders("SO1", A=10, B=10), "atlas")
    return shell, listener


def test_a_return_is_told_from_its_request_to_its_end() -> None:
    shell, listener = listening()
    shell.receive(request("RTV1", {"A": 6}), "northgate")
    assert [name for name in listener.names() if name != "status_changed"] == ["requested", "answered", "authorized"]
    requested, *_ = listener.take()
    assert requested.data["request_number"] == "RTV1"
    assert requested.data["lines"] == [
        {
            "line_no": "1",
            "partner_line": "1",
            "sku": "A",
            "requested": "6",
            "authorized": "6",
            "unit": "EA",
            "decision": "authorized",
            "reason": "defective",
        }
    ]
    shell.receive(shipment("SH1", "RTV1", {"A": 6}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 6}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 6, "restock")]), "harbor")
    told = [(event.name, event.data["quantity"]) for event in listener.take() if event.movement]
    assert told == [("shipped", "6"), ("received", "6"), ("inspected", "6"), ("dispositioned", "6")]


def test_a_denied_line_is_told_with_its_reason_and_no_movement() -> None:
    shell, listener = listening()
    shell.receive(request("RTV1", {"A": 6, "Z": 1}), "northgate")
    (denied,) = (event for event in listener.events if event.name == "denied")
    assert (denied.line_no, denied.data["quantity"], denied.movement) == ("2", "1", None)
    assert denied.data["reason"] == "not_on_order"


def test_a_correction_is_an_event_with_a_negative_quantity() -> None:
    shell, listener = listening()
    shell.receive(request("RTV1", {"A": 6}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 4}), "harbor")
    listener.take()
    shell.receive(receipt("WR1", "RTV1", {"A": 3}, purpose="replace"), "harbor")
    received = [event for event in listener.take() if event.name == "received"]
    assert sum(Decimal(str(event.data["quantity"])) for event in received) == -1
    assert any(Decimal(str(event.data["quantity"])) < 0 and event.data["reverses"] for event in received)


def test_sums_over_events_are_what_the_ledger_says() -> None:
    shell, listener = listening()
    for document, partner in _life():
        shell.receive(document, partner)
    (return_,) = shell.returns.values()
    told = [(event.movement, event.line_no) for event in listener.events if event.movement is not None]
    assert told == [(movement.seq, movement.line_no) for movement in return_.movements]
    by_kind: Counter[str] = Counter()
    for event in listener.events:
        if event.name == "received":
            by_kind["r"] += int(str(event.data["quantity"]))
    assert by_kind["r"] == sum(return_.tally(number).r for number in return_.lines)


def _life() -> Iterator[tuple[InboundDocument, str]]:
    yield request("RTV1", {"A": 6, "B": 2}), "northgate"
    yield shipment("SH1", "RTV1", {"A": 6, "B": 2}), "northgate"
    yield receipt("WR1", "RTV1", {"A": 6, "B": 1}), "harbor"
    yield receipt("WR1", "RTV1", {"A": 5, "B": 1}, purpose="replace"), "harbor"
    yield inspection("IN1", "RTV1", [("A", 5, "restock"), ("B", 1, "scrap")]), "harbor"


def test_a_hold_is_told_when_it_opens_is_decided_and_is_cleared() -> None:
    shell, listener = listening()
    shell.receive(request("RTV1", {"A": 6}), "northgate")
    shell.receive(shipment("SH1", "RTV1", {"A": 6}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 5}, final=True), "harbor")
    held = next(event for event in listener.take() if event.name == "held")
    assert (held.data["class"], held.data["line_no"]) == ("short_received", "1")
    shell.answer("R000001", "short_received", "close_short")
    events = {event.name: event for event in listener.take()}
    assert events["decided"].data["actor"] == "ann"
    assert events["decided"].data["hold"] == held.data["hold"]
    assert events["closed_short"].data["quantity"] == "1"


def test_a_carrier_tells_of_a_parcel_once() -> None:
    shell, listener = listening()
    shell.receive(request("RTV1", {"A": 6}), "northgate")
    shell.receive(shipment("SH1", "RTV1", {"A": 6}), "northgate")
    listener.take()
    news = CarrierEvent(number="E1", tracking="1ZSH1", carrier="UPSN", event="in_transit", at="2025-03-05T10:00:00Z")
    shell.receive(news, "northgate")
    (event,) = (event for event in listener.take() if event.name == "carrier_event")
    assert event.data["carrier_status"] == "in_transit"
    assert event.data["tracking"] == "1ZSH1"


def test_every_event_says_only_what_the_table_lists() -> None:
    shell, listener = listening()
    for document, partner in _life():
        shell.receive(document, partner)
    assert len({event.name for event in listener.events}) >= 8
    for event in listener.events:
        extra = set(event.data) - {*COMMON_FIELDS, *EVENT_KINDS[event.name].fields}
        assert extra == set(), event.name
        for name, value in event.data.items():
            form = EVENT_FIELDS[name].form
            assert isinstance(value, {"number": int, "lines": list}.get(form, str)), name
        json.dumps(event.data)


def test_a_claim_against_a_supplier_is_told_in_the_currency_of_its_cost() -> None:
    listener = Listener()
    shell = Shell(policy=Policy(warehouse="harbor", erp="atlas"), after=listener)
    shell.receive(orders("SO1", A=10), "atlas")
    shell.receive(products(A="12.00", currency="CNY"), "atlas")
    shell.receive(request("RTV1", {"A": 2}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 2}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 2, "rtv")]), "harbor")
    shell.run_erp()
    money = {(e.data["posting_kind"], e.data["currency"]) for e in listener.events if e.data.get("amount")}
    assert money == {("supplier_claim", "CNY"), ("credit_request", "USD")}
