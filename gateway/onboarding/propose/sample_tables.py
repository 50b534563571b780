"""Flat sample files as tables: what separates their columns, what these are called, and what stands in them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import Literal

DELIMITERS = (",", ";", "\t", "|")
# Bytes and rows of a file that are looked at.
SHOWN_BYTES = 1_000_000
SHOWN_ROWS = 5_000
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*[+-]?")
_DATE = re.compile(r"[0-9]{1,4}[-/.][0-9A-Za-z]{1,3}[-/.][0-9]{2,4}.*")
_GAP_ROWS = 2  # from so many rows on, a position that is blank in all of them separates columns


@dataclass(slots=True)
class SampleColumn:
    """One column: its name (made up where the file has none), place and values.

    `at` and `width` as layouts have them: bytes of a fixed-width record, or the column's number in a file without a
    header row.
    """

    name: str
    at: int
    width: int = 0
    values: list[str] = field(default_factory=list)

    @property
    def filled(self) -> list[str]:
        """The values that are not empty."""
        return [value for value in self.values if value]


@dataclass(slots=True)
class SampleTable:
    """One sample file as columns. `uneven`: its rows are not of one length."""

    files: list[str]
    format: Literal["delimited", "fixed"]
    charset: str
    delimiter: str = ","
    header: bool = True
    uneven: bool = False
    columns: list[SampleColumn] = field(default_factory=list)

    def signature(self) -> tuple[object, ...]:
        """Equal for files that one layout reads."""
        names = tuple(column.name for column in self.columns)
        places = tuple((column.at, column.width) for column in self.columns) if self.format == "fixed" else ()
        return (self.format, self.delimiter, self.header, names, places)


class NoTable(ValueError):
    """The file cannot be recognised as a table; the message says why."""


def read_table(name: str, data: bytes) -> SampleTable:
    """Bytes of a flat file → its table. Raises NoTable for XML, several kinds of record, and what is no text."""
    charset, text = _decoded(data[:SHOWN_BYTES])
    if text.lstrip().startswith("<"):
        raise NoTable("XML: write its layout by hand (root, document_path, line_path and an XPath for each column)")
    lines = [line for line in re.split(r"\r\n|\n|\r", text) if line.strip()]
    if len(data) > SHOWN_BYTES:
        lines.pop()  # cut in the middle
    if not lines:
        raise NoTable("it has no rows")
    delimiter = _delimiter(lines)
    if not delimiter:
        _refuse_mixed_kinds_of_record(lines)
    if delimiter:
        return _delimited(name, charset, delimiter, lines)
    return _fixed(name, charset, lines)


def _decoded(data: bytes) -> tuple[str, str]:
    if b"\0" in data[:4096]:
        raise NoTable("it is not text (or UTF-16, which layouts do not read: ask for UTF-8)")
    try:
        return "utf-8", data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _looks_like_ebcdic(data):
            raise NoTable(
                'EBCDIC: ask for the record\'s description and write its layout, with charset = "cp037"'
            ) from error
        if error.start > len(data) - 4:
            return "utf-8", data.decode("utf-8-sig", "ignore")
        return "cp1252", data.decode("cp1252", "replace")


def _looks_like_ebcdic(data: bytes) -> bool:
    """Are nearly all bytes blanks, digits or capitals of EBCDIC?"""
    usual = sum(byte == 0x40 or byte >= 0xF0 or 0xC1 <= byte <= 0xE9 for byte in data[:4096])
    return usual > 0.8 * len(data[:4096])


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    text = io.StringIO("\n".join(lines[:SHOWN_ROWS]))
    return [[cell.strip() for cell in row] for row in csv.reader(text, delimiter=delimiter) if row]


def _delimiter(lines: list[str]) -> str:
    """The separator that gives nearly every row the same number of cells, more than one; "" if none does."""
    best, score = "", 0.0
    for delimiter in DELIMITERS:
        counts = [len(row) for row in _rows(lines[:200], delimiter)]
        usual = max(set(counts), key=counts.count)
        share = counts.count(usual) / len(counts)
        if usual > 1 and share >= 0.8 and share * usual > score:
            best, score = delimiter, share * usual
    return best


def _delimited(name: str, charset: str, delimiter: str, lines: list[str]) -> SampleTable:
    rows = _rows(lines, delimiter)
    table = SampleTable([name], "delimited", charset, delimiter, _has_header(rows))
    width = max(len(row) for row in rows)
    table.uneven = any(len(row) != len(rows[0]) for row in rows)
    if not table.header:
        _refuse_kinds_of_record(rows)
    for number in range(width):
        title = rows[0][number] if table.header and number < len(rows[0]) else f"column {number + 1}"
        values = [row[number] if number < len(row) else "" for row in rows[1 if table.header else 0 :]]
        table.columns.append(SampleColumn(title or f"column {number + 1}", number + 1, 0, values))
    return table


def _has_header(rows: list[list[str]]) -> bool:
    """Is the first row one of names: all different words, none a number or a date?"""
    first = [cell for cell in rows[0] if cell]
    if len(set(first)) < len(first) or not first or len(first) < len(rows[0]) - 1:
        return False
    return not any(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell) for cell in first)


def _refuse_kinds_of_record(rows: list[list[str]]) -> None:
    """Files whose rows begin with one of a few marks have several kinds of record: a person must say what they are."""
    marks = {row[0] for row in rows}
    lengths = {len(row) for row in rows}
    if 1 < len(marks) <= 4 and len(lengths) > 1 and all(mark.isalpha() for mark in marks):
        shown = ", ".join(sorted(marks))
        raise NoTable(f"several kinds of record ({shown}): write a [records.NAME] table for each, with `begins`")


def _refuse_mixed_kinds_of_record(lines: list[str]) -> None:
    """The same where no separator gives most rows the same number of cells: H;…  P;…;…  T;…, or H…  P…  T…"""
    for delimiter in DELIMITERS:
        rows = _rows(lines, delimiter)
        marks = {row[0] for row in rows}
        if all(len(row) > 1 for row in rows) and 1 < len(marks) <= 6 and all(len(mark) <= 6 for mark in marks):
            shown = ", ".join(sorted(marks))
            raise NoTable(
                f"several kinds of record ({shown}), separated by {delimiter!r}: "
                "write a [records.NAME] table for each, with `begins`"
            )
    marks = {line[0] for line in lines}
    if 1 < len(marks) <= 6 and len(lines) > len(marks) and all(mark.isalpha() for mark in marks):
        shown = ", ".join(sorted(marks))
        raise NoTable(
            f"fixed width, several kinds of record ({shown}): ask for their description and write a [records.NAME] "
            "table for each, with `begins`"
        )


def _fixed(name: str, charset: str, lines: list[str]) -> SampleTable:
    """Positions that are blank in every row separate the columns of a fixed-width file."""
    lines = lines[:SHOWN_ROWS]
    if len(lines) < _GAP_ROWS:
        raise NoTable("one row without separators: no telling where its columns end")
    length = max(len(line) for line in lines)
    padded = [line.ljust(length) for line in lines]
    used = [any(line[place] != " " for line in padded) for place in range(length)]
    spans: list[tuple[int, int]] = []
    start = 0
    for place in range(length + 1):
        on = place < length and used[place]
        if on and (place == 0 or not used[place - 1]):
            start = place
        if not on and place and used[place - 1]:
            spans.append((start, place))
    if len(spans) < 2:
        raise NoTable("fixed width without blanks between its columns: ask for the record's description")
    table = SampleTable([name], "fixed", charset, header=False)
    table.uneven = len({len(line) for line in lines}) > 1
    for number, (begin, end) in enumerate(spans):
        until = spans[number + 1][0] if number + 1 < len(spans) else end
        values = [line[begin:end].strip() for line in padded]
        table.columns.append(SampleColumn(f"at {begin + 1}", begin + 1, until - begin, values))
    _right_aligned(table, padded)
    return table


def _right_aligned(table: SampleTable, lines: list[str]) -> None:
    """A column whose values all end at one place is filled from the right: the blanks before it are its own."""
    for before, column in zip(table.columns, table.columns[1:], strict=False):
        spans = [line[column.at - 1 : column.at - 1 + column.width] for line in lines]
        values = [span for span in spans if span.strip()]
        ends = {len(value.rstrip()) for value in values}
        starts = {len(value) - len(value.lstrip()) for value in values}
        numeric = all(_NUMBER.fullmatch(value.strip()) for value in values)
        if len(ends) == 1 and (numeric or len(starts) > 1):
            gap = before.at + before.width - max(before.at + len(v) for v in before.values)
            gap = max(0, gap - 1)  # one blank stays between the two
            begin = column.at - gap
            column.width += gap
            before.width -= gap
            column.at, column.name = begin, f"at {begin}"
