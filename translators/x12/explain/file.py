"""An X12 file for a person: loops indented, segments and elements by name, codes spelt out, findings in place.

One model for the terminal and for the web page. It says nothing the reading of the file did not: verdicts and findings
come from `read_interchanges`, names from the guide that validated the set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from translators.findings import CATALOGUE, Finding
from translators.profile import Profile
from translators.translation import GroupResult, InterchangeResult, SetResult
from translators.x12.envelope.framing import Marks
from translators.x12.envelope.header import BLANKS, read_header
from translators.x12.envelope.names import ENVELOPE_CODES, ENVELOPE_NAMES
from translators.x12.envelope.window import Window
from translators.x12.read.file import read_interchanges
from translators.x12.read.guides import Guides
from translators.x12.sets.acknowledgments.codes import INTERCHANGE_NOTES
from translators.x12.sets.context import SetContext
from translators.x12.sets.table import code_names

if TYPE_CHECKING:
    from translators.x12.guide.nodes import SegmentDef, SegmentNode
    from translators.x12.guide.plan import Plan

LineKind = Literal["file", "interchange", "group", "set", "segment"]
MAX_VALUE = 2_000


@dataclass(frozen=True, slots=True)
class ExplainedElement:
    """One element or component with a value. `ref` is "BGN02" or "MEA04-1"; `text` spells a code out, "" if none."""

    ref: str
    name: str
    value: str
    text: str = ""


@dataclass(slots=True)
class ExplainedLine:
    """One segment (or, for the file itself, its findings). `raw` is the segment as received, `offset` in bytes.

    `position` counts from ST = 1 inside a set, 0 outside; `verdict` stands on ISA, GS and ST lines.
    """

    depth: int
    kind: LineKind
    segment: str
    name: str
    elements: list[ExplainedElement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    offset: int = 0
    raw: str = ""
    position: int = 0
    verdict: str = ""


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
        self._walker: _SetWalker | None = None

    def lines(self) -> Iterator[ExplainedLine]:
        window, result = self._window, self._result
        start = len(window.text) - len(window.text.lstrip(BLANKS))
        header = read_header(window.text, start, self._profile)
        if header is None:
            raise AssertionError("an interchange that was read has a header that can be read")
        if any(each.code == "isa_wrapped" for each in result.findings):
            window.unwrap(start)
            header = read_header(window.text, start, self._profile) or header
        marks = Marks(header.delimiters)
        self._context = SetContext(profile=self._profile, delimiters=header.delimiters)
        first = self._line(0, "interchange", ["ISA", *header.elements], "", result.offset)
        first.findings = [each for each in result.findings if each.segment != "IEA"]
        first.verdict = result.verdict
        first.raw = window.text[start : start + header.length].strip("\r\n").removesuffix(marks.segment)
        yield first
        last_words = [each for each in result.findings if each.segment == "IEA"]
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
            self._walker = _SetWalker(done, self._guide_plan(done, self._group))
        if self._walker is not None:
            line = self._in_set(self._walker, elements, raw, offset)
            if ident == "SE":
                self._walker = None
            return line
        if ident == "GE":
            line = self._line(1, "group", elements, raw, offset)
            line.findings = [each for each in self._group.findings if each.segment == "GE"] if self._group else []
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
            missing = any(each.code == "ge_missing" for each in group.findings)
            line.findings = [each for each in group.findings if each.segment != "GE" or missing]
        return line

    def _line(self, depth: int, kind: LineKind, elements: Sequence[str], raw: str, offset: int) -> ExplainedLine:
        ident = elements[0].upper()
        name, definitions = ENVELOPE_NAMES.get(ident, ("", ()))
        shown = []
        for number, said in enumerate(elements[1:], start=1):
            number_of, title = definitions[number - 1] if number <= len(definitions) else ("", "")
            value = self._context.text(said.strip(BLANKS))
            if value:
                text = ENVELOPE_CODES.get((number_of, value), "") or code_names().get((number_of, value), "")
                if number_of == "I18":
                    text = INTERCHANGE_NOTES.get(value, "")
                shown.append(ExplainedElement(f"{ident}{number:02d}", title, value[:MAX_VALUE], text))
        return ExplainedLine(depth, kind, ident, name, shown, offset=offset, raw=raw)

    def _in_set(self, walker: _SetWalker, elements: list[str], raw: str, offset: int) -> ExplainedLine:
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
        from translators.x12.guide.files import code_text

        known = definition.elements if definition else ()
        for number, value in enumerate(elements[1:], start=1):
            if not value.strip(BLANKS):
                continue
            element = known[number - 1] if number <= len(known) else None
            ref = f"{ident}{number:02d}"
            for repeat in self._context.repeats(value) if ident != "ISA" else [value]:
                parts = self._context.components(repeat) if element and element.components else [repeat]
                for place, part in enumerate(parts, start=1):
                    inner = element
                    if element and element.components:
                        inner = element.components[place - 1] if place <= len(element.components) else None
                    if part.strip(BLANKS):
                        text = code_text(inner.data_element, part.strip()) if inner else ""
                        yield ExplainedElement(
                            f"{ref}-{place}" if element and element.components else ref,
                            inner.name if inner else "",
                            self._context.text(part)[:MAX_VALUE],
                            text,
                        )


class _SetWalker:
    """Follows one set through its plan: where each segment belongs, how deep, and which findings lie there."""

    def __init__(self, result: SetResult, plan: Plan | None) -> None:
        self.result = result
        self.position = 0
        # The line shown last: findings left when the set breaks off go there.
        self.line: ExplainedLine | None = None
        self._plan = plan
        self._node: SegmentNode | None = None
        self._levels: dict[str, int] = {}
        self._level = 0
        self._left = sorted(result.findings, key=lambda each: each.position)

    def step(self, ident: str, elements: list[str]) -> tuple[SegmentDef | None, int]:
        """The next segment: its definition if the plan knows its place, and its depth in the whole file."""
        self.position += 1
        plan = self._plan
        if plan is None:
            return None, 3
        if self._node is None:
            self._node = plan.first
        else:
            move = plan.step(self._node, ident)
            if move is None:
                definition = next((node.definition for node in plan.root.segments() if node.id == ident), None)
                return definition, self._depth(self._node) + self._node.opens_loop
            self._node = move.node
        if ident == "HL":
            # Levels that name their parent nest by it, whatever the guide's loops do.
            said = [*elements, "", ""]
            self._level = self._levels.get(said[2].strip(), -1) + 1
            self._levels[said[1].strip()] = self._level
        elif self._node.parent.depth == 0:
            self._level = 0
        return self._node.definition, self._depth(self._node)

    def _depth(self, node: SegmentNode) -> int:
        return 3 + max(0, node.parent.depth - node.opens_loop) + min(self._level, 20)

    def close(self) -> None:
        """The set is over, with or without an SE."""
        if self.line is not None:
            self.line.findings += self.findings_here(last=True)

    def findings_here(self, *, last: bool) -> list[Finding]:
        """Findings of the segments up to this one; at the set's end, all that are left."""
        here = [each for each in self._left if last or each.position <= self.position]
        self._left = [] if last else self._left[len(here) :]
        return here


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


# --- the terminal -----------------------------------------------------------------------------------------------------

RESET, BOLD, DIM = "\x1b[0m", "\x1b[1m", "\x1b[2m"
COLOURS = {"error": "\x1b[31m", "warning": "\x1b[33m", "note": "\x1b[36m"}
VERDICT_COLOURS = {"accepted": "\x1b[32m", "rejected": "\x1b[31m"}


def explain_text(lines: Sequence[ExplainedLine], colour: bool) -> str:
    """The lines as plain text, with ANSI colours if `colour`; ends with a newline unless there is nothing to say."""
    shown: list[str] = []
    for line in lines:
        indent = "  " * line.depth
        head = f"{indent}{_paint(line.segment or line.name, BOLD, colour)}"
        if line.segment and line.name:
            head += f"  {line.name}"
        if line.kind == "segment" and line.position:
            # The place that AK302 names.
            head += "  " + _paint(f"#{line.position}", DIM, colour)
        if line.verdict:
            painted = VERDICT_COLOURS.get(line.verdict, COLOURS["warning"])
            head += "  [" + _paint(line.verdict.replace("_", " "), painted, colour) + "]"
        shown.append(head)
        for element in line.elements:
            title = f" {element.name}" if element.name else ""
            text = f" = {element.text}" if element.text else ""
            ref = _paint(element.ref + title, DIM, colour)
            shown.append(f"{indent}    {ref}: {visible(element.value)}{text}")
        shown += [f"{indent}  {_finding_text(each, colour)}" for each in line.findings]
    return "\n".join(shown) + "\n" if shown else ""


def _finding_text(finding: Finding, colour: bool) -> str:
    """One finding as a line: severity, place, words, the code the acknowledgment carries."""
    where = finding.segment + (f"{finding.element:02d}" if finding.element and finding.segment else "")
    if finding.message.startswith(where):
        where = ""
    value = f" ({visible(finding.value)})" if finding.value and finding.value not in finding.message else ""
    level = CATALOGUE[finding.code].level
    names = {"interchange": "TA1 note", "group": "AK905", "set": "AK502", "segment": "AK304", "element": "AK403"}
    code = f" [{names[level]} {finding.ack_code}]" if finding.ack_code and level in names else ""
    text = f"{finding.severity}: {where + ': ' if where else ''}{visible(finding.message)}{value}{code}"
    return _paint(text, COLOURS[finding.severity], colour)


def _paint(text: str, code: str, colour: bool) -> str:
    return f"{code}{text}{RESET}" if colour else text


def visible(text: str) -> str:
    """Text that cannot play tricks on a terminal: control characters and the like as their escapes."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
