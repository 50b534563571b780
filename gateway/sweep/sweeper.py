"""One look at everything that time changes, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.clock import Clock, instant
from gateway.home import Home
from gateway.partners import PartnerBook
from gateway.returns import Policy
from gateway.returns.policy import Calendar
from gateway.store import Store
from gateway.store.returns import clocks
from gateway.store.system import steps
from gateway.sweep.file_promises import FilePromises
from gateway.sweep.passing_time import pass_time

# Where nothing happens, time is looked at this often: clocks are counted in minutes.
LOOK = timedelta(seconds=60)


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

        `policies` gives the policy of a partner; `calendar` is the house's. `busy`: something has happened just now;
        `version`: of the configuration that book and policies are of.
        """
        now = self.clock.now()
        with self.store.read() as snapshot:
            if not clocks.any_clock_due(snapshot, instant(now)) and not self._is_time_to_look(now, busy):
                return False
        self.looked = now
        with self.store.write() as tx:
            promises = FilePromises(tx, self.home, book, calendar, now)
            promises.look_at_acknowledgments()
            promises.look_at_pickups()
            promises.look_at_silence()
            changed = pass_time(tx, policies, now)
            if changed:
                steps.note(tx, steps.SWEEP, instant(now), {}, version)
        return changed

    def _is_time_to_look(self, now: datetime, busy: bool) -> bool:
        return busy or self.looked is None or now - self.looked >= LOOK
