"""Serial and lot numbers of goods: how they are compared, listed and looked up by."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

_MARKS = re.compile(r"[;,|\n\r]+")


def listed(text: str) -> tuple[str, ...]:
    """A list in one cell of master data → its entries, without blanks around them, each once."""
    return distinct(_MARKS.split(text)) if text else ()


def distinct(numbers: Iterable[str]) -> tuple[str, ...]:
    """Serial or lot numbers without empty ones, each once: the same one in other capitals is no other."""
    named: dict[str, str] = {}
    for number in numbers:
        if written := number.strip():
            named.setdefault(written.upper(), written)
    return tuple(named.values())


def others(numbers: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Those numbers that are none of the known ones."""
    if not known:
        return distinct(numbers)
    same = {number.strip().upper() for number in known}
    return tuple(number for number in distinct(numbers) if number.upper() not in same)


def repeated(numbers: Iterable[str], before: Collection[str] = ()) -> tuple[str, ...]:
    """Those numbers that are named more than once, or that stand among `before` already."""
    seen = {number.strip().upper() for number in before}
    twice: list[str] = []
    for number in numbers:
        if not (written := number.strip()):
            continue
        if written.upper() in seen:
            twice.append(written)
        seen.add(written.upper())
    return distinct(twice)


def serial_keys(item_ids: Sequence[str], serials: Iterable[str]) -> list[str]:
    """Keys by which the returns of units are found: `serial:SKU:S7`, by every id of the item."""
    return [f"serial:{item_id}:{number.upper()}" for number in distinct(serials) for item_id in item_ids]
