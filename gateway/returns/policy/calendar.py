"""Business hours, and the hours of each promise."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import field_validator, model_validator

from gateway.returns.policy.closed import Closed

ClockClass = Literal[
    "answer", "receipt", "delivered", "exception", "inspection", "next_outcome", "credit", "vendor_credit", "advance"
]


class Calendar(Closed):
    """Business hours: a clock counts only these. UTC needs no time zone database."""

    time_zone: str = "UTC"
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(8)
    closes: time = time(17)
    holidays: frozenset[date] = frozenset()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value != "UTC":
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise ValueError(f"no such time zone here: {value}") from error
        return value

    @model_validator(mode="after")
    def _some_hours(self) -> Calendar:
        if self.opens >= self.closes or not self.days or any(not 0 <= d <= 6 for d in self.days):
            raise ValueError("business hours need at least one day (Monday = 0) and opens before closes")
        return self

    @property
    def zone(self) -> tzinfo:
        """The time zone of the business hours."""
        return UTC if self.time_zone == "UTC" else ZoneInfo(self.time_zone)

    # So many days are looked at together where business hours are counted.
    STRETCH: ClassVar[int] = 14

    @cached_property
    def stretches(self) -> dict[date, list[tuple[datetime, datetime]]]:
        """What `open_from` has answered before, the latest days only."""
        return {}

    def open_from(self, day: date) -> list[tuple[datetime, datetime]]:
        """When we open and close (UTC) on the days of the fortnight that begins on this one, days off left out."""
        hours_open = self.stretches.get(day)
        if hours_open is None:
            days = (day + timedelta(days=offset) for offset in range(self.STRETCH))
            hours_open = [open_hours for open_day in days if (open_hours := self.hours_of(open_day)) is not None]
            if len(self.stretches) >= 64:
                self.stretches.clear()
            self.stretches[day] = hours_open
        return hours_open

    def hours_of(self, day: date) -> tuple[datetime, datetime] | None:
        """When we open and close on a day (UTC; a change of clocks counts as it happens); None on a day off."""
        if day.weekday() not in self.days or day in self.holidays:
            return None
        return _open_hours(self.time_zone, self.opens, self.closes, day)


@lru_cache(maxsize=4096)
def _open_hours(time_zone: str, opens: time, closes: time, day: date) -> tuple[datetime, datetime]:
    zone: tzinfo = UTC if time_zone == "UTC" else ZoneInfo(time_zone)
    return datetime.combine(day, opens, zone).astimezone(UTC), datetime.combine(day, closes, zone).astimezone(UTC)


class ClockRule(Closed):
    """Business hours until a warning and until a breach."""

    warn_hours: Decimal = Decimal(16)
    due_hours: Decimal = Decimal(24)

    @cached_property
    def spans(self) -> tuple[timedelta, timedelta]:
        """The hours until warning and breach."""
        return timedelta(hours=float(self.warn_hours)), timedelta(hours=float(self.due_hours))


def _default_clocks() -> dict[ClockClass, ClockRule]:
    return {
        "answer": ClockRule(),
        "receipt": ClockRule(warn_hours=Decimal(72), due_hours=Decimal(90)),
        "delivered": ClockRule(warn_hours=Decimal(9), due_hours=Decimal(18)),
        "exception": ClockRule(warn_hours=Decimal(9), due_hours=Decimal(18)),
        "inspection": ClockRule(warn_hours=Decimal(18), due_hours=Decimal(27)),
        "next_outcome": ClockRule(warn_hours=Decimal(36), due_hours=Decimal(45)),
        "credit": ClockRule(warn_hours=Decimal(18), due_hours=Decimal(27)),
        "vendor_credit": ClockRule(warn_hours=Decimal(180), due_hours=Decimal(270)),
        "advance": ClockRule(warn_hours=Decimal(180), due_hours=Decimal(270)),
    }
