"""Status files: where the returns of a portal or CRM stand, one file a partner, of what has changed since the last."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from gateway.clock import instant
from gateway.process.send.outgoing import Outgoing, Sending, send_what_can_be
from gateway.process.work import Processing
from gateway.returns import status_rows
from gateway.store.people import holds
from gateway.store.returns import returns, told_returns
from gateway.store.system import counters
from translators.canonical import StatusReport, StatusRow

if TYPE_CHECKING:
    from gateway.partners import Partner

RETURNS_PER_FILE = 2000


def report_statuses(work: Processing) -> int:
    """A status file for every partner that gets one and has news of its returns → how many files."""
    return sum(_report(work, partner) for partner in work.book if partner.writes("status") is not None)


def _report(work: Processing, partner: Partner) -> int:
    with work.store.read() as snapshot:
        if not told_returns.untold(snapshot, partner.id, 1):
            return 0
    now = work.clock.now()
    with work.store.write() as tx:
        numbers = told_returns.untold(tx, partner.id, RETURNS_PER_FILE)
        before = told_returns.told(tx, numbers)
        news: list[StatusRow] = []
        digests: dict[str, str] = {}
        for number, loaded in returns.load(tx, numbers).items():
            rows = status_rows(loaded.aggregate, now)
            digests[number] = _digest(rows)
            news += rows if digests[number] != before[number] else ()
        told_returns.mark_told(tx, digests)
        if not news:
            return 0
        with counters.on_trial(tx) as give_back:
            sequence, _ = counters.next_(tx, f"status_report:{partner.id}")
            number = f"{partner.id.upper()}-S{sequence:06}"
            outgoing = Outgoing()
            outgoing.add(partner.id, StatusReport(number=number, created_at=instant(now), rows=tuple(news)))
            troubles = send_what_can_be(outgoing, Sending.of(work, tx, now, number))
            if troubles:
                give_back()
        for trouble in troubles:
            holds.open_(tx, trouble, instant(now), reopen=True)
    return 0 if troubles else 1


def _digest(rows: tuple[StatusRow, ...]) -> str:
    """What the rows say, but for since when: a return that only moved in time is no news."""
    contents = [row.model_dump(mode="json", exclude={"since"}) for row in rows]
    return hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()[:16]
