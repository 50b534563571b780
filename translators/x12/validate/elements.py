"""What is wrong with the elements of one segment: every error, with its code, place and value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import Final, Protocol

from translators.x12.guide.nodes import ElementDef, Note, SegmentDef
from translators.x12.guide.pattern import EXTENDED, EXTENDED_5, FORMATS, Marks, date


class Report(Protocol):
    """Takes one error. `repeat` counts the occurrences of a repeated element from 1; `trigger` is the element (of a
    composite, the component) whose presence asks for another or forbids it."""

    def __call__(
        self,
        code: str,
        element: int,
        component: int,
        number: str,
        value: str,
        words: str,
        /,
        *,
        repeat: int = 0,
        trigger: int = 0,
    ) -> None: ...


REAL: Final = r"-?(?:[0-9]+|[0-9]*\.[0-9]+)"
WHOLE: Final = r"-?[0-9]+"
POINTED: Final = r"-?[0-9]*\.[0-9]+"
DIGITS: Final = r"[0-9]+"
TIME: Final = r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9][0-9]{0,2})?"
DATE_8: Final = date(8, 8)
DATE_6: Final = date(6, 6)


@cache
def _whole(pattern: str) -> Callable[[str], object]:
    """Is all of a value as `pattern` has it? Compiled on first use: most files ask for one or two of them."""
    return re.compile(pattern).fullmatch


@lru_cache(maxsize=32)
def element_check(marks: Marks) -> ElementCheck:
    """The check for these delimiters; made once, it keeps nothing of the segments it sees."""
    return ElementCheck(marks)


class ElementCheck:
    """Checks segments' elements for one set of delimiters, and reports each error to a callback."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        reserved = {marks.element, marks.component, marks.repetition, marks.segment}
        self._allowed = frozenset(EXTENDED_5 if marks.extended_5 else EXTENDED) - reserved

    def segment(self, definition: SegmentDef, raw: str, match: Callable[[str], object], report: Report) -> None:
        """Every error in the elements of `raw`, a segment with this definition; `match` is its compiled pattern.

        Reported in the order of the elements, and each error of an element once, however many notes it breaks.
        """
        errors: dict[tuple[int, int, int, str], Callable[[], None]] = {}

        def keep(
            code: str, i: int, n: int, number: str, value: str, words: str, *, repeat: int = 0, trigger: int = 0
        ) -> None:
            error = partial(report, code, i, n, number, value, words, repeat=repeat, trigger=trigger)
            errors.setdefault((i, n, repeat, code), error)

        if not self._only_padded(definition, raw, match, keep):
            self._each(definition, raw, keep)
        for place in sorted(errors, key=lambda place: place[:3]):
            errors[place]()

    def _each(self, definition: SegmentDef, raw: str, report: Report) -> None:
        values = raw.split(self._marks.element)[1:]
        count = len(values)
        while values and not values[-1]:
            values.pop()
        if len(values) < count:
            report("trailing_separators", len(values) + 1, 0, "", "", f"{count - len(values)} behind the last value")
        elements = definition.elements
        present: set[int] = set()
        for i, value in enumerate(values, 1):
            if i > len(elements):
                if value.strip(" "):
                    words = f"{definition.id} has {len(elements)} elements, here are {len(values)}"
                    report("too_many_elements", i, 0, "", value, words)
                    break
                if value:
                    report("blank_element", i, 0, "", "", "")
                continue
            if self._element(elements[i - 1], value, i, report):
                present.add(i)
        for i in range(len(values) + 1, len(elements) + 1):
            if elements[i - 1].usage == "R":
                self._missing(elements[i - 1], i, 0, report)
        self._notes(elements, definition.notes, frozenset(present), 0, report)
        if definition.formatted and {2, 3} <= present:
            self._formatted(elements[2], values[1], values[2].rstrip(" "), report)

    def _only_padded(self, definition: SegmentDef, raw: str, match: Callable[[str], object], report: Report) -> bool:
        """The quick way for the most frequent deviations: is the segment right but for blanks and separators?"""
        mark = self._marks.element
        if self._marks.component in raw or not (f" {mark}" in raw or raw.endswith((" ", mark))):
            return False
        parts = raw.split(mark)
        kept = [part.rstrip(" ") for part in parts]
        while len(kept) > 1 and not kept[-1]:
            kept.pop()
        if not match(mark.join(kept)):
            return False
        last = len(parts)
        while last > 1 and not parts[last - 1]:
            last -= 1
        if last < len(parts):
            report("trailing_separators", last, 0, "", "", f"{len(parts) - last} behind the last value")
        for i in range(1, last):
            if parts[i] and parts[i][-1] == " ":
                number = definition.elements[i - 1].data_element if i <= len(definition.elements) else ""
                if i < len(kept) and kept[i]:
                    report("trailing_blanks", i, 0, number, parts[i], "")
                else:
                    report("blank_element", i, 0, number, "", "")
        return True

    @staticmethod
    def _missing(definition: ElementDef, element: int, component: int, report: Report) -> None:
        report("element_missing", element, component, definition.data_element, "", f"{definition.name} is missing")

    def _element(self, definition: ElementDef, value: str, i: int, report: Report) -> bool:
        """Check element `i`; is there a value?"""
        if not value.strip(" "):
            if value:
                report("blank_element", i, 0, definition.data_element, "", "")
            if definition.usage == "R":
                self._missing(definition, i, 0, report)
            return False
        if definition.usage == "N":
            report("element_forbidden", i, 0, definition.data_element, value, "")
            return True
        repetition = self._marks.repetition
        if repetition and repetition in value:
            self._repeated(definition, value.split(repetition), i, report)
        else:
            self._once(definition, value, i, report)
        return True

    def _repeated(self, definition: ElementDef, values: list[str], i: int, report: Report) -> None:
        if len(values) > definition.repeat:
            words = f"{definition.id} occurs {len(values)} times, at most {definition.repeat} are allowed"
            extra = values[definition.repeat]
            report("too_many_repetitions", i, 0, definition.data_element, extra, words, repeat=definition.repeat + 1)
        for repeat, value in enumerate(values[: definition.repeat], 1):
            here = partial(report, repeat=repeat)
            if value.strip(" "):
                self._once(definition, value, i, here)
            elif definition.repeat > 1:
                self._missing(definition, i, 0, here)

    def _once(self, definition: ElementDef, value: str, i: int, report: Report) -> None:
        if definition.components:
            self._composite(definition, value, i, report)
        else:
            self._simple(definition, value, i, 0, report)

    def _composite(self, definition: ElementDef, value: str, i: int, report: Report) -> None:
        parts = value.split(self._marks.component)
        count = len(parts)
        while parts and not parts[-1]:
            parts.pop()
        if len(parts) < count:
            report("trailing_separators", i, len(parts) + 1, definition.data_element, "", "in a composite")
        components = definition.components
        present: set[int] = set()
        for n, part in enumerate(parts, 1):
            if n <= len(components):
                if self._component(components[n - 1], part, i, n, report):
                    present.add(n)
            elif part.strip(" "):
                words = f"{definition.id} has {len(components)} components, here are {len(parts)}"
                report("too_many_components", i, n, "", part, words)
                break
            elif part:
                report("blank_element", i, n, "", "", "")
        for n in range(len(parts) + 1, len(components) + 1):
            if components[n - 1].usage == "R":
                self._missing(components[n - 1], i, n, report)
        self._notes(components, definition.notes, frozenset(present), i, report)

    def _component(self, definition: ElementDef, value: str, i: int, n: int, report: Report) -> bool:
        """Check component `n` of element `i`; is there a value?"""
        if not value.strip(" "):
            if value:
                report("blank_element", i, n, definition.data_element, "", "")
            if definition.usage == "R":
                self._missing(definition, i, n, report)
            return False
        if definition.usage == "N":
            report("element_forbidden", i, n, definition.data_element, value, "")
        else:
            self._simple(definition, value, i, n, report)
        return True

    def _simple(self, definition: ElementDef, value: str, i: int, n: int, report: Report) -> None:
        number = definition.data_element
        kept = value.rstrip(" ")
        if kept != value:
            report("trailing_blanks", i, n, number, value, "")
        kind = definition.data_type
        if kind == "R" or kind[0] == "N":
            self._number(definition, kept, i, n, report)
        elif kind == "DT":
            self._date(definition, kept, i, n, report)
        elif kind == "TM":
            self._time(definition, kept, i, n, report)
        else:
            self._text(definition, kept, i, n, report)

    @staticmethod
    def _length(definition: ElementDef, length: int, value: str, i: int, n: int, report: Report) -> bool:
        if length < definition.low:
            words = f"{definition.name} has {length} characters, at least {definition.low} are needed"
            report("element_too_short", i, n, definition.data_element, value, words)
            return False
        if length > definition.high:
            words = f"{definition.name} has {length} characters, at most {definition.high} are allowed"
            report("element_too_long", i, n, definition.data_element, value, words)
            return False
        return True

    def _text(self, definition: ElementDef, value: str, i: int, n: int, report: Report) -> None:
        number = definition.data_element
        wrong = set(value) - self._allowed
        if wrong:
            national = all(letter >= "\xa0" for letter in wrong)
            shown = ", ".join(f"{letter!r}" for letter in sorted(wrong)[:5])
            report("national_character" if national else "bad_character", i, n, number, "", f"contains {shown}")
        fits = self._length(definition, len(value), value, i, n, report)
        if fits and not wrong and definition.codes is not None and value not in definition.codes:
            report("bad_code", i, n, number, value, f"{value} is not a code of {definition.name}")

    def _number(self, definition: ElementDef, value: str, i: int, n: int, report: Report) -> None:
        kind, number = definition.data_type, definition.data_element
        if not _whole(REAL if kind == "R" else WHOLE)(value):
            if kind not in ("R", "N0", "N") and _whole(POINTED)(value):
                report("decimal_point_in_n2", i, n, number, value, "")
            else:
                report("bad_character", i, n, number, "", f"{definition.name} is not a number")
                return
        digits = len(value) - value.count("-") - value.count(".")
        if self._length(definition, digits, value, i, n, report):
            self._coded(definition, value, i, n, report)

    def _date(self, definition: ElementDef, value: str, i: int, n: int, report: Report) -> None:
        number = definition.data_element
        if not _whole(DIGITS)(value):
            report("invalid_date", i, n, number, value, f"{value} is not a date")
        elif definition.low == 8 and len(value) == 6 and _whole(DATE_6)(value):
            report("short_date", i, n, number, value, "")
        elif self._length(definition, len(value), value, i, n, report):
            if not _whole(DATE_6 if len(value) == 6 else DATE_8)(value):
                report("invalid_date", i, n, number, value, f"there is no day {value}")
            else:
                self._coded(definition, value, i, n, report)

    def _time(self, definition: ElementDef, value: str, i: int, n: int, report: Report) -> None:
        number = definition.data_element
        if not _whole(DIGITS)(value):
            report("invalid_time", i, n, number, value, f"{value} is not a time")
        elif self._length(definition, len(value), value, i, n, report):
            if not _whole(TIME)(value):
                report("invalid_time", i, n, number, value, f"there is no time {value}")
            else:
                self._coded(definition, value, i, n, report)

    @staticmethod
    def _coded(definition: ElementDef, value: str, i: int, n: int, report: Report) -> None:
        if definition.codes is not None and value not in definition.codes:
            report("bad_code", i, n, definition.data_element, value, f"{value} is not a code of {definition.name}")

    @staticmethod
    def _formatted(definition: ElementDef, qualifier: str, value: str, report: Report) -> None:
        form = FORMATS.get(qualifier)
        if form is not None and not _whole(form)(value):
            code = "invalid_time" if qualifier == "TM" else "invalid_date"
            report(code, 3, 0, definition.data_element, value, f"{value} is not written as {qualifier} says")

    @staticmethod
    def _notes(
        elements: Sequence[ElementDef], notes: Sequence[Note], present: frozenset[int], composite: int, report: Report
    ) -> None:
        """Broken syntax notes, each on the element that is missing, or for E on the one too many."""
        for note in notes:
            if note.holds(present):
                continue
            # What asks for the missing element, or excludes the one too many; of R, nothing does.
            trigger = next((i for i in note.elements if i in present), 0)
            if note.kind == "E":
                places = [i for i in note.elements if i in present][1:]
            elif note.kind == "P":
                places = [i for i in note.elements if i not in present]
            elif note.kind == "C":
                places = [i for i in note.elements[1:] if i not in present]
            else:
                places = [note.elements[1 if note.kind == "L" else 0]]
            for place in places:
                where = (composite, place) if composite else (place, 0)
                definition = elements[place - 1]
                code = "element_excluded" if note.kind == "E" else "element_condition"
                words = _condition(note, elements, definition, trigger)
                report(code, *where, definition.data_element, "", words, trigger=trigger)


def _condition(note: Note, elements: Sequence[ElementDef], missing: ElementDef, trigger: int) -> str:
    """A broken syntax note in words."""
    refs = [elements[place - 1].id.replace("-0", "-") for place in note.elements]
    listed = f"{', '.join(refs[:-1])} and {refs[-1]}"
    if note.kind == "E":
        return f"only one of {listed} may have a value ({note})"
    if note.kind == "R":
        return f"one of {listed} must have a value ({note})"
    asking = elements[trigger - 1].id
    if note.kind == "L":
        return f"one of {', '.join(refs[1:-1])} and {refs[-1]} must have a value, as {asking} has one ({note})"
    reason = f"{listed} go together" if note.kind == "P" else f"{asking} asks for it"
    return f"{missing.name} is missing: {reason} ({note})"
