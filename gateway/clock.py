"""Time, as a thing that is passed in: nothing else in the gateway asks the operating system what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall time for records, monotonic time for intervals (the wall clock may jump), and waiting."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait this many seconds."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait this many seconds."""
        time.sleep(seconds)


class FixedClock:
    """A clock that moves only when it is told to, by `advance` or by somebody sleeping: for the demo and the tests."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs an aware instant")
        self._start = start.astimezone(UTC)
        self._passed = timedelta()

    def now(self) -> datetime:
        """The start, and what has passed since."""
        return self._start + self._passed

    def monotonic(self) -> float:
        """Seconds that have passed since the start."""
        return self._passed.total_seconds()

    def sleep(self, seconds: float) -> None:
        """Let this many seconds pass at once: nobody waits."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let this many seconds pass at once."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._passed += timedelta(seconds=seconds)


def instant(moment: datetime) -> str:
    """An aware datetime → UTC ISO 8601 text with microseconds, as the store keeps it: "2025-03-14T09:30:00.000000Z".

    Text of one length, so that it sorts like the time it stands for. Raises ValueError for a naive datetime.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def parse_instant(text: str) -> datetime:
    """The text that `instant` wrote → an aware datetime in UTC. Raises ValueError for anything else."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
