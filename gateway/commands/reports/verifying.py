"""`verify`: every invariant of a home, and returns decided again. It only reads."""

from __future__ import annotations

from pathlib import Path

from gateway.commands import Write
from gateway.commands.open_home import open_to_read
from gateway.rebuild import rebuild
from gateway.rebuild.sample import sample
from gateway.store import Store
from gateway.store.files import documents
from gateway.verify import VerifyReport, verify

# `verify` decides everything again up to ALL_UP_TO documents, above that PICKED returns at random: both take seconds.
ALL_UP_TO = 2000
PICKED = 25


def verify_home(root: Path, write: Write) -> int:
    """Check every invariant; exit 0 only if all hold."""
    home, store = open_to_read(root)
    with store:
        report = verify(store, home)
        decide_again(store, report)
    for line in report.checked:
        write(f"ok    {line}\n")
    for line in report.violations:
        write(f"WRONG {line}\n")
    write(f"{len(report.violations)} violations\n" if report.violations else "every invariant holds\n")
    return 1 if report.violations else 0


def decide_again(store: Store, report: VerifyReport) -> None:
    """Every return comes out of what is stored as it is stored: all of them, or some where there are very many."""
    with store.read() as snapshot:
        if documents.count(snapshot) <= ALL_UP_TO:
            done = rebuild(snapshot)
            report.checked.append(f"returns decided again ({done.returns}, all)")
            report.violations += [f"decided again: {line}" for line in done.differences]
            return
        some = sample(snapshot, PICKED)
    names = ", ".join(sorted(some.picked))
    report.checked.append(f"returns decided again ({len(some.picked)}, picked at random: {names or 'none'})")
    if some.passed_over:
        names = ", ".join(sorted(some.passed_over))
        report.checked.append(f"passed over, `returns-gateway rebuild --check` decides them: {names}")
    report.violations += [f"decided again: {line}" for line in some.differences]
