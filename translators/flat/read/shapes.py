"""Rows that fill the same cells are read in the same way, which is worked out once for them.

Texts are fetched together; only values that have to be converted cost a call each. What a file repeats from row to row
(items, codes) is one object for all of them: documents are immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from translators.canonical import Code, Item
from translators.flat.layout.columns import Cell, Slot
from translators.flat.values import Convert

Pairs = tuple[tuple[str, str], ...]  # canonical path and the column it came from
KNOWN = 16384  # items and codes that one reader remembers


@dataclass(frozen=True, slots=True)
class Trace:
    """Which fields a row filled, from which columns: `head` by path, `line` by the path within the line."""

    head: Pairs
    line: Pairs


class Shape:
    """How rows are read that fill exactly these cells (index and cell), every required one and an item among them."""

    def __init__(self, cells: Sequence[tuple[int, Cell]], trace: Trace, share: bool) -> None:
        """`share`: nothing is added to items and codes later, so equal ones may be one object."""
        self.trace = trace
        self._known_items: dict[tuple[str, ...], Item] = {}
        slots = [(index, cell, slot) for index, cell in cells for slot in cell.slots]
        head = [(index, slot.key) for index, _, slot in slots if not slot.of_line]
        line = [(index, slot.key) for index, _, slot in slots if slot.of_line and slot.store is None]
        self._head_keys, self._head = [key for _, key in head], fetch([index for index, _ in head])
        self._line_keys, self._line = [key for _, key in line], fetch([index for index, _ in line])
        self._codes: list[tuple[int, Callable[[str, str], Any], bool, Slot, dict[str, Code] | None]] = []
        self._head_converts: list[tuple[int, Convert, str]] = []
        self._line_converts: list[tuple[int, Convert, str]] = []
        self._nested: list[tuple[int, Slot, Convert | None]] = []
        items = [(index, slot.part) for index, cell, slot in slots if _is_item(cell, slot)]
        alone = share and _items_alone(slots)
        self._item_keys = [part for _, part in items] if alone else []
        self._item = fetch([index for index, _ in items])
        for index, cell, slot in slots:
            if alone and _is_item(cell, slot):
                continue
            if cell.code is not None:
                shared = share and not cell.dated and _is_code(slot, slots)
                self._codes.append((index, cell.code, cell.dated, slot, {} if shared else None))
            elif slot.store is not None:
                self._nested.append((index, slot, cell.convert))
            elif cell.convert is not None:
                (self._line_converts if slot.of_line else self._head_converts).append((index, cell.convert, slot.key))

    def read(self, texts: Sequence[str], day: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The texts of one row (blanks off, defaults in) → what it says of its document, and its line.

        Raises `BadValue` for the first wrong one.
        """
        head: dict[str, Any] = dict(zip(self._head_keys, self._head(texts)))  # noqa: B905 - equal by construction
        line: dict[str, Any] = dict(zip(self._line_keys, self._line(texts)))  # noqa: B905 - and a check costs time
        for index, convert, key in self._head_converts:
            head[key] = convert(texts[index])
        for index, convert, key in self._line_converts:
            line[key] = convert(texts[index])
        if self._item_keys:
            ids = self._item(texts)
            line["item"] = self._known_items.get(ids) or self._new_item(ids)
        for index, slot, nested in self._nested:
            if slot.store is not None:
                slot.store(line, texts[index] if nested is None else nested(texts[index]))
        for index, code, dated, slot, known in self._codes:
            text = texts[index]
            if known is not None and text in known:
                line[slot.key] = known[text]
                continue
            value = code(text, (date_of(head) or day) if dated else "")
            if known is not None:
                line[slot.key] = self._new_code(value, known)
            elif slot.store is not None:
                slot.store(line, value)
            else:
                (line if slot.of_line else head)[slot.key] = value
        return head, line

    def _new_item(self, ids: tuple[str, ...]) -> Item:
        item = Item.model_validate(dict(zip(self._item_keys, ids, strict=True)))
        if len(self._known_items) < KNOWN:
            self._known_items[ids] = item
        return item

    @staticmethod
    def _new_code(value: tuple[str, str], known: dict[str, Code]) -> Code:
        code = Code(raw=value[0], canonical=value[1])
        if len(known) < KNOWN:
            known[value[0]] = code
        return code


def fetch(places: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """What stands at these places (indexes of a list, keys of a dict), in one call."""
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda held: ()
    only = places[0]
    return lambda held: (held[only],)


def _is_item(cell: Cell, slot: Slot) -> bool:
    return slot.of_line and slot.form == "item" and cell.convert is None and cell.code is None


def _items_alone(slots: Sequence[tuple[int, Cell, Slot]]) -> bool:
    """Is every part of the item plain text, each from one column? Then equal items can be one object."""
    about = [(cell, slot) for _, cell, slot in slots if slot.of_line and slot.key == "item"]
    parts = [slot.part for _, slot in about]
    return bool(about) and all(_is_item(cell, slot) for cell, slot in about) and len(parts) == len(set(parts))


def _is_code(slot: Slot, slots: Sequence[tuple[int, Cell, Slot]]) -> bool:
    """Is this a code of the line that no other column adds to?"""
    return (
        slot.of_line
        and slot.form == "code"
        and sum(other.of_line and other.key == slot.key for _, _, other in slots) == 1
    )


# The document's day, for codes that are valid for a time only: the first of these that it has.
DAYS = ("issued_on", "received_on", "inspected_on", "shipped_on", "requested_on")


def date_of(head: dict[str, Any]) -> str:
    """The document's day as far as the row says it, as ISO text; "" if it does not."""
    for path in DAYS:
        day = head.get(path)
        if isinstance(day, date):
            return day.isoformat()
    return ""
