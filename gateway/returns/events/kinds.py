"""The kinds of business event, each one row: what it means, what its data says, and whether partners are told.

A kind of movement and a kind or state of posting names here the event that tells of it, so that none is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gateway.returns.model import MovementKind, PostingKind, PostingState

EventName = Literal[
    "requested",
    "answered",
    "authorized",
    "denied",
    "cancelled",
    "shipped",
    "carrier_event",
    "received",
    "inspected",
    "dispositioned",
    "credited",
    "claimed",
    "charged_back",
    "closed_short",
    "vendor_asked",
    "vendor_answered",
    "sent",
    "posted",
    "refused",
    "voided",
    "held",
    "decided",
    "cleared",
    "status_changed",
    "closed",
    "reopened",
]
FieldForm = Literal["text", "quantity", "money", "number", "lines", "taxes"]


@dataclass(frozen=True, slots=True)
class EventField:
    """A field of an event's data: `form` says how its value is written (see `schema.FORMS`), `means` what it is."""

    form: FieldForm
    means: str


@dataclass(frozen=True, slots=True)
class EventKind:
    """What an event of a kind tells. `fields`: of its data, beside those that every event has (COMMON_FIELDS).

    `to_partner`: the return's own partner may be told; the others are ours alone. `version` rises when a field is taken
    away or changes its meaning; a new field leaves it as it is.
    """

    means: str
    fields: tuple[str, ...]
    to_partner: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True)
class BusinessEvent:
    """One thing that has happened. `data`: field → text, number or rows; what is not known is left out.

    `movement` is the number of the movement in its return's ledger that the event tells of.
    """

    name: EventName
    data: Mapping[str, object]
    line_no: str = ""
    movement: int | None = None


EVENT_FIELDS: dict[str, EventField] = {
    "rma": EventField("text", "our RMA number"),
    "request_number": EventField("text", "the partner's number of the request"),
    "order_number": EventField("text", "our order that the goods were sold with"),
    "purchase_order": EventField("text", "the partner's purchase order"),
    "customer": EventField("text", "our number of the customer"),
    "purpose": EventField("text", "request, authorization or notice: what the return began with"),
    "lines": EventField("lines", "the lines of the return, each with its quantity and decision"),
    "line_no": EventField("text", "our number of the line"),
    "partner_line": EventField("text", "the partner's number of the line"),
    "sku": EventField("text", "the item"),
    "quantity": EventField("quantity", "base units; negative where a correction takes back what was said before"),
    "unit": EventField("text", "the base unit"),
    "condition": EventField("text", "condition of what came"),
    "disposition": EventField("text", "what becomes of the goods"),
    "from_disposition": EventField("text", "what had become of them before, of goods that go on from it"),
    "movement": EventField("number", "number of the movement in the ledger of the return"),
    "reverses": EventField("number", "number of the movement that this one corrects"),
    "reason": EventField("text", "code of the reason"),
    "text": EventField("text", "the reason in words"),
    "carrier": EventField("text", "the carrier"),
    "tracking": EventField("text", "tracking numbers, apart by blanks"),
    "carrier_status": EventField("text", "what the carrier says of the parcel"),
    "carrier_at": EventField("text", "when, as the carrier says"),
    "place": EventField("text", "where, as the carrier says"),
    "carrier_reason": EventField("text", "why, as the carrier says"),
    "supplier": EventField("text", "the supplier that is to take the goods back"),
    "vendor_request": EventField("text", "our number of the request to the supplier"),
    "vendor_rma": EventField("text", "the supplier's RMA number"),
    "decision": EventField("text", "what was decided"),
    "posting": EventField("text", "idempotency key of the posting"),
    "posting_kind": EventField("text", "kind of the posting"),
    "amount": EventField("money", "money; negative where it is taken back"),
    "currency": EventField("text", "ISO 4217 code of the amount"),
    "amount_goods": EventField("money", "what of the amount is for the goods"),
    "amount_restocking": EventField("money", "the restocking fee: negative where the amount is positive"),
    "amount_freight": EventField("money", "what of the amount is an allowance for freight"),
    "amount_charges": EventField("money", "what of the amount is for charges of the request"),
    "amount_tax": EventField("money", "what of the amount is tax, of all rates"),
    "taxes": EventField("taxes", "the tax of each rate (in percent) with its base"),
    "erp": EventField("text", "the ERP that the posting is for"),
    "batch": EventField("text", "the import batch that the posting went out in"),
    "erp_document_type": EventField("text", "type of the ERP's document"),
    "erp_document": EventField("text", "number of the ERP's document"),
    "error_code": EventField("text", "the ERP's error code"),
    "error_text": EventField("text", "the ERP's words"),
    "hold": EventField("text", "key of the Hold: the same when it is decided, cleared and held again"),
    "class": EventField("text", "class of the Hold"),
    "owner": EventField("text", "whose move it is"),
    "message": EventField("text", "what has happened, in words"),
    "next_action": EventField("text", "what is to be done"),
    "resolution": EventField("text", "how it was answered"),
    "actor": EventField("text", "who decided"),
    "before": EventField("text", "status before; absent for a new return"),
    "status": EventField("text", "status now"),
}
# What every event about a return may say.
COMMON_FIELDS = ("rma", "request_number")

_LINE = ("line_no", "partner_line", "sku", "quantity", "unit")
_MOVED = (*_LINE, "movement", "reverses")
_PARTS = ("amount_goods", "amount_restocking", "amount_freight", "amount_charges", "amount_tax", "taxes")
_MONEY = ("posting", "posting_kind", "amount", "currency", "erp_document_type", "erp_document")
_POSTING = ("posting", "posting_kind", "line_no", "quantity", "amount", "currency", "erp")
_HOLD = ("hold", "class", "line_no")

EVENT_KINDS: dict[EventName, EventKind] = {
    "requested": EventKind(
        "a return was opened: asked for, announced, or authorized by another party",
        ("purpose", "order_number", "purchase_order", "customer", "currency", "lines"),
    ),
    "answered": EventKind("we answered the request, line by line", ("lines",)),
    "authorized": EventKind("we allow this much to come back", _MOVED),
    "denied": EventKind("we do not allow this much of a line to come back", (*_LINE, "reason", "text")),
    "cancelled": EventKind("this much of what was allowed is not to come back any more", _MOVED),
    "shipped": EventKind("this much is on its way", _MOVED),
    "carrier_event": EventKind(
        "a carrier says where a parcel is",
        ("carrier", "tracking", "carrier_status", "carrier_at", "place", "carrier_reason"),
    ),
    "received": EventKind("this much came, in one condition", (*_MOVED, "condition")),
    "inspected": EventKind("this much of what came was looked at", (*_MOVED, "condition")),
    "dispositioned": EventKind(
        "what becomes of this much of what was inspected", (*_MOVED, "disposition", "from_disposition")
    ),
    "credited": EventKind("the ERP has credited or replaced this much", (*_MOVED, *_MONEY, *_PARTS, "disposition")),
    "claimed": EventKind(
        "the ERP has claimed this much from the supplier", (*_MOVED, *_MONEY, "disposition"), to_partner=False
    ),
    "charged_back": EventKind("the ERP has charged this much back to the partner", (*_MOVED, *_MONEY, *_PARTS)),
    "closed_short": EventKind("this much did not come and is not waited for", _MOVED),
    "vendor_asked": EventKind(
        "we asked a supplier to take goods back", ("supplier", "vendor_request", "lines"), to_partner=False
    ),
    "vendor_answered": EventKind(
        "the supplier has answered",
        ("supplier", "vendor_request", "vendor_rma", "decision", "lines"),
        to_partner=False,
    ),
    "sent": EventKind("the ERP's import file with this posting is delivered", (*_POSTING, "batch"), to_partner=False),
    "posted": EventKind(
        "the ERP has booked a posting", (*_POSTING, "erp_document_type", "erp_document"), to_partner=False
    ),
    "refused": EventKind(
        "the ERP refused a posting, or no import file can carry it",
        (*_POSTING, "error_code", "error_text"),
        to_partner=False,
    ),
    "voided": EventKind("a person settles a posting outside the ERP's import files", _POSTING, to_partner=False),
    "held": EventKind(
        "something waits for a person", (*_HOLD, "owner", "message", "next_action", "posting"), to_partner=False
    ),
    "decided": EventKind("a person has answered a Hold", (*_HOLD, "resolution", "actor"), to_partner=False),
    "cleared": EventKind("the cause of a Hold is gone", (*_HOLD, "resolution"), to_partner=False),
    "status_changed": EventKind("the return stands elsewhere now", ("before", "status")),
    "closed": EventKind("nothing is left to do about the return", ("status",)),
    "reopened": EventKind("something is to do again about a return that was closed", ("status",)),
}

MOVEMENT_EVENTS: dict[MovementKind, EventName] = {
    "authorize": "authorized",
    "cancel": "cancelled",
    "ship": "shipped",
    "receive": "received",
    "inspect": "inspected",
    "disposition": "dispositioned",
    "redisposition": "dispositioned",
    "surplus": "dispositioned",
    "credit": "credited",
    "claim": "claimed",
    "close_short": "closed_short",
    "charge": "charged_back",
}
"""Which event tells of a movement, by its kind."""

POSTED_EVENTS: dict[PostingKind, EventName] = {
    "return_order": "posted",
    "goods_receipt": "posted",
    "inventory_move": "posted",
    "scrap": "posted",
    "repair_order": "posted",
    "supplier_claim": "posted",
    "replacement": "posted",
    "credit_request": "posted",
    "charge_back": "posted",
}
"""Which event says that the ERP has booked a posting, by its kind."""

POSTING_STATE_EVENTS: dict[PostingState, EventName | None] = {
    "waiting": None,
    "ready": None,
    "batched": None,
    "delivered": "sent",
    "posted": "posted",  # by its kind: POSTED_EVENTS
    "refused": "refused",
    "cancelled": None,
    "reversed": None,
    "void": "voided",
}
"""Which event tells that a posting has come into a state; None for those that nobody outside waits for."""


def names_for_partners() -> tuple[EventName, ...]:
    """The kinds of event that a partner may be told of its own returns."""
    return tuple(name for name, kind in EVENT_KINDS.items() if kind.to_partner)
