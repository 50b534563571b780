"""One return with its lines, ledger, postings, Holds, files and timeline. Quantities are decimal text."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, TypedDict

from fastapi import Path

from gateway.returns import Balances, Policy, Return, ReturnLine, balances, blocked_at, unpack, without_outcome
from gateway.returns.model import VendorClaim
from gateway.returns.money.claim_figures import figures_of
from gateway.returns.money.due import left_to_settle
from gateway.store.read import events, holds
from gateway.store.read import returns as query
from gateway.store.read.returns import DocumentOfReturn, MovementOfReturn, PostingOfReturn
from gateway.store.read.table_rows import DispatchRow, DueRow, EventRow, ReturnRow
from gateway.web.page import Page
from gateway.web.sources import NotHere, PageSources
from gateway.web.views.answerable_holds import AnswerableHold, with_answers

Plain = dict[str, "Plain"] | list["Plain"] | str | int | float | bool | None
"""A value that JSON knows."""

_HEADER = (
    "return_no",
    "partner",
    "rma",
    "request_number",
    "correlation_id",
    "customer",
    "order_number",
    "purchase_order",
    "invoice_number",
    "currency",
    "purpose",
    "settlement",
    "warehouse",
    "erp",
    "contact",
    "requested_on",
    "authorized_on",
    "expires_on",
    "opened_at",
    "changed_at",
)


class OpenQuantity(TypedDict):
    """What is still to happen with so many units of a line."""

    what: str
    quantity: str


class LineData(TypedDict):
    """A line as it was asked for and decided, and its quantities.

    `asked` and `asked_unit` are the request's; the other quantities are in `unit`. `balances`: the ledger's sums
    (gateway.returns.Balances). `without_outcome`: units for which nobody has said what becomes of them.
    """

    line_no: str
    partner_line: str
    sku: str
    description: str
    ids: list[str]
    requested: str
    unit: str
    asked: str
    asked_unit: str
    unit_price: str | None
    reason: Plain
    condition: Plain
    resolution: str
    instruction: str
    decision: str
    decision_reason: str
    decision_text: str
    added: bool
    serials: list[str]
    lots: list[str]
    came_serials: list[str]
    came_lots: list[str]
    balances: Plain
    without_outcome: str
    open: list[OpenQuantity]


class ClaimedLine(TypedDict):
    """Units of a line that a supplier is asked to take back, and those that it allows; what one of them cost us."""

    line_no: str
    asked: str
    allowed: str
    cost_price: str | None
    cost_currency: str


class ClaimTotals(TypedDict):
    """The money of a claim in one currency (gateway.returns.ClaimFigures)."""

    currency: str
    claimed: str
    credited: str
    written_off: str
    open: str


class VendorClaimData(TypedDict):
    """What a supplier is asked to take back, line by line, and its answer (`decision`, `rma`, `document_id`).

    `credits` are its credit notes, `shipments` how the goods travel to it (gateway.returns.model).
    """

    number: str
    supplier: str
    decision: str
    rma: str
    asked_at: str
    document_id: int | None
    lines: list[ClaimedLine]
    money: list[ClaimTotals]
    credits: list[Plain]
    shipments: list[Plain]


# `return` is the page's own word for the header, which no class body can have as a name.
ReturnData = TypedDict(
    "ReturnData",
    {
        "as_of": str,
        "return": Plain,
        "waits_for": Plain,
        "lines": list[LineData],
        "vendor_claims": list[VendorClaimData],
        "consignments": list[Plain],
        "references": list[Plain],
        "parties": list[Plain],
        "movements": list[MovementOfReturn],
        "postings": list[PostingOfReturn],
        "holds": list[AnswerableHold],
        "clocks": list[DueRow],
        "documents": list[DocumentOfReturn],
        "dispatches": list[DispatchRow],
        "timeline": list[EventRow],
    },
)


def read_return(sources: PageSources, return_no: Annotated[str, Path(max_length=100)]) -> ReturnData:
    """Everything about one return. Raises NotHere for a number that no return has."""
    with sources.store.read() as snapshot:
        row = query.row(snapshot, return_no)
        if row is None:
            raise NotHere(f"There is no return {return_no}.")
        stored = query.stored_rows(snapshot, return_no)
        return_ = unpack(row["body"], stored.movements, stored.postings, stored.holds)
        policy = sources.policy(return_.partner)
        return {
            "as_of": sources.as_of(),
            "return": _header(return_, row),
            "waits_for": _waits_for(return_, sources.now()),
            "lines": [_line(return_, line, policy) for line in return_.lines.values()],
            "vendor_claims": [_vendor_claim(return_, claim, policy) for claim in return_.vendor_claims.values()],
            "consignments": [_plain(asdict(consignment)) for consignment in return_.consignments],
            "references": [reference.model_dump(mode="json") for reference in return_.references],
            "parties": [party.model_dump(mode="json", exclude_defaults=True) for party in return_.parties],
            "movements": query.movements(snapshot, return_no),
            "postings": query.postings(snapshot, return_no),
            "holds": with_answers(holds.of_return(snapshot, return_no)),
            "clocks": query.clocks(snapshot, return_no),
            "documents": query.documents(snapshot, return_no),
            "dispatches": query.dispatches(snapshot, return_no),
            "timeline": events.of_return(snapshot, return_no),
        }


def _header(return_: Return, row: ReturnRow) -> Plain:
    """The return's own values, and where it stands by its row."""
    return {name: getattr(return_, name) for name in _HEADER} | {
        "status": row["status"],
        "stage": row["stage"],
        "opened_at": row["opened_at"],
        "closed_at": row["closed_at"],
    }


def _waits_for(return_: Return, now: datetime) -> Plain:
    """Where the return stands still: stage, why, since when, whose move, and what that move is; None if nowhere."""
    blocked = blocked_at(return_, now)
    return asdict(blocked) if blocked else None


def _line(return_: Return, line: ReturnLine, policy: Policy) -> LineData:
    sums = balances(return_, line.line_no)
    still_open = _open_quantities(sums, left_to_settle(return_, line, policy))
    return {
        "line_no": line.line_no,
        "partner_line": line.partner_line,
        "sku": line.sku,
        "description": line.item.description,
        "ids": list(line.item.ids()),
        "requested": str(line.requested),
        "unit": line.unit,
        "asked": str(line.asked),
        "asked_unit": line.asked_unit,
        "unit_price": None if line.unit_price is None else str(line.unit_price),
        "reason": line.reason.model_dump(),
        "condition": line.condition.model_dump(),
        "resolution": line.resolution,
        "instruction": line.instruction,
        "decision": line.decision,
        "decision_reason": line.decision_reason,
        "decision_text": line.decision_text,
        "added": line.added,
        "serials": list(line.serials),
        "lots": list(line.lots),
        "came_serials": _came(return_, line.line_no, "serials"),
        "came_lots": _came(return_, line.line_no, "lots"),
        "balances": _plain(asdict(sums)),
        "without_outcome": str(without_outcome(return_, line.line_no).all),
        "open": [{"what": what, "quantity": str(quantity)} for what, quantity in still_open if quantity > 0],
    }


def _came(return_: Return, line_no: str, name: Literal["serials", "lots"]) -> list[str]:
    """The serials or lots that receipts and inspections name."""
    claims = return_.claims.get(line_no, ())
    goods = [claim for claim in claims if claim.kind in {"receive", "inspect"} and claim.state == "active"]
    return list(dict.fromkeys(number for claim in goods for number in getattr(claim, name)))


def _vendor_claim(return_: Return, claim: VendorClaim, policy: Policy) -> VendorClaimData:
    figures = figures_of(return_, claim, policy.vendor_claims.tolerance)
    return {
        "number": claim.number,
        "supplier": claim.supplier,
        "decision": claim.decision,
        "rma": claim.rma,
        "asked_at": claim.asked_at,
        "document_id": claim.document_id,
        "lines": [
            {
                "line_no": no,
                "asked": str(claim.asked.get(no, 0)),
                "allowed": str(claim.allowed.get(no, 0)),
                "cost_price": None if (price := return_.lines[no].cost_price) is None else str(price),
                "cost_currency": return_.lines[no].cost_currency,
            }
            for no in sorted({*claim.asked, *claim.allowed})
        ],
        "money": [
            {
                "currency": row.currency,
                "claimed": str(row.claimed),
                "credited": str(row.credited),
                "written_off": str(row.written_off),
                "open": str(row.open),
            }
            for row in figures
        ],
        "credits": [_plain(asdict(credit)) for credit in claim.credits.values()],
        "shipments": [_plain(asdict(shipment)) for shipment in claim.shipments.values()],
    }


def _open_quantities(sums: Balances, unsettled: Decimal) -> list[tuple[str, Decimal]]:
    """What is still to happen with a line's goods: each unit under one word as long as it is not credited."""
    return [
        ("in transit", sums.in_transit - sums.short),
        ("not shipped", sums.open_to_receive - sums.in_transit),
        ("short", sums.short),
        ("too many", sums.over),
        ("not inspected", sums.awaiting_inspection),
        ("outcome open", sums.awaiting_disposition - sums.awaiting_inspection),
        ("to credit", unsettled),
        ("credited before receipt", sums.exposure),
    ]


def _plain(value: object) -> Plain:
    """Decimals as text, tuples as lists; text, numbers, booleans and None as they are."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    assert value is None or isinstance(value, str | int | float)
    return value


PAGE = Page("/returns/{return_no}", "Return", "return.html", read_return, under="Returns")
