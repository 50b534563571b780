"""Delimited text (CSV and its many dialects) → rows of cells, with what is wrong about the file or a row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence

from translators.findings import Finding, new_finding
from translators.flat.layout.model import Layout, Record
from translators.flat.layout.signature import column_key, header_findings
from translators.flat.read.shapes import fetch

# One physical row: its number, the record it is, the texts of that record's columns; or its number and what is wrong.
Read = tuple[int, str, Sequence[str]] | tuple[int, Finding]


class DelimitedRows:
    """Iterates over the rows of one file. `findings` holds what is wrong with the file as a whole.

    The row number is the line of the file on which the row starts, the header being 1. Blank lines are passed over.
    """

    def __init__(self, lines: Iterable[str], layout: Layout, wanted: dict[str, list[str]]) -> None:
        self.layout = layout
        self.findings: list[Finding] = []
        self.columns: dict[str, list[int]] = {}
        self._wanted = wanted
        self._reader = csv.reader(
            lines,
            delimiter=layout.delimiter,
            quotechar=layout.quote or None,
            quoting=csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
            strict=True,
        )
        self._marks = [(name, record) for name, record in layout.records.items() if record.begins]
        self._plain = layout.default_record()
        self._width = 0

    def __iter__(self) -> Iterator[Read]:
        if self.layout.header and not self._read_header():
            return
        for name, record in self.layout.records.items():
            self.columns.setdefault(name, self._positions(record, self._wanted[name], {}))
        reader = self._reader
        quick = self._quick()
        while True:
            start = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                finding = self._bad_quoting(start, str(error))
                if finding is None:
                    return
                yield start, finding
                continue
            if quick is not None and len(cells) == self._width:
                yield start, self._plain, quick(cells)
            elif cells and (len(cells) > 1 or cells[0].strip()):
                yield self._row(start, cells)

    def _quick(self) -> Callable[[list[str]], Sequence[str]] | None:
        """A function that picks the texts of a row as wide as the header; None if rows may be of several records."""
        at = self.columns.get(self._plain, [])
        if self._marks or self._width < 2 or not at or not all(0 <= index < self._width for index in at):
            return None
        return fetch(at)

    def _read_header(self) -> bool:
        """The header row → column positions. False if the file cannot be read with it."""
        try:
            cells = next((row for row in self._reader if any(cell.strip() for cell in row)), [])
        except csv.Error as error:
            self.findings.append(new_finding("bad_quoting", f"The header row cannot be read: {error}", position=1))
            return False
        self.findings += header_findings(self.layout, cells)
        if self.findings:
            return False
        by_name = {column_key(cell): index for index, cell in enumerate(cells)}
        for name, record in self.layout.records.items():
            self.columns[name] = self._positions(record, self._wanted[name], by_name)
        known = {column_key(column) for record in self.layout.records.values() for column in record.columns}
        if self.layout.unknown_columns == "warn":
            present = {column_key(cell) for cell in cells}
            gone = [
                name
                for record in self.layout.records.values()
                for name, column in record.columns.items()
                if column.field and not column.at and column_key(name) not in present
            ]
            renamed = (
                f"; the layout's {', '.join(repr(missing) for missing in gone)} is not in the file" if gone else ""
            )
            self.findings += [
                new_finding(
                    "unknown_column",
                    f"The column {cell!r} is not in the layout and was not read{renamed}",
                    column=cell,
                    position=1,
                )
                for cell in cells
                if cell.strip() and column_key(cell) not in known
            ]
        self._width = len(cells)
        return True

    @staticmethod
    def _positions(record: Record, names: list[str], header: dict[str, int]) -> list[int]:
        """Where each wanted column stands, from 0; -1 for an optional column that the file does not have."""
        return [
            record.columns[name].at - 1 if record.columns[name].at else header.get(column_key(name), -1)
            for name in names
        ]

    def _row(self, number: int, cells: list[str]) -> Read:
        name = self._record_of(cells)
        if not name:
            return number, new_finding(
                "unknown_record",
                f"No record of the layout begins like this row; expected one of "
                f"{', '.join(sorted(r.begins for _, r in self._marks))}",
                position=number,
                value=cells[0][:80],
            )
        size = len(cells)
        if self._width and size > self._width and name == self._plain and any(cells[self._width :]):
            return number, new_finding(
                "row_length",
                f"The row has {size} values, the header has {self._width} columns; "
                "a delimiter inside a value needs quotation marks",
                position=number,
                value=str(size),
            )
        return number, name, [cells[at] if 0 <= at < size else "" for at in self.columns[name]]

    def _record_of(self, cells: list[str]) -> str:
        for name, record in self._marks:
            if len(cells) >= record.begins_at and cells[record.begins_at - 1].strip() == record.begins:
                return name
        return self._plain

    def _bad_quoting(self, start: int, why: str) -> Finding | None:
        """The finding of a row whose quotes do not pair; None if an open quote reaches to the end of the file."""
        last = self._reader.line_num
        if "unexpected end" in why:
            self.findings.append(
                new_finding(
                    "bad_quoting",
                    f"A quotation mark opened in row {start} is never closed: everything after it would be one value",
                    position=start,
                    severity="error",
                )
            )
            return None
        rows = f"rows {start} to {last}" if last > start else f"row {start}"
        return new_finding(
            "bad_quoting",
            f"Quotation marks in {rows} do not pair up ({why}); a quotation mark inside a value is written twice",
            position=start,
        )
