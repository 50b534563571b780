"""Holds: what waits for a person."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.store import Snapshot
from gateway.store.read.rows import Record, count_up_to, counts, records
from gateway.store.tables import hold


def listed(
    snapshot: Snapshot, *, state: str, class_: str, owner: str, partner: str, after: int, size: int
) -> tuple[list[Record], int]:
    """One page of holds, the oldest first, and how many there are in all (counted to a limit)."""
    wanted = sa.select(hold)
    for column, value in (("state", state), ("class", class_), ("owner", owner), ("partner", partner)):
        if value:
            wanted = wanted.where(hold.c[column] == value)
    total = count_up_to(snapshot, wanted)
    return records(snapshot, wanted.where(hold.c.id > after).order_by(hold.c.id).limit(size)), total


def choices(snapshot: Snapshot) -> dict[str, list[str]]:
    """What the filters may be set to: the classes, owners and partners of open holds."""
    is_open = hold.c.state == "open"
    return {name: [v for v in counts(snapshot, hold.c[name], is_open) if v] for name in ("class", "owner", "partner")}


def of_return(snapshot: Snapshot, return_no: str) -> list[Record]:
    """Open holds first, then the resolved ones."""
    wanted = sa.select(hold).where(hold.c.return_no == return_no)
    return records(snapshot, wanted.order_by(sa.case((hold.c.state == "open", 0), else_=1), hold.c.id).limit(200))


def of_intake(snapshot: Snapshot, intake_id: int) -> list[Record]:
    return records(snapshot, sa.select(hold).where(hold.c.intake_id == intake_id).order_by(hold.c.id).limit(200))
