"""Returns: the list, and one return with its lines, ledger, postings, holds, files and timeline."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Path, Query

from gateway.returns import Balances, Policy, Return, ReturnLine, balances, blocked_at, unpack, without_outcome
from gateway.returns.model import VendorClaim
from gateway.returns.money.due import left_to_settle
from gateway.store import Snapshot
from gateway.store.read import events as event_query
from gateway.store.read import holds as hold_query
from gateway.store.read import returns as query
from gateway.store.read.table_rows import ReturnRow
from gateway.web.reading import Data, From, NotHere
from gateway.web.views.filters import ReturnFilter
from gateway.web.views.holds import with_answers

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


def returns(reading: From, asked: Annotated[ReturnFilter, Query()]) -> Data:
    """One page of returns."""
    with reading.store.read() as snapshot:
        page = query.ReturnPage(asked.partner, asked.status, asked.blocked_at, asked.q, asked.before, asked.size)
        rows, total = query.listed(snapshot, page)
        more = len(rows) == asked.size
        return {
            "as_of": reading.as_of(),
            "asked": asked.asked(),
            "narrowed": asked.narrowed(),
            "choices": query.choices(snapshot),
            "total": total,
            "returns": rows,
            "next": rows[-1]["return_no"] if more else None,
        }


def one_return(reading: From, return_no: Annotated[str, Path(max_length=100)]) -> Data:
    """Everything about one return. Raises NotHere for a number that no return has."""
    with reading.store.read() as snapshot:
        row = query.row(snapshot, return_no)
        if row is None:
            raise NotHere(f"There is no return {return_no}.")
        movements = query.movements(snapshot, return_no)
        aggregate = _aggregate(snapshot, row)
        policy = reading.policy(aggregate.partner)
        return {
            "as_of": reading.as_of(),
            "return": _header(aggregate)
            | {
                "status": row["status"],
                "stage": row["stage"],
                "opened_at": row["opened_at"],
                "closed_at": row["closed_at"],
            },
            "waits_for": _waits_for(aggregate, reading.now()),
            "lines": [_line(aggregate, line, policy) for line in aggregate.lines.values()],
            "vendor_claims": [_vendor_claim(each) for each in aggregate.vendor_claims.values()],
            "consignments": [_plain(asdict(each)) for each in aggregate.consignments],
            "references": [each.model_dump(mode="json") for each in aggregate.references],
            "parties": [each.model_dump(mode="json", exclude_defaults=True) for each in aggregate.parties],
            "movements": movements,
            "postings": query.postings(snapshot, return_no),
            "holds": with_answers(hold_query.of_return(snapshot, return_no)),
            "clocks": query.clocks(snapshot, return_no),
            "documents": query.documents(snapshot, return_no),
            "dispatches": query.dispatches(snapshot, return_no),
            "timeline": event_query.of_return(snapshot, return_no),
        }


def _aggregate(snapshot: Snapshot, row: ReturnRow) -> Return:
    stored = query.stored_rows(snapshot, row["return_no"])
    return unpack(row["body"], stored.movements, stored.postings, stored.holds)


def _header(aggregate: Return) -> Data:
    return {name: getattr(aggregate, name) for name in _HEADER}


def _waits_for(aggregate: Return, now: datetime) -> Data | None:
    """Where the return stands still: stage, why, since when, whose move, and what that move is; None if nowhere."""
    blocked = blocked_at(aggregate, now)
    return asdict(blocked) if blocked else None


def _line(aggregate: Return, line: ReturnLine, policy: Policy) -> Data:
    """A line as it was asked for and decided, and its quantities."""
    counted = balances(aggregate, line.line_no)
    without = without_outcome(aggregate, line.line_no).all
    open_ = _open(counted, left_to_settle(aggregate, line, policy))
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
        "balances": _plain(asdict(counted)),
        "without_outcome": str(without),
        "open": [{"what": what, "quantity": str(quantity)} for what, quantity in open_ if quantity > 0],
    }


def _vendor_claim(claim: VendorClaim) -> Data:
    """What a supplier is asked to take back, line by line, and what it says."""
    numbers = sorted({*claim.asked, *claim.allowed})
    return {
        "number": claim.number,
        "supplier": claim.supplier,
        "decision": claim.decision,
        "rma": claim.rma,
        "asked_at": claim.asked_at,
        "document_id": claim.document_id,
        "lines": [
            {"line_no": no, "asked": str(claim.asked.get(no, 0)), "allowed": str(claim.allowed.get(no, 0))}
            for no in numbers
        ],
    }


def _open(counted: Balances, unsettled: Decimal) -> list[tuple[str, Decimal]]:
    """What is still to happen with a line's goods: each unit under one word as long as it is not credited."""
    return [
        ("in transit", counted.in_transit - counted.short),
        ("not shipped", counted.open_to_receive - counted.in_transit),
        ("short", counted.short),
        ("too many", counted.over),
        ("not inspected", counted.awaiting_inspection),
        ("outcome open", counted.awaiting_disposition - counted.awaiting_inspection),
        ("to credit", unsettled),
        ("credited before receipt", counted.exposure),
    ]


def _plain(value: Any) -> Any:
    """Decimals as text, tuples as lists: what JSON can say."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
