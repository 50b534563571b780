"""Payloads that are old and needed by nothing are removed; what is known about them, hashes too, stays for ever.

Marked first, in a transaction that checks that nothing needs them, and unlinked afterwards: what a crash interrupts is
marked and still there, which the next run finishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from gateway.clock import Clock, instant
from gateway.disk import remove_archived
from gateway.faults import crashpoint
from gateway.home import Home
from gateway.store import Snapshot, Store, Transaction
from gateway.store.files import intakes
from gateway.store.system import events
from gateway.store.system.events import NewEvent
from gateway.store.tables import dispatch, document, hold, intake, posting, return_, return_document

AT_ONCE = 500
DISPATCHED = ("delivered", "void")


@dataclass(slots=True)
class Retention:
    """Removes payloads of one store, once a day."""

    store: Store
    home: Home
    clock: Clock
    done_on: date | None = None

    def run_daily(self, payload_days: int) -> int:
        """Remove what is older than so many days, if this day has not seen it done; returns how many files it was."""
        today = self.clock.now().date()
        if self.done_on == today:
            return 0
        self.done_on = today
        return self.run(payload_days)

    def run(self, payload_days: int) -> int:
        """Remove the payloads of received and sent files that ended so many days ago and that nothing needs."""
        now = self.clock.now()
        limit, at = instant(now - timedelta(days=payload_days)), instant(now)
        self._finish_last()
        done = 0
        while True:
            with self.store.read() as snapshot:
                if not (_old_intakes(snapshot, limit) or _old_dispatches(snapshot, limit)):
                    return done
            with self.store.write() as tx:
                received, sent = _old_intakes(tx, limit), _old_dispatches(tx, limit)
                _mark(tx, intake, "intake", received, at)
                _mark(tx, dispatch, "dispatch", sent, at)
            crashpoint("retention.marked")
            self._unlink({sha256 for _, sha256 in [*received, *sent]})
            done += len(received) + len(sent)

    def _finish_last(self) -> None:
        """Unlink again what was marked last: a crash may have come between the two."""
        with self.store.read() as snapshot:
            marked: set[str] = set()
            for table in (intake, dispatch):
                last = sa.select(sa.func.max(table.c.bytes_removed_at)).scalar_subquery()
                found = sa.select(table.c.sha256).where(
                    table.c.bytes_removed_at != "", table.c.bytes_removed_at == last
                )
                marked.update(str(each) for each in snapshot.execute(found).scalars())
        self._unlink(marked)

    def _unlink(self, sha256s: set[str]) -> None:
        """Unlink these archived files, but for those that another file with the same bytes still needs."""
        wanted = sorted(sha256s)
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            with self.store.read() as snapshot:
                needed = {
                    str(each)
                    for table in (intake, dispatch)
                    for each in snapshot.execute(
                        sa.select(table.c.sha256).where(table.c.sha256.in_(some), table.c.bytes_removed_at == "")
                    ).scalars()
                }
            remove_archived(self.home, [each for each in some if each not in needed])


def _mark(tx: Transaction, table: sa.Table, noun: str, found: list[tuple[int, str]], at: str) -> None:
    ids = [id_ for id_, _ in found]
    values = {"bytes_removed_at": at} | ({"bytes": None} if table is dispatch else {})
    if ids:
        tx.execute(table.update().where(table.c.id.in_(ids)).values(**values))
    told = [NewEvent(f"{noun}:{id_}", "", message="its bytes were removed: they are older than we keep") for id_ in ids]
    events.add_many(tx, told, at)


def _old_intakes(conn: Snapshot, limit: str) -> list[tuple[int, str]]:
    """(id, hash) of received files that ended before `limit` and that nothing needs: no open Hold, no document that
    waits, no return that is open.
    """
    mine = document.c.intake_id == intake.c.id
    held = sa.exists().where(hold.c.state == "open", hold.c.intake_id == intake.c.id)
    document_held = sa.exists().where(mine, hold.c.document_id == document.c.id, hold.c.state == "open")
    waits = sa.exists().where(mine, document.c.state.in_(("parked", "held")))
    open_return = sa.exists().where(
        mine,
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
    return [(int(row[0]), str(row[1])) for row in conn.execute(query)]


def _old_dispatches(conn: Snapshot, limit: str) -> list[tuple[int, str]]:
    """(id, hash) of sent files that ended before `limit` and that nothing needs: acknowledged where that is owed, their
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
    return [(int(row[0]), str(row[1])) for row in conn.execute(query)]
