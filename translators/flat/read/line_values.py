"""Values of lines that no single cell gives: constants of the layout, and the exception of a row."""

from __future__ import annotations

from typing import Any

from translators.flat.layout.columns import Slot, compile_cell
from translators.flat.layout.fields import KINDS
from translators.flat.layout.model import Column, Layout, LayoutError
from translators.flat.values import BadValue
from translators.profile import Profile


def put_line(slot: Slot, line: dict[str, Any], value: Any) -> None:
    """Put one value into a line."""
    if slot.store is None:
        line[slot.key] = value
    else:
        slot.store(line, value)


def settle_exception(line: dict[str, Any]) -> None:
    """`lines.exceptions.*` of one row → at most one exception: none without a condition or with quantity 0."""
    exception = line.pop("exceptions")
    quantity = exception.get("quantity", line.get("quantity"))
    if "condition" not in exception or not quantity:
        return
    raw, ours = exception["condition"]
    unit = line.get("unit", "EA")
    line["exceptions"] = [
        {**exception, "condition": {"raw": raw, "canonical": ours}, "quantity": quantity, "unit": unit}
    ]


def constants(layout: Layout, profile: Profile) -> tuple[dict[str, Any], list[tuple[Slot, Any]]]:
    """`[constants]` as values: of the document by path, and of the lines. Raises `LayoutError` for a wrong one."""
    heads: dict[str, Any] = {}
    lines: list[tuple[Slot, Any]] = []
    for path, text in layout.constants.items():
        cell = compile_cell(layout, KINDS[layout.document], path, Column(field=(path,)), profile)
        try:
            value = cell.code(text, "") if cell.code else cell.convert(text) if cell.convert else text
        except BadValue as bad:
            raise LayoutError(f"constants.{path}", f"{text!r}: expected {bad.expected}") from bad
        slot = cell.slots[0]
        if slot.of_line:
            lines.append((slot, value))
        else:
            heads[path] = value
    return heads, lines
