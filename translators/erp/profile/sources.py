"""What a field of an import file may be fed from: a closed list. A profile names a source; no expression is evaluated.

Scope tells where a source has a value: `batch` everywhere, `group` in records of one group (by default a return) and
its rows, `row` in rows; in a record of a group, a row source gives the group's first row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any, Literal

from translators.canonical import ErpBatch, PostingRow

Scope = Literal["batch", "group", "row"]
SourceType = Literal["text", "decimal", "integer", "date", "list"]


# So many taxes of a posting have sources of their own: tax1_rate, tax1_base, tax1_amount and so on.
MOST_TAXES = 5


@dataclass(slots=True)
class Totals:
    """Sums over rows: absolute as the columns show them, signed with a reversal counted negative."""

    count: int = 0
    quantity: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    signed_quantity: Decimal = Decimal(0)
    signed_amount: Decimal = Decimal(0)

    @classmethod
    def of(cls, rows: Sequence[PostingRow]) -> Totals:
        """The totals of these rows. A row without an amount counts as 0."""
        totals = cls(len(rows))
        for row in rows:
            amount = row.amount or Decimal(0)
            sign = -1 if row.sign == "-" else 1
            totals.quantity += row.quantity
            totals.amount += amount
            totals.signed_quantity += sign * row.quantity
            totals.signed_amount += sign * amount
        return totals


@dataclass(slots=True)
class Place:
    """Where the writer stands: the batch, its totals, the group, the row."""

    batch: ErpBatch
    totals: Totals
    row: PostingRow
    group: Totals = field(default_factory=Totals)
    group_ordinal: int = 0
    row_in_group: int = 0
    records: int = 0  # records written so far in this file, this one included


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that a field may be fed from: where it has a value, of which type, and how it is read."""

    scope: Scope
    type: SourceType
    read: Callable[[Place], Any]


_TYPES: dict[str, SourceType] = {
    "row_no": "integer",
    "quantity": "decimal",
    "unit_price": "decimal",
    "amount": "decimal",
    "event_on": "date",
    "amount_goods": "decimal",
    "amount_restocking": "decimal",
    "amount_freight": "decimal",
    "amount_charges": "decimal",
    "amount_tax": "decimal",
    "tax_rate": "decimal",
    "posting_date": "date",
    "serials": "list",
    "lots": "list",
}


def _signed(name: str) -> Callable[[Place], Any]:
    def read(place: Place) -> Any:
        value = getattr(place.row, name)
        return -value if value is not None and place.row.sign == "-" else value

    return read


def _posting_no(place: Place) -> str:
    """Which posting of its line, kind and split this is: the last part of its key (1, then 2 for a later one)."""
    return re.split(r"\D", place.row.idempotency_key)[-1]


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _material(place: Place) -> str:
    """An item number as SAP keeps it: numeric ones filled up with zeros to 18 digits, others as they are."""
    sku = place.row.sku
    return sku.zfill(18) if sku.isascii() and sku.isdigit() else sku


def docnum(sequence: int, ordinal: int) -> str:
    """The 16-digit document number of the n-th group of a batch: what an ERP's status report names."""
    return f"{sequence:08}{ordinal:08}"


def _rows() -> dict[str, Source]:
    """Every field of a posting; its money also with the sign that the posting gives it, its taxes one by one."""
    rows = {
        name: Source("row", _TYPES.get(name, "text"), attrgetter(f"row.{name}"))
        for name in PostingRow.model_fields
        if name != "taxes"
    }
    for name in ("quantity", *(name for name in _TYPES if name.startswith("amount"))):
        rows[f"signed_{name}"] = Source("row", "decimal", _signed(name))
    rows["tax_lines"] = Source("row", "list", _tax_lines)
    for at in range(MOST_TAXES):
        for part in ("rate", "base", "amount"):
            rows[f"tax{at + 1}_{part}"] = Source("row", "decimal", _tax(at, part))
    return rows


def _tax_lines(place: Place) -> tuple[str, ...]:
    """Every tax as `rate=amount`."""
    return tuple(f"{tax.rate:f}={tax.amount:f}" for tax in place.row.taxes)


def _tax(at: int, part: str) -> Callable[[Place], Any]:
    def read(place: Place) -> Any:
        taxes = place.row.taxes
        return getattr(taxes[at], part) if at < len(taxes) else None

    return read


SOURCES: dict[str, Source] = {
    **_rows(),
    "posting_date": Source("row", "date", lambda place: place.row.posting_date or place.row.event_on),
    "document_date": Source("row", "date", attrgetter("row.event_on")),
    "material": Source("row", "text", _material),
    "posting_no": Source("row", "text", _posting_no),
    "row_in_group": Source("row", "integer", attrgetter("row_in_group")),
    "batch_id": Source("batch", "text", attrgetter("batch.batch_id")),
    "destination": Source("batch", "text", attrgetter("batch.destination")),
    "posting_kind": Source("batch", "text", attrgetter("batch.posting_kind")),
    "sequence": Source("batch", "integer", attrgetter("batch.sequence")),
    "created_at": Source("batch", "text", attrgetter("batch.created_at")),
    "created_date": Source("batch", "text", lambda place: _digits(place.batch.created_at)[:8]),
    "created_time": Source("batch", "text", lambda place: _digits(place.batch.created_at)[8:14]),
    "count": Source("batch", "integer", attrgetter("totals.count")),
    "absolute_quantity_total": Source("batch", "decimal", attrgetter("totals.quantity")),
    "absolute_amount_total": Source("batch", "decimal", attrgetter("totals.amount")),
    # Layouts written before the two totals had names of their own: the absolute ones.
    "quantity_total": Source("batch", "decimal", attrgetter("totals.quantity")),
    "amount_total": Source("batch", "decimal", attrgetter("totals.amount")),
    "signed_quantity_total": Source("batch", "decimal", attrgetter("totals.signed_quantity")),
    "signed_amount_total": Source("batch", "decimal", attrgetter("totals.signed_amount")),
    "record_count": Source("batch", "integer", attrgetter("records")),
    "group_ordinal": Source("group", "integer", attrgetter("group_ordinal")),
    "group_count": Source("group", "integer", attrgetter("group.count")),
    "group_quantity_total": Source("group", "decimal", attrgetter("group.quantity")),
    "group_amount_total": Source("group", "decimal", attrgetter("group.amount")),
    "group_signed_amount_total": Source("group", "decimal", attrgetter("group.signed_amount")),
    "group_negated_amount_total": Source("group", "decimal", lambda place: -place.group.signed_amount),
    "docnum": Source("group", "text", lambda place: docnum(place.batch.sequence, place.group_ordinal)),
}


def group_key(names: Sequence[str], place: Place) -> tuple[str, ...]:
    """What the rows of one group have in common."""
    return tuple(str(SOURCES[name].read(place)) for name in names)


# Sources made of other sources or of nothing; `of` lists what they are made of.
COMPOSED = ("concat", "first_of", "constant", "blank")
