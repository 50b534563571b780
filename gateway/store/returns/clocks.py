"""What we count the time of: answers, receipts and results that are due. Rows, so that a restart forgets none."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction, insert, one, rows
from gateway.store.system import events
from gateway.store.tables import due

RUNNING = ("running", "warned", "breached")  # a breached clock still waits for its event


@dataclass(frozen=True)
class Due:
    """One row of the table `due`. state: running → warned → breached; met from any of them."""

    key: str
    class_: str
    partner: str
    return_no: str
    subject: str
    state: str
    started_at: str
    warn_at: str
    due_at: str
    stopped_at: str


@dataclass(frozen=True, slots=True)
class NewClock:
    """A clock to start: instants as text; without `warn_at` ("") it is breached without a warning."""

    key: str
    class_: str
    started_at: str
    due_at: str
    warn_at: str = ""
    partner: str = ""
    return_no: str = ""
    subject: str = ""


def start(tx: Transaction, clock: NewClock) -> bool:
    """Start a clock → whether it is new. A clock with this key that was started once is left as it is."""
    new = tx.execute(
        insert(tx, due).values(**_columns(clock)).on_conflict_do_nothing(index_elements=["key"]).returning(due.c.key)
    )
    return new.first() is not None


def restart(tx: Transaction, clock: NewClock) -> None:
    """Start a clock, or let the one with this key run again from here: the promise is owed once more."""
    values = _columns(clock) | {"state": "running", "stopped_at": ""}
    renewed = {name: value for name, value in values.items() if name != "key"}
    tx.execute(insert(tx, due).values(**values).on_conflict_do_update(index_elements=["key"], set_=renewed))


def _columns(clock: NewClock) -> dict[str, str]:
    return {
        "key": clock.key,
        "class": clock.class_,
        "partner": clock.partner,
        "return_no": clock.return_no,
        "subject": clock.subject,
        "started_at": clock.started_at,
        "warn_at": clock.warn_at,
        "due_at": clock.due_at,
    }


def stop(tx: Transaction, key: str, *, at: str) -> bool:
    """What it waited for happened → whether the clock was running."""
    stopped = tx.execute(
        due.update().where(due.c.key == key, due.c.state.in_(RUNNING)).values(state="met", stopped_at=at)
    )
    return stopped.rowcount == 1


def sweep(tx: Transaction, now: str) -> list[Due]:
    """Move the clocks whose time has come to `warned` or `breached` → those that moved, in their new state."""
    ripe = sa.select(due).where(
        sa.or_(
            sa.and_(due.c.state.in_(("running", "warned")), due.c.due_at <= now),
            sa.and_(due.c.state == "running", due.c.warn_at != "", due.c.warn_at <= now),
        )
    )
    moved: list[Due] = []
    for row in rows(tx, ripe.order_by(due.c.due_at, due.c.key)):
        state = "breached" if row["due_at"] <= now else "warned"
        tx.execute(due.update().where(due.c.key == row["key"]).values(state=state))
        events.add(
            tx,
            f"due:{row['key']}",
            at=now,
            from_state=row["state"],
            to_state=state,
            message=row["class"],
            return_no=row["return_no"],
        )
        moved.append(_due({**row, "state": state}))
    return moved


def ripe(snapshot: Snapshot, now: str) -> bool:
    """Is there any clock that `sweep` would move?"""
    running = due.c.state.in_(("running", "warned"))
    wanted = sa.select(due.c.key).where(
        running,
        sa.or_(due.c.due_at <= now, sa.and_(due.c.state == "running", due.c.warn_at != "", due.c.warn_at <= now)),
    )
    return snapshot.execute(wanted.limit(1)).first() is not None


def get(snapshot: Snapshot, key: str) -> Due | None:
    """The clock with this key; None if it was never started."""
    row = one(snapshot, sa.select(due).where(due.c.key == key))
    return _due(row) if row else None


def running(snapshot: Snapshot, class_: str) -> list[Due]:
    """Clocks of a class that still wait for their event, breached ones too."""
    wanted = sa.select(due).where(due.c["class"] == class_, due.c.state.in_(RUNNING))
    return [_due(row) for row in rows(snapshot, wanted.order_by(due.c.key))]


def overdue(snapshot: Snapshot, now: str) -> list[Due]:
    """Clocks that are past their time and still wait, the longest overdue first."""
    wanted = sa.select(due).where(due.c.state.in_(RUNNING), due.c.due_at <= now)
    return [_due(row) for row in rows(snapshot, wanted.order_by(due.c.due_at, due.c.key))]


def of_return(snapshot: Snapshot, return_no: str) -> list[Due]:
    """All clocks of one return, as they were started."""
    wanted = sa.select(due).where(due.c.return_no == return_no).order_by(due.c.started_at, due.c.key)
    return [_due(row) for row in rows(snapshot, wanted)]


def _due(values: dict[str, str]) -> Due:
    return Due(class_=values.pop("class"), **values)
