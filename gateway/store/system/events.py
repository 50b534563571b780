"""Every change of state, with its cause. Rows are only ever inserted, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.store.database import Transaction
from gateway.store.tables import event


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One change of state. `subject` is "intake:12", "return:R000123", "dispatch:4", "posting:…", "hold:3"."""

    subject: str
    to_state: str
    from_state: str = ""
    message: str = ""
    return_no: str = ""
    actor: str = "gateway"


def add(tx: Transaction, new: NewEvent, at: str) -> None:
    """Write the row of one change."""
    add_many(tx, [new], at)


def add_many(tx: Transaction, events: Sequence[NewEvent], at: str) -> None:
    """Write the rows of a batch of changes that happened together."""
    rows = [
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
