"""When postings become files: at once, at cut-offs of time, count, size or age, or because a person said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from gateway.batch.files import ProfileWrong, bytes_waiting, write_batch
from gateway.batch.send_now import answer, requests_to_send_now
from gateway.batch.work import Batching
from gateway.clock import instant, parse_instant
from gateway.faults import ImportProfileWrong, NoImportProfile
from gateway.partners.sections.partner import Batch
from gateway.returns.policy import Calendar
from gateway.store.returns import postings
from gateway.store.system import faults


@dataclass(frozen=True, slots=True)
class ReadyPostings:
    """What is ready for one ERP, of one kind: how much, since when, and how large a file of it would be."""

    count: int
    oldest: datetime
    size: int = 0


def batch_due(work: Batching) -> int:
    """Write every batch whose time has come, or that a person wants now → how many postings went into files."""
    now = work.clock.now()
    with work.store.read() as snapshot:
        send_now = requests_to_send_now(snapshot, work.book)
        waiting = postings.destinations(snapshot, work.test_erps(), work.book.pilots)
    at_once = {request.destination for request in send_now}
    done = 0
    for destination, kind, count, oldest in waiting:
        partner = work.book.partners.get(destination)
        wire = partner.writes("erp_batch", kind) if partner else None
        if partner is None or wire is None:
            _no_profile(work, destination, kind, count, instant(now))
            continue
        try:
            size = bytes_waiting(work, partner, kind, wire.name, count, now) if partner.batch.max_bytes else 0
            ready = ReadyPostings(count, parse_instant(oldest), size)
            if destination in at_once or is_due(partner.batch, work.calendar, ready, now):
                while written := write_batch(work, partner, kind, wire.name, now):
                    done += written
        except ProfileWrong as trouble:
            _profile_wrong(work, destination, kind, wire.name, str(trouble), instant(now))
    for request in send_now:
        with work.store.write() as tx:
            answer(tx, request, instant(now), work)
    return done


def is_due(batch: Batch, calendar: Calendar, waiting: ReadyPostings, now: datetime) -> bool:
    """Has the moment come to write what waits?

    Not on the house's holidays, unless the partner says so. Else, without limits: at once; or when the count or size is
    reached, the oldest is too old, or a cron time (in the house's time zone) has passed since the oldest came.
    """
    if not batch.on_holidays and now.astimezone(calendar.zone).date() in calendar.holidays:
        return False
    return (
        batch.at_once
        or bool(batch.max_rows and waiting.count >= batch.max_rows)
        or bool(batch.max_bytes and waiting.size >= batch.max_bytes)
        or bool(batch.max_age_minutes and now - waiting.oldest >= timedelta(minutes=batch.max_age_minutes))
        or any(_has_come(line, batch.on_holidays, calendar, waiting.oldest, now) for line in batch.cron)
    )


def _has_come(line: str, on_holidays: bool, calendar: Calendar, oldest: datetime, now: datetime) -> bool:
    """Has a time of this cron line come since `oldest`? Those on holidays only count where files go out then."""
    trigger = CronTrigger.from_crontab(line, timezone=calendar.zone)
    fire = trigger.get_next_fire_time(None, oldest.astimezone(calendar.zone))
    while fire is not None and fire <= now and not on_holidays and fire.date() in calendar.holidays:
        fire = trigger.get_next_fire_time(fire, fire + timedelta(minutes=1))
    return fire is not None and fire <= now


def _no_profile(work: Batching, destination: str, kind: str, count: int, at: str) -> None:
    message = (
        f"{count} postings of kind {kind} wait for {destination or 'an ERP that no policy names'}, "
        "which has no import profile for them."
    )
    trouble = NoImportProfile(message, subject=f"{destination}:{kind}", erp=destination or "<erp>")
    with work.store.write() as tx:
        faults.raise_(tx, trouble, at=at)


def _profile_wrong(work: Batching, destination: str, kind: str, profile: str, reason: str, at: str) -> None:
    message = (
        f"Postings of kind {kind} for {destination} wait: its import profile {profile} cannot write them: {reason}"
    )
    trouble = ImportProfileWrong(message, subject=f"{destination}:{kind}", erp=destination, profile=profile)
    with work.store.write() as tx:
        faults.raise_(tx, trouble, at=at)
