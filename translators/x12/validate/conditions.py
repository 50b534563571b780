"""Syntax notes (P, R, E, C, L of X12.6): which elements must or must not stand together."""

from __future__ import annotations

from collections.abc import Sequence

from translators.x12.guide.nodes import ElementDef, Note
from translators.x12.validate.element_errors import ElementErrors, Place


def check_notes(
    elements: Sequence[ElementDef],
    notes: Sequence[Note],
    present: frozenset[int],
    composite: Place | None,
    errors: ElementErrors,
) -> None:
    """Note every broken note: at each element that is missing, or for an E note at each element too many.

    `present` are the positions with a value. `composite` is the place of the composite whose components `elements`
    are, None for the elements of a segment.
    """
    for note in notes:
        if note.holds(present):
            continue
        # The element that asks for the missing one, or excludes the one too many. An R note has none.
        trigger = next((position for position in note.elements if position in present), 0)
        code = "element_excluded" if note.kind == "E" else "element_condition"
        for position in _wrong_positions(note, present):
            place = Place(position) if composite is None else composite._replace(component=position)
            definition = elements[position - 1]
            message = _message(note, elements, definition, trigger)
            errors.add(code, place, definition.data_element, "", message, trigger)


def _wrong_positions(note: Note, present: frozenset[int]) -> list[int]:
    """The positions at which a broken note is reported."""
    if note.kind == "E":
        return [position for position in note.elements if position in present][1:]
    if note.kind == "P":
        return [position for position in note.elements if position not in present]
    if note.kind == "C":
        return [position for position in note.elements[1:] if position not in present]
    return [note.elements[1 if note.kind == "L" else 0]]


def _message(note: Note, elements: Sequence[ElementDef], missing: ElementDef, trigger: int) -> str:
    references = [elements[position - 1].id.replace("-0", "-") for position in note.elements]
    listed = f"{', '.join(references[:-1])} and {references[-1]}"
    if note.kind == "E":
        return f"only one of {listed} may have a value ({note})"
    if note.kind == "R":
        return f"one of {listed} must have a value ({note})"
    asking = elements[trigger - 1].id
    if note.kind == "L":
        others = f"{', '.join(references[1:-1])} and {references[-1]}"
        return f"one of {others} must have a value, as {asking} has one ({note})"
    reason = f"{listed} go together" if note.kind == "P" else f"{asking} asks for it"
    return f"{missing.name} is missing: {reason} ({note})"
