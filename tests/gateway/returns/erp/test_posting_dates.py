"""The day on which the ERP books: never in a closed month, never before the document."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.returns.erp.posting_dates import first_open_day

MONTHS = st.sets(st.tuples(st.integers(2024, 2026), st.integers(1, 12)).map(lambda m: f"{m[0]}-{m[1]:02}"))


@pytest.mark.parametrize(
    ("day", "closed", "booked"),
    [
        (date(2025, 3, 18), [], date(2025, 3, 18)),
        (date(2025, 3, 18), ["2025-02"], date(2025, 3, 18)),
        (date(2025, 3, 18), ["2025-03"], date(2025, 4, 1)),
        (date(2025, 3, 18), ["2025-03", "2025-04"], date(2025, 5, 1)),
        (date(2025, 3, 18), ["2025-03", "2025-05"], date(2025, 4, 1)),
        (date(2025, 12, 31), ["2025-12"], date(2026, 1, 1)),
    ],
)
def test_the_first_open_day(day: date, closed: list[str], booked: date) -> None:
    assert first_open_day(day, closed) == booked


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), MONTHS)
def test_it_is_open_and_no_open_day_of_a_later_month_was_left_out(day: date, closed: set[str]) -> None:
    booked = first_open_day(day, closed)
    assert f"{booked:%Y-%m}" not in closed
    assert booked == day or (booked.day == 1 and booked > day)
    months = {f"{year}-{month:02}" for year in range(2024, 2028) for month in range(1, 13)}
    between = {month for month in months if f"{day:%Y-%m}" <= month < f"{booked:%Y-%m}"}
    assert between <= closed
