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
SHOWN = 80  # characters of a wrong value that a finding repeats


@dataclass(slots=True)
class Cell:
    """One column of one record, compiled: how its text becomes a value and where the value goes."""

    name: str
    column: Column
    required: bool
    default: str
    empty: frozenset[str]
    convert: Convert
    stores: tuple[tuple[str, Store, bool], ...]  # canonical path, store, is it the line's
    code: Callable[[str, str], Any] | None = None  # text and ISO date → code, where effective dates matter


@dataclass(slots=True)
class Row:
    """What one row says. `ok` is False when a cell was wrong; `line` is empty for records that have none."""

    number: int
    segment: str
    role: str
    head: dict[str, Any]
    line: dict[str, Any]
    key: tuple[str, ...]
    sources: list[tuple[str, str, bool]] = field(default_factory=list)  # path, column, is it the line's
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
        self.key_at = _group_key(layout, [each for each, _ in self.columns], record)
        self.item_needed = record.role in {"row", "line"} and any(
            path.startswith("lines.item.") for _, column in self.columns for path in column.field
        )
        self.skips = [(index, frozenset(column.skip)) for index, (_, column) in enumerate(self.columns) if column.skip]

    def read(self, number: int, texts: Sequence[str], issued_on: str = "") -> Row:
        """The cells of one row, one text per column of the record (outer blanks still there) → what the row says."""
        key = tuple(texts[index].strip() for index in self.key_at)
        head: dict[str, Any] = {}
        line: dict[str, Any] = {}
        row = Row(number, self.name, self.record.role, head, line, key)
        if self.skips and any(texts[index].strip() in words for index, words in self.skips):
            row.skipped = True
            return row
        sources = row.sources
        for cell, raw in zip(self.cells, texts, strict=True):
            text = raw if cell.column.keep_blanks else raw.strip()
            if not text or text in cell.empty:
                text = cell.default
                if not text:
                    if cell.required:
                        self._wrong(row, cell, raw, "missing_value", "a value")
                    continue
            try:
                value = cell.convert(text) if cell.code is None else cell.code(text, issued_on)
            except BadValue as bad:
                self._wrong(row, cell, raw, bad.code, bad.expected)
                continue
            for path, store, of_line in cell.stores:
                store(line if of_line else head, value)
                sources.append((path, cell.name, of_line))
            if not issued_on and "issued_on" in head:
                issued_on = head["issued_on"].isoformat()
        if self.item_needed and row.ok and not _has_item_id(line):
            row.ok = False
            row.findings.append(
                found(
                    "missing_value",
                    "The row names no item; expected at least one item number",
                    segment=self.name,
                    position=number,
                )
            )
        return row

    def _wrong(self, row: Row, cell: Cell, raw: str, code: str, expected: str) -> None:
        value = raw.strip()[:SHOWN]
        message = (
            f"{cell.name} is empty; expected {expected}"
            if code == "missing_value"
            else (f"{cell.name} is {value!r}; expected {expected}")
        )
        row.ok = False
        row.findings.append(found(code, message, segment=self.name, position=row.number, column=cell.name, value=value))


def _has_item_id(line: dict[str, Any]) -> bool:
    item = line.get("item")
    return isinstance(item, dict) and any(value for name, value in item.items() if name != "description")


def _group_key(layout: Layout, names: list[str], record: Record) -> tuple[int, ...]:
    """Which cells tell documents apart: `group_by`, otherwise the columns that feed `number`."""
    if layout.group_by:
        return tuple(index for index, name in enumerate(names) if name in layout.group_by)
    return tuple(index for index, name in enumerate(names) if "number" in record.columns[name].field)


def compile_cell(layout: Layout, kind: Kind, name: str, column: Column, profile: Profile) -> Cell:
    targets = [resolve(kind, path, layout.dataset) for path in column.field]
    convert, code = _converter(column, targets[0], profile, bool(layout.dataset)) if targets else (str, None)
    stores = tuple((each.path, _store(each), each.scope == "line") for each in targets)
    required = column.required or any(each.required or each.path == "number" for each in targets)
    return Cell(name, column, required, column.default, frozenset(column.empty), convert, stores, code)


def _converter(
    column: Column, target: Target, profile: Profile, as_text: bool
) -> tuple[Convert, Callable[[str, str], Any] | None]:
    """How the column's text becomes the target's value; the second form also needs the document's date."""
    if target.form == "code" or (target.form, target.part) == ("exception", "condition"):
        return str, _code_reader(column, target, profile)
    type_ = column.type or target.type
    if column.crosswalk and type_ == "text":
        return str, _word_reader(column, profile)
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
    return convert, None


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


def _store(target: Target) -> Store:
    """How a value is put: head values by path (they are compared between rows), line values nested."""
    if target.scope != "line":
        path = target.path

        def put_head(head: dict[str, Any], value: Any) -> None:
            head[path] = value

        return put_head
    return _line_store(target)


def _line_store(target: Target) -> Store:
    key, part, form = target.key, target.part, target.form

    def scalar(line: dict[str, Any], value: Any) -> None:
        line[key] = value

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
        "scalar": scalar,
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
