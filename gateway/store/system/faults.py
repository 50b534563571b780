"""Technical troubles of ours: one open row per class and subject while it lasts, cleared when the cause is gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.faults import GatewayError, code_of
from gateway.store.database import Snapshot, Store, Transaction, columns_of
from gateway.store.system import events
from gateway.store.system.events import NewEvent
from gateway.store.tables import fault


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table `fault`."""

    id: int
    key: str
    class_: str
    severity: str
    subject: str
    message: str
    remedy: str
    since: str
    last_seen: str
    cleared_at: str
    count: int


_COLUMNS = columns_of(fault, Fault)


def raise_(tx: Transaction, error: GatewayError, *, at: str, subject: str = "") -> int:
    """Note that a trouble is there → the Fault's id. Seen again, it counts up and keeps the time since when."""
    about = subject or error.subject
    key = f"{error.code}:{about}"
    seen = tx.execute(
        fault.update()
        .where(fault.c.key == key, fault.c.cleared_at == "")
        .values(last_seen=at, message=error.message, severity=error.severity, count=fault.c.count + 1)
        .returning(fault.c.id)
    ).scalar()
    if seen is not None:
        return int(seen)
    values = {
        "key": key,
        "class": error.code,
        "severity": error.severity,
        "subject": about,
        "message": error.message,
        "remedy": error.remedy,
        "since": at,
        "last_seen": at,
    }
    fault_id = int(tx.execute(fault.insert().values(**values).returning(fault.c.id)).scalar_one())
    events.add(tx, NewEvent(f"fault:{fault_id}", "open", message=f"{error.code} {about}: {error.message}"), at)
    return fault_id


def clear(tx: Transaction, class_: str | type[GatewayError], subject: str, *, at: str) -> bool:
    """The cause is gone: close the Fault of this class and subject, if it is open → whether it was."""
    return clear_except(tx, class_, keep=(), at=at, only=subject) > 0


def clear_except(
    tx: Transaction,
    class_: str | type[GatewayError],
    *,
    keep: Collection[str],
    at: str,
    only: str | None = None,
    prefix: str = "",
) -> int:
    """Close the open Faults of this class whose subject is not in `keep` → how many.

    `only` limits it to one subject, `prefix` to subjects that begin so.
    """
    name = class_ if isinstance(class_, str) else code_of(class_)
    query = sa.select(fault.c.id, fault.c.subject).where(fault.c["class"] == name, fault.c.cleared_at == "")
    if only is not None:
        query = query.where(fault.c.subject == only)
    gone = [int(row.id) for row in tx.execute(query) if row.subject not in keep and row.subject.startswith(prefix)]
    if gone:
        tx.execute(fault.update().where(fault.c.id.in_(gone)).values(cleared_at=at))
        cleared = [NewEvent(f"fault:{id_}", from_state="open", to_state="cleared") for id_ in gone]
        events.add_many(tx, cleared, at)
    return len(gone)


def keep_exactly(store: Store, prefix: str, troubles: Sequence[GatewayError], *, at: str, touch: bool = False) -> None:
    """Make the open Faults whose subject begins with `prefix` exactly these. Writes only if something changed, or
    always with `touch`, which also counts a trouble that is seen again.
    """
    now = {(error.code, error.subject): error for error in troubles}
    with store.read() as snapshot:
        of_prefix = (row for row in open_faults(snapshot) if row.subject.startswith(prefix))
        known = {(row.class_, row.subject): row for row in of_prefix}
    same = {key: error.message for key, error in now.items()} == {key: row.message for key, row in known.items()}
    if same and not (touch and now):
        return
    with store.write() as tx:
        for key, row in known.items():
            error = now.get(key)
            if error is None or (error.renews and error.message != row.message):
                clear(tx, row.class_, row.subject, at=at)
        for key, error in now.items():
            if touch or key not in known or known[key].message != error.message:
                raise_(tx, error, at=at)


def clear_subject(tx: Transaction, subject: str, *, at: str) -> int:
    """All is well with this subject: close its open Faults of every class → how many."""
    classes = sa.select(fault.c["class"]).where(fault.c.subject == subject, fault.c.cleared_at == "").distinct()
    return sum(clear(tx, str(class_), subject, at=at) for class_ in tx.execute(classes).scalars().all())


def open_faults(snapshot: Snapshot, class_: str | type[GatewayError] | None = None) -> list[Fault]:
    """Open Faults, oldest first; of one class if it is named."""
    query = sa.select(*_COLUMNS).where(fault.c.cleared_at == "").order_by(fault.c.id)
    if class_ is not None:
        query = query.where(fault.c["class"] == (class_ if isinstance(class_, str) else code_of(class_)))
    return [Fault(*row) for row in snapshot.execute(query)]
