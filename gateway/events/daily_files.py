"""The events of each day as files for those who count: JSON Lines and CSV, to a partner folder, once a day.

A day is a part of the feed: all that came before the first event of the next day. So every event is in exactly one
day's files, whatever clocks and time zones did, and days that were missed are made up for, one by one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from gateway.clock import Clock, instant, parse_instant
from gateway.disk import put_archive
from gateway.faults import crashpoint
from gateway.home import Home
from gateway.partners import Partner, PartnerBook
from gateway.partners.sections.events import Drop
from gateway.returns.events import CSV_COLUMNS, StoredEvent, csv_row, json_line
from gateway.store import Store
from gateway.store.feed import business_events, event_days
from gateway.store.feed.business_events import EventFilter
from gateway.store.feed.event_days import DailyEvents
from gateway.store.files import dispatches
from gateway.store.files.dispatches import NewDispatch

KIND = "events"
ONE_DAY = timedelta(days=1)
PAGE = 500


@dataclass(slots=True)
class DailyFiles:
    """Writes the files of one home. It remembers the last day it wrote, so that an idle gateway asks nothing."""

    store: Store
    home: Home
    clock: Clock
    done: date | None = None

    def write(self, book: PartnerBook, zone: tzinfo) -> int:
        """Write the files of every day that is over and not written yet → how many files. `zone`: of the house."""
        drop = book.house.events.drop
        partner = book.get(drop.to) if drop is not None else None
        if drop is None or partner is None:
            return 0
        newest = newest_day(self.clock.now().astimezone(zone), drop.at)
        if self.done == newest:
            return 0
        written = 0
        for day, after in self._missing(newest, zone):
            written += self._write_day(drop, partner, book.house.events.source, day, after, zone)
        self.done = newest
        return written

    def _missing(self, newest: date, zone: tzinfo) -> Iterable[tuple[date, int]]:
        """The days to write up to the newest, each with the last event of the day before."""
        with self.store.read() as snapshot:
            last = event_days.last(snapshot)
            first_at = business_events.first_at(snapshot)
        if last is not None:
            day = date.fromisoformat(last.day) + ONE_DAY
        elif first_at:
            day = parse_instant(first_at).astimezone(zone).date()
        else:
            return
        while day <= newest:
            with self.store.read() as snapshot:
                before = event_days.last(snapshot)
            yield day, before.last_seq if before else 0
            day += ONE_DAY

    def _write_day(self, drop: Drop, partner: Partner, source: str, day: date, after: int, zone: tzinfo) -> int:
        until = instant(datetime.combine(day + ONE_DAY, time(), zone).astimezone(UTC))
        asks = EventFilter(
            limit=PAGE,
            names=drop.types or None,
            partners=drop.partners or None,
            stage="" if drop.tests else "live",
        )
        with self.store.read() as snapshot:
            last = business_events.last_before(snapshot, after, until)
            events = list(business_events.all_matching(snapshot, asks.between(after, last)))
        files = [(f"events-{day}.{form}", WRITERS[form](events, source)) for form in drop.formats]
        for _, data in files:
            if len(data) >= dispatches.INLINE_LIMIT:
                put_archive(self.home, data)
        crashpoint("events.day_written")
        at = instant(self.clock.now())
        with self.store.write() as tx:
            for name, data in files:
                new = NewDispatch(
                    dedupe_key=f"{KIND}:{partner.id}:{name}",
                    partner=partner.id,
                    kind=KIND,
                    name=name,
                    data=data,
                    channel=partner.transport.outbound.kind,
                )
                dispatches.add(tx, new, at)
            event_days.add(tx, DailyEvents(day.isoformat(), after, last, at))
        return len(files)


def newest_day(now: datetime, at: str) -> date:
    """The last day whose files are due: yesterday, or the day before while it is not `at` ("02:00") yet."""
    yesterday = now.date() - ONE_DAY
    return yesterday if now.time() >= time.fromisoformat(at) else yesterday - ONE_DAY


def _json_lines(events: Iterable[StoredEvent], source: str) -> bytes:
    return "".join(json_line(event, source) + "\n" for event in events).encode()


def _csv(events: Iterable[StoredEvent], source: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(csv_row(event, source) for event in events)
    return text.getvalue().encode()


WRITERS = {"jsonl": _json_lines, "csv": _csv}
