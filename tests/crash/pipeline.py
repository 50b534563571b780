"""The pipeline whose crashes are swept: collect, intake, a stand-in for processing, dispatch.

The stand-in turns each intake into one dispatch with a control number, in one transaction, as processing does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from gateway import disk
from gateway.clock import FixedClock, instant
from gateway.collect import Collector
from gateway.dispatch import dispatch_all
from gateway.faults import crashpoint
from gateway.home import Home
from gateway.intake import take_all
from gateway.store import Store, open_store
from gateway.store.files import dispatches, intakes
from gateway.store.files.dispatches import NewDispatch
from gateway.store.files.intakes import NewState
from gateway.store.system import counters
from gateway.store.tables import dispatch, event, intake
from tests.gateway.files import START, drop, interchange, new_home

LARGE = "x" * dispatches.INLINE_LIMIT


@dataclass(frozen=True)
class Scenario:
    """Files in the inbox, as (partner, name, bytes)."""

    name: str
    files: Sequence[tuple[str, str, bytes]]

    def fresh(self, folder: Path) -> Home:
        home = new_home(folder)
        for partner, name, data in self.files:
            drop(home, partner, name, data)
        return home


ONE = Scenario("one", [("northgate", "a.edi", interchange(1))])
MIXED = Scenario(
    "mixed",
    [
        ("northgate", "a.edi", interchange(1)),
        ("northgate", "again.edi", interchange(1)),  # the same bytes under another name
        ("cedar", "b.csv", b"rma,sku\n1,A\n"),
        ("cedar", "large.csv", f"rma,sku\n1,{LARGE}\n".encode()),
        ("nobody", "c.csv", b"no partner\n"),
    ],
)
MANY = Scenario("many", [("northgate", f"{n:02}.edi", interchange(n)) for n in range(20)])


def run(home: Home) -> None:
    """One start of the gateway: recover what a crash left, do everything that is waiting, end."""
    clock = FixedClock(datetime.now(UTC))  # later than the run that crashed, as it is in life: claims sort by time
    with home.acquire(), open_store(home) as store:
        disk.sweep_temporaries(home)
        Collector(home, clock).collect(store, wait=0.5)
        take_all(store, home, clock, {"northgate", "cedar"})
        _process(store, home)
        dispatch_all(store, home, {}, clock)


def _process(store: Store, home: Home) -> None:
    at = instant(START)
    with store.read() as snapshot:
        waiting = intakes.in_state(snapshot, "received")
    for row in waiting:
        with store.read() as snapshot:
            number = counters.current(snapshot, row.partner)[0] + 1
        data = b"%s %09d " % (row.sha256.encode(), number) + disk.read_archive(home, row.sha256)
        if len(data) >= dispatches.INLINE_LIMIT:
            disk.put_archive(home, data)
        with store.write() as tx:
            allotted, _ = counters.next_(tx, row.partner)
            assert allotted == number
            name = f"{row.partner}-{number:09d}.txt"
            new = NewDispatch(f"answer:{row.id}", row.partner, "acknowledgment", name, data, intake_id=row.id)
            dispatches.add(tx, new, at)
            intakes.move(tx, row.id, "received", NewState("processed"), at=at)
        crashpoint("process.committed")


def snapshot(home: Home) -> dict[str, object]:
    """Everything that must be the same after any crash, without what may differ: claims, ids of events, attempts."""
    with open_store(home) as store, store.read() as view:
        assert store.check() == []
        rows_in = view.execute(
            sa.select(
                intake.c.id, intake.c.partner, intake.c.name, intake.c.sha256, intake.c.state, intake.c.reason
            ).order_by(intake.c.id)
        ).all()
        rows_out = view.execute(
            sa.select(
                dispatch.c.partner, dispatch.c.name, dispatch.c.sha256, dispatch.c.state, dispatch.c.intake_id
            ).order_by(dispatch.c.id)
        ).all()
        told = view.execute(
            sa.select(event.c.subject, event.c.from_state, event.c.to_state).order_by(event.c.subject, event.c.id)
        ).all()
    for sha256 in (archived := list(disk.archived_sha256s(home))):
        disk.verify_archive(home, sha256)
    return {
        "intakes": sorted(tuple(row)[1:] for row in rows_in),
        "dispatches": sorted((row.partner, row.sha256, row.state) for row in rows_out),
        "numbers": sorted((row.partner, row.name) for row in rows_out),
        "events": sorted(re.sub(r"\d+", "n", f"{subject} {a}>{b}") for subject, a, b in told),
        "archive": sorted(archived),
        "outbox": outbox(home),
        "inbox": sorted(str(path.relative_to(home.inbox)) for path in home.inbox.rglob("*") if path.is_file()),
        "left over": sorted(str(path) for path in (*home.outbox_staging.iterdir(), *home.archive_incoming.iterdir())),
    }


def outbox(home: Home) -> dict[str, str]:
    """What a reader sees: the hash of every file under its final name."""
    seen: dict[str, str] = {}
    for path in home.outbox.glob("*/*"):
        if path.parent != home.outbox_staging:
            seen[f"{path.parent.name}/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return seen
