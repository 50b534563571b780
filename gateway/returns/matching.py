"""Which return a document belongs to: keys in a declared order of trust, never a guess.

A key is scoped text: `request:northgate:RTV100`. A return is stored under every key it is known by; a document looks
for its own keys from the most to the least trusted. The first key that any return answers to decides: one return
(of the document's own partner, where a partner's own numbers are meant) is the match, several are ambiguous.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from gateway.returns.model import Received, Return
from translators.canonical import (
    Authorization,
    Cancellation,
    CarrierEvent,
    Code,
    ErpResult,
    InboundDocument,
    Inspection,
    Item,
    Receipt,
    Reference,
    ReferenceData,
    ReturnRequest,
    Shipment,
    ShipmentLine,
)

# Reference kinds by falling trust, and the key that each makes. {partner} is who sent the document.
TRUST: tuple[tuple[str, str], ...] = (
    ("rma", "rma:{value}"),
    ("return", "return:{value}"),
    ("correlation", "correlation:{value}"),
    ("request", "request:{partner}:{value}"),
    ("request", "ref:{value}"),
    ("claim", "request:{partner}:{value}"),
    ("shipment", "shipment:{partner}:{value}"),
    ("shipment", "shipment::{value}"),
    ("receipt", "receipt:{partner}:{value}"),
    ("tracking", "tracking:{value}"),
    ("bill_of_lading", "shipment::{value}"),
    ("carton", "carton:{value}"),
    ("order", "ref:{value}"),
)
# Not what was said, but when and as what it was sent, and where each field stood.
_NOT_SAID = frozenset({"provenance", "purpose", "purpose_code", "issued_on"})
_PLACES = {kind: place for place, (kind, _) in reversed(list(enumerate(TRUST)))}


@dataclass(slots=True)
class Match:
    """`found` is the one return; if there is none, `why` says no_match or ambiguous."""

    found: Return | None
    why: str = ""


def business_key(document: InboundDocument, received: Received) -> str:
    """What makes two documents the same one: kind, sender and the sender's number (its content, if it gave none)."""
    kind = getattr(document, "kind", "document")
    number = document.number or f"content-{fingerprint(document)[:16]}"
    return f"{kind}:{received.partner}:{number}"


def fingerprint(document: InboundDocument) -> str:
    """A hash of what the sender said: purpose, dates of sending, provenance and our own readings of codes left out.

    What is empty is left out too, so that a field which a later release adds does not make an old document differ.
    """
    said: list[str] = []
    _gather(document, said)
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]


def _gather(model: BaseModel, said: list[str]) -> None:
    """Names and values of all that is said in a model, in the order of its fields. A code says its raw form."""
    for name, value in model.__dict__.items():
        if not value or name in _NOT_SAID:
            continue
        kind = type(value)
        if kind is str:
            said += (name, value)
        elif kind is Code:
            if value.raw or value.text:
                said += (name, value.raw or value.text)
        elif kind is Decimal:
            said += (name, f"{value.normalize():f}")
        elif kind is tuple:
            said.append(name)
            for each in value:
                if isinstance(each, BaseModel):
                    said.append("-")
                    _gather(each, said)
                else:
                    said.append(str(each))
        elif isinstance(value, BaseModel):
            said.append(name)
            _gather(value, said)
        else:
            said += (name, str(value))


def keys_of(document: InboundDocument, received: Received) -> tuple[str, ...]:
    """Every key under which the returns that matter to this document are stored, most trusted first."""
    partner = received.partner
    keys: list[str] = []
    if isinstance(document, ErpResult):
        for row in document.rows:
            keys.append(f"posting:{row.idempotency_key}")
            keys.append(f"return:{row.idempotency_key.partition('-')[0]}")
        return tuple(dict.fromkeys(keys))
    if isinstance(document, ReferenceData):
        return ()
    if isinstance(document, ReturnRequest):
        return (f"request:{partner}:{document.number}",)
    if isinstance(document, Authorization | Cancellation):
        if isinstance(document, Authorization) and document.rma:
            keys.append(f"rma:{document.rma}")
        if isinstance(document, Cancellation) and document.cancels:
            keys += [f"request:{partner}:{document.cancels}", f"rma:{document.cancels}"]
        keys += reference_keys(document.references, partner)
        keys.append(f"request:{partner}:{document.number}")
        return tuple(dict.fromkeys(keys))
    keys += reference_keys(document.references, partner)
    if isinstance(document, Shipment | Receipt):
        for line in document.lines:
            if line.references:
                keys += reference_keys(line.references, partner)
    keys += _own_keys(document, received)
    return tuple(dict.fromkeys(keys))


def reference_keys(references: Sequence[Reference], partner: str) -> list[str]:
    """Keys that references make, by falling trust."""
    if not references:
        return []
    ranked: list[tuple[int, str]] = []
    for reference in references:
        if not reference.value or reference.kind not in _PLACES:
            continue
        for place, (kind, template) in enumerate(TRUST):
            if kind == reference.kind:
                ranked.append((place, template.format(partner=partner, value=reference.value)))
    ranked.sort(key=lambda pair: pair[0])
    return [key for _, key in ranked]


def _own_keys(document: InboundDocument, received: Received) -> list[str]:
    """Keys from the document's own numbers, tracking, cartons, and purchase order with item."""
    keys: list[str] = []
    if isinstance(document, Shipment) and document.number:
        keys.append(f"shipment:{received.partner}:{document.number}")
    if isinstance(document, Receipt) and document.number:
        keys.append(f"receipt:{received.partner}:{document.number}")
    if isinstance(document, CarrierEvent) and document.tracking:
        keys.append(f"tracking:{document.tracking}")
    if isinstance(document, Shipment):
        keys += [f"tracking:{t}" for t in document.tracking]
        keys += [f"carton:{c}" for c in document.cartons]
    purchase = document.reference("purchase_order")
    scope = received.partner if received.role in {"retailer", "supplier"} else ""
    if isinstance(document, Shipment | Receipt | Inspection):
        for line in document.lines:
            of_line = line.purchase_order or purchase if isinstance(line, ShipmentLine) else purchase
            if of_line:
                keys += item_keys(scope, of_line, line.item)
    return keys


def item_keys(scope: str, purchase_order: str, item: Item, ids: Sequence[str] = ()) -> list[str]:
    return [f"po_item:{scope}:{purchase_order}:{i}" for i in (ids or item.ids())]


def keys_of_return(return_: Return) -> set[str]:
    """Every key that a return is known by from its header, lines and consignments."""
    keys = {f"return:{return_.return_no}", f"ref:{return_.return_no}"}
    if return_.correlation_id:
        keys.add(f"correlation:{return_.correlation_id}")
    if return_.request_number:
        keys.add(f"request:{return_.partner}:{return_.request_number}")
        keys.add(f"ref:{return_.request_number}")
    if return_.rma:
        keys |= {f"rma:{return_.rma}", f"ref:{return_.rma}"}
    if return_.purchase_order:
        for line in return_.lines.values():
            for scope in (return_.partner, ""):
                keys.update(item_keys(scope, return_.purchase_order, line.item, line.ids))
    for consignment in return_.consignments:
        if consignment.number:
            keys |= {f"shipment:{return_.partner}:{consignment.number}", f"shipment::{consignment.number}"}
        keys.update(f"tracking:{t}" for t in consignment.tracking)
        keys.update(f"carton:{c}" for c in consignment.cartons)
    return keys


def find(keys: Iterable[str], candidates: Iterable[Return], received: Received) -> Match:
    """The one return that the most trusted answered key names.

    A key that several returns answer to is narrowed to those still open, then to those of the sender; if several are
    left the match is ambiguous, and less trusted keys are not asked to break the tie.
    """
    known = list(candidates)
    for key in keys:
        answering = [r for r in known if key in r.keys]
        if not answering:
            continue
        if len(answering) > 1:
            answering = _narrow(answering, received)
        if len(answering) == 1:
            return Match(answering[0])
        return Match(None, "ambiguous")
    return Match(None, "no_match")


def _narrow(answering: list[Return], received: Received) -> list[Return]:
    own = [r for r in answering if r.partner == received.partner] or answering
    return [r for r in own if not r.cancelled and any(line.decision != "denied" for line in r.lines.values())] or own


def find_line(return_: Return, ids: Sequence[str], line_no: str = "") -> list[str]:
    """Line numbers that have this item; the one that also has the line number, if there is one, comes alone."""
    same: list[str] = []
    for no, line in return_.lines.items():
        for each in ids:
            if each in line.ids:
                same.append(no)
                break
    if len(same) > 1 and line_no:
        named = [no for no in same if line_no in {no, return_.lines[no].partner_line}]
        return named or same
    return same
