"""Promises, counted in business hours: when each warns and when it is breached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from gateway.returns.ledger.advance import undecided_exposure
from gateway.returns.ledger.parcels import missing_of, named_parcel, parcels_with
from gateway.returns.model import SETTLEMENT_KINDS, ZERO, Clock, Due, Return, ReturnLine, instant
from gateway.returns.money.claim_figures import owing
from gateway.returns.money.due import credits_wanted, settlement_due
from gateway.returns.policy import Calendar, ClockClass, ClockRule, Policy

# Goods may not stay in an outcome: the class of such a clock names it, as next_outcome:quarantine.
NEXT_OUTCOME: ClockClass = "next_outcome"


def add_business_hours(start: datetime, hours: Decimal, calendar: Calendar) -> datetime:
    """The instant (UTC) at which so many business hours have passed since `start` (aware), in the calendar's zone."""
    return _after(start, timedelta(hours=float(hours)), calendar)


def _after(start: datetime, remaining: timedelta, calendar: Calendar) -> datetime:
    at = start if start.tzinfo is UTC else start.astimezone(UTC)
    day_ = at.date() if calendar.time_zone == "UTC" else at.astimezone(calendar.zone).date()
    while True:
        for opens, closes in calendar.open_from(day_):
            if at < closes:
                begin = at if at > opens else opens
                room = closes - begin
                if remaining <= room:
                    return begin + remaining
                remaining -= room
        day_ += _STRETCH


_STRETCH = timedelta(days=Calendar.STRETCH)


def clock(class_: str, start: datetime, rule: ClockRule, calendar: Calendar) -> Clock:
    """A running clock of a class from an instant."""
    warn_after, due_after = rule.spans
    warn = _after(start, warn_after, calendar)
    # Hours add up, so the breach is counted on from the warning.
    begin, remaining = (warn, due_after - warn_after) if due_after > warn_after else (start, due_after)
    due = _after(begin, remaining, calendar)
    return Clock(class_, instant(start), instant(warn), instant(due))


def wind_clocks(return_: Return, credits_: Mapping[str, Decimal], policy: Policy, now: datetime) -> list[Due]:
    """Start and stop the clocks that the state of the return calls for; what changed, as the store keeps it.

    `credits_` says for every line how much should be credited.
    """
    running = _promises_open(return_, return_.lines.values(), credits_, policy)
    running |= _stays(return_, policy, instant(now))
    clocks = return_.clocks
    if not running and not clocks:
        return []
    changed: list[Due] = []
    for class_, rule in _rules(running, clocks, policy):
        current = clocks.get(class_)
        ticking = current is not None and current.state == "running"
        if ticking == (class_ in running):
            continue
        if current is None or not ticking:
            current = clocks[class_] = clock(class_, now, rule, policy.calendar)
        else:
            current.state, current.stopped_at = "met", instant(now)
        changed.append(_due(return_, current))
    return changed


def _rules(running: Iterable[str], clocks: Iterable[str], policy: Policy) -> Iterator[tuple[str, ClockRule]]:
    """Every class of clock that the return may have, each outcome that goods pass with one of its own."""
    for class_, rule in policy.clocks.items():
        if class_ != NEXT_OUTCOME:
            yield class_, rule
    for outcome in sorted({outcome for name in (*running, *clocks) if (outcome := _outcome_of(name))}):
        of_policy = policy.dispositions.get(outcome)
        own = of_policy.clock if of_policy else None
        if rule_now := own or policy.clocks.get(NEXT_OUTCOME):
            yield f"{NEXT_OUTCOME}:{outcome}", rule_now


def _outcome_of(class_: str) -> str:
    """The outcome that a clock of this class is about; "" for other promises."""
    return class_.removeprefix(f"{NEXT_OUTCOME}:") if class_.startswith(f"{NEXT_OUTCOME}:") else ""


def _stays(return_: Return, policy: Policy, at: str) -> set[str]:
    """Note in which outcomes goods stand where they may not stay, and since when; the classes of their clocks."""
    passing = [code for code, rule in policy.dispositions.items() if rule.passing]
    there_are = [code for code in passing if any(t.d.get(code) for t in return_.tallies.values() if t.d)]
    return_.staying = {code: return_.staying.get(code, at) for code in there_are}
    return {f"{NEXT_OUTCOME}:{code}" for code in there_are}


def put_off(return_: Return, class_: str, until: datetime) -> Due:
    """Let a promise of a return be broken at another instant only (aware), without a warning before; the clock anew."""
    current = return_.clocks[class_]
    current.state, current.stopped_at = "running", ""
    current.warn_at = current.due_at = instant(until)
    return _due(return_, current)


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


def parcels_owing(return_: Return, class_: str) -> list[str]:
    """The parcels that a promise of a class is about, in words: carrier and tracking number; none of others."""
    if class_ not in PARCEL_PROMISES:
        return []
    return [named_parcel(parcel) for parcel, _ in parcels_with(return_, class_)]


def lines_owing(return_: Return, class_: str, policy: Policy) -> list[str]:
    """Numbers of the lines on which a promise of a class is owed now."""
    if outcome := _outcome_of(class_):
        return [no for no in return_.lines if return_.tally(no).d.get(outcome)]
    credits_ = credits_wanted(return_, policy)
    return [no for no, line in return_.lines.items() if class_ in _promises_open(return_, (line,), credits_, policy)]


def _promises_open(
    return_: Return, lines: Iterable[ReturnLine], credits_: Mapping[str, Decimal], policy: Policy
) -> set[str]:
    """Classes of promise that somebody owes on these lines of a return now."""
    owed: set[str] = set()
    in_parcels = _lines_in_parcels(return_)
    for line in lines:
        tally = return_.tallies[line.line_no]
        if line.decision == "pending" and not return_.cancelled:
            owed.add("answer")
        if tally.x - tally.z > tally.r:
            owed.add("receipt")
            owed.update(event for event, line_nos in in_parcels.items() if line.line_no in line_nos)
        if tally.r - tally.sent_back > tally.i:
            owed.add("inspection")
        if undecided_exposure(return_, line):
            owed.add("advance")
        to_settle = credits_[line.line_no]
        to_settle = settlement_due(return_, line, to_settle, policy) if tally.d else to_settle
        if tally.c < to_settle and tally.c + _settled_outside(return_, line.line_no) < to_settle:
            owed.add("credit")
    if return_.vendor_claims and _owed_by_supplier(return_, lines, policy):
        owed.add("vendor_credit")
    return owed


# What a carrier said of a parcel last: a promise of the same name runs from it.
PARCEL_PROMISES = frozenset({"delivered", "exception"})


def _lines_in_parcels(return_: Return) -> dict[str, set[str]]:
    """Last event of parcels that a promise runs from → the lines with goods in those parcels that have not come."""
    lines: dict[str, set[str]] = {}
    # What a final receipt lacks of a parcel that was delivered is short: short_received asks about it.
    is_final = bool(return_.finals) and all(return_.finals.values())
    for parcel in return_.consignments:
        if parcel.last_event in PARCEL_PROMISES and not (is_final and parcel.last_event == "delivered"):
            lines.setdefault(parcel.last_event, set()).update(missing_of(return_, parcel))
    return lines


def _owed_by_supplier(return_: Return, lines: Iterable[ReturnLine], policy: Policy) -> bool:
    """Does a supplier owe money for goods of these lines?"""
    of_lines = {line.line_no for line in lines}
    return any(not of_lines.isdisjoint(claim.asked) for claim in owing(return_, policy.vendor_claims.tolerance))


def _settled_outside(return_: Return, line_no: str) -> Decimal:
    """Of how much of a line a person voided the credit or replacement: nobody owes it any more."""
    void = (p for p in return_.postings.values() if p.state == "void" and p.line_no == line_no and p.sign == "+")
    return sum((p.quantity for p in void if p.kind in SETTLEMENT_KINDS), ZERO)
