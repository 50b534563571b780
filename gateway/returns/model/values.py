"""Zero, the empty code, and how instants, days, quantities and steps of goods are written as text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from translators.canonical import Code

ZERO = Decimal(0)
NO_CODE = Code()
# Purpose of a return for goods that came and of which nobody knows yet whose they are.
UNASSIGNED = "unassigned"


@lru_cache(maxsize=256)
def instant(at: datetime) -> str:
    """An aware instant as the store writes it: UTC, ISO 8601, microseconds, Z."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:-6] + "Z"


def day(value: date | None) -> str:
    """A date as ISO text, "" for none."""
    return value.isoformat() if value else ""


def plain(quantity: Decimal) -> str:
    """A quantity as text that does not depend on how it was reached (5, not 5.00)."""
    return f"{quantity.normalize():f}" if quantity else "0"


def step_code(left: str, reached: str) -> str:
    """The code of goods that go on from one outcome to another: "quarantine>restock"."""
    return f"{left}>{reached}"


def ends_of(step: str) -> tuple[str, str]:
    """The outcome that goods leave and the one that they get, of a `step_code`; ("", code) for a first outcome."""
    left, _, reached = step.rpartition(">")
    return left, reached
