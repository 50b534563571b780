"""Payloads that are old and needed by nothing are removed; what is known about them, hashes too, stays for ever.

Marked first, in a transaction that checks that nothing needs them, and unlinked afterwards: what a crash interrupts is
marked and still there, which the next run finishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from gateway.clock import Clock, instant
from gateway.disk import remove_archived
from gateway.faults import crashpoint
from gateway.home import Home
from gateway.store import Store
from gateway.store.files import retention


@dataclass(slots=True)
class Retention:
    """Removes payloads of one store, once a day."""

    store: Store
    home: Home
    clock: Clock
    done_on: date | None = None

    def run_daily(self, payload_days: int) -> int:
        """Remove what is older than so many days, if this day has not seen it done → how many files."""
        today = self.clock.now().date()
        if self.done_on == today:
            return 0
        self.done_on = today
        return self.run(payload_days)

    def run(self, payload_days: int) -> int:
        """Remove the payloads of files that ended so many days ago and that nothing needs → how many files."""
        now = self.clock.now()
        limit, at = instant(now - timedelta(days=payload_days)), instant(now)
        self._finish_last()
        done = 0
        while True:
            with self.store.read() as snapshot:
                if not any(retention.old_payloads(snapshot, limit)):
                    return done
            with self.store.write() as tx:
                payloads = retention.old_payloads(tx, limit)
                retention.mark_removed(tx, payloads, at)
            crashpoint("retention.marked")
            self._unlink(payloads.sha256s())
            done += len(payloads.received) + len(payloads.sent)

    def _finish_last(self) -> None:
        """Unlink again what was marked last: a crash may have come between the two."""
        with self.store.read() as snapshot:
            marked = retention.last_marked(snapshot)
        self._unlink(marked)

    def _unlink(self, sha256s: set[str]) -> None:
        """Unlink these archived files, but for those that another file with the same bytes still needs."""
        ordered = sorted(sha256s)
        for start in range(0, len(ordered), retention.AT_ONCE):
            group = ordered[start : start + retention.AT_ONCE]
            with self.store.read() as snapshot:
                needed = retention.still_needed(snapshot, group)
            remove_archived(self.home, [sha256 for sha256 in group if sha256 not in needed])
