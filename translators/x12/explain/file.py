"""An X12 file for a person: loops indented, segments and elements by name, codes spelt out, findings in place.

One model for the terminal and for the web page. It says nothing the reading of the file did not: verdicts and findings
come from `read_interchanges`, names from the guide that validated the set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from translators.profile import Profile
from translators.translation import GroupResult, InterchangeResult, SetResult
from translators.x12.envelope.framing import Marks
from translators.x12.envelope.header import read_header
from translators.x12.envelope.names import ENVELOPE_CODES, ENVELOPE_NAMES
from translators.x12.envelope.standards import BLANKS
from translators.x12.envelope.window import Window
from translators.x12.explain.lines import ExplainedElement, ExplainedLine, LineKind
from translators.x12.explain.set_walker import SetWalker
from translators.x12.read.file import read_interchanges
from translators.x12.read.guides import Guides
from translators.x12.sets.acknowledgments.codes import INTERCHANGE_NOTES
from translators.x12.sets.context import SetContext
from translators.x12.sets.table import code_names

if TYPE_CHECKING:
    from translators.x12.guide.nodes import ElementDef, SegmentDef
    from translators.x12.guide.plan import Plan

MAX_VALUE = 2_000


def explain(data: bytes, profile: Profile) -> list[ExplainedLine]:
    """Every segment of every interchange in order. Never raises for what is in the file."""
    file = read_interchanges(data, profile, {})
    lines = [ExplainedLine(0, "file", "", "File", findings=list(file.findings))] if file.findings else []
    guides = Guides(profile)
    for interchange in file.interchanges:
        lines += _Interchange(data, interchange, profile, guides).lines()
    return lines


class _Interchange:
    """The lines of one interchange, walking its text beside its results."""

    def __init__(self, data: bytes, result: InterchangeResult, profile: Profile, guides: Guides) -> None:
        self._result = result
        self._profile = profile
        self._guides = guides
        self._window = Window(data[result.offset : result.offset + max(result.length, 106)])
        while self._window.more():
            pass
        self._context = SetContext(profile=profile)
        self._groups = iter(result.groups)
        self._group: GroupResult | None = None
        self._sets: Iterator[SetResult] = iter(())
        self._walker: SetWalker | None = None

    def lines(self) -> Iterator[ExplainedLine]:
        """The lines in the order of the segments."""
        window, result = self._window, self._result
        start = len(window.text) - len(window.text.lstrip(BLANKS))
        header = read_header(window.text, start, self._profile)
        if header is None:
            raise AssertionError("an interchange that was read has a header that can be read")
        if any(finding.code == "isa_wrapped" for finding in result.findings):
            window.unwrap(start)
            header = read_header(window.text, start, self._profile) or header
        marks = Marks(header.delimiters)
        self._context = SetContext(profile=self._profile, delimiters=header.delimiters)
        first = self._line(0, "interchange", ["ISA", *header.elements], "", result.offset)
        first.findings = [finding for finding in result.findings if finding.segment != "IEA"]
        first.verdict = result.verdict
        first.raw = window.text[start : start + header.length].strip("\r\n").removesuffix(marks.segment)
        yield first
        last_words = [finding for finding in result.findings if finding.segment == "IEA"]
        for raw, place in _segments(window, start + header.length, marks):
            elements = raw.split(marks.element)
            line = self._segment_line(elements, raw, result.offset + place)
            if line.segment == "IEA" and line.depth == 0:
                line.findings, last_words = last_words, []
            yield line
        self._close_set()
        first.findings += last_words

    def _segment_line(self, elements: list[str], raw: str, offset: int) -> ExplainedLine:
        """One segment's line; the results of groups and sets are taken up as their headers come."""
        ident = elements[0].upper()
        if ident in ("GS", "GE", "ST", "IEA"):
            self._close_set()
        if ident == "GS":
            self._group = next(self._groups, None)
            self._sets = iter(self._group.sets if self._group else ())
            return self._group_line(elements, raw, offset, self._group)
        if ident == "ST" and (done := next(self._sets, None)) is not None:
            self._walker = SetWalker(done, self._guide_plan(done, self._group))
        if self._walker is not None:
            line = self._in_set(self._walker, elements, raw, offset)
            if ident == "SE":
                self._walker = None
            return line
        if ident == "GE":
            line = self._line(1, "group", elements, raw, offset)
            line.findings = (
                [finding for finding in self._group.findings if finding.segment == "GE"] if self._group else []
            )
            return line
        if ident == "IEA":
            return self._line(0, "interchange", elements, raw, offset)
        return self._line(1, "segment", elements, raw, offset)

    def _close_set(self) -> None:
        if self._walker is not None:
            self._walker.close()
            self._walker = None

    def _guide_plan(self, done: SetResult, group: GroupResult | None) -> Plan | None:
        guide = self._guides.guide(done.set_id, group.version) if group else None
        return guide.plan if guide else None

    def _group_line(self, elements: list[str], raw: str, offset: int, group: GroupResult | None) -> ExplainedLine:
        line = self._line(1, "group", elements, raw, offset)
        if group is not None:
            line.verdict = group.verdict
            # Where the GE is missing there is no other line for it.
            missing = any(finding.code == "ge_missing" for finding in group.findings)
            line.findings = [finding for finding in group.findings if finding.segment != "GE" or missing]
        return line

    def _line(self, depth: int, kind: LineKind, elements: Sequence[str], raw: str, offset: int) -> ExplainedLine:
        ident = elements[0].upper()
        name, definitions = ENVELOPE_NAMES.get(ident, ("", ()))
        shown = []
        for number, element in enumerate(elements[1:], start=1):
            number_of, title = definitions[number - 1] if number <= len(definitions) else ("", "")
            value = self._context.text(element.strip(BLANKS))
            if value:
                text = ENVELOPE_CODES.get((number_of, value), "") or code_names().get((number_of, value), "")
                if number_of == "I18":
                    text = INTERCHANGE_NOTES.get(value, "")
                shown.append(ExplainedElement(f"{ident}{number:02d}", title, value[:MAX_VALUE], text))
        return ExplainedLine(depth, kind, ident, name, shown, offset=offset, raw=raw)

    def _in_set(self, walker: SetWalker, elements: list[str], raw: str, offset: int) -> ExplainedLine:
        ident = elements[0].upper()
        definition, depth = walker.step(ident, elements)
        if ident in ("ST", "SE"):
            line = self._line(2, "set", elements, raw, offset)
            line.verdict = walker.result.verdict if ident == "ST" else ""
        else:
            line = ExplainedLine(depth, "segment", ident, definition.name if definition else "", offset=offset, raw=raw)
            line.elements = list(self._elements(ident, elements, definition))
        line.position = walker.position
        line.findings = walker.findings_here(last=ident == "SE")
        walker.line = line
        return line

    def _elements(self, ident: str, elements: list[str], definition: SegmentDef | None) -> Iterator[ExplainedElement]:
        known = definition.elements if definition else ()
        for number, value in enumerate(elements[1:], start=1):
            if not value.strip(BLANKS):
                continue
            element = known[number - 1] if number <= len(known) else None
            reference = f"{ident}{number:02d}"
            for occurrence in self._context.repeats(value):
                if element is None or not element.components:
                    if occurrence.strip(BLANKS):
                        yield self._element(reference, occurrence, element)
                    continue
                for place, part in enumerate(self._context.components(occurrence), start=1):
                    component = element.components[place - 1] if place <= len(element.components) else None
                    if part.strip(BLANKS):
                        yield self._element(f"{reference}-{place}", part, component)

    def _element(self, reference: str, value: str, definition: ElementDef | None) -> ExplainedElement:
        from translators.x12.guide.files import code_text

        text = code_text(definition.data_element, value.strip()) if definition else ""
        name = definition.name if definition else ""
        return ExplainedElement(reference, name, self._context.text(value)[:MAX_VALUE], text)


def _segments(window: Window, at: int, marks: Marks) -> Iterator[tuple[str, int]]:
    """Segments without blanks around them, each with its place in bytes from the interchange's beginning."""
    text = window.text
    while at < len(text):
        gap = marks.gap.match(text, at)
        at = gap.end() if gap else at
        if at >= len(text):
            return
        end = marks.between.search(text, at)
        stop = end.start() if end else len(text)
        yield text[at:stop].rstrip("\r\n"), window.offset(at)
        at = end.end() if end else stop
