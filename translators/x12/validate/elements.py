"""The elements of one segment against its definition: presence, composites, repeats, separators and blanks."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from translators.x12.guide.nodes import ElementDef, SegmentDef
from translators.x12.guide.pattern import EXTENDED, EXTENDED_5, Marks
from translators.x12.validate.conditions import check_notes
from translators.x12.validate.element_errors import ElementError, ElementErrors, Place
from translators.x12.validate.values import check_format, check_value

BLANK: Final = " "


@lru_cache(maxsize=32)
def element_check(marks: Marks) -> ElementCheck:
    """The check for these delimiters. Made once: it keeps nothing of the segments it sees."""
    return ElementCheck(marks)


class ElementCheck:
    """Checks the elements of segments for one set of delimiters."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        delimiters = {marks.element, marks.component, marks.repetition, marks.segment}
        self._allowed = frozenset(EXTENDED_5 if marks.extended_5 else EXTENDED) - delimiters

    def errors(self, definition: SegmentDef, raw: str, match: Callable[[str], object]) -> list[ElementError]:
        """Every error in the elements of the segment `raw` (id first, no terminator), in the order of the elements.

        `match` is the compiled pattern of `definition`. A segment without errors gives an empty list.
        """
        errors = ElementErrors()
        if not self._check_padding(definition, raw, match, errors):
            self._check_elements(definition, raw, errors)
        return errors.in_order()

    def _check_padding(
        self, definition: SegmentDef, raw: str, match: Callable[[str], object], errors: ElementErrors
    ) -> bool:
        """The quick way for the most frequent deviations: True if only blanks and separators are wrong, all noted."""
        mark = self._marks.element
        if self._marks.component in raw or not (BLANK + mark in raw or raw.endswith((BLANK, mark))):
            return False
        values = raw.split(mark)
        kept = [value.rstrip(BLANK) for value in values]
        _drop_empty_end(kept, keep=1)
        if not match(mark.join(kept)):
            return False
        extra = _drop_empty_end(values, keep=1)
        if extra:
            errors.add("trailing_separators", Place(len(values)), message=_behind_the_last(extra))
        for position in range(1, len(values)):
            value = values[position]
            if value.endswith(BLANK):
                number = _data_element(definition.elements, position)
                if position < len(kept) and kept[position]:
                    errors.add("trailing_blanks", Place(position), number, value)
                else:
                    errors.add("blank_element", Place(position), number)
        return True

    def _check_elements(self, definition: SegmentDef, raw: str, errors: ElementErrors) -> None:
        values = raw.split(self._marks.element)[1:]
        extra = _drop_empty_end(values)
        if extra:
            errors.add("trailing_separators", Place(len(values) + 1), message=_behind_the_last(extra))
        elements = definition.elements
        present: set[int] = set()
        for position, value in enumerate(values, 1):
            if position <= len(elements):
                if self._check_element(elements[position - 1], value, position, errors):
                    present.add(position)
            elif value.strip(BLANK):
                message = f"{definition.id} has {len(elements)} elements, here are {len(values)}"
                errors.add("too_many_elements", Place(position), "", value, message)
                break
            elif value:
                errors.add("blank_element", Place(position))
        for position, element in enumerate(elements[len(values) :], len(values) + 1):
            if element.usage == "R":
                _add_missing(element, Place(position), errors)
        check_notes(elements, definition.notes, frozenset(present), None, errors)
        if definition.formatted and {2, 3} <= present:
            check_format(elements[2], values[1], values[2].rstrip(BLANK), Place(3), errors)

    def _check_element(self, definition: ElementDef, value: str, position: int, errors: ElementErrors) -> bool:
        """Check one element; True if it has a value."""
        place = Place(position)
        if not value.strip(BLANK):
            _add_empty(definition, value, place, errors)
            return False
        if definition.usage == "N":
            errors.add("element_forbidden", place, definition.data_element, value)
        elif self._marks.repetition and self._marks.repetition in value:
            self._check_repeats(definition, value.split(self._marks.repetition), place, errors)
        else:
            self._check_occurrence(definition, value, place, errors)
        return True

    def _check_repeats(self, definition: ElementDef, values: list[str], place: Place, errors: ElementErrors) -> None:
        most = definition.repeat
        if len(values) > most:
            message = f"{definition.id} occurs {len(values)} times, at most {most} are allowed"
            extra = place._replace(repeat=most + 1)
            errors.add("too_many_repetitions", extra, definition.data_element, values[most], message)
        for repeat, value in enumerate(values[:most], 1):
            occurrence = place._replace(repeat=repeat)
            if value.strip(BLANK):
                self._check_occurrence(definition, value, occurrence, errors)
            elif most > 1:
                _add_missing(definition, occurrence, errors)

    def _check_occurrence(self, definition: ElementDef, value: str, place: Place, errors: ElementErrors) -> None:
        if definition.components:
            self._check_composite(definition, value, place, errors)
        else:
            check_value(definition, value, place, self._allowed, errors)

    def _check_composite(self, definition: ElementDef, value: str, place: Place, errors: ElementErrors) -> None:
        values = value.split(self._marks.component)
        if _drop_empty_end(values):
            after = place._replace(component=len(values) + 1)
            errors.add("trailing_separators", after, definition.data_element, "", "in a composite")
        components = definition.components
        present: set[int] = set()
        for number, component in enumerate(values, 1):
            at = place._replace(component=number)
            if number <= len(components):
                if self._check_component(components[number - 1], component, at, errors):
                    present.add(number)
            elif component.strip(BLANK):
                message = f"{definition.id} has {len(components)} components, here are {len(values)}"
                errors.add("too_many_components", at, "", component, message)
                break
            elif component:
                errors.add("blank_element", at)
        for number, missing in enumerate(components[len(values) :], len(values) + 1):
            if missing.usage == "R":
                _add_missing(missing, place._replace(component=number), errors)
        check_notes(components, definition.notes, frozenset(present), place, errors)

    def _check_component(self, definition: ElementDef, value: str, place: Place, errors: ElementErrors) -> bool:
        """Check one component; True if it has a value."""
        if not value.strip(BLANK):
            _add_empty(definition, value, place, errors)
            return False
        if definition.usage == "N":
            errors.add("element_forbidden", place, definition.data_element, value)
        else:
            check_value(definition, value, place, self._allowed, errors)
        return True


def _drop_empty_end(values: list[str], keep: int = 0) -> int:
    """Take empty values off the end, down to `keep` values; how many were taken."""
    count = len(values)
    while len(values) > keep and not values[-1]:
        values.pop()
    return count - len(values)


def _behind_the_last(count: int) -> str:
    return f"{count} behind the last value"


def _data_element(elements: tuple[ElementDef, ...], position: int) -> str:
    """The data element's number; "" behind the end of the definition."""
    return elements[position - 1].data_element if position <= len(elements) else ""


def _add_empty(definition: ElementDef, value: str, place: Place, errors: ElementErrors) -> None:
    """An element without a value: blanks are none. A mandatory one is missing."""
    if value:
        errors.add("blank_element", place, definition.data_element)
    if definition.usage == "R":
        _add_missing(definition, place, errors)


def _add_missing(definition: ElementDef, place: Place, errors: ElementErrors) -> None:
    errors.add("element_missing", place, definition.data_element, "", f"{definition.name} is missing")
