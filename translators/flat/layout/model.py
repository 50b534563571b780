"""A layout: what a flat file looks like and which column feeds which canonical field. Written in TOML by an analyst.

    document = "return_request"           # what the rows become; with "reference_data" also: dataset = "orders"
    format = "delimited"                  # delimited, fixed or xml
    files = ["cedar-returns-*.csv"]       # file names, any case
    group_by = ["Request"]                # rows with the same values here are one document (default: same `number`)

    [columns]
    "Request" = ["number", "references.request"]
    "SKU" = "lines.item.sku"
    "Qty" = "lines.quantity"
    "Why" = { field = "lines.reason", crosswalk = "reason", required = true }
    "Date" = { field = "issued_on", format = "MM/DD/YYYY" }
    "Remark" = ""                         # known, not needed

    [constants]
    purpose = "request"

A file with several kinds of record has `[records.NAME]` tables, each with `begins = "H"`, a `role` (file, document,
line, row, trailer, ignore) and its own `columns`; columns then say where they stand: `at` is the column number, or the
first byte for a fixed-width file (with `width`), both from 1. `use = "generic-result"` starts from a shipped layout.
With `direction = "out"` the same table writes: `document` is return_answer, expected_receipt, vendor_request or status.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Role = Literal["row", "file", "document", "line", "trailer", "ignore"]


class LayoutError(ValueError):
    """A layout is wrong. `problems` are (place, what is wrong) for every problem, not only the first."""

    def __init__(self, place: str, message: str, problems: tuple[tuple[str, str], ...] = ()) -> None:
        self.place = place
        self.message = message
        self.problems = problems or ((place, message),)
        super().__init__("; ".join(f"{place}: {problem}" for place, problem in self.problems))


class Strict(BaseModel):
    """A closed, frozen part of a layout: a key that it does not have is a problem."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Strict):
    """One column. `field` may be several paths; "" means the column is known and not needed."""

    field: tuple[str, ...] = ()
    at: int = Field(0, ge=0)
    width: int = Field(0, ge=0)
    type: Literal["", "text", "decimal", "integer", "date", "instant", "flag"] = ""
    required: bool = False
    format: str = ""
    implied_decimals: int = Field(0, ge=0, le=9)
    decimal_mark: str = Field(".", min_length=1, max_length=1)
    thousands_mark: str = Field("", max_length=1)
    crosswalk: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    default: str = ""
    empty: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    split: str = ""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    max_length: int = Field(0, ge=0)
    keep_blanks: bool = False
    # outbound only
    constant: str | None = None
    decimals: int | None = Field(None, ge=0, le=9)
    align: Literal["left", "right"] = "left"
    pad: str = Field(" ", min_length=1, max_length=1)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, raw: Any) -> Any:
        """`"SKU" = "lines.item.sku"` and `["a", "b"]` are short for a table with only `field`."""
        if isinstance(raw, str):
            return {"field": (raw,) if raw else ()}
        if isinstance(raw, list | tuple):
            return {"field": tuple(raw)}
        if isinstance(raw, Mapping) and isinstance(raw.get("field"), str):
            return {**raw, "field": (raw["field"],) if raw["field"] else ()}
        return raw


class Record(Strict):
    """One kind of record. `begins` is the text that marks it; it stands in column (or from byte) `begins_at`.

    `role`: row (document and line in one), document (a new document starts), line (of the document before), file
    (fields of every document), trailer (counts and totals), ignore.
    """

    role: Role = "row"
    begins: str = ""
    begins_at: int = Field(1, ge=1)
    length: int = Field(0, ge=0)
    total_of: str = ""
    columns: dict[str, Column] = Field(default_factory=dict)


class Layout(Strict):
    """A checked layout. `records` always has at least one entry; top-level `[columns]` are the record "row"."""

    name: str
    title: str = ""
    direction: Literal["in", "out"] = "in"
    document: str
    dataset: Literal["", "orders", "products", "customers", "sites"] = ""
    format: Literal["delimited", "fixed", "xml"]
    files: tuple[str, ...] = ()
    charset: str = "utf-8"
    delimiter: str = Field(",", min_length=1, max_length=1)
    quote: str = Field('"', max_length=1)
    header: bool = True
    line_ends: Literal["crlf", "lf", "none"] = "lf"
    group_by: tuple[str, ...] = ()
    bad_rows: Literal["reject_row", "reject_document"] = "reject_row"
    unknown_columns: Literal["warn", "ignore"] = "warn"
    short_rows: Literal["reject", "pad"] = "reject"
    long_rows: Literal["reject", "ignore"] = "reject"
    root: str = ""
    namespaces: dict[str, str] = Field(default_factory=dict)
    document_path: str = ""
    line_path: str = ""
    document_element: str = "Document"
    line_element: str = "Line"
    constants: dict[str, str] = Field(default_factory=dict)
    records: dict[str, Record] = Field(default_factory=dict)

    def default_record(self) -> str:
        """The record that a row is when no `begins` tells it; "" if every record has one."""
        return next((name for name, record in self.records.items() if not record.begins), "")
