"""Reconciliation over the stored returns, and its closed periods: frozen once, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

import sqlalchemy as sa

from gateway.clock import instant
from gateway.returns import Policies, Return
from gateway.returns.money.reconciliation import Period, Row, reconcile
from gateway.store.database import Snapshot, Transaction
from gateway.store.returns import references, returns
from gateway.store.system import events
from gateway.store.system.events import NewEvent
from gateway.store.tables import period_close, return_

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Months:
    """The months of a business calendar: "2025-03" begins at midnight in the house's time zone."""

    zone: tzinfo

    def bounds(self, period: str) -> tuple[datetime, datetime]:
        """First instant of the month and of the next. Raises ValueError for text that is no month."""
        year, month = _month(period)
        return datetime(year, month, 1, tzinfo=self.zone), datetime(
            year + month // 12, month % 12 + 1, 1, tzinfo=self.zone
        )


def _month(period: str) -> tuple[int, int]:
    parts = period.split("-")
    if [len(part) for part in parts] != [4, 2] or not all(part.isdecimal() for part in parts):
        raise ValueError(f"{period!r} is no month; write it as 2025-03")
    year, month = int(parts[0]), int(parts[1])
    if not 1 <= month <= 12 or year < 1:
        raise ValueError(f"{period!r} is no month; write it as 2025-03")
    return year, month


def rows_of(
    snapshot: Snapshot,
    policies: Policies,
    bounds: tuple[datetime, datetime] | None = None,
    now: datetime | None = None,
) -> Iterator[Row]:
    """The reconciliation of every return, or of those opened within `bounds`, tests left out; a few at a time.

    `now`: the instant to which rows are aged.
    """
    for aggregate in _returns(snapshot, bounds):
        yield from reconcile([aggregate], policies, now)


def _returns(snapshot: Snapshot, bounds: tuple[datetime, datetime] | None) -> Iterator[Return]:
    query = sa.select(return_.c.return_no).order_by(return_.c.return_no)
    if bounds is not None:
        first, after = (instant(bound) for bound in bounds)
        query = query.where(return_.c.opened_at >= first, return_.c.opened_at < after)
    numbers = [str(row[0]) for row in snapshot.execute(query)]
    for start in range(0, len(numbers), AT_ONCE):
        for loaded in returns.load(snapshot, numbers[start : start + AT_ONCE]).values():
            if loaded.stage != references.TEST:
                yield loaded.aggregate


def close(tx: Transaction, period: Period, actor: str) -> None:
    """Freeze a period. Raises LookupError if it is closed already: a closed period is never closed again."""
    if get(tx, period.name) is not None:
        raise LookupError(f"period {period.name} is closed already")
    tx.execute(
        period_close.insert().values(
            period=period.name,
            closed_at=period.closed_at,
            closed_by=actor,
            row_count=period.rows,
            differences=period.differences,
            csv=period.csv,
            sha256=period.sha256,
        )
    )
    message = f"{period.rows} lines, {period.differences} differences, sha256 {period.sha256}"
    events.add(tx, NewEvent(f"period:{period.name}", "closed", message=message, actor=actor), period.closed_at)


def get(snapshot: Snapshot, name: str) -> Period | None:
    """A closed period; None while it is open."""
    row = snapshot.execute(sa.select(period_close).where(period_close.c.period == name)).one_or_none()
    return None if row is None else _period(row)


def closed_months(snapshot: Snapshot) -> frozenset[str]:
    """The names of the closed periods: months, as "2025-03"."""
    return frozenset(str(row[0]) for row in snapshot.execute(sa.select(period_close.c.period)))


def all_closed(snapshot: Snapshot) -> list[Period]:
    """Every closed period, by name."""
    return [_period(row) for row in snapshot.execute(sa.select(period_close).order_by(period_close.c.period))]


def _period(row: sa.Row[tuple[object, ...]]) -> Period:
    return Period(
        name=row.period,
        closed_at=row.closed_at,
        csv=row.csv,
        sha256=row.sha256,
        rows=row.row_count,
        differences=row.differences,
    )
