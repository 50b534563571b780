"""What is new of a changed return, as business events: the difference between what was told and what is.

What was told is a `ToldState`, taken when the return was loaded: the return itself is changed in place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gateway.returns.events.kinds import EVENT_KINDS, MOVEMENT_EVENTS, BusinessEvent
from gateway.returns.events.records import (
    Data,
    HoldFacts,
    PostingFacts,
    filled,
    hold_event,
    money,
    money_parts,
    posting_event,
)
from gateway.returns.model import Hold, Movement, Posting, Return, ReturnLine, ends_of, plain

# Statuses in which nothing is left to do about goods or money.
_CLOSED = frozenset({"closed", "closed_short"})
_FROM_POSTING = "posting:"
# What the code of a movement is, by the field of the event that says it.
_CODES = ("condition", "disposition")


@dataclass(frozen=True, slots=True)
class ToldState:
    """How far the events about a return have come: as many movements, and the states of everything else by its key.

    `parcels`: by shipment document, the last event of its carrier. `vendors`: how often a supplier was asked, and its
    decision.
    """

    status: str = ""
    movements: int = 0
    answers: int = 0
    decisions: Mapping[str, str] = field(default_factory=dict)
    parcels: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    vendors: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    postings: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, str] = field(default_factory=dict)


NOTHING_TOLD = ToldState()


def told_state(return_: Return, status: str) -> ToldState:
    """The return as it stands, all of it told. `status` is the stored one."""
    return ToldState(
        status,
        len(return_.movements),
        return_.answers,
        {number: line.decision for number, line in return_.lines.items()},
        {
            parcel.source: (parcel.last_event, parcel.last_event_at, parcel.last_place)
            for parcel in return_.consignments
        },
        {number: (claim.asks, claim.decision) for number, claim in return_.vendor_claims.items()},
        {key: posting.state for key, posting in return_.postings.items()},
        {key: hold.state for key, hold in return_.holds.items()},
    )


def events_since(told: ToldState, return_: Return, status: str) -> list[BusinessEvent]:
    """What has happened to a return since it was told last, in the order of its life. `status` is the one now."""
    common = filled({"rma": return_.rma, "request_number": return_.request_number})
    found: list[BusinessEvent] = []
    if not told.status:
        found.append(_requested(return_, common))
    found += _denied(told, return_, common)
    if return_.answers > told.answers:
        found.append(BusinessEvent("answered", {**common, "lines": _lines(return_)}))
    found += (_moved(told, return_, movement, common) for movement in return_.movements[told.movements :])
    found += _carriers(told, return_, common)
    found += _vendors(told, return_, common)
    found += _postings(told, return_, common)
    found += (
        hold_event(_hold_facts(hold), common)
        for key, hold in return_.holds.items()
        if hold.state != told.holds.get(key, "")
    )
    found += _status(told.status, status, common)
    return found


def _requested(return_: Return, common: Data) -> BusinessEvent:
    header: Data = {
        "purpose": return_.purpose,
        "order_number": return_.order_number,
        "purchase_order": return_.purchase_order,
        "customer": return_.customer,
        "currency": return_.currency,
    }
    return BusinessEvent("requested", {**common, **filled(header), "lines": _lines(return_)})


def _lines(return_: Return) -> list[Data]:
    """The lines with what was asked and what is allowed now."""
    return [
        filled(
            {
                "line_no": number,
                "partner_line": line.partner_line,
                "sku": line.sku,
                "requested": plain(line.requested),
                "authorized": plain(return_.tallies[number].a),
                "unit": line.unit,
                "decision": line.decision,
                "reason": line.decision_reason or line.reason.canonical or line.reason.raw,
            }
        )
        for number, line in return_.lines.items()
    ]


def _of_line(number: str, line: ReturnLine | None, quantity: Decimal) -> Data:
    data: Data = {"line_no": number, "quantity": plain(quantity)}
    if line is not None:
        data |= {"partner_line": line.partner_line, "sku": line.sku, "unit": line.unit}
    return data


def _denied(told: ToldState, return_: Return, common: Data) -> Iterator[BusinessEvent]:
    for number, line in return_.lines.items():
        if line.decision not in {"denied", "partial"} or told.decisions.get(number) == line.decision:
            continue
        denied = line.requested - return_.tallies[number].a
        data = {
            **_of_line(number, line, denied),
            "reason": line.decision_reason,
            "text": line.decision_text,
        }
        yield BusinessEvent("denied", {**common, **filled(data)}, number)


def _moved(told: ToldState, return_: Return, movement: Movement, common: Data) -> BusinessEvent:
    number = movement.line_no
    data = _of_line(number, return_.lines.get(number), movement.quantity)
    data |= {"movement": movement.seq, "reverses": movement.reverses}
    name = MOVEMENT_EVENTS[movement.kind]
    left, code = ends_of(movement.code)
    data |= {field: code for field in _CODES if field in EVENT_KINDS[name].fields}
    if left:
        data["from_disposition"] = left
    if movement.source.startswith(_FROM_POSTING):
        posting = return_.postings.get(movement.source.removeprefix(_FROM_POSTING))
        if posting is not None:
            data |= _booked(told, return_, posting, movement)
    return BusinessEvent(name, {**common, **filled(data)}, number, movement.seq)


def _booked(told: ToldState, return_: Return, posting: Posting, movement: Movement) -> Data:
    """The money and the ERP's document of a movement that a posting taught us; of what took it back, where it was."""
    booked: Posting | None = posting
    if movement.reverses is not None:
        booked = _reversal(told, return_, posting, -movement.quantity)
    if booked is None:
        return {"posting": posting.key, "posting_kind": posting.kind, "disposition": posting.disposition}
    data: Data = {"posting": booked.key, "posting_kind": booked.kind, "disposition": booked.disposition}
    data |= {"erp_document_type": booked.erp_document_type, "erp_document": booked.erp_document}
    if booked.amount is not None:
        data |= {"amount": money(booked.amount, booked.sign), "currency": return_.currency_of(booked)}
    if booked.amounts is not None:
        data |= money_parts(booked.amounts if booked.sign == "+" else -booked.amounts)
    return data


def _reversal(told: ToldState, return_: Return, posting: Posting, quantity: Decimal) -> Posting | None:
    """The posting that the ERP has just booked and that takes this much of another one back."""
    booked = (p for p in return_.postings.values() if p.reverses == posting.key and p.state == "posted")
    return next((p for p in booked if told.postings.get(p.key) != "posted" and p.quantity == quantity), None)


def _carriers(told: ToldState, return_: Return, common: Data) -> Iterator[BusinessEvent]:
    for parcel in return_.consignments:
        last = (parcel.last_event, parcel.last_event_at, parcel.last_place)
        if not parcel.last_event or told.parcels.get(parcel.source) == last:
            continue
        data: Data = {
            "carrier": parcel.carrier,
            "tracking": " ".join(parcel.tracking),
            "carrier_status": parcel.last_event,
            "carrier_at": parcel.last_event_at,
            "place": parcel.last_place,
            "carrier_reason": parcel.last_reason,
        }
        yield BusinessEvent("carrier_event", {**common, **filled(data)})


def _vendors(told: ToldState, return_: Return, common: Data) -> Iterator[BusinessEvent]:
    for number, claim in return_.vendor_claims.items():
        asks, decision = told.vendors.get(number, (0, ""))
        data: Data = {**common, "supplier": claim.supplier, "vendor_request": number}
        if claim.asks > asks:
            asked = [{"line_no": line_no, "requested": plain(quantity)} for line_no, quantity in claim.asked.items()]
            yield BusinessEvent("vendor_asked", {**data, "lines": asked})
        if claim.decision and claim.decision != decision:
            allowed = [{"line_no": no, "authorized": plain(quantity)} for no, quantity in claim.allowed.items()]
            answer = filled({"vendor_rma": claim.rma, "decision": claim.decision})
            yield BusinessEvent("vendor_answered", {**data, **answer, "lines": allowed})


def _postings(told: ToldState, return_: Return, common: Data) -> Iterator[BusinessEvent]:
    for key, posting in return_.postings.items():
        if posting.state != told.postings.get(key, ""):
            event = posting_event(_posting_facts(return_, posting), common)
            if event is not None:
                yield event


def _posting_facts(return_: Return, posting: Posting) -> PostingFacts:
    return PostingFacts(
        posting.key,
        posting.kind,
        posting.state,
        posting.line_no,
        posting.sign,
        posting.quantity,
        posting.amount,
        return_.currency_of(posting),
        posting.destination,
        "",
        posting.erp_document_type,
        posting.erp_document,
        posting.error_code,
        posting.error_text,
    )


def _hold_facts(hold: Hold) -> HoldFacts:
    return HoldFacts(
        hold.key,
        hold.class_,
        hold.state,
        hold.line_no,
        hold.owner,
        hold.message,
        hold.next_action,
        hold.posting_key,
        hold.resolution,
        hold.resolved_by,
    )


def _status(before: str, status: str, common: Data) -> Iterator[BusinessEvent]:
    if status == before:
        return
    yield BusinessEvent("status_changed", {**common, **filled({"before": before}), "status": status})
    if status in _CLOSED:
        yield BusinessEvent("closed", {**common, "status": status})
    elif before in _CLOSED:
        yield BusinessEvent("reopened", {**common, "status": status})
