"""Close a reconciliation period: what is said of its returns now is frozen, and never changed again."""

from __future__ import annotations

from datetime import datetime

from gateway.clock import instant
from gateway.process.work import Processing
from gateway.returns import Policies, close_period
from gateway.returns.money.reconciliation import Period
from gateway.returns.policy import policy_for
from gateway.store import Transaction
from gateway.store.returns import periods
from gateway.store.returns.periods import Months
from gateway.store.system import steps


class CannotClose(ValueError):
    """The period cannot be closed; the message says why."""


def freeze_period(tx: Transaction, policies: Policies, name: str, now: datetime, actor: str) -> Period:
    """Keep what is said now of the returns opened in a month. Raises LookupError if the month is closed already."""
    bounds = Months(policy_for(policies, "").calendar.zone).bounds(name)
    period = close_period(name, periods.rows_of(tx, policies, bounds, now), instant(now))
    periods.close(tx, period, actor)
    return period


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
    period = freeze_period(tx, work.policies, name, now, actor)
    steps.note(tx, steps.CLOSE, instant(now), {"period": name, "actor": actor}, work.version)
    return f"{name} is closed: {period.rows} rows, {period.differences} differences, sha256 {period.sha256}"
