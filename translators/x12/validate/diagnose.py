"""After a miss: every error of a set, each with its exact code and place, and no blame for the innocent.

The walk follows the plan from segment to segment. These are the AK304 codes of a segment that does not fit:

    1  X12 has no such segment                 6  X12 has the segment, this set does not
    7  its place is before the current one     2  its place is in a loop that is not open
    3  a mandatory segment before it is missing
    4, 5  too many loops, too many segments

The walk goes on where the following segments make sense. A loop out of its place is read to its end; then the walk
returns to where it was. Children whose loop opener is damaged or missing open that loop without it. A mandatory segment
that comes late is out of sequence, not missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translators.findings import Finding, FindingFields, new_finding
from translators.profile import Delimiters
from translators.x12.envelope.limits import MAX_VALUE_SHOWN
from translators.x12.guide.nodes import LoopNode, SegmentDef, SegmentNode, opening
from translators.x12.guide.plan import Plan, Step
from translators.x12.validate.element_errors import ElementError, Place
from translators.x12.validate.elements import element_check
from translators.x12.validate.finding_list import FindingList
from translators.x12.validate.segment_ids import SEGMENT_IDS

# How many segments after a damaged one may still turn out to be inside a loop that it opened.
GAP: Final = 5


def diagnose(
    plan: Plan, segments: Sequence[str], delimiters: Delimiters, *, strict: bool = False, tolerate: Collection[str] = ()
) -> list[Finding]:
    """All findings of a set, in the order of its segments; see `verdict.validate_set` for the parameters.

    At most MAX_FINDINGS_PER_SET, the last of which then says that there are more. The first error is always listed.
    """
    walk = _Walk(plan, delimiters, FindingList(frozenset() if strict else frozenset(tolerate)))
    for position, raw in enumerate(segments, 1):
        walk.segment(position, raw)
        if walk.findings.full:
            break
    return walk.findings.result()


@dataclass(slots=True)
class _Stand:
    """Where the walk is: the node, its repeats so far, and the repeats of the loops around it, the set first."""

    node: SegmentNode
    run: int
    loops: list[int]


class _Walk:
    """The walk over one set's segments. `findings` fills while it goes on."""

    def __init__(self, plan: Plan, delimiters: Delimiters, findings: FindingList) -> None:
        self.findings = findings
        self._plan = plan
        marks = plan.marks(delimiters)
        self._mark = marks.element
        self._machine = plan.machine(delimiters)
        self._check = element_check(marks)
        # Blanks and separators that a segment's pattern lets pass.
        self._padding = (f" {marks.element}", f" {marks.component}", f"{marks.component}{marks.element}")
        self._padded_ends = f" {marks.element}{marks.component}"
        self._component = marks.component
        self._stand = _Stand(plan.first, 0, [1])
        # Where to return to after a loop that stands out of its place, and that loop.
        self._return: tuple[_Stand, LoopNode] | None = None
        # For so many more segments: an unknown segment before them may have been the opener of a loop.
        self._gap = 0
        self._missing: dict[SegmentNode, Finding] = {}

    def segment(self, position: int, raw: str) -> None:
        """Take the next segment of the set: `raw` without its terminator, `position` from ST = 1."""
        segment_id = raw.partition(self._mark)[0]
        if position == 1 and segment_id == self._plan.first.id:
            self._stand.run = 1
            self._check_elements(self._plan.first, position, raw)
            return
        step = self._find_step(segment_id)
        if self._gap and (step is None or self._is_strained(step)):
            step = self._open_loop_for(segment_id, position) or step
            self._gap = 0
        self._gap = max(0, self._gap - 1)
        if step is not None:
            self._take(step, position)
            self._check_elements(step.node, position, raw)
        elif segment_id not in self._plan.ids:
            self._add_foreign(segment_id, position)
        else:
            self._take_misplaced(segment_id, position, raw)

    # --- finding the way --------------------------------------------------------------------------------------------

    def _find_step(self, segment_id: str) -> Step | None:
        """The way from here to the segment. Where a loop out of its place has ended: from before that loop."""
        if self._return is not None:
            stand, top = self._return
            step = self._plan.step_within(self._stand.node, segment_id, top)
            if step is not None:
                return step
            self._stand, self._return = stand, None
        return self._plan.step(self._stand.node, segment_id)

    def _open_loop_for(self, segment_id: str, position: int, *, quiet: bool = False) -> Step | None:
        """Open the nearest loop ahead that has a place for the segment, as if its opener had stood before it.

        `quiet`: the walk will return here, and will then say what is missing on the way.
        """
        for loop in self._loops_ahead():
            inside = self._plan.step_within(loop.first, segment_id, loop)
            if inside is not None and not inside.missing:
                into = self._plan.step(self._stand.node, loop.first.id)
                if into is not None and into.node is loop.first:
                    self._take(into, position, quiet=quiet)
                    return inside
        return None

    def _is_strained(self, step: Step) -> bool:
        """Would this step miss a mandatory segment, or repeat one too often?"""
        most = step.node.most
        repeats = step.node is self._stand.node and not step.starts_anew
        return bool(step.missing) or (repeats and most is not None and self._stand.run >= most)

    def _loops_ahead(self) -> Iterator[LoopNode]:
        """The loops that may begin or begin anew from here on, the nearest first."""
        node: SegmentNode | LoopNode = self._stand.node
        while node.parent is not None:
            for child in node.parent.children[node.index :]:
                if isinstance(child, LoopNode):
                    yield child
            node = node.parent

    def _place_behind(self, segment_id: str) -> SegmentNode | LoopNode | None:
        """The place of the segment in one of the loops around us, the innermost first."""
        loop: LoopNode | None = self._stand.node.parent
        while loop is not None:
            for child in loop.children:
                if opening(child).id == segment_id:
                    return child
            loop = loop.parent
        return None

    # --- taking a segment -------------------------------------------------------------------------------------------

    def _take(self, step: Step, position: int, *, quiet: bool = False) -> None:
        """Go on to the step's node; note what is missing on the way, and what repeats too often."""
        node, before = step.node, self._stand
        if step.missing and not quiet:
            self._add_missing(step, position)
        run = before.run + 1 if node is before.node and not step.entered else 1
        loops = before.loops
        if step.entered or step.kept_loops < len(loops):
            loops = self._count_loops(step, position)
        if step.entered and self._missing:
            opened = step.entered[0]
            self._missing = {place: note for place, note in self._missing.items() if not opened.encloses(place)}
        if step.forbidden:
            self._add("segment_forbidden", node.id, position, node.parent)
        elif node.most is not None and run > node.most and not node.opens_loop:
            message = f"{node.id} occurs {run} times here, at most {node.most} are allowed"
            self._add("segment_too_many", node.id, position, node.parent, message)
        self._stand = _Stand(node, run, loops)

    def _add_missing(self, step: Step, position: int) -> None:
        for node in step.missing:
            finding = self._add("segment_missing", node.id, position, node.parent, _missing_message(node))
            if finding is not None:
                self._missing[node] = finding

    def _count_loops(self, step: Step, position: int) -> list[int]:
        """The repeats of the loops around the node of a step that changes them; notes a loop that occurs too often."""
        loops = self._stand.loops[: step.kept_loops]
        self._gap = 0
        for loop in step.entered:
            before = self._stand.loops[loop.depth] if step.starts_anew and loop.depth == step.kept_loops else 0
            loops.append(before + 1)
            if loop.most is not None and before + 1 > loop.most:
                message = f"Loop {loop.id} occurs {before + 1} times, at most {loop.most} are allowed"
                self._add("loop_too_many", step.node.id, position, loop, message)
        return loops

    def _take_misplaced(self, segment_id: str, position: int, raw: str) -> None:
        """A segment of the set at a place where it may not stand."""
        behind = self._place_behind(segment_id)
        if behind is not None:
            self._take_out_of_sequence(behind, position, raw)
            return
        self._add("segment_unexpected", segment_id, position, None)
        before = self._stand
        step = self._open_loop_for(segment_id, position, quiet=True)
        if step is not None:
            self._return = (before, _outermost_loop(step.node, before.node))
            self._take(step, position)
            self._check_elements(step.node, position, raw)
        else:
            node = next(node for node in self._plan.root.segments() if node.id == segment_id)
            self._check_elements(node, position, raw)

    def _take_out_of_sequence(self, place: SegmentNode | LoopNode, position: int, raw: str) -> None:
        """A segment whose place is before the current one. If it was noted as missing, that note goes."""
        first = opening(place)
        noted = self._missing.pop(first, None)
        if noted is not None:
            self.findings.remove(noted)
        self._add("segment_out_of_sequence", first.id, position, first.parent)
        if isinstance(place, LoopNode):
            self._return = (self._stand, place)
            self._stand = _Stand(first, 1, [1] * first.depth)
        self._check_elements(first, position, raw)

    def _add_foreign(self, segment_id: str, position: int) -> None:
        """A segment that this set does not have, or that X12 does not have."""
        shown = segment_id[:MAX_VALUE_SHOWN]
        if segment_id in SEGMENT_IDS:
            self._add("segment_not_in_set", shown, position, None, f"{self._plan.set_id} has no segment {shown}")
        else:
            self._add("segment_unknown", shown, position, None, f"There is no segment {shown!r} in X12")
        self._gap = GAP

    # --- findings ---------------------------------------------------------------------------------------------------

    def _check_elements(self, node: SegmentNode, position: int, raw: str) -> None:
        definition = node.definition
        match = self._machine.match(definition)
        if match(raw) and not self._is_padded(raw):
            return
        for error in self._check.errors(definition, raw, match):
            self._add_element(error, node, position)

    def _is_padded(self, raw: str) -> bool:
        """Does an element end in a blank, or the segment or a composite in a separator? The pattern lets these pass."""
        blank, blank_component, empty_component = self._padding
        return (
            raw[-1] in self._padded_ends
            or blank in raw
            or (self._component in raw and (blank_component in raw or empty_component in raw))
        )

    def _add(self, code: str, segment: str, position: int, loop: LoopNode | None, message: str = "") -> Finding | None:
        """A finding about a whole segment; None if there is no room for it."""
        severity = self.findings.severity(code, segment)
        if not self.findings.has_room(severity):
            return None
        finding = new_finding(
            code, message, severity=severity, segment=segment, position=position, loop=_loop_name(loop)
        )
        self.findings.add(finding)
        return finding

    def _add_element(self, error: ElementError, node: SegmentNode, position: int) -> None:
        code, place, data_element, value, message, trigger = error
        reference = _reference(node.definition, place)
        severity = self.findings.severity(code, node.id, reference)
        if not self.findings.has_room(severity):
            return
        fields: FindingFields = {
            "severity": severity,
            "segment": node.id,
            "position": position,
            "element": place.element,
            "component": place.component,
            "repeat": place.repeat,
            "trigger": trigger,
            "data_element": data_element if data_element.isdigit() else "",
            "value": value[:MAX_VALUE_SHOWN],
            "loop": _loop_name(node.parent),
        }
        if code == "too_many_components" and self._plan.release < "005010":
            fields["ack_code"] = "3"  # before 005010 it has no AK403 code of its own
        self.findings.add(new_finding(code, f"{reference}: {message}" if message else "", **fields))


def _reference(definition: SegmentDef, place: Place) -> str:
    """The usual name of an element or component: BLI03, MEA04-1."""
    return f"{definition.id}{place.element:02d}" + (f"-{place.component}" if place.component else "")


def _loop_name(loop: LoopNode | None) -> str:
    """The loop's id; "" for the set itself."""
    return loop.id if loop is not None and loop.parent is not None else ""


def _outermost_loop(node: SegmentNode, outside: SegmentNode) -> LoopNode:
    """The outermost loop around `node` that is not around `outside`."""
    loop = node.parent
    while loop.parent is not None and not loop.parent.encloses(outside):
        loop = loop.parent
    return loop


def _missing_message(node: SegmentNode) -> str:
    name = node.parent.path if node.opens_loop else ""
    return f"{node.id} ({node.definition.name}) is missing" + (f": the loop {name} is mandatory" if name else "")
