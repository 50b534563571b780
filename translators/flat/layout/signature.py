"""Does a file belong to a layout? Its name and the first bytes decide, before anything is read."""

from __future__ import annotations

import codecs
import csv
import fnmatch
import io
import re
from collections.abc import Mapping, Sequence

from translators.findings import Finding, new_finding
from translators.flat.layout.model import Layout

_XML_PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.S)
_XML_ROOT = re.compile(r"<([A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)")


def column_key(name: str) -> str:
    """A column's name for comparison: without case, with single blanks, because people type headers again."""
    return " ".join(name.split()).casefold()


def name_fits(layout: Layout, name: str) -> bool:
    """Does the file's name fit one of the layout's patterns? Case does not matter; a path's folders do not count."""
    base = name.replace("\\", "/").rpartition("/")[2].lower()
    return any(fnmatch.fnmatchcase(base, pattern.lower()) for pattern in layout.files)


def matches(layout: Layout, name: str, head: bytes) -> bool:
    """Name and header signature fit: the required columns, the first record's mark, or the root element are there."""
    return name_fits(layout, name) and not mismatch(layout, head)


def mismatch(layout: Layout, head: bytes) -> list[Finding]:
    """Why the first bytes are not of this layout; empty when they are. `head` may end anywhere."""
    text = decode_head(head, layout.charset)
    if layout.format == "xml":
        return _xml_mismatch(layout, text)
    first = next((line for line in re.split(r"\r\n|\n|\r", text) if line.strip()), "")
    if not first:
        return [new_finding("empty_file", "The file has no rows")]
    if layout.format == "fixed":
        return _fixed_mismatch(layout, first)
    cells = next(
        csv.reader(
            io.StringIO(first),
            delimiter=layout.delimiter,
            quotechar=layout.quote or None,
            quoting=csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
        ),
        [],
    )
    return header_findings(layout, cells) if layout.header else _first_row_mismatch(layout, cells)


def why_none_fits(data: bytes, layouts: Sequence[Layout], missed: Mapping[str, Sequence[Finding]]) -> str:
    """Why no layout fits a file: which come near and what they lack. `missed`: findings of those whose name fits."""
    reason = "No layout of this partner fits the file's name and header"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        reason += "; its bytes are UTF-16"
    if missed:
        near = "; ".join(f"{name}: {' '.join(finding.message for finding in why[:3])}" for name, why in missed.items())
        return f"{reason}. By its name it could be {near}"
    patterns = ", ".join(f"{', '.join(layout.files)} ({layout.name})" for layout in layouts if layout.files)
    return f"{reason}. Names that do: {patterns}" if patterns else reason


def decode_head(head: bytes, charset: str) -> str:
    """The first bytes as text, without a byte order mark; a character cut at the end does not matter here."""
    text = head.decode("utf-8-sig" if charset.lower().replace("_", "-") in {"utf-8", "utf8"} else charset, "replace")
    return text.lstrip("\ufeff")


def needed_columns(layout: Layout) -> list[str]:
    """Columns looked up by name that must stand in the header row: those with a use and without a default."""
    return [
        name
        for record in layout.records.values()
        for name, column in record.columns.items()
        if not column.at and (column.required or _feeds_required(layout, column.field))
    ]


def _feeds_required(layout: Layout, paths: tuple[str, ...]) -> bool:
    from translators.flat.layout.fields import KINDS, resolve

    kind = KINDS[layout.document]
    return any(path == "number" or resolve(kind, path, layout.dataset).required for path in paths)


def header_findings(layout: Layout, cells: list[str]) -> list[Finding]:
    """What is wrong with a header row: columns that are missing, or there twice."""
    keys = [column_key(cell) for cell in cells]
    findings = [
        new_finding(
            "missing_column",
            f"The header row has no column {name!r}. Expected, among others: {', '.join(needed_columns(layout))}",
            column=name,
            position=1,
        )
        for name in needed_columns(layout)
        if column_key(name) not in keys
    ]
    used = {column_key(name) for record in layout.records.values() for name, c in record.columns.items() if c.field}
    findings += [
        new_finding("duplicate_column", f"The header row has the column {cell!r} twice", column=cell, position=1)
        for index, cell in enumerate(cells)
        if keys[index] in used and keys[index] in keys[:index]
    ]
    return findings


def _first_row_mismatch(layout: Layout, cells: list[str]) -> list[Finding]:
    """Without a header: the first row begins like a record, or it has enough columns for the plain one."""
    for record in layout.records.values():
        if record.begins and len(cells) >= record.begins_at and cells[record.begins_at - 1].strip() == record.begins:
            return []
    plain = layout.default_record()
    needed = max((c.at for c in layout.records[plain].columns.values() if c.required), default=1) if plain else 0
    if plain and len(cells) >= needed:
        return []
    return [
        new_finding(
            "unknown_record", "The first row is no record of this layout", position=1, value=cells[0] if cells else ""
        )
    ]


def _fixed_mismatch(layout: Layout, first: str) -> list[Finding]:
    for record in layout.records.values():
        at = record.begins_at - 1
        if record.begins and first[at : at + len(record.begins)] == record.begins:
            return []
    plain = layout.default_record()
    if plain:
        record = layout.records[plain]
        length = record.length or max((c.at + c.width - 1 for c in record.columns.values()), default=0)
        size = len(first.encode(layout.charset, "replace"))
        if size == length or layout.line_ends == "none" or (size < length and layout.short_rows == "pad"):
            return []
        if size > length and layout.long_rows == "ignore":
            return []
        return [new_finding("row_length", f"The first row has {size} bytes, the layout says {length}", position=1)]
    return [new_finding("unknown_record", "The first row is no record of this layout", position=1, value=first[:20])]


def _xml_mismatch(layout: Layout, text: str) -> list[Finding]:
    prolog = _XML_PROLOG.match(text)
    root = _XML_ROOT.match(text, prolog.end() if prolog else 0)
    wanted = layout.root.rpartition("}")[2].rpartition(":")[2]
    if root is None:
        return [new_finding("bad_xml", "The file does not begin like XML", position=1)]
    if root[2] != wanted:
        return [
            new_finding(
                "bad_xml", f"The root element is {root[2]}, the layout says {wanted}", position=1, value=root[2]
            )
        ]
    return []
