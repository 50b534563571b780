"""Every change of state, with its cause. Rows are only ever inserted, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction, rows
from gateway.store.tables import event


@dataclass(frozen=True)
class NewEvent:
    """One change of state. `subject` is "intake:12", "return:R000123", "dispatch:4", "posting:…", "hold:3"."""

    subject: str
    to_state: str
    from_state: str = ""
    message: str = ""
    return_no: str = ""
    actor: str = "gateway"


def add(
    tx: Transaction,
    subject: str,
    *,
    at: str,
    to_state: str = "",
    from_state: str = "",
    message: str = "",
    return_no: str = "",
    actor: str = "gateway",
) -> None:
    """Write one event row."""
    add_many(tx, [NewEvent(subject, to_state, from_state, message, return_no, actor)], at)


def add_many(tx: Transaction, events: Sequence[NewEvent], at: str) -> None:
    """Write the rows of a batch of changes that happened together."""
    rows: list[dict[str, Any]] = [
        {
            "at": at,
            "actor": new.actor,
            "subject": new.subject,
            "return_no": new.return_no,
            "from_state": new.from_state,
            "to_state": new.to_state,
            "message": new.message,
        }
        for new in events
    ]
    if rows:
        tx.execute(event.insert(), rows)


def of_subject(snapshot: Snapshot, subject: str) -> list[dict[str, Any]]:
    """The events of one thing, oldest first."""
    return rows(snapshot, sa.select(event).where(event.c.subject == subject).order_by(event.c.id))


def of_return(snapshot: Snapshot, return_no: str) -> list[dict[str, Any]]:
    """The timeline of one return, oldest first."""
    return rows(snapshot, sa.select(event).where(event.c.return_no == return_no).order_by(event.c.id))
