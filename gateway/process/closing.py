"""Close a reconciliation period: what is said of its returns now is frozen, and never changed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.clock import instant
from gateway.returns import close_period
from gateway.store import Transaction, periods
from gateway.store.periods import Months

if TYPE_CHECKING:
    from gateway.process.stage import Processing


class CannotClose(ValueError):
    """The period cannot be closed; the message says why."""


def close(tx: Transaction, work: Processing, name: str, actor: str) -> str:
    """Freeze the comparison of the returns opened in a month → what was done. Raises CannotClose for a month that is
    closed, not over, or none.
    """
    now = work.clock.now()
    try:
        bounds = Months(work.policies("").calendar.zone).bounds(name)
    except ValueError as wrong:
        raise CannotClose(str(wrong)) from None
    if now < bounds[1]:
        raise CannotClose(f"{name} is not over")
    if (closed := periods.get(tx, name)) is not None:
        raise CannotClose(f"{name} was closed at {closed.closed_at[:16]} already")
    period = close_period(name, periods.rows_of(tx, work.policies, bounds), instant(now))
    periods.close(tx, period, actor)
    return f"{name} is closed: {period.rows} rows, {period.differences} differences, sha256 {period.sha256}"
