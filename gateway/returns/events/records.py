"""Events of postings and Holds, from what a row or an object of the domain says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gateway.returns.events.kinds import POSTED_EVENTS, POSTING_STATE_EVENTS, BusinessEvent, EventName
from gateway.returns.model import CreditAmounts, PostingKind, PostingState, plain

Data = dict[str, object]


def filled(data: Mapping[str, object]) -> Data:
    """The data without what is not known."""
    return {name: value for name, value in data.items() if value not in ("", None)}


def signed(number: Decimal, sign: Literal["+", "-"]) -> str:
    """A quantity or an amount as text, negative for a posting that takes another one back."""
    return plain(-number if sign == "-" else number)


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """What an event says of a posting, wherever it is read from."""

    key: str
    kind: PostingKind
    state: PostingState
    line_no: str
    sign: Literal["+", "-"]
    quantity: Decimal
    amount: Decimal | None = None
    currency: str = ""
    destination: str = ""
    batch: str = ""
    erp_document_type: str = ""
    erp_document: str = ""
    error_code: str = ""
    error_text: str = ""


def posting_event(facts: PostingFacts, common: Mapping[str, object]) -> BusinessEvent | None:
    """The event of a posting that has come into its state; None for a state that is not told."""
    name = POSTING_STATE_EVENTS[facts.state]
    if name is None:
        return None
    data: Data = {
        **common,
        "posting": facts.key,
        "posting_kind": facts.kind,
        "line_no": facts.line_no,
        "quantity": signed(facts.quantity, facts.sign),
        "erp": facts.destination,
    }
    if facts.amount is not None:
        data |= {"amount": money(facts.amount, facts.sign), "currency": facts.currency}
    if facts.state == "delivered":
        data["batch"] = facts.batch
    elif facts.state == "posted":
        data |= {"erp_document_type": facts.erp_document_type, "erp_document": facts.erp_document}
        name = POSTED_EVENTS[facts.kind]
    elif facts.state == "refused":
        data |= {"error_code": facts.error_code, "error_text": facts.error_text}
    return BusinessEvent(name, filled(data), facts.line_no)


def money(amount: Decimal, sign: Literal["+", "-"] = "+") -> str:
    """An amount as text, with all of its decimals."""
    return f"{-amount if sign == '-' else amount:f}"


def money_parts(parts: CreditAmounts) -> Data:
    """What the amount of a credit is made of; taxes are left out where there are none."""
    data: Data = {
        "amount_goods": money(parts.goods),
        "amount_restocking": money(parts.restocking_fee),
        "amount_freight": money(parts.freight),
        "amount_charges": money(parts.charges),
        "amount_tax": money(parts.tax),
    }
    if parts.taxes:
        data["taxes"] = [
            {"rate": plain(tax.rate), "base": money(tax.base), "amount": money(tax.amount)} for tax in parts.taxes
        ]
    return data


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """What an event says of a Hold, wherever it is read from."""

    key: str
    class_: str
    state: str
    line_no: str = ""
    owner: str = ""
    message: str = ""
    next_action: str = ""
    posting_key: str = ""
    resolution: str = ""
    resolved_by: str = ""


# Who closes a Hold when its cause is gone.
_NOBODY = frozenset({"", "gateway"})


def hold_event(facts: HoldFacts, common: Mapping[str, object]) -> BusinessEvent:
    """The event of a Hold that has come into its state."""
    data: Data = {**common, "hold": facts.key, "class": facts.class_, "line_no": facts.line_no}
    name: EventName = "held"
    if facts.state == "open":
        data |= {
            "owner": facts.owner,
            "message": facts.message,
            "next_action": facts.next_action,
            "posting": facts.posting_key,
        }
    elif facts.resolved_by in _NOBODY:
        name = "cleared"
        data["resolution"] = facts.resolution
    else:
        name = "decided"
        data |= {"resolution": facts.resolution, "actor": facts.resolved_by}
    return BusinessEvent(name, filled(data), facts.line_no)
