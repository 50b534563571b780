"""The last changes of state: of everything, of one thing, of one return."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.store.database import Snapshot
from gateway.store.read.rows import records
from gateway.store.read.table_rows import EventRow
from gateway.store.tables import event


def newest(snapshot: Snapshot, limit: int = 15) -> list[EventRow]:
    """The last events of the gateway, newest first."""
    return records(snapshot, sa.select(event).order_by(event.c.id.desc()).limit(limit), EventRow)


def history(snapshot: Snapshot, subject: str, limit: int = 300) -> list[EventRow]:
    """The last events of one thing ("intake:12", "dispatch:4"), oldest first."""
    return _last(snapshot, event.c.subject == subject, limit)


def of_return(snapshot: Snapshot, return_no: str, limit: int = 500) -> list[EventRow]:
    """The last events of one return, oldest first."""
    return _last(snapshot, event.c.return_no == return_no, limit)


def _last(snapshot: Snapshot, condition: sa.ColumnElement[bool], limit: int) -> list[EventRow]:
    query = sa.select(event).where(condition).order_by(event.c.id.desc()).limit(limit)
    return records(snapshot, query, EventRow)[::-1]
