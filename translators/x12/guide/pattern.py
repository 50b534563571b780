"""One regular expression per segment definition: it proves a whole segment valid in one call.

Presence, lengths, types, code lists and syntax notes are all in the expression. Two things are not, because they are
cheaper to prove for a whole set at once (`Plan.check` does): no element ends in a blank, and no segment or composite
ends in a separator. All repeats are possessive: whether an element is there follows from the next character, so there
is nothing to backtrack into, and a hostile segment takes time in proportion to its length.

Types and characters as X12.6 has them and pyx12 reads them: dates are real days from 1800 on, times real times,
R needs digits after its point, sign and point do not count towards a length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from translators.x12.guide.nodes import ElementDef, LoopNode, Note, SegmentDef, SegmentNode, opening

BASIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"&'()*+,-./:;?= "
EXTENDED = BASIC + "abcdefghijklmnopqrstuvwxyz%~@[]_{}\\|<>#$"
# Release 005010 adds two characters to the extended set.
EXTENDED_5 = EXTENDED + "^`"

CENTURY = "(?:1[89]|[2-9][0-9])"
MONTH_DAY = (
    "(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))"
)
# Years of two digits that have a 29 February; 00 is 2000 in the window 1950-2049.
LEAP = "(?:0[048]|[2468][048]|[13579][26])"
LEAP_YEAR = f"(?:{CENTURY}(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[3579][26])00)"
# The first form covers most days of this century and is quicker.
DATE_8 = f"(?:20[0-9][0-9](?:0[1-9]|1[0-2])(?:[01][1-9]|10|2[0-8])|{CENTURY}[0-9]{{2}}{MONTH_DAY}|{LEAP_YEAR}0229)"
DATE_6 = f"(?:[0-9]{{2}}{MONTH_DAY}|{LEAP}0229)"
TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9][0-9]{0,2})?+"

# DE 1250 qualifiers whose DE 1251 value has a form that can be checked.
FORMATS: dict[str, str] = {
    "D8": DATE_8,
    "D6": DATE_6,
    "RD8": f"{DATE_8}-{DATE_8}",
    "DT": f"(?:{DATE_8}|{DATE_6}|{DATE_8}(?:[01][0-9]|2[0-3])[0-5][0-9])",
    "TM": TIME,
}

# Notes within so few elements are worked into the expression; wider ones look ahead over the segment.
NARROW = 4


class Marks(NamedTuple):
    """The delimiters that a pattern is compiled for; `extended_5`: the character set is that of 005010."""

    element: str
    component: str
    repetition: str
    segment: str
    extended_5: bool

    def text_class(self) -> str:
        """A regular expression class of the characters that may stand in text."""
        return _text_class(self)


@lru_cache(maxsize=32)
def _text_class(marks: Marks) -> str:
    reserved = {marks.element, marks.component, marks.repetition, marks.segment}
    runs: list[str] = []
    for letter in sorted(set(EXTENDED_5 if marks.extended_5 else EXTENDED) - reserved):
        if runs and ord(letter) == ord(runs[-1][-1]) + 1:
            runs[-1] += letter
        else:
            runs.append(letter)
    # Written as ranges: a class stands in nearly every element, and reading it is most of what compiling costs.
    ranges = (f"{re.escape(run[0])}-{re.escape(run[-1])}" for run in runs)
    return f"[{''.join(ranges)}]"


def number(low: int, high: int) -> str:
    """Whole numbers with `low` to `high` digits, implied decimals included."""
    return f"-?+[0-9]{{{low},{high}}}+"


def real(low: int, high: int) -> str:
    """Decimal numbers with `low` to `high` digits: a point needs a digit after it and counts for nothing."""
    whole = f"[0-9]{{{low},{high}}}+(?!\\.)"
    fraction = f"(?=[0-9.]{{{low + 1},{high + 1}}}+(?![0-9.]))[0-9]*+\\.[0-9]++"
    exact = f"-?+(?:{whole}|{fraction})"
    if low > 1 or high < 4:
        return f"(?:{exact})"
    # Most numbers are short: their digits cannot be too many, however the point divides them.
    places = min(4, high // 2)
    return f"(?:[0-9]{{1,{high - places}}}+(?:\\.[0-9]{{1,{places}}}+)?+(?![0-9.])|{exact})"


def date(low: int, high: int) -> str:
    """Days that exist, as CCYYMMDD, YYMMDD or either, by the lengths that the element allows."""
    if high < 8:
        return DATE_6
    return DATE_8 if low > 6 else f"(?:{DATE_8}|{DATE_6}(?![0-9]))"


def one_of(codes: Collection[str]) -> str:
    """Any of these texts, the longest that fits; grouped by the first letter, which is quicker to search."""
    by_first: dict[str, list[str]] = {}
    for code in sorted(codes, key=lambda code: (-len(code), code)):
        by_first.setdefault(code[0], []).append(re.escape(code[1:]))
    groups = [f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in sorted(by_first.items())]
    return f"(?:{'|'.join(groups)})"


def simple(definition: ElementDef, marks: Marks) -> str:
    """The expression of a simple element that is present."""
    if definition.codes is not None:
        return one_of(definition.codes)
    kind, low, high = definition.data_type, definition.low, definition.high
    if kind == "R":
        return real(low, high)
    if kind.startswith("N"):
        return number(low, high)
    if kind == "DT":
        return date(low, high)
    if kind == "TM":
        return TIME if high > 4 else "(?:[01][0-9]|2[0-3])[0-5][0-9]"
    return f"{marks.text_class()}{{{low},{high}}}+"


def content(definition: ElementDef, marks: Marks) -> str:
    """The expression of an element that is present, simple or composite, repeated where it may be."""
    if definition.components:
        once = sequence(definition.components, definition.notes, re.escape(marks.component), marks, leading=False)
    else:
        once = simple(definition, marks)
    if definition.repeat == 1 or not marks.repetition:
        return once
    return f"{once}(?:{re.escape(marks.repetition)}{once}){{0,{definition.repeat - 1}}}+"


def optional(definition: ElementDef, marks: Marks) -> str:
    """The expression of an element that may be empty."""
    if (
        definition.low == 1
        and definition.repeat == 1
        and definition.codes is None
        and definition.data_type in ("AN", "ID")
    ):
        return f"{marks.text_class()}{{0,{definition.high}}}+"
    return f"(?:{content(definition, marks)})?+"


def blocks(count: int, notes: Sequence[Note]) -> tuple[list[tuple[int, int]], list[Note], list[Note]]:
    """Cut positions 1..count into runs tied together by narrow notes: (runs, narrow notes, wide notes)."""
    narrow: list[Note] = []
    wide: list[Note] = []
    runs: list[tuple[int, int]] = []
    for note in sorted(notes, key=lambda n: max(n.elements) - min(n.elements)):
        low, high = min(note.elements), max(note.elements)
        touched = [run for run in runs if run[0] <= high and run[1] >= low]
        merged = (min([low, *(r[0] for r in touched)]), max([high, *(r[1] for r in touched)]))
        if merged[1] - merged[0] >= NARROW:
            wide.append(note)
            continue
        narrow.append(note)
        runs = [run for run in runs if run not in touched] + [merged]
    inside = {i for low, high in runs for i in range(low, high + 1)}
    runs += [(i, i) for i in range(1, count + 1) if i not in inside]
    return sorted(runs), narrow, wide


def satisfied(notes: Sequence[Note], present: frozenset[int]) -> bool:
    """Are all notes kept when exactly the elements at the positions `present` have a value?"""
    return all(note.holds(present) for note in notes)


def sequence(
    elements: Sequence[ElementDef], notes: Sequence[Note], separator: str, marks: Marks, *, leading: bool
) -> str:
    """Elements with their separators; `leading` says whether the first has one before it (a segment's has)."""
    count = len(elements)
    runs, narrow, wide = blocks(count, notes)
    last_required = max((i for i, e in enumerate(elements, 1) if e.usage == "R"), default=0)

    def run(low: int, high: int) -> str:
        mine = [note for note in narrow if low <= min(note.elements) and max(note.elements) <= high]

        def step(i: int, present: frozenset[int]) -> str | None:
            if i > high:
                return "" if satisfied(mine, present) else None
            definition = elements[i - 1]
            with_it = None if definition.usage == "N" else step(i + 1, present | {i})
            without = None if definition.usage == "R" else step(i + 1, present)
            mark = separator if leading or i > 1 else ""
            written: str | None = None
            if with_it is not None and without is not None:
                if with_it == without:
                    written = f"{mark}{optional(definition, marks)}{with_it}"
                else:
                    written = f"{mark}(?:{content(definition, marks)}{with_it}|{without})"
            elif with_it is not None:
                written = f"{mark}{content(definition, marks)}{with_it}"
            elif without is not None:
                written = f"{mark}{without}"
            if i > last_required and satisfied(mine, present):
                return f"(?:{written})?+" if written else ""
            return written

        pattern = step(low, frozenset())
        # A run that no segment can satisfy (an overlay may ask for that) matches nothing.
        return "(?!)" if pattern is None else pattern

    expression, none_needed = "", True
    for low, high in reversed(runs):
        body = run(low, high) + expression
        mine = [note for note in narrow if low <= min(note.elements) and max(note.elements) <= high]
        none_needed = none_needed and low > last_required and satisfied(mine, frozenset())
        expression = f"(?:{body})?+" if none_needed else body
    return "".join(look_ahead(note, separator, marks, leading) for note in wide) + expression


def look_ahead(note: Note, separator: str, marks: Marks, leading: bool) -> str:
    """A wide note, checked on the whole segment (or composite) before its elements are read."""
    stop = re.escape(marks.element + marks.segment + ("" if leading else marks.component + marks.repetition))
    skip = f"{separator}[^{stop}]*+" if leading else f"[^{stop}]*+{separator}"

    def present(i: int) -> str:
        return (f"(?:{skip}){{{i - 1}}}" if i > 1 else "") + (separator if leading else "") + f"[^{stop}]"

    first, *others = note.elements
    is_present = [f"(?={present(i)})" for i in note.elements]
    absent = [f"(?!{present(i)})" for i in note.elements]
    if note.kind == "R":
        return f"(?:{'|'.join(is_present)})"
    if note.kind == "P":
        return f"(?:{''.join(is_present)}|{''.join(absent)})"
    if note.kind == "E":
        pairs = [(a, b) for n, a in enumerate(is_present) for b in is_present[n + 1 :]]
        return "".join(f"(?!{a}{b})" for a, b in pairs)
    rest = [f"(?={present(i)})" for i in others]
    wanted = "".join(rest) if note.kind == "C" else f"(?:{'|'.join(rest)})"
    return f"(?:(?!{present(first)})|{wanted})"


def formatted(definition: SegmentDef, marks: Marks) -> str:
    """A segment whose third element is written as its second says (DTP: DE 1250 and 1251)."""
    first, qualifier, value = (content(e, marks) for e in definition.elements)
    mark = re.escape(marks.element)
    known = "|".join(f"{code}{mark}{form}" for code, form in FORMATS.items())
    names = "|".join(FORMATS)
    return f"{mark}{first}{mark}(?:{known}|(?!(?:{names}){mark}){qualifier}{mark}{value})"


@lru_cache(maxsize=4096)
def segment_pattern(definition: SegmentDef, marks: Marks) -> str:
    """The expression of one segment, id included, terminator not."""
    if definition.formatted:
        return definition.id + formatted(definition, marks)
    return definition.id + sequence(
        definition.elements, definition.notes, re.escape(marks.element), marks, leading=True
    )


def matcher(definition: SegmentDef, marks: Marks) -> Callable[[str], object]:
    """The compiled check of one segment: truthy for a valid one, trailing blanks and separators aside."""
    return re.compile(segment_pattern(definition, marks)).fullmatch


def whole_set(root: LoopNode, met: Collection[SegmentNode], marks: Marks) -> re.Pattern[str]:
    """One expression for a whole set, segments terminated, of the places `met` only: order, repeats and contents.

    Each place takes all it can before the next is tried, the inner loops first: the nearest place of a segment wins,
    as in `Plan.step`. What is not met yet makes the expression fail, never accept too much.
    """
    end = re.escape(marks.segment)

    def places(loop: LoopNode) -> str:
        return "".join(pattern for child in loop.children if (pattern := place(child)))

    def place(child: SegmentNode | LoopNode) -> str:
        if opening(child) not in met:
            return ""
        inner = segment_pattern(child.definition, marks) + end if isinstance(child, SegmentNode) else places(child)
        least = 1 if child.usage == "R" else 0
        if least == 1 and child.most == 1:
            return inner
        return f"(?:{inner}){{{least},{'' if child.most is None else child.most}}}+"

    return re.compile(places(root))
