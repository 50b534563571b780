"""Repeat every step that is stored, and compare: documents, answers, results, batches and the hours between.

It runs through the same code that did it the first time, at the instants and under the configurations of then, in a
scratch database on disk that nobody else sees. Nothing is sent and the store is only read. Memory stays the same
however large the store is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.rebuild.differences import differences
from gateway.rebuild.repeat_steps import Repetition
from gateway.store import Snapshot
from gateway.store.rebuild.scratch import scratch_database
from gateway.store.returns import returns
from gateway.store.system import steps

# Differences that are kept word by word; beyond it they are only counted.
MOST_DIFFERENCES = 1000

__all__ = ["RebuildReport", "rebuild"]


@dataclass(slots=True)
class RebuildReport:
    """How much was repeated, and every row that came out otherwise (`different` counts them)."""

    steps: int = 0
    documents: int = 0
    decisions: int = 0
    returns: int = 0
    different: int = 0
    differences: list[str] = field(default_factory=list)

    def differs(self, line: str) -> None:
        """Note one difference."""
        self.different += 1
        if len(self.differences) < MOST_DIFFERENCES:
            self.differences.append(line)


def rebuild(snapshot: Snapshot) -> RebuildReport:
    """Repeat everything that is stored and compare row by row.

    Raises DiskFull where there is no room for the scratch database: it needs about as much as the store.
    """
    rebuilt = RebuildReport()
    with scratch_database() as scratch:
        repetition = Repetition(snapshot, scratch)
        for step in steps.in_order(snapshot):
            rebuilt.steps += 1
            trouble = repetition.repeat(step)
            if trouble:
                rebuilt.differs(trouble)
        rebuilt.documents, rebuilt.decisions = repetition.documents, repetition.decisions
        rebuilt.returns = returns.count(scratch)
        for line in differences(snapshot, scratch):
            rebuilt.differs(line)
    return rebuilt
