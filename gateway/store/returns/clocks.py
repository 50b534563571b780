"""What we count the time of: answers, receipts and results that are due. Rows, so that a restart forgets none."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction, columns_of, insert
from gateway.store.system import events
from gateway.store.system.events import NewEvent
from gateway.store.tables import due

RUNNING = ("running", "warned", "breached")  # a breached clock still waits for its event


@dataclass(frozen=True, slots=True)
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


_COLUMNS = columns_of(due, Due)


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
    moved: list[Due] = []
    query = sa.select(*_COLUMNS).where(_is_ripe(now)).order_by(due.c.due_at, due.c.key)
    for row in tx.execute(query).all():
        before = Due(*row)
        after = replace(before, state="breached" if before.due_at <= now else "warned")
        tx.execute(due.update().where(due.c.key == after.key).values(state=after.state))
        event = NewEvent(f"due:{after.key}", after.state, before.state, message=after.class_, return_no=after.return_no)
        events.add(tx, event, now)
        moved.append(after)
    return moved


def _is_ripe(now: str) -> sa.ColumnElement[bool]:
    """A running clock that is past its due time, or one that has not warned and is past its warning time."""
    is_due = sa.and_(due.c.state.in_(("running", "warned")), due.c.due_at <= now)
    is_to_warn = sa.and_(due.c.state == "running", due.c.warn_at != "", due.c.warn_at <= now)
    return sa.or_(is_due, is_to_warn)


def any_clock_due(snapshot: Snapshot, now: str) -> bool:
    """Is there any clock that `sweep` would move?"""
    is_running = due.c.state.in_(("running", "warned"))
    query = sa.select(due.c.key).where(is_running, _is_ripe(now))
    return snapshot.execute(query.limit(1)).first() is not None


def get(snapshot: Snapshot, key: str) -> Due | None:
    """The clock with this key; None if it was never started."""
    """One clock; None if none with this key was started."""
    row = snapshot.execute(sa.select(*_COLUMNS).where(due.c.key == key)).one_or_none()
    return None if row is None else Due(*row)


def running(snapshot: Snapshot, class_: str) -> list[Due]:
    """Clocks of a class that still wait for their event, breached ones too."""
    query = sa.select(*_COLUMNS).where(due.c["class"] == class_, due.c.state.in_(RUNNING))
    return [Due(*row) for row in snapshot.execute(query.order_by(due.c.key))]


def overdue(snapshot: Snapshot, now: str) -> list[Due]:
    """Clocks that are past their time and still wait, the longest overdue first."""
    query = sa.select(*_COLUMNS).where(due.c.state.in_(RUNNING), due.c.due_at <= now)
    return [Due(*row) for row in snapshot.execute(query.order_by(due.c.due_at, due.c.key))]


def of_return(snapshot: Snapshot, return_no: str) -> list[Due]:
    """All clocks of one return, as they were started."""
    query = sa.select(*_COLUMNS).where(due.c.return_no == return_no).order_by(due.c.started_at, due.c.key)
    return [Due(*row) for row in snapshot.execute(query)]
