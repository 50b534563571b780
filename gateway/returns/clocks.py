"""Promises, counted in business hours: when each warns and when it is breached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from gateway.returns.model import Clock, Due, Return, instant
from gateway.returns.policy import Calendar, ClockRule, Policy
from gateway.returns.postings import credit_wanted


def add_business_hours(start: datetime, hours: Decimal, calendar: Calendar) -> datetime:
    """The instant (UTC) at which so many business hours have passed since `start` (aware), in the calendar's zone."""
    zone = calendar.zone
    left = timedelta(hours=float(hours))
    at = start.astimezone(zone)
    while True:
        opens = datetime.combine(at.date(), calendar.opens, zone)
        closes = datetime.combine(at.date(), calendar.closes, zone)
        open_today = at.weekday() in calendar.days and at.date() not in calendar.holidays
        begin = max(at, opens)
        # Compared and subtracted in UTC: between two wall times of one zone a change of clocks would not count.
        room = closes.astimezone(UTC) - begin.astimezone(UTC) if open_today else timedelta(0)
        if open_today and room > timedelta(0):
            if left <= room:
                return begin.astimezone(UTC) + left
            left -= room
        at = datetime.combine(at.date() + timedelta(days=1), calendar.opens, zone)


def clock(class_: str, start: datetime, rule: ClockRule, calendar: Calendar) -> Clock:
    """A running clock of a class from an instant."""
    return Clock(
        class_,
        instant(start),
        instant(add_business_hours(start, rule.warn_hours, calendar)),
        instant(add_business_hours(start, rule.due_hours, calendar)),
    )


def wind_clocks(return_: Return, policy: Policy, now: datetime) -> list[Due]:
    """Start and stop the clocks that the state of the return calls for; what changed, as the store keeps it."""
    running = _promises_open(return_, policy)
    changed: list[Due] = []
    for class_, rule in policy.clocks.items():
        current = return_.clocks.get(class_)
        if class_ in running and (current is None or current.state == "met"):
            current = return_.clocks[class_] = clock(class_, now, rule, policy.calendar)
        elif class_ not in running and current is not None and current.state == "running":
            current.state, current.stopped_at = "met", instant(now)
        else:
            continue
        changed.append(_due(return_, current))
    return changed


def _due(return_: Return, current: Clock) -> Due:
    return Due(
        key=f"{current.class_}:{return_.return_no}",
        class_=current.class_,
        partner=return_.partner,
        return_no=return_.return_no,
        subject=f"return:{return_.return_no}",
        started_at=current.started_at,
        warn_at=current.warn_at,
        due_at=current.due_at,
        state=current.state,
        stopped_at=current.stopped_at,
    )


def _promises_open(return_: Return, policy: Policy) -> set[str]:
    """Classes of promise that somebody owes on this return now."""
    owed: set[str] = set()
    for line in return_.lines.values():
        t = return_.tally(line.line_no)
        if line.decision == "pending" and not return_.cancelled:
            owed.add("answer")
        if t.x - t.z > t.r:
            owed.add("receipt")
        if t.r > t.i:
            owed.add("inspection")
        if t.c < credit_wanted(return_, line, policy):
            owed.add("credit")
    return owed
