"""Shipments, receipts, inspections and parcel events: matching, quantities, Holds and what people answer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.returns import (
    ParkedDocument,
    Policy,
    balances,
    blocked_at,
    fingerprint,
    net_postings,
    overdue_parked,
    status_of,
    status_rows,
)
from tests.gateway.returns.builders import cancellation, code, inspection, orders, receipt, ref, request, shipment
from tests.gateway.returns.shell import START, Shell
from translators.canonical import (
    Authorization,
    CarrierEvent,
    Code,
    Inspection,
    Item,
    Receipt,
    ReceiptException,
    ReceiptLine,
    Reference,
    RequestLine,
    ReturnRequest,
)


def ready(policy: Policy | None = None) -> Shell:
    shell = Shell(policy=policy or Policy(warehouse="harbor", erp="atlas"))
    shell.receive(orders("SO1", A=10, B=8), "atlas")
    shell.receive(request("RTV1", {"A": 6, "B": 4}), "northgate")
    return shell


def classes(shell: Shell) -> list[tuple[str, str]]:
    return sorted((h.class_, h.line_no) for r in shell.returns.values() for h in r.open_holds())


# --- matching


@pytest.mark.parametrize(
    "reference",
    [
        Reference(kind="rma", value="RMA-000001"),
        Reference(kind="request", value="RTV1"),
        Reference(kind="shipment", value="SH1"),
        Reference(kind="tracking", value="1ZSH1"),
        Reference(kind="carton", value="00123456789012345675"),
        Reference(kind="order", value="RMA-000001"),
    ],
    ids=lambda r: r.kind,
)
def test_every_number_finds_the_return(reference: Reference) -> None:
    shell = ready()
    shell.receive(shipment("SH1", "RTV1", {"A": 6}), "northgate")
    got = shell.receive(receipt("WR1", "", {"A": 6}).model_copy(update={"references": (reference,)}), "harbor")
    assert shell.states[got] == ("applied", "")


def test_purchase_order_and_item_find_it_if_only_one_has_them() -> None:
    shell = ready()
    by_order = receipt("WR1", "", {"A": 1}).model_copy(
        update={"references": (Reference(kind="purchase_order", value="PO-SO1"),)}
    )
    assert shell.states[shell.receive(by_order, "harbor")] == ("applied", "")
    shell.receive(request("RTV2", {"A": 2}), "northgate")
    number = shell.receive(by_order.model_copy(update={"number": "WR2"}), "harbor")
    assert shell.states[number] == ("parked", "ambiguous")


def test_one_receipt_for_two_returns_goes_line_by_line() -> None:
    shell = ready()
    shell.receive(request("RTV2", {"A": 2}), "northgate")
    lines = tuple(
        ReceiptLine(line_no=str(n), item=Item(sku="A"), quantity=Decimal(n), references=ref(of))
        for n, of in enumerate(("RTV1", "RTV2", "RTV3"), 1)
    )
    number = shell.receive(Receipt(number="WR1", lines=lines), "harbor")
    assert shell.states[number] == ("parked", "no_match")
    received = {r.request_number: r.tally("1").r for r in shell.returns.values()}
    assert received == {"RTV1": 1, "RTV2": 2}
    shell.receive(request("RTV3", {"A": 2}), "northgate")
    assert shell.states[number] == ("applied", "")
    assert shell.returns["R000003"].tally("1").r == 3


def test_what_waits_too_long_becomes_a_hold() -> None:
    at = START
    parked = [ParkedDocument(7, "harbor", "receipt", "WR1", "no_match", at)]
    assert overdue_parked(parked, Policy(), at + timedelta(hours=71)) == []
    (hold,) = overdue_parked(parked, Policy(), at + timedelta(hours=72))
    assert (hold.key, hold.class_, hold.subject.document_id) == ("parked_too_long:7", "parked_too_long", 7)


def test_a_receipt_that_is_no_return_is_none_of_ours() -> None:
    shell = ready()
    number = shell.receive(receipt("WR1", "RTV1", {"A": 6}).model_copy(update={"is_return": False}), "harbor")
    assert shell.states[number] == ("ignored", "not_a_return")


# --- quantities


def test_over_and_its_two_answers() -> None:
    for decision, authorized in (("accept_over", 8), ("reject", 6)):
        shell = ready()
        shell.receive(receipt("WR1", "RTV1", {"A": 8, "B": 4}), "harbor")
        assert classes(shell) == [("over_received", "1")]
        shell.answer("R000001", "over_received", decision)
        assert balances(shell.one(), "1").authorized == authorized
        assert classes(shell) == []
    shell.receive(receipt("WR2", "RTV1", {"A": 1}), "harbor")
    assert classes(shell) == [("over_received", "1")], "a resolved Hold reopens when it goes further"


def test_short_is_closed_by_a_person_or_by_policy() -> None:
    shell = ready()
    shell.receive(shipment("SH1", "RTV1", {"A": 6, "B": 4}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 5, "B": 4}), "harbor")
    assert classes(shell) == [("short_received", "1")]
    assert balances(shell.one(), "1").short == 1
    shell.answer("R000001", "short_received", "close_short")
    assert balances(shell.one(), "1").closed_short == 1
    assert classes(shell) == []

    shell = ready(Policy(warehouse="harbor", short_receipt="close"))
    shell.receive(receipt("WR1", "RTV1", {"A": 5, "B": 4}), "harbor")
    assert balances(shell.one(), "1").closed_short == 1
    shell.receive(receipt("WR2", "RTV1", {"A": 1}), "harbor")
    assert balances(shell.one(), "1").closed_short == 0


def test_goods_nobody_asked_for_may_be_refused() -> None:
    shell = ready()
    shell.receive(receipt("WR1", "RTV1", {"A": 6, "B": 4, "Z": 2}), "harbor")
    assert classes(shell) == [("unexpected_item", "3")]
    shell.answer("R000001", "unexpected_item", "reject")
    assert shell.one().tally("3").r == 0
    assert classes(shell) == []


def test_one_item_on_two_lines_fills_them_in_order() -> None:
    shell = Shell(policy=Policy(warehouse="harbor", rules=()))
    lines = tuple(
        RequestLine(line_no=str(n), item=Item(sku="A"), quantity=Decimal(q), reason=code(reason))
        for n, (q, reason) in enumerate(((4, "defective"), (6, "unwanted")), 1)
    )
    shell.receive(ReturnRequest(number="RTV1", lines=lines), "northgate")
    for n, quantity in enumerate((3, 5, 2)):
        shell.receive(receipt(f"WR{n}", "RTV1", {"A": quantity}).model_copy(update={"final": False}), "harbor")
    assert [balances(shell.one(), no).received for no in ("1", "2")] == [4, 6]


def test_where_the_warehouse_does_not_inspect_the_condition_decides() -> None:
    shell = ready(Policy(warehouse="harbor", inspection_by_warehouse=False))
    shell.receive(receipt("WR1", "RTV1", {"A": 6, "B": 4}, {"A": 2}), "harbor")
    assert balances(shell.one(), "1").by_disposition == {"quarantine": Decimal(2), "restock": Decimal(4)}
    assert ("1", "inventory_move", "restock") in net_postings(shell.one())


def test_a_code_nobody_knows_holds_its_line_until_it_is_known() -> None:
    shell = ready()
    shell.receive(receipt("WR1", "RTV1", {"A": 6, "B": 4}), "harbor")
    known = inspection("IN1", "RTV1", [("A", 6, "restock"), ("B", 4, "scrap")])
    first = known.lines[0].model_copy(update={"disposition": Code(raw="RE")})
    number = shell.receive(known.model_copy(update={"lines": (first, known.lines[1])}), "harbor")
    assert shell.states[number] == ("held", "crosswalk_missing")
    assert classes(shell) == [("crosswalk_missing", "1")]
    assert [balances(shell.one(), no).inspected for no in ("1", "2")] == [0, 4]
    shell.again(number, known)
    assert shell.states[number] == ("applied", "")
    assert [balances(shell.one(), no).inspected for no in ("1", "2")] == [6, 4]
    assert classes(shell) == []
    again = shell.receive(known, "harbor")
    assert shell.states[again] == ("ignored", "duplicate")


def test_exceptions_beyond_the_quantity_are_a_hold_and_absent_goods_are_not_received() -> None:
    shell = ready()
    bad = ReceiptException(condition=code("damaged"), quantity=Decimal(9))
    absent = ReceiptException(condition=code("missing"), quantity=Decimal(2))
    lines = (
        ReceiptLine(line_no="1", item=Item(sku="A"), quantity=Decimal(6), exceptions=(bad,)),
        ReceiptLine(line_no="2", item=Item(sku="B"), quantity=Decimal(4), exceptions=(absent,)),
    )
    number = shell.receive(Receipt(number="WR1", references=ref("RTV1"), final=False, lines=lines), "harbor")
    assert shell.states[number] == ("held", "inconsistent_quantity")
    assert [balances(shell.one(), no).received for no in ("1", "2")] == [0, 4]


def test_an_inspection_without_outcome_leaves_the_disposition_open() -> None:
    shell = ready()
    shell.receive(receipt("WR1", "RTV1", {"A": 6, "B": 4}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 6, ""), ("B", 4, "restock")]), "harbor")
    blocked = blocked_at(shell.one(), shell.now)
    assert blocked is not None
    assert (blocked.stage, blocked.who) == ("disposition", "warehouse")
    assert status_of(shell.one()) == "inspecting"


def test_more_inspected_than_came_is_a_hold_once_the_receipt_is_final() -> None:
    shell = ready()
    shell.receive(inspection("IN1", "RTV1", [("A", 7, "restock")]), "harbor")
    assert classes(shell) == []
    shell.receive(receipt("WR1", "RTV1", {"A": 6, "B": 4}), "harbor")
    assert classes(shell) == [("inspection_exceeds_received", "1")]
    shell.receive(inspection("IN1", "RTV1", [("A", 6, "restock")], purpose="replace"), "harbor")
    assert classes(shell) == []


def test_a_receipt_withdrawn_takes_its_inspection_out_of_force() -> None:
    shell = ready()
    shell.receive(receipt("WR1", "RTV1", {"A": 6, "B": 4}), "harbor")
    inspected = shell.receive(inspection("IN1", "RTV1", [("A", 6, "restock")]), "harbor")
    shell.run_erp()
    shell.receive(receipt("WR1", "RTV1", {"A": 2, "B": 4}, purpose="replace"), "harbor")
    assert shell.states[inspected] == ("parked", "waits_for_receipt")
    assert balances(shell.one(), "1").inspected == 0
    shell.run_erp()
    assert ("1", "inventory_move", "restock") not in net_postings(shell.one())
    shell.receive(receipt("WR2", "RTV1", {"A": 4}), "harbor")
    assert shell.states[inspected] == ("applied", "")
    assert balances(shell.one(), "1").inspected == 6


# --- cancelling, parcels, ownership


def test_cancelling_in_part_and_beyond() -> None:
    shell = ready()
    shell.receive(cancellation("CX1", "RTV1", {"A": 2}), "northgate")
    assert balances(shell.one(), "1").authorized == 4
    assert [e.purpose for _, e in shell.expected] == ["original", "change"]
    number = shell.receive(cancellation("CX2", "RTV1", {"A": 5}), "northgate")
    assert shell.states[number] == ("held", "cancel_exceeds_authorized")
    assert balances(shell.one(), "1").authorized == 4
    shell.receive(cancellation("CX3", "RTV1"), "northgate")
    assert status_of(shell.one()) == "cancelled"
    assert [e.purpose for _, e in shell.expected][-1] == "cancel"
    assert classes(shell) == []


def test_a_change_of_the_request_answers_anew() -> None:
    shell = ready()
    shell.receive(request("RTV1", {"A": 3}, purpose="change"), "northgate")
    assert [balances(shell.one(), no).authorized for no in ("1", "2")] == [3, 0]
    assert len(shell.answers) == 2
    assert shell.answers[0][1].rma == shell.answers[1][1].rma
    assert shell.answers[0][1].number != shell.answers[1][1].number


def test_late_parcel_events_do_not_turn_time_back() -> None:
    shell = ready()
    shell.receive(shipment("SH1", "RTV1", {"A": 6}), "northgate")
    for event, at in (("delivered", "2025-03-07T10:00"), ("in_transit", "2025-03-05T08:00")):
        shell.receive(CarrierEvent(carrier="UPSN", tracking="1ZSH1", event=event, at=at), "northgate")
    (parcel,) = shell.one().consignments
    assert (parcel.last_event, parcel.last_event_at) == ("delivered", "2025-03-07T10:00")


def test_nobody_speaks_for_what_another_owns() -> None:
    shell = ready()
    for document, partner in (
        (cancellation("CX1", "RMA-000001"), "harbor"),
        (cancellation("CX2", "RMA-000001"), "cedar"),
        (receipt("WR1", "RTV1", {"A": 6}), "northgate"),
        (inspection("IN1", "RTV1", [("A", 1, "restock")]), "northgate"),
    ):
        assert shell.states[shell.receive(document, partner)] == ("held", "ownership_conflict")
    assert balances(shell.one(), "1").authorized == 6
    assert {c for c, _ in classes(shell)} == {"ownership_conflict"}


def test_an_authorization_of_another_is_compared_with_ours() -> None:
    for quantity, state in ((6, "applied"), (5, "held")):
        shell = ready()
        line = RequestLine(line_no="1", item=Item(sku="A"), quantity=Decimal(quantity))
        document = Authorization(number="AU1", rma="THEIRS-9", references=ref("RTV1"), lines=(line,))
        assert shell.states[shell.receive(document, "northgate")][0] == state
        assert "rma:THEIRS-9" in shell.one().keys


def test_the_status_file_says_where_each_line_stands() -> None:
    shell = ready()
    rows = status_rows(shell.one(), shell.now)
    assert [(r.sku, r.status, r.blocked_at, r.waiting_for) for r in rows] == [
        ("A", "authorized", "shipment", "partner"),
        ("B", "authorized", "shipment", "partner"),
    ]
    later = shell.now + timedelta(days=60)
    assert status_of(shell.one(), later) == "expired"
    assert blocked_at(shell.one(), later) is not None


def test_an_inspection_finds_its_return_by_the_receipt() -> None:
    shell = ready()
    shell.receive(receipt("WR1", "RTV1", {"A": 6, "B": 4}), "harbor")
    plain = inspection("IN1", "", [("A", 6, "restock")])
    by_receipt: Inspection = plain.model_copy(update={"references": (Reference(kind="receipt", value="WR1"),)})
    assert shell.states[shell.receive(by_receipt, "harbor")] == ("applied", "")


def test_a_fingerprint_is_what_was_said_not_how_we_read_it() -> None:
    said = inspection("IN1", "RTV1", [("A", 6, "restock")])
    line = said.lines[0]

    def with_line(**changes: object) -> str:
        return fingerprint(said.model_copy(update={"lines": (line.model_copy(update=changes),)}))

    same = fingerprint(said)
    assert with_line(disposition=Code(raw="RE", canonical="scrap", text="read anew")) == same
    assert with_line(quantity=Decimal("6.00")) == same
    assert fingerprint(said.model_copy(update={"issued_on": None, "purpose": "replace"})) == same
    others = [
        with_line(disposition=Code(raw="SC", canonical="restock")),
        with_line(quantity=Decimal(7)),
        with_line(note="box open"),
        with_line(serials=("S1",)),
        with_line(item=Item(sku="B")),
    ]
    assert len({same, *others}) == 6
