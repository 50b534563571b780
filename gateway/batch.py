"""Due postings of a destination → one ERP import dispatch per posting kind: windows, cut-offs, totals.

A batch, its file's bytes and the move of its postings are one transaction: a posting is in exactly one file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apscheduler.triggers.cron import CronTrigger

from gateway.clock import Clock, instant, parse_instant
from gateway.disk import put_archive
from gateway.home import Home
from gateway.partners import Partner, PartnerBook
from gateway.partners.sections import Batch
from gateway.returns.clocks import add_business_hours
from gateway.returns.policy import Calendar
from gateway.returns.serial import row_of
from gateway.store import Store, Transaction, clocks, counters, dispatches, faults, holds, postings, returns
from gateway.store.postings import Ready
from translators.canonical import ErpBatch
from translators.erp.profile import ErpProfile, ErpProfileError, named_profile
from translators.erp.render import RenderedFile, Unrenderable, find_unrenderable, render_batch

# Rows of one import file where the partner's `[batch]` sets no limit: what an operator can still look through.
ROWS_PER_FILE = 5000


@dataclass(frozen=True, slots=True)
class Batching:
    """What batching works with."""

    store: Store
    home: Home
    book: PartnerBook
    clock: Clock
    calendar: Calendar

    def test_erps(self) -> list[str]:
        """ERPs that are in stage test: they, and only they, may hear of test returns."""
        return [each.id for each in self.book.with_role("erp") if each.stage_of("erp_batch") == "test"]


class ProfileWrong(Exception):
    """No row is to blame: the profile itself (its file name, a header, a trailer, its TOML) cannot write the batch."""


def batch_due(work: Batching) -> int:
    """Write every batch whose time has come; returns how many postings went into files."""
    now = work.clock.now()
    with work.store.read() as snapshot:
        waiting = postings.destinations(snapshot, work.test_erps())
    done = 0
    for destination, kind, count, oldest in waiting:
        partner = work.book.partners.get(destination)
        wire = partner.writes("erp_batch", kind) if partner else None
        if partner is None or wire is None:
            _no_profile(work, destination, kind, count, instant(now))
            continue
        if not is_due(partner.batch, work.calendar, count, parse_instant(oldest), now):
            continue
        limit = partner.batch.max_rows or ROWS_PER_FILE
        try:
            while wrote := _write_batch(work, partner, kind, wire.name, limit, now):
                done += wrote
        except ProfileWrong as trouble:
            _profile_wrong(work, destination, kind, wire.name, str(trouble), instant(now))
    return done


def is_due(batch: Batch, calendar: Calendar, count: int, oldest: datetime, now: datetime) -> bool:
    """Has the moment come to write `count` postings, the oldest of which waits since `oldest`?

    No limits: at once. Else when the count is reached, the oldest is too old, or a cron time (in the house's time
    zone, not on its holidays unless the partner says so) has passed since the oldest came.
    """
    if batch.at_once:
        return True
    if batch.max_rows and count >= batch.max_rows:
        return True
    if batch.max_age_minutes and now - oldest >= timedelta(minutes=batch.max_age_minutes):
        return True
    zone = calendar.zone
    for line in batch.cron:
        trigger = CronTrigger.from_crontab(line, timezone=zone)
        fire = trigger.get_next_fire_time(None, oldest.astimezone(zone))
        while fire is not None and not batch.on_holidays and fire.date() in calendar.holidays:
            fire = trigger.get_next_fire_time(fire, fire + timedelta(minutes=1))
        if fire is not None and fire <= now:
            return True
    return False


def _write_batch(work: Batching, partner: Partner, kind: str, profile_name: str, limit: int, now: datetime) -> int:
    """One import file of at most `limit` postings; rows its format cannot carry are refused, the others go.

    Raises `ProfileWrong`, and then nothing has happened.
    """
    at = instant(now)
    try:
        profile = named_profile(profile_name, partner.profile.layouts)
    except (ErpProfileError, KeyError) as trouble:
        raise ProfileWrong(str(trouble)) from trouble
    with work.store.write() as tx:
        rows = postings.ready(tx, partner.id, kind, limit, work.test_erps())
        if not rows:
            return 0
        sequence, _ = counters.next_(tx, f"batch:{partner.id}")
        empty = ErpBatch(
            batch_id=f"{partner.id.upper()}-{sequence:06}",
            destination=partner.id,
            posting_kind=kind,
            created_at=at,
            sequence=sequence,
            rows=(),
        )
        kept, rendered = _render(tx, partner, profile, empty, rows, at)
        for class_ in ("import_profile_wrong", "no_import_profile"):
            faults.clear(tx, class_, f"{partner.id}:{kind}", at=at)
        if rendered is not None:
            postings.mark_batched(tx, kept, empty.batch_id, at)
            beside = (*rendered.others, *((rendered.control,) if rendered.control else ()))  # the control file last
            for name, data in ((rendered.name, rendered.data), *beside):
                _add(tx, work.home, partner, name, data, empty.batch_id, at)
        returns.refresh(tx, sorted({each.return_no for each in rows}), now)
        return len(rows)


def _render(
    tx: Transaction, partner: Partner, profile: ErpProfile, empty: ErpBatch, rows: Sequence[Ready], at: str
) -> tuple[list[Ready], RenderedFile | None]:
    """The rows that go, and their file; (none, None) if none can. Each round refuses at least one row, so it ends."""
    kept = list(rows)
    while kept:
        numbered = tuple(row_of(each.body, n) for n, each in enumerate(kept, start=1))
        batch = empty.model_copy(update={"rows": numbered})
        try:
            return kept, render_batch(batch, profile)
        except Unrenderable as trouble:
            if not 1 <= trouble.row_no <= len(kept):
                raise ProfileWrong(str(trouble)) from trouble
            # A row that stood behind another of its group may fail once that one is gone: hence the next round.
            bad = {each.row_no: each for each in (*find_unrenderable(batch, profile), trouble)}
        for row_no, each in sorted(bad.items()):
            _refuse(tx, kept[row_no - 1], partner, each, at)
        kept = [each for n, each in enumerate(kept, start=1) if n not in bad]
    return [], None


def _refuse(tx: Transaction, row: Ready, partner: Partner, trouble: Unrenderable, at: str) -> None:
    """A posting that the ERP's format cannot carry: never cut, a person decides."""
    postings.refuse(tx, row, "unrenderable", str(trouble), at)
    holds.open_(
        tx,
        f"unrenderable:{row.key}",
        "unrenderable",
        "it",
        message=f"Posting {row.key} cannot be written for {partner.id}: {trouble}",
        next_action="Correct the value or the import profile, then resolve with `retry`.",
        at=at,
        partner=partner.id,
        return_no=row.return_no,
        posting_key=row.key,
    )


def _add(tx: Transaction, home: Home, partner: Partner, name: str, data: bytes, batch_id: str, at: str) -> None:
    if len(data) >= dispatches.INLINE_LIMIT:
        put_archive(home, data)
    new = dispatches.NewDispatch(
        dedupe_key=f"batch:{batch_id}:{name}",
        partner=partner.id,
        kind="erp_batch",
        name=name,
        data=data,
        channel=partner.transport.outbound.kind,
        batch_id=batch_id,
    )
    dispatches.add(tx, new, at)


def _no_profile(work: Batching, destination: str, kind: str, count: int, at: str) -> None:
    with work.store.write() as tx:
        faults.raise_as(
            tx,
            "no_import_profile",
            f"{destination}:{kind}",
            severity="urgent",
            message=f"{count} postings of kind {kind} wait for {destination or 'an ERP that no policy names'}, "
            "which has no import profile for them.",
            remedy=f"Name one under [receives.erp_batch] in partners/{destination or '<erp>'}/partner.toml.",
            at=at,
        )


def _profile_wrong(work: Batching, destination: str, kind: str, profile: str, trouble: str, at: str) -> None:
    with work.store.write() as tx:
        faults.raise_as(
            tx,
            "import_profile_wrong",
            f"{destination}:{kind}",
            severity="urgent",
            message=f"Postings of kind {kind} for {destination} wait: its import profile {profile} cannot write them: "
            f"{trouble}",
            remedy=f"Correct the profile (partners/{destination}/layouts/{profile}.toml); the next run writes them.",
            at=at,
        )


def follow_deliveries(work: Batching) -> int:
    """Postings whose file is delivered become `delivered`, and the clock for the ERP's result starts; answered
    batches stop theirs. Returns the number of returns concerned."""
    now = work.clock.now()
    at = instant(now)
    with work.store.read() as snapshot:
        if not postings.has_news(snapshot):
            return 0
    with work.store.write() as tx:
        moved = postings.follow_deliveries(tx, at)
        for batch_id, partner_id in postings.batches_awaiting(tx):
            partner = work.book.partners.get(partner_id)
            hours = partner.clocks.erp_result_hours if partner else 0
            if hours:
                clocks.start(
                    tx,
                    f"erp_result:{batch_id}",
                    "erp_result",
                    at=at,
                    warn_at=instant(add_business_hours(now, Decimal(str(hours / 2)), work.calendar)),
                    due_at=instant(add_business_hours(now, Decimal(str(hours)), work.calendar)),
                    partner=partner_id,
                    subject=batch_id,
                )
        for batch_id in postings.batches_answered(tx):
            clocks.stop(tx, f"erp_result:{batch_id}", at=at)
        returns.refresh(tx, moved, now)
    return len(moved)
