"""Files that never become documents: unreadable ones, those of unknown partners, and those on which we failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gateway.clock import instant
from gateway.holds import HoldSubject, new_hold
from gateway.process.work import Processing
from gateway.store import Transaction
from gateway.store.files import intakes
from gateway.store.files.intakes import Intake, NewState
from gateway.store.people import holds
from translators.findings import Finding


def quarantine(work: Processing, intake: Intake, findings: Sequence[Finding], format_: str = "unknown") -> None:
    """Nothing in the file could be read, or no one layout fits: its bytes are kept, and a person decides."""
    first = findings[0]
    at = instant(work.clock.now())
    with work.store.write() as tx:
        detail = "; ".join(f"{finding.message} {finding.value}".strip() for finding in findings)
        end = NewState("quarantined", first.message, reason=first.code, detail=detail, format=format_)
        intakes.move(tx, intake.id, "received", end, at=at)
        subject = HoldSubject(partner=intake.partner, intake_id=intake.id)
        key = f"quarantined:{intake.id}"
        holds.open_(tx, new_hold(first.code, key, subject, name=intake.name, finding=first.message), at)


def quarantine_unknown_partner(work: Processing, intake: Intake) -> None:
    """The partner's folder is not there (any more), or is wrong: the bytes wait for it."""
    at = instant(work.clock.now())
    subject = HoldSubject(partner=intake.partner, intake_id=intake.id)
    new = new_hold("unknown_partner", f"quarantined:{intake.id}", subject)
    with work.store.write() as tx:
        end = NewState("quarantined", new.message, reason=new.class_, detail=new.message)
        intakes.move(tx, intake.id, "received", end, at=at)
        holds.open_(tx, new, at)


def fail_intake(tx: Transaction, intake: Intake, reason: str, detail: str, now: datetime) -> None:
    """Ours: nothing is sent for it. After the cause is gone the same archived bytes are replayed."""
    at = instant(now)
    intakes.move(tx, intake.id, "received", NewState("failed", detail, reason=reason, detail=detail), at=at)
    subject = HoldSubject(partner=intake.partner, intake_id=intake.id)
    holds.open_(tx, new_hold("intake_failed", f"failed:{intake.id}", subject, name=intake.name, trouble=detail), at)
