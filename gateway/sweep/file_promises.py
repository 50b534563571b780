"""What partners promise about files (to acknowledge, take and send them): their clocks start and stop here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gateway.clock import instant, parse_instant
from gateway.disk import is_published
from gateway.home import Home
from gateway.partners import Partner, PartnerBook
from gateway.returns.clocks import add_business_hours
from gateway.returns.policy import Calendar
from gateway.store import Transaction
from gateway.store.returns import clocks, promises
from gateway.store.returns.clocks import NewClock


@dataclass(frozen=True, slots=True)
class FilePromises:
    """One look at the promises of all partners about files. `calendar` counts the business hours of the house."""

    tx: Transaction
    home: Home
    book: PartnerBook
    calendar: Calendar
    now: datetime

    def look_at_acknowledgments(self) -> None:
        """The clock of every delivered file that its partner must acknowledge runs until it does."""
        for sent in promises.unacknowledged_without_clock(self.tx):
            partner = self.book.get(sent.partner)
            if partner is not None and partner.clocks.acknowledgment_hours:
                key, hours = f"acknowledgment:{sent.dispatch_id}", partner.clocks.acknowledgment_hours
                self._start(key, "acknowledgment", sent.delivered_at, hours, partner, sent.name)
        for key in promises.acknowledged_with_clock(self.tx):
            self._stop(key)

    def look_at_pickups(self) -> None:
        """The clock of a batch of import files in a folder runs until the ERP has taken it out, or has answered it."""
        for erp in self.book.with_role("erp"):
            if not erp.clocks.pickup_minutes or erp.transport.outbound.kind != "folder":
                continue
            for batch_id, delivered_at in promises.batches_without_clock(self.tx, erp.id):
                hours = erp.clocks.pickup_minutes / 60
                self._start(f"pickup:{batch_id}", "pickup", delivered_at, hours, erp, batch_id)
        for clock in clocks.running(self.tx, "pickup"):
            batch_id = clock.subject
            if promises.is_batch_answered(self.tx, batch_id) or not self._lies_there(clock.partner, batch_id):
                self._stop(clock.key)

    def _lies_there(self, partner: str, batch_id: str) -> bool:
        names = promises.files_of_batch(self.tx, batch_id)
        return any(is_published(self.home, partner, name) for name in names)

    def look_at_silence(self) -> None:
        """Every file from a partner starts its clock of silence anew."""
        for partner in self.book:
            key, hours = f"silence:{partner.id}", partner.clocks.silence_hours
            clock = clocks.get(self.tx, key)
            if not hours:
                if clock is not None:
                    self._stop(key)
                continue
            since = clock.started_at if clock else ""
            last = promises.last_received_at(self.tx, partner.id) or since or instant(self.now)
            if clock is None or since < last or clock.state == "met":
                self._start(key, "silence", max(last, since), hours, partner, partner.id)

    def _start(self, key: str, class_: str, since: str, hours: float, partner: Partner, subject: str) -> None:
        """Start a clock that warns after half of its business hours."""
        start = parse_instant(since)
        clock = NewClock(
            key=key,
            class_=class_,
            started_at=since,
            warn_at=instant(add_business_hours(start, Decimal(str(hours / 2)), self.calendar)),
            due_at=instant(add_business_hours(start, Decimal(str(hours)), self.calendar)),
            partner=partner.id,
            subject=subject,
        )
        clocks.restart(self.tx, clock)

    def _stop(self, key: str) -> None:
        clocks.stop(self.tx, key, at=instant(self.now))
