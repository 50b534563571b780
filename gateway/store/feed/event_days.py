"""The days whose events were written into files, and the part of the feed that each has."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction, columns_of
from gateway.store.tables import event_day


@dataclass(frozen=True, slots=True)
class DailyEvents:
    """A day ("2025-03-14") whose files have the events after `after_seq` up to `last_seq`."""

    day: str
    after_seq: int
    last_seq: int
    at: str


_COLUMNS = columns_of(event_day, DailyEvents)


def last(snapshot: Snapshot) -> DailyEvents | None:
    """The last day that was written; None if none was."""
    row = snapshot.execute(sa.select(*_COLUMNS).order_by(event_day.c.day.desc()).limit(1)).one_or_none()
    return None if row is None else DailyEvents(*row)


def add(tx: Transaction, day: DailyEvents) -> None:
    """Note that the files of a day are written, in the transaction that stores them."""
    tx.execute(event_day.insert().values(day=day.day, after_seq=day.after_seq, last_seq=day.last_seq, at=day.at))
