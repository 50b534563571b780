"""Every invariant of a home: the store against the archive, the outbox and itself. One oracle for tests and production.

A violation is one line that names the row or file. Nothing is changed, whatever is found. `files` checks what was
received and sent, `returns` what was decided, `money` what is due for it; `compared` has what all look at.

The gateway may be at work meanwhile: the store is looked at as of one moment, the disk before and after it. So what
lies in the outbox is noted before (it was committed as staged before it lay there), and bytes that are missing
afterwards are asked for again (retention commits a mark before it removes them).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.home import Home
from gateway.store import Store
from gateway.verify import files, returns
from gateway.verify.compared import Check, Comparison
from gateway.verify.money import money

CHECKS: dict[str, Check] = {
    "archived bytes of every intake": files.archived_intakes,
    "other archived files": files.other_archived_files,
    "intakes in one known state, none stuck": files.intake_states,
    "groups acknowledged once": files.acknowledged_groups,
    "control numbers without hole or repeat": files.control_numbers,
    "dispatched bytes and outbox": files.dispatched_files,
    "returns and their ledgers": returns.ledgers,
    "money due, told and confirmed": money,
    "sums of what is taken back": returns.taken_back,
    "postings in their batches": returns.postings,
    "parked documents": returns.parked_documents,
    "business events": returns.feed,
}


@dataclass(slots=True)
class VerifyReport:
    """`checked`: what was looked at, with counts; `violations`: what is not as it must be."""

    checked: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


def verify(store: Store, home: Home) -> VerifyReport:
    """Check everything; the report has no violations if the gateway's promises hold."""
    report = VerifyReport()
    report.violations += [f"database: {line}" for line in store.check()]
    report.checked.append("the database's own consistency check")
    in_outbox = frozenset((path.parent.name, path.name) for path in home.outbox.glob("*/*") if path.is_file())
    with store.read() as snapshot:
        compared = Comparison(snapshot, home, store, in_outbox)
        for name, check in CHECKS.items():
            count = 0
            for problem in check(compared):
                if problem is None:
                    count += 1
                else:
                    report.violations.append(f"{name}: {problem}")
            report.checked.append(f"{name} ({count})")
    return report
