"""Where a transaction set begins and ends, and its segments: a quick way for tidy sets, a careful one for the others.

The quick way is two `str.find` and one `split`. It proves nothing, and does not have to: if a set passes its plan, its
segments were cut rightly, because the plan knows no segment that could hide in another. A set that does not pass is
framed again with care: for envelope segments behind a missing SE, blanks, line breaks and empty segments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from translators.profile import Delimiters
from translators.x12.envelope.limits import CHUNK_SIZE, MAX_SEGMENT_LENGTH, MAX_SEGMENTS_PER_SET, MAX_SET_LENGTH
from translators.x12.envelope.standards import BLANKS
from translators.x12.envelope.window import Window

# How far the quick way looks for the end of a set.
QUICK_REACH = 4 * CHUNK_SIZE
# The ids of envelope segments in any case, written so that the search skips from one possible first letter to the next.
EDGES = "[GgSsIiTt](?:(?<=[Gg])[SsEe]|(?<=[Ss])[TtEe]|(?<=[Ii])[SsEe][Aa]|(?<=[Tt])[Aa]1)"
BREAKS = re.compile(r"[\r\n]+")


class Marks:
    """The strings and patterns that frame one interchange, made once from its delimiters."""

    __slots__ = (
        "between",
        "delimiters",
        "edges",
        "element",
        "gap",
        "newline",
        "runs",
        "se",
        "segment",
        "split",
        "st",
        "trailer",
    )

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.element = delimiters.element
        self.segment = delimiters.segment
        self.newline = delimiters.newline
        # What stands between two segments of a tidy file.
        self.split = self.segment + self.newline
        self.st = f"ST{self.element}"
        self.trailer = f"SE{self.element}"
        self.se = self.split + self.trailer
        element, segment = re.escape(self.element), re.escape(self.segment)
        blanks = "".join(re.escape(blank) for blank in BLANKS if blank != self.element)
        self.gap = re.compile(f"(?:[{blanks}]|{segment})*")
        self.edges = re.compile(EDGES + element)
        self.runs = re.compile(f"{segment}(?:[{blanks}]|{segment})+")
        self.between = BREAKS if self.by_lines else re.compile(segment)

    @property
    def by_lines(self) -> bool:
        """Is the line end itself the terminator?"""
        return self.segment[0] in "\r\n"

    def starts_segment(self, text: str, at: int, floor: int) -> bool:
        """Does a segment begin at index `at`: is there a terminator before it, with only blanks between?"""
        before = at - 1
        while before >= floor and text[before] in BLANKS and not text.endswith(self.segment, floor, before + 1):
            if self.by_lines and text[before] in "\r\n":
                return True
            before -= 1
        return before < floor or text.endswith(self.segment, floor, before + 1)


@dataclass(slots=True)
class Frame:
    """One transaction set cut out of the text: `end` is the index after its last terminator.

    `raw` is the text between; `oversize` says that the limit was reached before an end was found, and `raw` is "".
    """

    raw: str
    end: int
    has_trailer: bool = True
    oversize: bool = False


def quick_frame(window: Window, at: int, marks: Marks) -> Frame | None:
    """The set at index `at` up to the first SE after a tidy separator; None if there is none within reach."""
    text = window.text
    trailer, begin = marks.se, at + 2
    while True:
        found = text.find(trailer, begin)
        if found >= 0:
            end = text.find(marks.segment, found + len(trailer))
            if end >= 0:
                return Frame(text[at:end], end + len(marks.segment))
            begin = found
        else:
            begin = max(begin, len(text) - len(trailer))
        if len(text) - at > QUICK_REACH:
            return None
        if not window.more():
            break
        text = window.text
    if found < 0:
        return None
    # The end of the file closes the last segment.
    return Frame(text[at:].rstrip(BLANKS), len(text))


def careful_frame(window: Window, at: int, marks: Marks) -> Frame:
    """The set at index `at` up to whatever ends it: its SE, the next envelope segment, or the end of the file."""
    begin = at + 2
    while True:
        text = window.text
        for edge in marks.edges.finditer(text, begin):
            if not marks.starts_segment(text, edge.start(), at):
                continue
            if edge.group()[:2].upper() == "SE":
                return _to_trailer_end(window, at, edge.end(), marks)
            return Frame(text[at : edge.start()], edge.start(), has_trailer=False)
        if len(text) - at > MAX_SET_LENGTH:
            return Frame("", _skip_endless_set(window, at, marks), has_trailer=False, oversize=True)
        begin = max(begin, len(text) - len(BLANKS) - 4)
        if not window.more():
            return Frame(text[at:], len(text), has_trailer=False)


def _to_trailer_end(window: Window, at: int, begin: int, marks: Marks) -> Frame:
    while True:
        text = window.text
        end = marks.between.search(text, begin)
        if end:
            return Frame(text[at : end.start()], end.end())
        if len(text) - begin > MAX_SEGMENT_LENGTH or not window.more():
            return Frame(window.text[at:].rstrip(BLANKS), len(window.text))


def _skip_endless_set(window: Window, at: int, marks: Marks) -> int:
    """Drop the text of an endless set until an envelope segment comes; the index where that one starts."""
    keep = 64
    while True:
        text = window.text
        for edge in marks.edges.finditer(text, min(at + 2, len(text))):
            if marks.starts_segment(text, edge.start(), 0):
                if edge.group()[:2].upper() == "SE":
                    return _to_trailer_end(window, edge.start(), edge.end(), marks).end
                return edge.start()
        window.drop(max(0, len(text) - keep))
        at = 0
        if not window.more():
            return len(window.text)


def tidy_segments(raw: str, marks: Marks, *, strict: bool) -> tuple[list[str], bool, bool]:
    """Cut a set into segments → (segments, was anything dropped between them, was an id in lower case).

    Line breaks after terminators do not count as dropped. For a strict partner blanks, empty segments and lower-case
    ids stay as they are: the plan judges them.
    """
    parts = marks.between.split(raw.rstrip(BLANKS).removesuffix(marks.segment))
    if strict and not marks.by_lines:
        return [part.strip("\r\n") for part in parts if part.strip("\r\n") or part == ""], False, False
    segments, untidy, lower = [], False, False
    for part in parts:
        clean = part.strip("\r\n")
        if "\n" in clean or "\r" in clean:
            clean, untidy = BREAKS.sub("", clean), True
        if clean[:1] in BLANKS:
            clean = clean.lstrip(BLANKS)
            untidy = True
        if not clean:
            untidy = True
            continue
        ident, mark, rest = clean.partition(marks.element)
        if not ident.isupper() and ident != ident.upper():
            clean, lower = ident.upper() + mark + rest, True
        segments.append(clean)
    return segments, untidy, lower


def is_within_limits(raw: str, marks: Marks) -> bool:
    """Is a large set within every limit, with nothing to take out?"""
    kept, limit = within_limits(raw, marks)
    return not limit and len(kept) == len(raw)


def within_limits(raw: str, marks: Marks) -> tuple[str, str]:
    """The set's text with runs of empty segments taken out, and the finding code of the limit it breaks ("" if none).

    Called for large sets only, before anything is split: ten million empty segments must cost no memory.
    """
    if raw.count(marks.segment) > MAX_SEGMENTS_PER_SET:
        raw = marks.runs.sub(lambda run: marks.split, raw)
        if raw.count(marks.segment) > MAX_SEGMENTS_PER_SET:
            return "", "set_too_long"
    place = 0
    while len(raw) - place > MAX_SEGMENT_LENGTH:
        # The last terminator within reach; none means that one segment is longer than the limit.
        end = raw.rfind(marks.segment, place, place + MAX_SEGMENT_LENGTH + 1)
        if end < 0:
            return "", "segment_too_long"
        place = end + len(marks.segment)
    return raw, ""
