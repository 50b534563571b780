"""Payloads that may be removed: those of files that ended long ago and that nothing needs. Rows and hashes stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction
from gateway.store.files import intakes
from gateway.store.system import events
from gateway.store.system.events import NewEvent
from gateway.store.tables import dispatch, document, hold, intake, posting, return_, return_document

AT_ONCE = 500
DISPATCHED = ("delivered", "void")


class OldPayload(NamedTuple):
    """The row of a received or sent file, and the hash under which its bytes are archived."""

    id: int
    sha256: str


class OldPayloads(NamedTuple):
    """Payloads that nothing needs any more, at most AT_ONCE of each kind."""

    received: list[OldPayload]
    sent: list[OldPayload]

    def sha256s(self) -> set[str]:
        """The hashes of all."""
        return {payload.sha256 for payload in (*self.received, *self.sent)}


def old_payloads(snapshot: Snapshot, limit: str) -> OldPayloads:
    """Files that ended before `limit` (an instant) and that nothing needs."""
    return OldPayloads(_old_intakes(snapshot, limit), _old_dispatches(snapshot, limit))


def mark_removed(tx: Transaction, payloads: OldPayloads, at: str) -> None:
    """Note that the bytes of these files are removed now: before they are, so that a crash loses no note."""
    _mark(tx, intake, "intake", payloads.received, at)
    _mark(tx, dispatch, "dispatch", payloads.sent, at)


def last_marked(snapshot: Snapshot) -> set[str]:
    """The hashes of what was marked last: a crash may have left their bytes."""
    marked: set[str] = set()
    for table in (intake, dispatch):
        last = sa.select(sa.func.max(table.c.bytes_removed_at)).scalar_subquery()
        query = sa.select(table.c.sha256).where(table.c.bytes_removed_at != "", table.c.bytes_removed_at == last)
        marked.update(str(sha256) for sha256 in snapshot.execute(query).scalars())
    return marked


def still_needed(snapshot: Snapshot, sha256s: Collection[str]) -> set[str]:
    """Those of these hashes that are also the bytes of a file that is not marked."""
    needed: set[str] = set()
    for table in (intake, dispatch):
        query = sa.select(table.c.sha256).where(table.c.sha256.in_(sha256s), table.c.bytes_removed_at == "")
        needed.update(str(sha256) for sha256 in snapshot.execute(query).scalars())
    return needed


def _mark(tx: Transaction, table: sa.Table, noun: str, payloads: Iterable[OldPayload], at: str) -> None:
    ids = [payload.id for payload in payloads]
    values = {"bytes_removed_at": at} | ({"bytes": None} if table is dispatch else {})
    if ids:
        tx.execute(table.update().where(table.c.id.in_(ids)).values(**values))
    removed = "its bytes were removed: they are older than we keep"
    events.add_many(tx, [NewEvent(f"{noun}:{id_}", "", message=removed) for id_ in ids], at)


def _old_intakes(snapshot: Snapshot, limit: str) -> list[OldPayload]:
    """Received files that ended before `limit` and that nothing needs: no open Hold, no document that
    waits, no return that is open.
    """
    of_intake = document.c.intake_id == intake.c.id
    held = sa.exists().where(hold.c.state == "open", hold.c.intake_id == intake.c.id)
    document_held = sa.exists().where(of_intake, hold.c.document_id == document.c.id, hold.c.state == "open")
    waits = sa.exists().where(of_intake, document.c.state.in_(("parked", "held")))
    open_return = sa.exists().where(
        of_intake,
        return_document.c.document_id == document.c.id,
        return_.c.return_no == return_document.c.return_no,
        return_.c.closed_at == "",
    )
    query = (
        sa.select(intake.c.id, intake.c.sha256)
        .where(
            intake.c.bytes_removed_at == "",
            intake.c.state.in_(sorted(intakes.TERMINAL)),
            intake.c.finished_at < limit,
            ~held,
            ~document_held,
            ~waits,
            ~open_return,
        )
        .order_by(intake.c.id)
        .limit(AT_ONCE)
    )
    return [OldPayload(int(id_), str(sha256)) for id_, sha256 in snapshot.execute(query)]


def _old_dispatches(snapshot: Snapshot, limit: str) -> list[OldPayload]:
    """Sent files that ended before `limit` and that nothing needs: acknowledged where that is owed, their
    returns closed, and the received file that they answer gone before them (it may come again).
    """
    ended = sa.func.coalesce(sa.func.nullif(dispatch.c.delivered_at, ""), dispatch.c.created_at)
    own = sa.exists().where(return_.c.return_no == dispatch.c.return_no, return_.c.closed_at == "")
    carried = sa.exists().where(
        dispatch.c.batch_id != "",
        posting.c.batch_id == dispatch.c.batch_id,
        return_.c.return_no == posting.c.return_no,
        return_.c.closed_at == "",
    )
    answers = sa.exists().where(intake.c.id == dispatch.c.intake_id, intake.c.bytes_removed_at == "")
    rejection = "partner_rejected:" + sa.cast(dispatch.c.id, sa.Text)
    # A further rejection of the same file has the document's id behind it.
    rejected = sa.exists().where(
        hold.c.state == "open", sa.or_(hold.c.key == rejection, hold.c.key.like(rejection + ":%"))
    )
    query = (
        sa.select(dispatch.c.id, dispatch.c.sha256)
        .where(
            dispatch.c.bytes_removed_at == "",
            dispatch.c.state.in_(DISPATCHED),
            ended < limit,
            dispatch.c.ack_state != "awaiting",
            ~own,
            ~carried,
            ~answers,
            ~rejected,
        )
        .order_by(dispatch.c.id)
        .limit(AT_ONCE)
    )
    return [OldPayload(int(id_), str(sha256)) for id_, sha256 in snapshot.execute(query)]
