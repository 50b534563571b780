"""Outbound documents → a flat file in a partner's layout, one row per line; and the report of a file's bad rows.

The columns of a layout with `direction = "out"` are written in their order, each fed from a canonical field of the
document. `values` and crosswalks stand the same way round as for files that come in (theirs = ours).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from translators.canonical import ExpectedReceipt, ReturnAnswer, StatusReport, VendorRequest
from translators.flat.layout.fields import OUT_KINDS, Target, resolve
from translators.flat.layout.model import Column, Layout
from translators.flat.values import written_date
from translators.flat.write.row_report import write_row_report
from translators.profile import Profile

__all__ = ["Unwritable", "write_flat", "write_row_report"]

FlatOutbound = ReturnAnswer | ExpectedReceipt | VendorRequest | StatusReport
Get = Callable[[Any, Any], Any]


class Unwritable(ValueError):
    """A value cannot be written in the partner's layout: too long, no such character, no code of theirs for it."""

    def __init__(self, number: str, column: str, value: str, why: str) -> None:
        self.number = number
        self.column = column
        self.value = value
        self.why = why
        super().__init__(f"{number}, column {column}: {value!r}: {why}")


def write_flat(documents: Sequence[FlatOutbound], layout: Layout, profile: Profile) -> bytes:
    """Outbound documents of the layout's kind → one file. Raises `Unwritable` (a ValueError) for a value that does
    not fit, ValueError for a document of another kind than the layout's.
    """
    for document in documents:
        if document.kind != layout.document:
            raise ValueError(f"layout {layout.name} writes {layout.document}, not {document.kind}")
    columns = [
        _Column(name, column, layout, profile)
        for record in layout.records.values()
        for name, column in record.columns.items()
    ]
    if layout.format == "xml":
        from translators.flat.write.xml import xml_file

        parts = [([c for c in columns if not c.of_line], [c for c in columns if c.of_line])]
        return xml_file(documents, layout, parts[0][0], parts[0][1])
    rows = ([column.text(document, line) for column in columns] for document, line in _lines(documents, layout))
    text = _delimited(rows, columns, layout) if layout.format == "delimited" else _fixed(rows, layout)
    return _encoded(text, layout)


def _lines(documents: Sequence[FlatOutbound], layout: Layout) -> Iterator[tuple[FlatOutbound, Any]]:
    """Every document with each of its lines; a document without lines is one row."""
    name = OUT_KINDS[layout.document].lines
    for document in documents:
        lines = getattr(document, name)
        for line in lines or (None,):
            yield document, line


class _Column:
    """A column, compiled: a document and its line → text."""

    def __init__(self, name: str, column: Column, layout: Layout, profile: Profile) -> None:
        self.name = name
        self.column = column
        self.layout = layout
        self.target: Target | None = None
        self._get: Get | None = None
        self._words = {ours: theirs for theirs, ours in reversed(column.values.items())}
        self._crosswalk = profile.crosswalk(column.crosswalk) if column.crosswalk else None
        if column.constant is None:
            self.target = resolve(OUT_KINDS[layout.document], column.field[0])
            self._get = _getter(self.target)

    @property
    def of_line(self) -> bool:
        return self.target is not None and self.target.scope == "line"

    def text(self, document: FlatOutbound, line: Any) -> str:
        """What stands in this column. Raises `Unwritable`."""
        if self._get is None:
            return self._fitted(document, self.column.constant or "")
        value = self._get(document, line)
        text = self._shown(document, value) or self.column.default
        if not text and self.column.required:
            raise Unwritable(document.number, self.name, "", "a value is required")
        return self._fitted(document, self._translated(document, text))

    def _shown(self, document: FlatOutbound, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "Y" if value else "N"
        if isinstance(value, Decimal):
            return self._number(document, value)
        if isinstance(value, date):
            return written_date(value, self.column.format or "YYYY-MM-DD")
        if isinstance(value, tuple):
            return (self.column.split or " ").join(str(part) for part in value)
        return str(value)

    def _number(self, document: FlatOutbound, value: Decimal) -> str:
        column = self.column
        places = column.implied_decimals or column.decimals
        if places is None:
            text = format(value, "f")
            return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", column.decimal_mark)
        try:
            shown = value.quantize(Decimal(1).scaleb(-places))
        except InvalidOperation as error:
            raise Unwritable(document.number, self.name, format(value, "f"), "has too many digits") from error
        if shown != value:
            raise Unwritable(document.number, self.name, format(value, "f"), f"has more than {places} decimals")
        return format(shown, "f").replace(".", "" if column.implied_decimals else column.decimal_mark)

    def _translated(self, document: FlatOutbound, text: str) -> str:
        if not text:
            return text
        if self._words:
            if text not in self._words:
                raise Unwritable(document.number, self.name, text, "the layout's values have no word for it")
            return self._words[text]
        if self._crosswalk is None or not self._crosswalk.rows:
            return text
        theirs = self._crosswalk.theirs(text)
        if theirs is None:
            raise Unwritable(
                document.number, self.name, text, f"the crosswalk {self.column.crosswalk} has no code of theirs for it"
            )
        return theirs

    def _fitted(self, document: FlatOutbound, text: str) -> str:
        column, layout = self.column, self.layout
        try:
            size = len(text) if text.isascii() else len(text.encode(layout.charset))
        except UnicodeEncodeError as error:
            why = f"{error.object[error.start]!r} does not exist in {layout.charset}"
            raise Unwritable(document.number, self.name, text, why) from error
        limit = column.width or column.max_length
        if limit and size > limit:
            raise Unwritable(document.number, self.name, text, f"is {size} long; the column holds {limit}")
        if layout.format != "xml" and any(character < " " for character in text):
            raise Unwritable(document.number, self.name, text, "holds a control character or line break")
        if layout.format == "delimited" and not layout.quote and layout.delimiter in text:
            raise Unwritable(document.number, self.name, text, "holds the delimiter, and the layout quotes nothing")
        if layout.format != "fixed":
            return text
        padding = column.pad * (column.width - size)
        return padding + text if column.align == "right" else text + padding


def _getter(target: Target) -> Get:
    """How the field is read from a document and its line; "" where the document has no such part."""
    of_line = target.scope == "line"

    def owner(document: Any, line: Any) -> Any:
        return line if of_line else document

    if target.form == "item":
        return lambda document, line: getattr(line.item, target.part) if line is not None else ""
    if target.form == "item_other":
        return lambda document, line: dict(line.item.other).get(target.part, "") if line is not None else ""
    if target.form == "reference":
        return lambda document, line: next(
            (reference.value for reference in owner(document, line).references if reference.kind == target.key), ""
        )
    if target.form == "party":
        return lambda document, line: next(
            (getattr(party, target.part) for party in document.parties if party.role == target.key), ""
        )
    return lambda document, line: getattr(owner(document, line), target.key) if owner(document, line) else ""


def _delimited(rows: Iterator[list[str]], columns: list[_Column], layout: Layout) -> str:
    out = io.StringIO(newline="")
    newline = "\r\n" if layout.line_ends == "crlf" else "\n"
    if not layout.quote:
        lines = ([[column.name for column in columns]] if layout.header else []) + list(rows)
        return "".join(layout.delimiter.join(row) + newline for row in lines)
    writer = csv.writer(out, delimiter=layout.delimiter, quotechar=layout.quote, lineterminator=newline)
    if layout.header:
        writer.writerow([column.name for column in columns])
    writer.writerows(rows)
    return out.getvalue()


def _fixed(rows: Iterator[list[str]], layout: Layout) -> str:
    newline = {"crlf": "\r\n", "lf": "\n", "none": ""}[layout.line_ends]
    return "".join("".join(row) + newline for row in rows)


def _encoded(text: str, layout: Layout) -> bytes:
    """The text in the layout's charset; cells were proved encodable one by one, so only a header can fail here."""
    try:
        return text.encode(layout.charset)
    except UnicodeEncodeError as error:
        raise Unwritable("", "header", error.object[error.start], f"does not exist in {layout.charset}") from error
