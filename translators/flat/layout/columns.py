"""A column of a layout, compiled: how its text becomes a value and where in a document or line the value goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from translators.canonical.kinds import DocumentKind
from translators.flat.layout.fields import LISTS_OF_ROWS, WHOLE_FILE, Target, resolve
from translators.flat.layout.model import Column, Layout
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

Store = Callable[[dict[str, Any], Any], None]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes: plainly under `key`, or through `store` where it is nested."""

    path: str
    of_line: bool
    key: str
    store: Store | None
    form: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of one record, compiled: how its text becomes a value and where the value goes."""

    name: str
    column: Column
    required: bool
    slots: tuple[Slot, ...]
    convert: Convert | None  # None: the text itself
    code: Callable[[str, str], Any] | None = None  # text and ISO date → code
    dated: bool = False  # some of its codes are valid for a time only: the document's date decides


def compile_cell(layout: Layout, kind: DocumentKind, name: str, column: Column, profile: Profile) -> Cell:
    """A column of a layout → its cell: how the text is converted and where the value goes. `name` is the column's."""
    targets = [resolve(kind, path, layout.dataset) for path in column.field]
    convert, code = _converter(column, targets[0], profile, bool(layout.dataset)) if targets else (None, None)
    # Rows of results and reference data that name no document belong to the one document of the file.
    numbered = layout.document not in WHOLE_FILE
    required = column.required or any(target.required or (numbered and target.path == "number") for target in targets)
    dated = code is not None and _is_dated(column, targets[0], profile)
    return Cell(name, column, required, tuple(_put(target) for target in targets), convert, code, dated)


def _is_dated(column: Column, target: Target, profile: Profile) -> bool:
    rows = profile.crosswalk(_word_table(column, target, profile) or _crosswalk_name(column, target)).rows
    return any(row.valid_from or row.valid_to for row in rows)


def _crosswalk_name(column: Column, target: Target) -> str:
    """The crosswalk of a code: by default it has the field's name."""
    return column.crosswalk or target.part or target.key


# Fields that are read through the codes file of this name where the partner has one, as in its X12 sets.
WORDS = {"lines.unit": "unit", "lines.item.sku": "sku", "warehouse": "site", "customer": "customer"}


def _word_table(column: Column, target: Target, profile: Profile) -> str:
    """The crosswalk that a text is read through: the one that the column names, else the field's own if it is there."""
    own = WORDS.get(target.path, "")
    return column.crosswalk or (own if own in profile.crosswalks else "")


def _converter(
    column: Column, target: Target, profile: Profile, as_text: bool
) -> tuple[Convert | None, Callable[[str, str], Any] | None]:
    """How the column's text becomes the target's value; the second form also needs the document's date."""
    if target.form == "code" or (target.form, target.part) == ("exception", "condition"):
        return None, _code_reader(column, target, profile)
    type_ = type_of(column, target)
    table = _word_table(column, target, profile)
    if table and type_ == "text":
        return None, _word_reader(column, table, profile)
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
    elif column.split and target.path in LISTS_OF_ROWS:
        convert = _joined_list_reader(column)
    if (as_text or target.type == "text") and type_ not in {"text", "choice"}:
        convert = _as_text(convert)
    return (None if convert is str else convert), None


def type_of(column: Column, target: Target) -> str:
    """The type of a column's values: the one that it names; else a day or an instant if it has a `format` and its field
    takes any text; else the type of its field."""
    if not column.type and column.format and target.type == "text":
        return "instant" if "hh" in column.format else "date"
    return column.type or target.type


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

    known: dict[str, str] = {}

    def read(text: str) -> str | list[str]:
        seen = known.get(text)
        if seen is not None:
            return seen
        value = spell(text)
        if len(known) < 4096 and isinstance(value, str):
            known[text] = value
        return value

    def spell(text: str) -> str | list[str]:
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


def _joined_list_reader(column: Column) -> Convert:
    """A list that stays one text."""
    entries = _list_reader(column)
    return lambda text: ";".join(entries(text))


def _choice(column: Column, target: Target, profile: Profile) -> Convert:
    if not column.crosswalk:
        return choice_reader(target.choices, dict(column.values))
    rows = profile.crosswalk(column.crosswalk).rows
    return choice_reader(target.choices, {row.theirs: row.ours for row in rows if row.ours in target.choices})


def _code_reader(column: Column, target: Target, profile: Profile) -> Callable[[str, str], Any]:
    """Raw code → (raw, our code): the column's own `values` first, then the crosswalk."""
    crosswalk = profile.crosswalk(_crosswalk_name(column, target))
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


def _word_reader(column: Column, table: str, profile: Profile) -> Callable[[str, str], Any]:
    """Partner's word → ours where the crosswalk knows it; otherwise the partner's own word stays."""
    crosswalk = profile.crosswalk(table)
    check = _text_reader(column)

    def read(text: str, on: str) -> str:
        checked: str = check(text)
        return crosswalk.ours(checked, on) or checked

    return read


def _put(target: Target) -> Slot:
    """Where a field's value goes: values of the head by path (rows compare them), values of lines nested."""
    if target.scope != "line":
        return Slot(target.path, False, target.path, None)
    if target.form == "scalar":
        return Slot(target.path, True, target.key, None)
    return Slot(target.path, True, target.key, _line_store(target), target.form, target.part)


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
