"""A received file on its way through processing, and one transaction of that way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo

from gateway.clock import instant
from gateway.partners import Partner
from gateway.process.send.outgoing import Sending
from gateway.process.work import Processing
from gateway.store import Transaction
from gateway.store.files.intakes import Intake


@dataclass(frozen=True, slots=True)
class FileStep:
    """One transaction of a file's way: what is written in it is in the store whole or not at all."""

    tx: Transaction
    work: Processing
    intake: Intake
    partner: Partner
    now: datetime

    @property
    def at(self) -> str:
        """The moment of the step, as the store keeps it."""
        return instant(self.now)

    @property
    def zone(self) -> tzinfo:
        """The house's time zone: envelopes and documents that we write have its dates and times."""
        return self.work.policies("").calendar.zone

    def sending(self, cause: str) -> Sending:
        """Where and when the step's documents go out; `cause` makes the keys of their files unique."""
        return Sending.of(self.work, self.tx, self.now, cause, self.intake.id)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """An intake, the partner it came from, and what processes it."""

    work: Processing
    intake: Intake
    partner: Partner

    @contextmanager
    def step(self) -> Iterator[FileStep]:
        """The next transaction: it ends with the `with` block, and an exception undoes all of it."""
        with self.work.store.write() as tx:
            yield FileStep(tx, self.work, self.intake, self.partner, self.work.clock.now())
