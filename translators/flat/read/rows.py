"""One row's cells → values in their places. A record is compiled once; a file of 100,000 rows runs over the result.

A row yields what it says about the document (`head`: canonical path → value) and its line (nested, ready for the
document type), with the finding of every cell that is wrong. Nothing here knows about files or groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from translators.findings import Finding, new_finding
from translators.flat.layout.columns import Cell, Slot, compile_cell
from translators.flat.layout.fields import KINDS
from translators.flat.layout.model import Column, Layout, Record
from translators.flat.read.shapes import Pairs, Shape, Trace, date_of, fetch
from translators.flat.values import BadValue, Convert
from translators.profile import Profile

NO_TRACE = Trace((), ())
SHOWN = 80  # characters of a wrong value that a finding repeats


@dataclass(slots=True)
class Row:
    """What one row says. `ok` is False when a cell was wrong; `line` is empty for records that have none."""

    number: int
    segment: str
    role: str
    key: tuple[str, ...]
    head: dict[str, Any]
    line: dict[str, Any]
    trace: Trace = NO_TRACE
    findings: list[Finding] = field(default_factory=list)
    ok: bool = True
    skipped: bool = False


class CellStep(NamedTuple):
    """What reading one cell needs. `bit` stands for the cell in a set of filled cells; `slot` is where its value goes
    where that is one plain place; texts in `empty` are no value."""

    bit: int
    cell: Cell
    keep_blanks: bool
    empty: frozenset[str]
    convert: Convert | None
    slot: Slot | None


class RecordReader:
    """Reads the cells of one record of a layout, in the order of its columns."""

    def __init__(self, layout: Layout, name: str, record: Record, profile: Profile) -> None:
        self.name = "" if name == "row" else name
        self.record = record
        self.kind = KINDS[layout.document]
        self.columns = [
            (column_name, column) for column_name, column in record.columns.items() if column.field or column.skip
        ]
        self.cells = [
            compile_cell(layout, self.kind, column_name, column, profile) for column_name, column in self.columns
        ]
        self.key_at = _group_key(layout, [column_name for column_name, _ in self.columns], record)
        self._key = fetch(self.key_at)
        # The cells that tell which item a line is about, as bits: one of them has to be filled.
        named = [index for index, (_, column) in enumerate(self.columns) if _names_item(column)]
        self._items = sum(1 << index for index in named) if self.kind.items_required else 0
        self.skips = [(index, frozenset(column.skip)) for index, (_, column) in enumerate(self.columns) if column.skip]
        self._traces: dict[int, Trace] = {}
        # A constant that adds to a line's item or to the text of a code needs one of each line's own.
        self._share = not any(path.startswith("lines.item.") or path.endswith(".text") for path in layout.constants)
        self._shapes: dict[tuple[bool, ...], Shape | Literal[False] | None] = {}
        # Columns whose text is more than the cell without its outer blanks: the reading by shapes adjusts them first.
        self._special = [
            (index, cell.column.keep_blanks, frozenset(cell.column.empty), cell.column.default)
            for index, cell in enumerate(self.cells)
            if cell.column.keep_blanks or cell.column.empty or cell.column.default
        ]
        self._steps = [
            CellStep(
                1 << index,
                cell,
                cell.column.keep_blanks,
                frozenset(("", *cell.column.empty)),
                cell.convert,
                cell.slots[0] if len(cell.slots) == 1 and cell.slots[0].store is None else None,
            )
            for index, cell in enumerate(self.cells)
        ]

    def read(self, number: int, texts: Sequence[str], day: str = "") -> Row:
        """The cells of one row, one text per column of the record (outer blanks still there) → what the row says.

        `day` is that of the row's document or file, for codes of rows that name none themselves.
        """
        stripped = [text.strip() for text in texts]
        row = Row(number, self.name, self.record.role, self._key(stripped), {}, {})
        if self.skips and any(stripped[at] in words for at, words in self.skips):
            row.skipped = True
            return row
        if not self._read_plainly(row, texts, stripped, day):
            self._read_cells(row, texts, day)
        return row

    def _read_cells(self, row: Row, texts: Sequence[str], day: str) -> None:
        """Read a row cell by cell; note what is wrong with each cell."""
        head = row.head = {}
        line = row.line = {}
        filled = 0
        for (bit, cell, keep_blanks, empty, convert, slot), raw in zip(self._steps, texts, strict=True):
            text = raw if keep_blanks else raw.strip()
            if text in empty and not (text := self._default(row, cell, raw)):
                continue
            try:
                value = convert(text) if convert is not None else _coded(cell, text, head, day)
            except BadValue as bad:
                self._add_wrong(row, cell, raw, bad.code, bad.expected)
                continue
            filled |= bit
            if slot is not None:
                (line if slot.of_line else head)[slot.key] = value
            else:
                _put_all(cell.slots, head, line, value)
        row.trace = self._traces.get(filled) or self._trace(filled)
        if row.ok and self._items and not filled & self._items:
            self._add_no_item(row)

    def _default(self, row: Row, cell: Cell, raw: str) -> str:
        """The text of an empty cell: the column's default, or "", which is wrong where a value must be there."""
        if not cell.column.default and cell.required:
            self._add_wrong(row, cell, raw, "missing_value", "a value")
        return cell.column.default

    def _read_plainly(self, row: Row, texts: Sequence[str], stripped: list[str], day: str) -> bool:
        """Read a row in which nothing is wrong, as all rows that fill the same cells are read; False for any other row.

        After False the row may be half filled: the caller reads it again, cell by cell.
        """
        for index, keep_blanks, empty, default in self._special:
            text = texts[index] if keep_blanks else stripped[index]
            stripped[index] = default if not text or text in empty else text
        filled = tuple(map(bool, stripped))
        shape = self._shapes.get(filled, False)
        if shape is False:
            shape = self._shape(filled)
            if len(self._shapes) < 4096:
                self._shapes[filled] = shape
        if not shape:
            return False
        try:
            row.head, row.line = shape.read(stripped, day)
        except BadValue:
            return False
        row.trace = shape.trace
        return True

    def _shape(self, filled: tuple[bool, ...]) -> Shape | None:
        """How rows that fill these cells are read; None if such a row always is wrong."""
        bits = sum(1 << index for index, is_filled in enumerate(filled) if is_filled)
        if any(cell.required and not is_filled for cell, is_filled in zip(self.cells, filled, strict=True)):
            return None
        if self._items and not bits & self._items:
            return None
        cells = [(index, cell) for index, cell in enumerate(self.cells) if filled[index]]
        return Shape(cells, self._traces.get(bits) or self._trace(bits), self._share)

    def _trace(self, filled: int) -> Trace:
        """The trace of every row that fills the same cells: made once."""
        pairs = [
            (slot, cell.name) for index, cell in enumerate(self.cells) if filled & (1 << index) for slot in cell.slots
        ]
        trace = Trace(
            tuple((slot.path, name) for slot, name in pairs if not slot.of_line),
            _in_line([(slot.path.partition(".")[2], name) for slot, name in pairs if slot.of_line]),
        )
        if len(self._traces) < 4096:
            self._traces[filled] = trace
        return trace

    def _add_no_item(self, row: Row) -> None:
        row.ok = False
        text = "The row names no item; expected at least one item number"
        row.findings.append(new_finding("missing_value", text, segment=self.name, position=row.number))

    def _add_wrong(self, row: Row, cell: Cell, raw: str, code: str, expected: str) -> None:
        value = raw.strip()[:SHOWN]
        problem = "is empty" if code == "missing_value" else f"is {value!r}"
        row.ok = False
        row.findings.append(
            new_finding(
                code,
                f"{cell.name} {problem}; expected {expected}",
                segment=self.name,
                position=row.number,
                column=cell.name,
                value=value,
            )
        )


def _coded(cell: Cell, text: str, head: dict[str, Any], day: str) -> Any:
    """The code that a text means on the document's day; the text itself if the cell has no codes. Raises BadValue."""
    return text if cell.code is None else cell.code(text, date_of(head) or day)


def _put_all(slots: tuple[Slot, ...], head: dict[str, Any], line: dict[str, Any], value: Any) -> None:
    for slot in slots:
        if slot.store is None:
            (line if slot.of_line else head)[slot.key] = value
        else:
            slot.store(line, value)


def _in_line(pairs: list[tuple[str, str]]) -> Pairs:
    """Paths within a line, with references and charges numbered as the line has them."""
    counts: dict[str, int] = {}
    numbered = []
    for path, column in pairs:
        first = path.partition(".")[0]
        name = path
        if first in {"references", "charges"}:
            counts[first] = counts.get(first, -1) + 1
            name = f"{first}.{counts[first]}"
        numbered.append((name, column))
    return tuple(numbered)


def _names_item(column: Column) -> bool:
    return any(path.startswith("lines.item.") and not path.endswith(".description") for path in column.field)


def _group_key(layout: Layout, names: list[str], record: Record) -> tuple[int, ...]:
    """Which cells tell documents apart: `group_by`, otherwise the columns that feed `number`."""
    if layout.group_by:
        return tuple(index for index, name in enumerate(names) if name in layout.group_by)
    return tuple(index for index, name in enumerate(names) if "number" in record.columns[name].field)
