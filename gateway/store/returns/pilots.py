"""What waits for a person's release because a partner is in stage pilot: postings, and files that tell others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction
from gateway.store.system import events, steps
from gateway.store.tables import document, hold, posting, return_, return_document

HOLD = "pilot_release"
RELEASED = "released"

Pilots = Mapping[str, frozenset[str]]
"""Partner → its kinds of document that are in stage pilot now."""
NO_PILOTS: Pilots = {}


def _came_in_pilot(pilots: Pilots) -> sa.ColumnElement[bool]:
    """Documents that came in stage pilot and whose kind still is in it."""
    still_pilots = [
        sa.and_(document.c.partner == name, document.c.kind.in_(sorted(pilots[name]))) for name in sorted(pilots)
    ]
    return sa.and_(document.c.stage == "pilot", sa.or_(*still_pilots))


def posting_waits(pilots: Pilots) -> sa.ColumnElement[bool]:
    """Postings that need a release and have none: a document behind their return came in a pilot, or their ERP is in
    one."""
    if not pilots:
        return sa.false()
    behind = (
        sa.exists()
        .where(return_document.c.return_no == posting.c.return_no)
        .where(document.c.id == return_document.c.document_id)
        .where(_came_in_pilot(pilots))
        .correlate(posting)
    )
    erps = sorted(name for name, kinds in pilots.items() if "erp_batch" in kinds)
    test = sa.exists().where(return_.c.return_no == posting.c.return_no, return_.c.stage == "test").correlate(posting)
    return sa.and_(posting.c.released == "", ~test, sa.or_(posting.c.destination.in_(erps), behind))


def pilot_behind(snapshot: Snapshot, return_no: str, pilots: Pilots) -> tuple[str, str] | None:
    """(partner, kind) of the first document behind a return that came in a pilot which goes on; None if none did."""
    if not pilots:
        return None
    query = (
        sa.select(document.c.partner, document.c.kind)
        .join(return_document, return_document.c.document_id == document.c.id)
        .where(return_document.c.return_no == return_no, _came_in_pilot(pilots))
        .order_by(document.c.id)
        .limit(1)
    )
    found = snapshot.execute(query).first()
    return (str(found.partner), str(found.kind)) if found else None


@dataclass(frozen=True, slots=True)
class WaitingReturn:
    """A return with ready postings that wait for a release: its partner, and how many for which ERP."""

    return_no: str
    partner: str
    destination: str


def waiting_returns(snapshot: Snapshot, pilots: Pilots) -> list[WaitingReturn]:
    """Every return that has ready postings which wait for a release."""
    if not pilots:
        return []
    query = (
        sa.select(posting.c.return_no, return_.c.partner, sa.func.min(posting.c.destination))
        .join(return_, return_.c.return_no == posting.c.return_no)
        .where(posting.c.state == "ready", posting_waits(pilots))
        .group_by(posting.c.return_no, return_.c.partner)
        .order_by(posting.c.return_no)
    )
    return [WaitingReturn(str(row[0]), str(row[1]), str(row[2])) for row in snapshot.execute(query)]


def open_holds(snapshot: Snapshot) -> dict[str, int]:
    """The open Holds of pilots: key → id."""
    query = sa.select(hold.c.key, hold.c.id).where(hold.c["class"] == HOLD, hold.c.state == "open")
    return {str(key): int(id_) for key, id_ in snapshot.execute(query.order_by(hold.c.id))}


def holds_return(snapshot: Snapshot, return_no: str) -> bool:
    """Does anything about this return wait for a release?"""
    query = sa.select(hold.c.id).where(hold.c.return_no == return_no, hold.c["class"] == HOLD, hold.c.state == "open")
    return snapshot.execute(query.limit(1)).first() is not None


def waiting_postings(snapshot: Snapshot, return_no: str, pilots: Pilots) -> list[str]:
    """Keys of the ready postings of a return that wait for a release."""
    query = sa.select(posting.c.key).where(posting.c.return_no == return_no, posting.c.state == "ready")
    return [str(key) for key in snapshot.execute(query.where(posting_waits(pilots)).order_by(posting.c.key)).scalars()]


def release(tx: Transaction, return_no: str, *, actor: str, at: str) -> int:
    """A person lets the ready postings of a return go → how many there are. What becomes ready later waits anew."""
    moved = tx.execute(
        posting.update()
        .where(posting.c.return_no == return_no, posting.c.state == "ready", posting.c.released == "")
        .values(released=at)
        .returning(posting.c.key)
    ).scalars()
    keys = sorted(str(key) for key in moved)
    changes = [events.NewEvent(f"posting:{key}", "ready", "ready", RELEASED, return_no, actor) for key in keys]
    events.add_many(tx, changes, at)
    steps.note(tx, steps.RELEASED, at, {"postings": keys})
    return len(keys)


def release_again(tx: Transaction, keys: list[str], at: str) -> None:
    """Let postings go, where a release is repeated from its step."""
    tx.execute(posting.update().where(posting.c.key.in_(keys)).values(released=at))
