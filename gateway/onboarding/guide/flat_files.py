"""The flat part of a partner's guide: each layout column by column."""

from __future__ import annotations

from dataclasses import dataclass

from translators.flat.layout.columns import type_of
from translators.flat.layout.fields import KINDS, OUT_KINDS, Target, UnknownField, resolve
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
    """One kind of record: its name, the mark that it begins with ("" for files with one kind), and what it is."""

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
    targets = [target for target in (_target(layout, path) for path in column.field) if target is not None]
    return GuideColumn(
        title,
        _place(column),
        _requirement(layout, column, targets),
        _form(column, targets),
        _read_as(column),
        _codes(column, column.crosswalk or _crosswalk_by_name(layout, targets)),
    )


def _target(layout: Layout, path: str) -> Target | None:
    """What the layout's kind of document has at a path; None if it has no such field."""
    kind = (KINDS if layout.direction == "in" else OUT_KINDS).get(layout.document)
    try:
        return resolve(kind, path, layout.dataset) if kind else None
    except UnknownField:
        return None


def _place(column: Column) -> str:
    """The bytes of a fixed-width column ("3–12"), or the number of a column without a heading."""
    if column.width:
        return f"{column.at}–{column.at + column.width - 1}"
    return str(column.at) if column.at else ""


def _requirement(layout: Layout, column: Column, targets: list[Target]) -> str:
    if layout.direction == "out":
        return ""
    if column.required or any(target.required or target.path == "number" for target in targets):
        return "required"
    return "optional" if column.field else "not needed"


def _form(column: Column, targets: list[Target]) -> str:
    """How values are written: a format, or the types of the fields; marks, decimals and length."""
    form = column.format or ", ".join(dict.fromkeys(_FORM[type_of(column, target)] for target in targets))
    if column.decimal_mark == ",":
        form += ", decimal comma"
    if column.implied_decimals:
        form += f", the last {column.implied_decimals} digits are decimals"
    if column.max_length:
        form += f", at most {column.max_length} characters"
    return form


def _read_as(column: Column) -> str:
    if column.constant is not None:
        return f"always {column.constant!r}"
    fields = [path.removeprefix("lines.").removeprefix("rows.") for path in column.field]
    return " and ".join(name.replace(".", ": ").replace("_", " ") for name in fields) or "—"


def _crosswalk_by_name(layout: Layout, targets: list[Target]) -> str:
    """The codes file that a coded field is read through without the column saying so; "" for none."""
    if layout.direction == "in":
        for target in targets:
            if target.form in {"code", "exception"} and (name := target.part or target.key) in CODED:
                return name
    return ""


def _codes(column: Column, crosswalk: str) -> str:
    """The values that a column may have, and the codes file that they are read through."""
    values = ", ".join(column.allowed) or ", ".join(f"{theirs} = {ours}" for theirs, ours in column.values.items())
    if not crosswalk:
        return values
    return f"see codes: {crosswalk}" + (f"; {values}" if values else "")
