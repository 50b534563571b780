"""Cron lines as cron means them. The scheduler counts weekdays from Monday, cron from Sunday: names leave no doubt."""

from __future__ import annotations

import re

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NUMBERS = {name: number for number, name in enumerate(_DAYS)}
_PART = re.compile(r"(?:(\*)|([a-z]{3}|[0-7])(?:-([a-z]{3}|[0-7]))?)(?:/([1-7]))?")


def read_cron(line: str) -> str:
    """A cron line (minute hour day month weekday) → the same with its weekdays by name. ValueError if it is not one."""
    fields = line.split()
    if len(fields) != 5:
        raise ValueError(f"{line!r} is not a cron line of five fields (minute hour day month weekday)")
    from apscheduler.triggers.cron import CronTrigger  # 50 ms that only folders with cron lines should pay

    named = " ".join([*fields[:4], _weekdays(line, fields[4].lower())])
    try:
        CronTrigger.from_crontab(named, timezone="UTC")
    except ValueError as error:
        raise ValueError(f"{line!r} is not a cron line: {error}") from None
    return named


def _weekdays(line: str, field: str) -> str:
    if field in ("*", "?"):
        return "*"
    days: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(
                f"{line!r} is not a cron line: no weekday {part!r} (0 or sun to 6 or sat, such as mon-fri)"
            )
        first = 0 if match[1] else _number(line, match[2])
        last = 6 if match[1] or (match[4] and not match[3]) else _number(line, match[3] or match[2])
        if last < first:
            last += 7  # fri-mon goes over the weekend
        days.update(day % 7 for day in range(first, last + 1, int(match[4] or 1)))
    return ",".join(_DAYS[day] for day in sorted(days))


def _number(line: str, day: str) -> int:
    if day.isdigit():
        return int(day)
    if day not in _NUMBERS:
        raise ValueError(f"{line!r} is not a cron line: no weekday {day!r}")
    return _NUMBERS[day]
