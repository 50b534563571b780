"""What the hour itself does: clocks warn and are breached, returns lapse, parked documents wait too long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gateway.clock import instant
from gateway.holds import CLOCK_HOLDS, HoldSubject, new_hold
from gateway.returns import Policy, overdue_parked
from gateway.returns.clocks import lines_owing, parcels_owing
from gateway.store import Transaction
from gateway.store.people import holds
from gateway.store.returns import clocks, promises, returns, told_returns
from gateway.store.returns.clocks import Due

GATEWAY = "gateway"

Policies = Callable[[str], Policy]
"""Partner → its policy."""


def pass_time(tx: Transaction, policies: Policies, now: datetime) -> bool:
    """Warn and breach the clocks whose time has come, open and resolve what waits too long → whether anything about
    returns changed. What is in the store and `now` decide it, nothing else.
    """
    moved = clocks.sweep(tx, instant(now))
    for clock in moved:
        if clock.state == "breached":
            _open_breach(tx, clock, policies, now)
    late = sorted({clock.return_no for clock in moved if clock.return_no})
    told_returns.tell_again(tx, late)
    lapsed = returns.lapse(tx, now)
    changed = _resolve_kept_promises(tx, now) or bool(late or lapsed)
    return _hold_parked(tx, policies, now) or changed


def _open_breach(tx: Transaction, clock: Due, policies: Policies, now: datetime) -> None:
    """Open the Hold of a breached clock."""
    class_, _, outcome = clock.class_.partition(":")
    row = CLOCK_HOLDS.get(class_)
    if row is None:
        return
    lines, parcels = _lines_and_parcels(tx, clock, policies) if clock.return_no else ("", "")
    promised = clock.subject
    if clock.return_no:
        promised = f"return {clock.return_no}" + (f", line {lines}" if lines else "")
        promised = f"{parcels} ({promised})" if parcels else promised
    new = new_hold(
        row.name,
        f"overdue:{clock.key}",
        HoldSubject(clock.partner, clock.return_no, lines),
        promised=promised,
        outcome=outcome.replace("_", " "),
        since=_minute(clock.started_at),
        due=_minute(clock.due_at),
    )
    holds.open_(tx, new, instant(now), reopen=True, step=False)


def _lines_and_parcels(tx: Transaction, clock: Due, policies: Policies) -> tuple[str, str]:
    """The lines of its return that a clock is about, and the parcels, as text."""
    loaded = returns.load(tx, [clock.return_no]).get(clock.return_no)
    if loaded is None:
        return "", ""
    lines = lines_owing(loaded.aggregate, clock.class_, policies(clock.partner))
    return ", ".join(lines), ", ".join(parcels_owing(loaded.aggregate, clock.class_))


def _resolve_kept_promises(tx: Transaction, now: datetime) -> bool:
    """Holds of clocks that wait no longer resolve themselves → whether any of a return's did."""
    kept = promises.kept_after_all(tx)
    for promise in kept:
        happened = f"it happened at {_minute(promise.stopped_at)}" if promise.stopped_at else "it happened"
        holds.resolve_key(tx, promise.hold_key, resolution=happened, actor=GATEWAY, at=instant(now))
    return any(promise.return_no for promise in kept)


def _hold_parked(tx: Transaction, policies: Policies, now: datetime) -> bool:
    """Documents parked beyond their partner's limit become Holds; one that is parked no more resolves its Hold. Returns
    whether there was any.
    """
    overdue = overdue_parked(promises.parked_without_hold(tx), policies, now)
    for new in overdue:
        holds.open_(tx, new, instant(now))
    found = promises.held_but_not_parked(tx)
    for document in found:
        resolution = f"the document is {document.state} now"
        holds.resolve_key(tx, document.hold_key, resolution=resolution, actor=GATEWAY, at=instant(now))
    return bool(overdue or found)


def _minute(at: str) -> str:
    """An instant to the minute: "2025-03-14 15:30 UTC"."""
    return f"{at[:10]} {at[11:16]} UTC"
