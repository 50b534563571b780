"""Make every step again from what is stored, and compare: documents, answers, results, batches and the hours between.

It runs through the same code that did it the first time, at the instants and under the configurations of then, in a
scratch database on disk that nobody else sees. Nothing is sent and the store is only read. Memory stays the same
however large the store is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from gateway.rebuild.differences import differences
from gateway.rebuild.repeat_steps import Again
from gateway.rebuild.scratch import scratch_database
from gateway.store import Snapshot
from gateway.store.system import steps
from gateway.store.tables import return_

# Differences that are kept word by word; beyond it they are only counted.
KEPT = 1000

__all__ = ["Rebuilt", "rebuild"]


@dataclass(slots=True)
class Rebuilt:
    """What came of it: how much was made again, and every row that came out otherwise (`different` counts them)."""

    steps: int = 0
    documents: int = 0
    decisions: int = 0
    returns: int = 0
    different: int = 0
    differences: list[str] = field(default_factory=list)

    def differs(self, line: str) -> None:
        self.different += 1
        if len(self.differences) < KEPT:
            self.differences.append(line)


def rebuild(snapshot: Snapshot) -> Rebuilt:
    """Make everything that is stored again and compare row by row.

    Raises DiskFull where there is no room for the scratch database: it needs about as much as the store.
    """
    done = Rebuilt()
    with scratch_database() as scratch:
        again = Again(snapshot, scratch)
        for each in steps.in_order(snapshot):
            done.steps += 1
            trouble = again.take(each)
            if trouble:
                done.differs(trouble)
        done.documents, done.decisions = again.documents, again.decisions
        done.returns = int(scratch.execute(sa.select(sa.func.count()).select_from(return_)).scalar_one())
        for line in differences(snapshot, scratch):
            done.differs(line)
    return done
