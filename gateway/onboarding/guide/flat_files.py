"""The flat part of a partner's guide: each layout column by column."""

from __future__ import annotations

from dataclasses import dataclass

from translators.flat.layout.columns import type_of
from translators.flat.layout.fields import KINDS, OUT_KINDS, UnknownField, resolve
from translators.flat.layout.model import Column, Layout
from translators.flat.layout.parse import parse_layout
from translators.profile import Profile

_FORM = {
    "decimal": "number",
    "quantity": "number greater than nothing",
    "integer": "whole number",
    "date": "date",
    "instant": "date and time",
    "flag": "yes or no",
    "choice": "one of a list",
    "text": "text",
}
_ROLES = {
    "row": "one row an item",
    "document": "begins a document",
    "line": "an item of the document before it",
    "file": "once a file",
    "trailer": "counts and totals",
    "ignore": "not read",
}


@dataclass(frozen=True, slots=True)
class GuideColumn:
    """One column: where, what it must be, what it is read as (or filled with)."""

    name: str
    place: str
    requirement: str
    form: str
    read_as: str
    codes: str = ""


# Codes that are read through the codes file of their name, whether the column says so or not.
CODED = frozenset({"reason", "condition", "disposition"})


@dataclass(frozen=True, slots=True)
class GuideRecord:
    name: str
    begins: str
    role: str
    columns: list[GuideColumn]


@dataclass(frozen=True, slots=True)
class GuideLayout:
    """One kind of flat file."""

    name: str
    title: str
    document: str
    incoming: bool
    facts: list[tuple[str, str]]
    records: list[GuideRecord]


def guide_layout(name: str, profile: Profile) -> GuideLayout:
    """A layout of the partner's profile for its guide."""
    layout = parse_layout(name, profile.layouts[name])
    records = [
        GuideRecord(
            record_name,
            record.begins,
            _ROLES[record.role],
            [_column(layout, title, column) for title, column in record.columns.items()],
        )
        for record_name, record in layout.records.items()
    ]
    document = layout.document.replace("_", " ")
    return GuideLayout(name, layout.title or name, document, layout.direction == "in", _facts(layout), records)


def _facts(layout: Layout) -> list[tuple[str, str]]:
    delimiter = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "vertical bar"}.get(
        layout.delimiter, layout.delimiter
    )
    facts = [("Format", layout.format), ("Character set", layout.charset)]
    if layout.files:
        facts.insert(0, ("File names", ", ".join(layout.files)))
    if layout.format == "delimited":
        facts += [("Separator", delimiter), ("Quotes", layout.quote or "none")]
        order = "in any order" if layout.direction == "in" else "in this order"
        facts.append(("First row", f"column names, {order}" if layout.header else "data: no column names"))
    if layout.format == "xml":
        facts.append(("Root element", layout.root))
        facts += [(f"Namespace {prefix}:", uri) for prefix, uri in layout.namespaces.items()]
    if layout.direction == "out":
        facts.append(("Line ends", {"crlf": "CR LF", "lf": "LF", "none": "none"}[layout.line_ends]))
    if layout.group_by:
        facts.append(("One document", f"all rows with the same {' and '.join(layout.group_by)}"))
    if layout.direction == "in":
        whole = layout.bad_rows == "reject_document"
        facts.append(
            ("A wrong row", "refuses its document" if whole else "is refused alone; you get a file that names it")
        )
    return facts


def _column(layout: Layout, title: str, column: Column) -> GuideColumn:
    place = f"{column.at}–{column.at + column.width - 1}" if column.width else (str(column.at) if column.at else "")
    forms, required, crosswalk = [], column.required, column.crosswalk
    for path in column.field:
        kind = (KINDS if layout.direction == "in" else OUT_KINDS).get(layout.document)
        try:
            target = resolve(kind, path, layout.dataset) if kind else None
        except UnknownField:
            target = None
        if target is not None:
            forms.append(_FORM[type_of(column, target)])
            if layout.direction == "in" and target.form in {"code", "exception"}:
                crosswalk = crosswalk or ({target.part or target.key} & CODED or {""}).pop()
            required = required or target.required or path == "number"
    form = column.format or ", ".join(dict.fromkeys(forms))
    if column.decimal_mark == ",":
        form += ", decimal comma"
    if column.implied_decimals:
        form += f", the last {column.implied_decimals} digits are decimals"
    if column.max_length:
        form += f", at most {column.max_length} characters"
    read_as = " and ".join(
        path.removeprefix("lines.").removeprefix("rows.").replace(".", ": ").replace("_", " ") for path in column.field
    )
    if column.constant is not None:
        read_as = f"always {column.constant!r}"
    codes = ", ".join(f"{theirs} = {ours}" for theirs, ours in column.values.items())
    if column.allowed:
        codes = ", ".join(column.allowed)
    if crosswalk:
        codes = f"see codes: {crosswalk}" + (f"; {codes}" if codes else "")
    requirement = "required" if required else "optional" if column.field else "not needed"
    if layout.direction == "out":
        requirement = ""
    return GuideColumn(title, place, requirement, form, read_as or "—", codes)
