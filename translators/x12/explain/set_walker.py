"""Where each segment of a set belongs in its guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translators.findings import Finding
from translators.translation import SetResult
from translators.x12.explain.lines import ExplainedLine

if TYPE_CHECKING:
    from translators.x12.guide.nodes import SegmentDef, SegmentNode
    from translators.x12.guide.plan import Plan


class SetWalker:
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
        self._left = sorted(result.findings, key=lambda finding: finding.position)

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
            values = [*elements, "", ""]
            self._level = self._levels.get(values[2].strip(), -1) + 1
            self._levels[values[1].strip()] = self._level
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
        reached = [finding for finding in self._left if last or finding.position <= self.position]
        self._left = [] if last else self._left[len(reached) :]
        return reached
