"""Settings of a column that have no effect: a format where there is no date, a decimal mark where there is no number.

Who writes such a setting expects an effect. So loading the layout names it as a problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from translators.flat.layout.columns import type_of
from translators.flat.layout.fields import LISTS_OF_ROWS, Target
from translators.flat.layout.model import Column, Layout

NUMBERS = frozenset({"decimal", "quantity"})
OUTBOUND_ONLY = ("decimals", "align", "pad")
INBOUND_ONLY = ("empty", "skip", "yes", "no", "allowed", "keep_blanks", "thousands_mark", "type")


def idle_settings(layout: Layout, place: str, column: Column, targets: Sequence[Target]) -> Iterator[tuple[str, str]]:
    """(place, problem) for every setting of a column that has no effect, and for fields that one text cannot feed."""
    given = column.model_fields_set
    inbound = layout.direction == "in"
    for setting in OUTBOUND_ONLY if inbound else INBOUND_ONLY:
        if setting in given:
            yield place, f"`{setting}` belongs to files that {'go out' if inbound else 'come in'}"
    if not targets:
        return
    if not inbound:
        if column.format and targets[0].type != "date":
            yield place, f"`format` does nothing here: {targets[0].path} is no date"
        return
    first = targets[0]
    held = _held(column, first)
    for other in targets[1:]:
        if _held(column, other) != held:
            yield place, f"{first.path} holds {held}, {other.path} {_held(column, other)}: one column cannot feed both"
    for setting, holders in _EFFECT.items():
        if setting in given and getattr(column, setting) and held not in holders:
            yield place, f"`{setting}` does nothing here: {first.path} holds {held}"


def _held(column: Column, target: Target) -> str:
    """What a column's text becomes, in one word."""
    if target.form == "code" or (target.form, target.part) == ("exception", "condition"):
        return "a code"
    if target.form == "list" or (column.split and target.path in LISTS_OF_ROWS):
        return "a list"
    type_ = type_of(column, target)
    if target.type == "integer":
        return "a whole number"
    return _WORDS.get(type_, type_)


_WORDS = {
    "text": "text",
    "decimal": "a number",
    "quantity": "a number",
    "integer": "a number",
    "date": "a date",
    "instant": "a date and time",
    "flag": "yes or no",
    "choice": "one of some words",
}
# Setting → what a column must hold for it to have an effect.
_EFFECT: dict[str, frozenset[str]] = {
    "format": frozenset({"a date", "a date and time"}),
    "implied_decimals": frozenset({"a number"}),
    "decimal_mark": frozenset({"a number"}),
    "thousands_mark": frozenset({"a number"}),
    "yes": frozenset({"yes or no"}),
    "no": frozenset({"yes or no"}),
    "values": frozenset({"text", "a code", "one of some words"}),
    "allowed": frozenset({"text", "a code"}),
    "max_length": frozenset({"text", "a code"}),
    "crosswalk": frozenset({"text", "a code", "one of some words"}),
}
