"""After a miss: every error of a set, each with its exact code and place, and no blame for the innocent.

The walk follows the plan from segment to segment. A segment that does not fit is told apart:

    1  no segment of X12                       6  a segment of X12 that this set does not have
    7  its place is behind us                  2  its place is in a loop that is not open
    3  passed over a mandatory one on the way  4, 5  too many loops, too many segments

and the walk goes on where the segments behind it make sense: a loop out of its place is read to its end and then we
are back where we were; children whose loop opener is damaged or missing open that loop unseen; a mandatory segment
that turns up late is out of sequence, and was not missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from translators.findings import Finding, Severity, found
from translators.profile import Delimiters
from translators.x12.envelope.limits import MAX_FINDINGS_PER_SET, MAX_VALUE_SHOWN
from translators.x12.guide.nodes import LoopNode, SegmentDef, SegmentNode, opening
from translators.x12.guide.plan import Plan, Step
from translators.x12.validate.elements import element_check
from translators.x12.validate.segment_ids import SEGMENT_IDS

# How many segments after a damaged one may still turn out to be inside a loop that it opened.
GAP: Final = 5


def diagnose(
    plan: Plan, segments: Sequence[str], delimiters: Delimiters, *, strict: bool = False, tolerate: Collection[str] = ()
) -> list[Finding]:
    """All findings of a set, in the order of its segments; see `validate.validate_set` for the parameters.

    At most MAX_FINDINGS_PER_SET, the last of which then says that there are more. The first error is always listed.
    """
    walk = _Walk(plan, delimiters, frozenset() if strict else frozenset(tolerate))
    for position, raw in enumerate(segments, 1):
        walk.segment(position, raw)
        if walk.full:
            break
    return walk.result()


@dataclass(slots=True)
class _Place:
    """Where the walk is: the node, its repeats so far, and the repeats of the loops around it, the set first."""

    node: SegmentNode
    run: int
    loops: list[int]


class _Walk:
    def __init__(self, plan: Plan, delimiters: Delimiters, tolerate: frozenset[str]) -> None:
        self._plan = plan
        self._tolerate = tolerate
        marks = plan.marks(delimiters)
        self._mark = marks.element
        self._machine = plan.machine(delimiters)
        self._check = element_check(marks)
        self._suspects = (f" {marks.element}", f" {marks.component}", f"{marks.component}{marks.element}")
        self._ends = f" {marks.element}{marks.component}"
        self._component = marks.component
        self._place = _Place(plan.first, 0, [1])
        # The place to go back to after a loop that stands out of its place, and that loop.
        self._back: tuple[_Place, LoopNode] | None = None
        # For so many more segments: one was passed over that may have been the opener of a loop.
        self._gap = 0
        self._missing: dict[SegmentNode, Finding] = {}
        self._findings: list[Finding] = []
        self._rejected = False
        self._more = False

    @property
    def full(self) -> bool:
        """Are there as many findings as may be listed, and an error among them?"""
        return self._more and self._rejected

    def result(self) -> list[Finding]:
        if self._more:
            self._findings.append(found("too_many_findings"))
        return self._findings

    def segment(self, position: int, raw: str) -> None:
        segment_id = raw.partition(self._mark)[0]
        if position == 1 and segment_id == self._plan.first.id:
            self._place.run = 1
            self._elements(self._plan.first, position, raw)
            return
        step = self._locate(segment_id)
        if self._gap and (step is None or self._strains(step)):
            step = self._bridge(segment_id, position) or step
            self._gap = 0
        self._gap = max(0, self._gap - 1)
        if step is not None:
            self._move(step, position)
            self._elements(step.node, position, raw)
        elif segment_id not in self._plan.ids:
            self._stranger(segment_id, position)
        else:
            self._misplaced(segment_id, position, raw)

    def _locate(self, segment_id: str) -> Step | None:
        """The way from here to the segment; where a loop out of its place has ended, from before that."""
        if self._back is not None:
            place, top = self._back
            step = self._plan.step_within(self._place.node, segment_id, top)
            if step is not None:
                return step
            self._place, self._back = place, None
        return self._plan.step(self._place.node, segment_id)

    def _bridge(self, segment_id: str, position: int, *, quiet: bool = False) -> Step | None:
        """Open the nearest loop ahead that has a place for the segment, as if its opener had stood before it.

        `quiet`: the walk will come back here, and will then say what is missing on the way.
        """
        for loop in self._ahead():
            inside = self._plan.step_within(loop.first, segment_id, loop)
            if inside is not None and not inside.missing:
                into = self._plan.step(self._place.node, loop.first.id)
                if into is not None and into.node is loop.first:
                    self._move(into, position, quiet=quiet)
                    return inside
        return None

    def _strains(self, step: Step) -> bool:
        """Would this step miss a mandatory segment, or repeat one too often?"""
        most = step.node.most
        again = step.node is self._place.node and not step.again
        return bool(step.missing) or (again and most is not None and self._place.run >= most)

    def _ahead(self) -> Iterator[LoopNode]:
        """The loops that may begin or begin anew from here on, the nearest first."""
        node: SegmentNode | LoopNode = self._place.node
        while node.parent is not None:
            for child in node.parent.children[node.index :]:
                if isinstance(child, LoopNode):
                    yield child
            node = node.parent

    def _move(self, step: Step, position: int, *, quiet: bool = False) -> None:
        place = self._place
        node = step.node
        for missing in () if quiet else step.missing:
            self._add("segment_missing", missing.id, position, missing.parent, message=_is_missing(missing))
            if self._findings and self._findings[-1].code == "segment_missing":
                self._missing[missing] = self._findings[-1]
        entered = step.entered
        run = place.run + 1 if node is place.node and not entered else 1
        counts = place.loops
        if entered or step.kept < len(counts):
            counts = counts[: step.kept]
            self._gap = 0
        for each in entered:
            before = place.loops[each.depth] if step.again and each.depth == step.kept else 0
            counts.append(before + 1)
            if each.most is not None and before + 1 > each.most:
                words = f"Loop {each.id} occurs {before + 1} times, at most {each.most} are allowed"
                self._add("loop_too_many", node.id, position, each, message=words)
        if entered and self._missing:
            self._missing = {key: f for key, f in self._missing.items() if not entered[0].encloses(key)}
        if step.forbidden:
            self._add("segment_forbidden", node.id, position, node.parent)
        elif node.most is not None and run > node.most and not node.opens_loop:
            words = f"{node.id} occurs {run} times here, at most {node.most} are allowed"
            self._add("segment_too_many", node.id, position, node.parent, message=words)
        self._place = _Place(node, run, counts)

    def _stranger(self, segment_id: str, position: int) -> None:
        known = segment_id in SEGMENT_IDS
        shown = segment_id[:MAX_VALUE_SHOWN]
        words = f"{self._plan.set_id} has no segment {shown}" if known else f"There is no segment {shown!r} in X12"
        self._add("segment_not_in_set" if known else "segment_unknown", shown, position, None, message=words)
        self._gap = GAP

    def _misplaced(self, segment_id: str, position: int, raw: str) -> None:
        target = self._behind(segment_id)
        if target is not None:
            first = opening(target)
            late = self._missing.pop(first, None)
            if late is not None:
                self._findings.remove(late)
            self._add("segment_out_of_sequence", segment_id, position, first.parent)
            if isinstance(target, LoopNode):
                self._back = (self._place, target)
                self._place = _Place(first, 1, [1] * (first.depth))
            self._elements(first, position, raw)
            return
        self._add("segment_unexpected", segment_id, position, None)
        before = self._place
        step = self._bridge(segment_id, position, quiet=True)
        if step is not None:
            self._back = (before, _outermost(step.node, before.node))
            self._move(step, position)
            self._elements(step.node, position, raw)
        else:
            node = next(node for node in self._plan.root.segments() if node.id == segment_id)
            self._elements(node, position, raw)

    def _behind(self, segment_id: str) -> SegmentNode | LoopNode | None:
        """The place of the segment in one of the loops around us, the innermost first."""
        loop: LoopNode | None = self._place.node.parent
        while loop is not None:
            for child in loop.children:
                if opening(child).id == segment_id:
                    return child
            loop = loop.parent
        return None

    def _elements(self, node: SegmentNode, position: int, raw: str) -> None:
        definition = node.definition
        match = self._machine.match(definition)
        blank, in_composite, empty = self._suspects
        if (
            match(raw)
            and raw[-1] not in self._ends
            and blank not in raw
            and (self._component not in raw or (in_composite not in raw and empty not in raw))
        ):
            return

        def report(
            code: str,
            element: int,
            component: int,
            number: str,
            value: str,
            words: str,
            *,
            repeat: int = 0,
            trigger: int = 0,
        ) -> None:
            place = _reference(definition, element, component)
            self._add(
                code,
                definition.id,
                position,
                node.parent,
                message=f"{place}: {words}" if words else "",
                element=element,
                component=component,
                data_element=number if number.isdigit() else "",
                value=value,
                reference=place,
                repeat=repeat,
                trigger=trigger,
            )

        self._check.segment(definition, raw, match, report)

    def _add(
        self,
        code: str,
        segment: str,
        position: int,
        loop: LoopNode | None,
        *,
        message: str = "",
        element: int = 0,
        component: int = 0,
        data_element: str = "",
        value: str = "",
        reference: str = "",
        repeat: int = 0,
        trigger: int = 0,
    ) -> None:
        severity = self._severity(code, segment, reference)
        if self._more or len(self._findings) >= MAX_FINDINGS_PER_SET - 1:
            # Room for the note that there are more, and before it for the error that rejects the set.
            self._more = True
            if severity != "error" or self._rejected:
                return
            self._findings.pop()
        self._rejected = self._rejected or severity == "error"
        where: dict[str, object] = {"severity": severity}
        if code == "too_many_components" and self._plan.release < "005010":
            where["ack_code"] = "3"
        self._findings.append(
            found(
                code,
                message,
                segment=segment,
                position=position,
                element=element,
                component=component,
                repeat=repeat,
                trigger=trigger,
                data_element=data_element,
                value=value[:MAX_VALUE_SHOWN],
                loop=loop.id if loop is not None and loop.parent is not None else "",
                **where,
            )
        )

    def _severity(self, code: str, segment: str, reference: str) -> Severity:
        tolerate = self._tolerate
        if code in tolerate or f"{code}:{segment}" in tolerate or (reference and f"{code}:{reference}" in tolerate):
            return "warning"
        return "error"


def _reference(definition: SegmentDef, element: int, component: int) -> str:
    return f"{definition.id}{element:02d}" + (f"-{component}" if component else "")


def _outermost(node: SegmentNode, outside: SegmentNode) -> LoopNode:
    """The outermost loop around `node` that is not around `outside`."""
    loop = node.parent
    while loop.parent is not None and not loop.parent.encloses(outside):
        loop = loop.parent
    return loop


def _is_missing(node: SegmentNode) -> str:
    name = node.parent.path if node.opens_loop else ""
    return f"{node.id} ({node.definition.name}) is missing" + (f": the loop {name} is mandatory" if name else "")
