"""Fixed-width records → rows of cells. Positions and widths are bytes of the declared character set."""

from __future__ import annotations

from collections.abc import Iterator

from translators.findings import Finding, new_finding
from translators.flat.layout.model import Layout, Record
from translators.flat.read.delimited import Read
from translators.flat.read.text import byte_lines


def record_length(record: Record) -> int:
    """The record's length in bytes: what the layout declares, otherwise the end of its last column."""
    return record.length or max((column.at + column.width - 1 for column in record.columns.values()), default=0)


class FixedRows:
    """Iterates over the records of one file; the number is the line (or, without line ends, the record) from 1."""

    def __init__(self, data: bytes, layout: Layout, wanted: dict[str, list[str]]) -> None:
        self.data = data
        self.layout = layout
        self.findings: list[Finding] = []
        self._slices = {
            name: [
                (record.columns[column].at - 1, record.columns[column].at - 1 + record.columns[column].width)
                for column in wanted[name]
            ]
            for name, record in layout.records.items()
        }
        self._names = wanted
        self._length = {name: record_length(record) for name, record in layout.records.items()}
        self._marks = [
            (name, record.begins_at - 1, record.begins.encode(layout.charset))
            for name, record in layout.records.items()
            if record.begins
        ]
        self._plain = layout.default_record()
        newline, carriage, self._blank = (character.encode(layout.charset) for character in ("\n", "\r", " "))
        self._newline, self._carriage = newline, carriage

    def __iter__(self) -> Iterator[Read]:
        for number, line in enumerate(self._records(), start=1):
            if line.strip(self._blank):
                yield self._row(number, line)

    def _records(self) -> Iterator[bytes]:
        if self.layout.line_ends == "none":
            size = max(self._length.values())
            for at in range(0, len(self.data), size):
                yield self.data[at : at + size]
            return
        yield from byte_lines(self.data, self._newline, self._carriage)

    def _record_of(self, line: bytes) -> str:
        for name, at, mark in self._marks:
            if line.startswith(mark, at):
                return name
        return self._plain

    def _row(self, number: int, line: bytes) -> Read:
        name = self._record_of(line)
        if not name:
            begins = ", ".join(sorted(mark.decode(self.layout.charset) for _, _, mark in self._marks))
            return number, new_finding(
                "unknown_record",
                f"No record of the layout begins like this row; expected one of {begins}",
                position=number,
                value=line[:20].decode(self.layout.charset, "replace"),
            )
        wrong = self._wrong_length(number, name, line)
        if wrong is not None:
            return number, wrong
        charset = self.layout.charset
        try:
            return number, name, [line[start:end].decode(charset) for start, end in self._slices[name]]
        except UnicodeDecodeError:
            return number, new_finding(
                "bad_value",
                f"The bytes of a value are not {charset} text, or a character is cut by the end of its column",
                position=number,
            )

    def _wrong_length(self, number: int, name: str, line: bytes) -> Finding | None:
        size, wanted = len(line), self._length[name]
        if size == wanted:
            return None
        if size < wanted and self.layout.short_rows == "pad":
            return None
        if size > wanted and (self.layout.long_rows == "ignore" or not line[wanted:].strip(self._blank)):
            return None
        return new_finding(
            "row_length", f"The row has {size} bytes; the layout says {wanted}", position=number, value=str(size)
        )
