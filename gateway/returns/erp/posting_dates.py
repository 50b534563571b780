"""On which day the ERP is to book: the day of the document, unless its month is closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date


def first_open_day(day: date, closed_months: Collection[str]) -> date:
    """The day itself, or the first day of the first month after it that is not closed ("2025-03" is March 2025)."""
    while f"{day:%Y-%m}" in closed_months:
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day
