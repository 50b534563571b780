"""Layouts and shorthands that the tests of this folder share. Cedar Outfitters and Harbor Warehousing are invented."""

from __future__ import annotations

import tomllib
from typing import Any

from translators.canonical import Inbound
from translators.findings import Finding
from translators.flat.layout.model import Layout
from translators.flat.layout.parse import parse_layout
from translators.flat.read.file import read_flat
from translators.profile import Crosswalk, CrosswalkRow, Profile
from translators.translation import SetResult

CEDAR = """
document = "return_request"
format = "delimited"
files = ["cedar-returns-*.csv"]

[columns]
"Request" = ["number", "references.request"]
"Batch" = "batch_id"
"Order" = "order_number"
"Date" = { field = "issued_on", format = "MM/DD/YYYY" }
"Store" = "parties.store.id"
"SKU" = "lines.item.sku"
"Qty" = "lines.quantity"
"Why" = { field = "lines.reason", crosswalk = "reason", required = true }
"Remark" = ""

[constants]
purpose = "request"
"""

HARBOR = """
document = "receipt"
format = "fixed"
files = ["harbor-*.txt"]
charset = "latin-1"

[records.header]
begins = "H"
role = "document"
length = 40
columns.Receipt = { field = "number", at = 2, width = 10 }
columns.Rma = { field = "references.rma", at = 12, width = 10 }
columns.Day = { field = "received_on", at = 22, width = 8, format = "YYYYMMDD" }

[records.line]
begins = "L"
role = "line"
length = 40
columns.Sku = { field = "lines.item.sku", at = 2, width = 12 }
columns.Qty = { field = "lines.quantity", at = 14, width = 8, implied_decimals = 2 }
columns.Cond = { field = "lines.exceptions.condition", at = 22, width = 2, crosswalk = "condition", empty = ["07"] }

[records.end]
begins = "T"
role = "trailer"
length = 40
total_of = "Qty"
columns.Rows = { field = "trailer.rows", at = 2, width = 6 }
columns.Total = { field = "trailer.total", at = 8, width = 10, implied_decimals = 2 }
"""


def layout(text: str, name: str = "test") -> Layout:
    return parse_layout(name, tomllib.loads(text))


def profile(**crosswalks: dict[str, str]) -> Profile:
    tables = {
        name: Crosswalk(name=name, rows=tuple(CrosswalkRow(theirs=a, ours=b) for a, b in codes.items()))
        for name, codes in crosswalks.items()
    }
    return Profile(partner="cedar", crosswalks=tables)


def read(text: str, data: str | bytes, using: Profile | None = None) -> tuple[list[SetResult], list[Finding]]:
    raw = data if isinstance(data, bytes) else data.encode()
    return read_flat(raw, layout(text), using or profile(reason={"DEF": "defective"}, condition={"01": "damaged"}))


def only(sets: list[SetResult]) -> Any:
    """The one document of the one set."""
    assert len(sets) == 1
    assert len(sets[0].documents) == 1
    return sets[0].documents[0]


def documents(sets: list[SetResult]) -> list[Inbound]:
    return [document for result in sets for document in result.documents]


def codes(findings: list[Finding]) -> list[tuple[str, int, str]]:
    return [(finding.code, finding.position, finding.column) for finding in findings]
