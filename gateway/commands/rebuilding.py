"""`rebuild --check`: make everything that is stored again and compare it with what is stored; `verify` samples it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from gateway.commands import Write
from gateway.commands.reporting import open_to_read
from gateway.rebuild import rebuild
from gateway.rebuild.sample import sample
from gateway.store import Store
from gateway.store.tables import document
from gateway.verify import VerifyReport

SHOWN = 50
# `verify` makes everything again where there are no more documents than this, else so many returns picked at random:
# either takes some seconds.
ALL_UP_TO = 2000
PICKED = 25


def check_rebuild(root: Path, write: Write) -> int:
    """Rebuild and compare; 0 if every row comes out as it is stored, 1 if not."""
    _, store = open_to_read(root)
    with store, store.read() as snapshot:
        done = rebuild(snapshot)
    write(f"decided again: {done.documents} documents, {done.decisions} answers to Holds, {done.returns} returns")
    write(f" in {done.steps} steps\n")
    for line in done.differences[:SHOWN]:
        write(f"DIFFERS {line}\n")
    if done.different > SHOWN:
        write(f"… and {done.different - SHOWN} more\n")
    write(f"{done.different} differences\n" if done.different else "everything comes out as it is stored\n")
    return 1 if done.different else 0


def decide_again(store: Store, report: VerifyReport) -> None:
    """Every return comes out of what is stored as it is stored: all of them, or some where there are very many."""
    with store.read() as snapshot:
        count = int(snapshot.execute(sa.select(sa.func.count()).select_from(document)).scalar_one())
        if count <= ALL_UP_TO:
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
