"""What time does to things that nobody touches: promises warn and are breached, parked documents wait too long.

A breached promise is a Hold with an owner; it resolves itself when what it waited for happens after all. Hours are the
business hours of the house's calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from gateway.clock import Clock, instant, parse_instant
from gateway.disk import is_published
from gateway.holds import CLOCK_HOLDS, HoldSubject, new_hold
from gateway.home import Home
from gateway.partners import Partner, PartnerBook
from gateway.returns import Parked, Policy, overdue_parked
from gateway.returns.clocks import add_business_hours, lines_owing
from gateway.returns.policy import Calendar
from gateway.store import Snapshot, Store, Transaction
from gateway.store.people import holds
from gateway.store.returns import clocks, returns
from gateway.store.returns.clocks import Due
from gateway.store.system import steps
from gateway.store.tables import dispatch, document, due, hold, intake, posting

# Where nothing happens, time is looked at this often: clocks are counted in minutes.
LOOK = timedelta(seconds=60)
PARKED_TOO_LONG = "parked_too_long"
GATEWAY = "gateway"


@dataclass(slots=True)
class Sweeper:
    """Sweeps one store. It remembers when it looked last, so that an idle gateway looks once a minute."""

    store: Store
    home: Home
    clock: Clock
    looked: datetime | None = None

    def sweep(
        self, book: PartnerBook, policies: Callable[[str], Policy], calendar: Calendar, busy: bool, version: str = ""
    ) -> bool:
        """Start, stop and breach clocks, open and resolve their Holds → whether anything about returns changed.

        `busy`: something has happened just now; `version`: of the configuration that book and policies are of.
        """
        now = self.clock.now()
        with self.store.read() as snapshot:
            if not clocks.ripe(snapshot, instant(now)) and not self._time_to_look(now, busy):
                return False
        self.looked = now
        with self.store.write() as tx:
            looking = _Looking(tx, self.home, book, calendar, now)
            looking.acknowledgments()
            looking.pickups()
            looking.silence()
            changed = pass_time(tx, policies, now)
            if changed:
                steps.note(tx, steps.SWEEP, instant(now), {}, version)
        return changed

    def _time_to_look(self, now: datetime, busy: bool) -> bool:
        return busy or self.looked is None or now - self.looked >= LOOK


@dataclass(slots=True)
class _Looking:
    """One look at what partners promised about files."""

    tx: Transaction
    home: Home
    book: PartnerBook
    calendar: Calendar
    now: datetime

    def acknowledgments(self) -> None:
        """The clock of every delivered file that its partner must acknowledge runs until it does."""
        for row in _unacknowledged_without_clock(self.tx):
            partner = self.book.get(row.partner)
            if partner is not None and partner.clocks.acknowledgment_hours:
                hours = partner.clocks.acknowledgment_hours
                self._start(f"acknowledgment:{row.id}", "acknowledgment", row.delivered_at, hours, partner, row.name)
        answered = (
            sa.select(due.c.key)
            .join(dispatch, due.c.key == "acknowledgment:" + sa.cast(dispatch.c.id, sa.Text))
            .where(due.c["class"] == "acknowledgment", due.c.state.in_(clocks.RUNNING), ~_AWAITING)
        )
        for key in list(self.tx.execute(answered).scalars()):
            clocks.stop(self.tx, str(key), at=instant(self.now))

    def pickups(self) -> None:
        """The clock of a batch of import files in a folder runs until the ERP has taken it out, or has answered it."""
        for partner in self.book.with_role("erp"):
            if not partner.clocks.pickup_minutes or partner.transport.outbound.kind != "folder":
                continue
            for batch_id, since in _batches_without_clock(self.tx, partner.id):
                hours = partner.clocks.pickup_minutes / 60
                self._start(f"pickup:{batch_id}", "pickup", since, hours, partner, batch_id)
        for each in clocks.running(self.tx, "pickup"):
            if _answered(self.tx, each.subject) or not self._lies_there(each.partner, each.subject):
                clocks.stop(self.tx, each.key, at=instant(self.now))

    def _lies_there(self, partner: str, batch_id: str) -> bool:
        names = self.tx.execute(sa.select(dispatch.c.name).where(dispatch.c.batch_id == batch_id)).scalars()
        return any(is_published(self.home, partner, str(name)) for name in names)

    def silence(self) -> None:
        """Every file from a partner starts its clock of silence anew."""
        for partner in self.book:
            key, hours = f"silence:{partner.id}", partner.clocks.silence_hours
            known = clocks.get(self.tx, key)
            if not hours:
                if known is not None:
                    clocks.stop(self.tx, key, at=instant(self.now))
                continue
            last = _last_received(self.tx, partner.id) or (known.started_at if known else instant(self.now))
            if known is None or known.started_at < last or known.state == "met":
                self._start(key, "silence", max(last, known.started_at if known else ""), hours, partner, partner.id)

    def _start(self, key: str, class_: str, since: str, hours: float, partner: Partner, subject: str) -> None:
        start = parse_instant(since)
        clocks.restart(
            self.tx,
            key,
            class_,
            at=since,
            warn_at=instant(add_business_hours(start, Decimal(str(hours / 2)), self.calendar)),
            due_at=instant(add_business_hours(start, Decimal(str(hours)), self.calendar)),
            partner=partner.id,
            subject=subject,
        )


# --- what the hour itself does


def pass_time(tx: Transaction, policies: Callable[[str], Policy], now: datetime) -> bool:
    """Warn and breach the clocks whose time has come, open and resolve what waits too long → whether anything about
    returns changed. What is in the store and `now` decide it, nothing else.
    """
    moved = clocks.sweep(tx, instant(now))
    for each in moved:
        if each.state == "breached":
            _breach(tx, each, policies, now)
    late = sorted({each.return_no for each in moved if each.return_no})
    returns.tell_again(tx, late)
    lapsed = returns.lapse(tx, now)
    changed = _resolve_met(tx, now) or bool(late or lapsed)
    return _parked(tx, policies, now) or changed


def _breach(tx: Transaction, each: Due, policies: Callable[[str], Policy], now: datetime) -> None:
    """Open the Hold of a breached clock."""
    row = CLOCK_HOLDS.get(each.class_)
    if row is None:
        return
    lines = _lines_of(tx, each, policies) if each.return_no else ""
    subject = f"return {each.return_no}" + (f", line {lines}" if lines else "") if each.return_no else each.subject
    new = new_hold(
        row.name,
        f"overdue:{each.key}",
        HoldSubject(each.partner, each.return_no, lines),
        promised=subject,
        since=_minute(each.started_at),
        due=_minute(each.due_at),
    )
    holds.open_(tx, new, instant(now), reopen=True, step=False)


def _lines_of(tx: Transaction, each: Due, policies: Callable[[str], Policy]) -> str:
    """The lines of its return that a clock is about, as text."""
    loaded = returns.load(tx, [each.return_no]).get(each.return_no)
    return ", ".join(lines_owing(loaded.aggregate, each.class_, policies(each.partner))) if loaded else ""


def _resolve_met(tx: Transaction, now: datetime) -> bool:
    """Holds of clocks that wait no longer resolve themselves → whether any of a return's did."""
    query = (
        sa.select(hold.c.key, due.c.stopped_at, due.c.return_no)
        .join(due, hold.c.key == "overdue:" + due.c.key)
        .where(hold.c.state == "open", hold.c.key.startswith("overdue:"), due.c.state.in_(("met", "running")))
        .order_by(hold.c.key)
    )
    met = tx.execute(query).all()
    for row in met:
        words = f"it happened at {_minute(row.stopped_at)}" if row.stopped_at else "it happened"
        holds.resolve_key(tx, row.key, resolution=words, actor=GATEWAY, at=instant(now))
    return any(row.return_no for row in met)


def _parked(tx: Transaction, policies: Callable[[str], Policy], now: datetime) -> bool:
    """Documents parked beyond their partner's limit become Holds; one that is parked no more resolves its Hold. Returns
    whether there was any.
    """
    wanted = [document.c[name] for name in ("id", "partner", "kind", "number", "reason", "at")]
    parked = sa.select(*wanted).where(document.c.state == "parked", ~_HELD_AS_PARKED).order_by(document.c.id)
    waiting = [
        Parked(row.id, row.partner, row.kind, row.number, row.reason, parse_instant(row.at))
        for row in tx.execute(parked)
    ]
    overdue = overdue_parked(waiting, policies, now)
    for new in overdue:
        holds.open_(tx, new, instant(now))
    query = (
        sa.select(hold.c.key, document.c.state)
        .join(document, document.c.id == hold.c.document_id)
        .where(hold.c.state == "open", hold.c["class"] == PARKED_TOO_LONG, document.c.state != "parked")
        .order_by(hold.c.key)
    )
    done = tx.execute(query).all()
    for row in done:
        words = f"the document is {row.state} now"
        holds.resolve_key(tx, row.key, resolution=words, actor=GATEWAY, at=instant(now))
    return bool(overdue or done)


# One Hold each, ever: one that a person dismissed is not opened again.
_HELD_AS_PARKED = sa.exists().where(hold.c.key == PARKED_TOO_LONG + ":" + sa.cast(document.c.id, sa.Text))

# A literal, not a parameter: only so does the database see that its partial index has all of them.
_AWAITING = dispatch.c.ack_state == sa.text("'awaiting'")


def _unacknowledged_without_clock(tx: Snapshot) -> list[sa.Row[tuple[int, str, str, str]]]:
    started = sa.exists().where(due.c.key == "acknowledgment:" + sa.cast(dispatch.c.id, sa.Text))
    query = sa.select(dispatch.c.id, dispatch.c.partner, dispatch.c.name, dispatch.c.delivered_at)
    return list(tx.execute(query.where(_AWAITING, dispatch.c.state == "delivered", ~started)))


def _batches_without_clock(tx: Snapshot, partner: str) -> list[tuple[str, str]]:
    """Delivered batches for an ERP that never had a clock, with the instant of their delivery."""
    started = sa.exists().where(due.c.key == "pickup:" + dispatch.c.batch_id)
    query = (
        sa.select(dispatch.c.batch_id, sa.func.max(dispatch.c.delivered_at))
        .where(dispatch.c.partner == partner, dispatch.c.state == "delivered", dispatch.c.kind == "erp_batch", ~started)
        .group_by(dispatch.c.batch_id)
    )
    return [(str(batch), str(at)) for batch, at in tx.execute(query)]


def _answered(tx: Snapshot, batch_id: str) -> bool:
    """Has the ERP said something about every posting of a batch?"""
    waiting = sa.select(posting.c.key).where(
        posting.c.batch_id == batch_id, posting.c.state.in_(("batched", "delivered"))
    )
    return tx.execute(waiting.limit(1)).first() is None


def _last_received(conn: Snapshot, partner: str) -> str:
    query = sa.select(intake.c.received_at).where(intake.c.partner == partner, intake.c.replay_of.is_(None))
    return str(conn.execute(query.order_by(intake.c.id.desc()).limit(1)).scalar() or "")


def _minute(at: str) -> str:
    return f"{at[:10]} {at[11:16]} UTC"
