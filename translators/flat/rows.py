"""One row's cells → values in their places. A record is compiled once; a file of 100,000 rows runs over the result.

A row yields what it says about the document (`head`: canonical path → value) and its line (nested, ready for the
document type), with the finding of every cell that is wrong. Nothing here knows about files or groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from translators.findings import Finding, found
from translators.flat.fields import KINDS, Kind, Target, resolve
from translators.flat.values import (
    BadValue,
    Convert,
    choice_reader,
    date_reader,
    decimal_reader,
    flag_reader,
    instant_reader,
    integer_reader,
    plain,
)
from translators.profile import Profile

if TYPE_CHECKING:
    from translators.flat.layout import Column, Layout, Record

Store = Callable[[dict[str, Any], Any], None]
Pairs = tuple[tuple[str, str], ...]  # canonical path and the column it came from
SHOWN = 80  # characters of a wrong value that a finding repeats


@dataclass(frozen=True, slots=True)
class Trace:
    """Which fields a row filled, from which columns: `head` by path, `line` by the path within the line."""

    head: Pairs
    line: Pairs


@dataclass(frozen=True, slots=True)
class Put:
    """Where a value goes: plainly under `key`, or through `store` where it is nested."""

    path: str
    of_line: bool
    key: str
    store: Store | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of one record, compiled: how its text becomes a value and where the value goes."""

    name: str
    column: Column
    required: bool
    puts: tuple[Put, ...]
    convert: Convert | None  # None: the text itself
    code: Callable[[str, str], Any] | None = None  # text and ISO date → code, where effective dates matter


@dataclass(slots=True)
class Row:
    """What one row says. `ok` is False when a cell was wrong; `line` is empty for records that have none."""

    number: int
    segment: str
    role: str
    key: tuple[str, ...]
    head: dict[str, Any]
    line: dict[str, Any]
    trace: Trace = Trace((), ())
    findings: list[Finding] = field(default_factory=list)
    ok: bool = True
    skipped: bool = False


class RecordReader:
    """Reads the cells of one record of a layout, in the order of its columns."""

    def __init__(self, layout: Layout, name: str, record: Record, profile: Profile) -> None:
        self.name = "" if name == "row" else name
        self.record = record
        self.kind = KINDS[layout.document]
        self.columns = [(each, column) for each, column in record.columns.items() if column.field or column.skip]
        self.cells = [compile_cell(layout, self.kind, each, column, profile) for each, column in self.columns]
        self._key_at = _group_key(layout, [each for each, _ in self.columns], record)
        # The cells that tell which item a line is about, as bits: one of them has to be filled.
        self._items = sum(1 << index for index, (_, column) in enumerate(self.columns) if _names_item(column))
        self._skips = [(index, frozenset(column.skip)) for index, (_, column) in enumerate(self.columns) if column.skip]
        self._traces: dict[int, Trace] = {}
        # The loop below runs a million times a file: what it needs of a cell, in one tuple.
        self._steps = [
            (
                1 << index,
                cell,
                cell.column.keep_blanks,
                frozenset(("", *cell.column.empty)),
                cell.convert,
                cell.code,
                cell.puts[0] if len(cell.puts) == 1 and cell.puts[0].store is None else None,
            )
            for index, cell in enumerate(self.cells)
        ]

    def read(self, number: int, texts: Sequence[str], issued_on: str = "") -> Row:
        """The cells of one row, one text per column of the record (outer blanks still there) → what the row says."""
        head: dict[str, Any] = {}
        line: dict[str, Any] = {}
        row = Row(number, self.name, self.record.role, tuple([texts[at].strip() for at in self._key_at]), head, line)
        if self._skips and any(texts[at].strip() in words for at, words in self._skips):
            row.skipped = True
            return row
        filled = 0
        for (bit, cell, keep_blanks, empty, convert, code, simple), raw in zip(self._steps, texts, strict=True):
            text = raw if keep_blanks else raw.strip()
            if text in empty:
                text = cell.column.default
                if not text:
                    if cell.required:
                        self._wrong(row, cell, raw, "missing_value", "a value")
                    continue
            value: Any = text
            try:
                if convert is not None:
                    value = convert(text)
                elif code is not None:
                    value = code(text, issued_on or _date_of(head))
            except BadValue as bad:
                self._wrong(row, cell, raw, bad.code, bad.expected)
                continue
            filled |= bit
            if simple is not None:
                (line if simple.of_line else head)[simple.key] = value
            else:
                _put_all(cell.puts, head, line, value)
        row.trace = self._traces.get(filled) or self._trace(filled)
        if row.ok and self._items and not filled & self._items:
            self._no_item(row)
        return row

    def _trace(self, filled: int) -> Trace:
        """The trace of every row that fills the same cells: made once."""
        pairs = [
            (put, cell.name) for index, cell in enumerate(self.cells) if filled & (1 << index) for put in cell.puts
        ]
        trace = Trace(
            tuple((put.path, name) for put, name in pairs if not put.of_line),
            _in_line([(put.path.partition(".")[2], name) for put, name in pairs if put.of_line]),
        )
        if len(self._traces) < 4096:
            self._traces[filled] = trace
        return trace

    def _no_item(self, row: Row) -> None:
        row.ok = False
        text = "The row names no item; expected at least one item number"
        row.findings.append(found("missing_value", text, segment=self.name, position=row.number))

    def _wrong(self, row: Row, cell: Cell, raw: str, code: str, expected: str) -> None:
        value = raw.strip()[:SHOWN]
        said = "is empty" if code == "missing_value" else f"is {value!r}"
        row.ok = False
        row.findings.append(
            found(
                code,
                f"{cell.name} {said}; expected {expected}",
                segment=self.name,
                position=row.number,
                column=cell.name,
                value=value,
            )
        )


def _put_all(puts: tuple[Put, ...], head: dict[str, Any], line: dict[str, Any], value: Any) -> None:
    for put in puts:
        if put.store is None:
            (line if put.of_line else head)[put.key] = value
        else:
            put.store(line, value)


def _date_of(head: dict[str, Any]) -> str:
    """The document's date as far as the row has said it: codes may be valid for a time only."""
    issued_on = head.get("issued_on")
    return issued_on.isoformat() if issued_on is not None else ""


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


def compile_cell(layout: Layout, kind: Kind, name: str, column: Column, profile: Profile) -> Cell:
    targets = [resolve(kind, path, layout.dataset) for path in column.field]
    convert, code = _converter(column, targets[0], profile, bool(layout.dataset)) if targets else (None, None)
    required = column.required or any(each.required or each.path == "number" for each in targets)
    return Cell(name, column, required, tuple(_put(each) for each in targets), convert, code)


def _converter(
    column: Column, target: Target, profile: Profile, as_text: bool
) -> tuple[Convert | None, Callable[[str, str], Any] | None]:
    """How the column's text becomes the target's value; the second form also needs the document's date."""
    if target.form == "code" or (target.form, target.part) == ("exception", "condition"):
        return None, _code_reader(column, target, profile)
    type_ = column.type or target.type
    if column.crosswalk and type_ == "text":
        return None, _word_reader(column, profile)
    convert: Convert
    if type_ == "choice":
        convert = _choice(column, target, profile)
    elif type_ in {"decimal", "quantity", "integer"} and target.type != "integer":
        minimum = _minimum(target)
        convert = decimal_reader(column.decimal_mark, column.thousands_mark, column.implied_decimals, minimum)
        if type_ == "integer":
            convert = _whole(convert)
    else:
        simple: dict[str, Callable[[], Convert]] = {
            "integer": integer_reader,
            "date": lambda: date_reader(column.format or "YYYY-MM-DD"),
            "instant": lambda: instant_reader(column.format),
            "flag": lambda: flag_reader(column.yes, column.no),
            "text": lambda: _text_reader(column),
        }
        convert = simple[type_]()
    if target.form == "list":
        convert = _list_reader(column)
    if (as_text or target.type == "text") and type_ not in {"text", "choice"}:
        convert = _as_text(convert)
    return (None if convert is str else convert), None


def _minimum(target: Target) -> str:
    if target.type == "quantity":
        return "positive"
    return "zero" if "quantity" in (target.key, target.part) or target.key.endswith("_quantity") else "any"


def _whole(convert: Convert) -> Convert:
    def read(text: str) -> Any:
        value = convert(text)
        if value != value.to_integral_value():
            raise BadValue("bad_number", "a whole number")
        return value

    return read


def _as_text(convert: Convert) -> Convert:
    """Reference rows and text fields hold text: a number or date that the column checked is written the plain way."""

    def read(text: str) -> str | list[str]:
        value = convert(text)
        if isinstance(value, bool):
            return "Y" if value else "N"
        if isinstance(value, str | list):
            return value
        return (
            value.isoformat()
            if hasattr(value, "isoformat")
            else plain(value)
            if hasattr(value, "scaleb")
            else str(value)
        )

    return read


def _text_reader(column: Column) -> Convert:
    allowed, limit, values = frozenset(column.allowed), column.max_length, column.values

    def read(text: str) -> str:
        if limit and len(text) > limit:
            raise BadValue("bad_value", f"at most {limit} characters")
        if allowed and text not in allowed:
            raise BadValue("bad_value", f"one of {', '.join(sorted(allowed))}")
        return values.get(text, text)

    return str if not (allowed or limit or values) else read


def _list_reader(column: Column) -> Convert:
    def read(text: str) -> list[str]:
        parts = text.split(column.split) if column.split else [text]
        return [part.strip() for part in parts if part.strip()]

    return read


def _choice(column: Column, target: Target, profile: Profile) -> Convert:
    if not column.crosswalk:
        return choice_reader(target.choices, dict(column.values))
    rows = profile.crosswalk(column.crosswalk).rows
    return choice_reader(target.choices, {row.theirs: row.ours for row in rows if row.ours in target.choices})


def _code_reader(column: Column, target: Target, profile: Profile) -> Callable[[str, str], Any]:
    """Raw code → (raw, our code): the column's own `values` first, then the crosswalk (by default the field's name)."""
    crosswalk = profile.crosswalk(column.crosswalk or target.part or target.key)
    check = _text_reader(column.model_copy(update={"values": {}}))
    known: dict[tuple[str, str], tuple[str, str]] = {}

    def read(text: str, on: str) -> tuple[str, str]:
        seen = known.get((text, on))
        if seen is None:
            check(text)
            ours = column.values.get(text)
            seen = (text, crosswalk.ours(text, on) or "" if ours is None else ours)
            if len(known) < 4096:
                known[text, on] = seen
        return seen

    return read


def _word_reader(column: Column, profile: Profile) -> Callable[[str, str], Any]:
    """Partner's word → ours where the crosswalk knows it; otherwise the partner's own word stays."""
    crosswalk = profile.crosswalk(column.crosswalk)
    check = _text_reader(column)

    def read(text: str, on: str) -> str:
        checked: str = check(text)
        return crosswalk.ours(checked, on) or checked

    return read


def _put(target: Target) -> Put:
    """How a value is put: head values by path (rows of a document compare them), line values nested."""
    if target.scope != "line":
        return Put(target.path, False, target.path, None)
    if target.form == "scalar":
        return Put(target.path, True, target.key, None)
    return Put(target.path, True, target.key, _line_store(target))


def _line_store(target: Target) -> Store:
    key, part, form = target.key, target.part, target.form

    def nested(line: dict[str, Any], value: Any) -> None:
        line.setdefault(key, {})[part] = value

    def code(line: dict[str, Any], value: Any) -> None:
        line.setdefault(key, {}).update(raw=value[0], canonical=value[1])

    def other(line: dict[str, Any], value: Any) -> None:
        line.setdefault(key, {}).setdefault("other", []).append((part, value))

    def reference(line: dict[str, Any], value: Any) -> None:
        line.setdefault("references", []).append({"kind": key, "value": value})

    def charge(line: dict[str, Any], value: Any) -> None:
        line.setdefault("charges", []).append({"kind": key, "amount": value})

    def extend(line: dict[str, Any], value: Any) -> None:
        line.setdefault(key, []).extend(value)

    def exception(line: dict[str, Any], value: Any) -> None:
        line.setdefault("exceptions", {})[part] = value

    stores: dict[str, Store] = {
        "code": code,
        "code_text": nested,
        "item": nested,
        "item_other": other,
        "reference": reference,
        "charge": charge,
        "list": extend,
        "exception": exception,
    }
    return stores[form]
