"""When postings become a file: cut-offs of time, count, size and age, in the house's time zone and around holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.batch import is_due
from gateway.batch.due import ReadyPostings
from gateway.partners.sections.partner import Batch
from gateway.returns.policy import Calendar

FRIDAY = datetime(2025, 3, 14, 15, 0, tzinfo=UTC)
CHICAGO = Calendar(time_zone="America/Chicago", holidays=frozenset({date(2025, 3, 17)}))


def _due(batch: Batch, now: datetime, oldest: datetime = FRIDAY, count: int = 3, size: int = 0) -> bool:
    return is_due(batch, CHICAGO, ReadyPostings(count, oldest, size), now)


def test_without_any_limit_at_once() -> None:
    assert _due(Batch(), FRIDAY)


@pytest.mark.parametrize(
    ("batch", "count", "size", "minutes", "due"),
    [
        (Batch(max_rows=4), 3, 0, 999, False),
        (Batch(max_rows=4), 4, 0, 0, True),
        (Batch(max_bytes=1000), 3, 999, 999, False),
        (Batch(max_bytes=1000), 3, 1000, 0, True),
        (Batch(max_age_minutes=30), 3, 0, 29, False),
        (Batch(max_age_minutes=30), 3, 0, 30, True),
        (Batch(max_rows=4, max_age_minutes=30), 3, 0, 30, True),
        (Batch(max_rows=4, cron=("0 18 * * *",)), 4, 0, 0, True),
    ],
)
def test_the_first_limit_that_is_reached_counts(batch: Batch, count: int, size: int, minutes: int, due: bool) -> None:
    assert _due(batch, FRIDAY + timedelta(minutes=minutes), count=count, size=size) is due


def test_a_cron_time_is_one_of_the_house() -> None:
    """18:00 in Chicago is 23:00 UTC in summer time, and was 24:00 UTC the week before."""
    batch = Batch(cron=("0 18 * * 1-5",))
    assert not _due(batch, datetime(2025, 3, 14, 22, 59, tzinfo=UTC))
    assert _due(batch, datetime(2025, 3, 14, 23, 0, tzinfo=UTC))
    before = datetime(2025, 3, 7, 15, 0, tzinfo=UTC)
    assert not _due(batch, datetime(2025, 3, 7, 23, 59, tzinfo=UTC), oldest=before)
    assert _due(batch, datetime(2025, 3, 8, 0, 0, tzinfo=UTC), oldest=before)


def test_what_comes_after_the_cut_off_waits_for_the_next_one() -> None:
    batch = Batch(cron=("0 18 * * 1-5",))
    late = datetime(2025, 3, 11, 23, 1, tzinfo=UTC)
    assert not _due(batch, late + timedelta(minutes=5), oldest=late)
    assert _due(batch, datetime(2025, 3, 12, 23, 0, tzinfo=UTC), oldest=late)


def test_a_cut_off_that_was_slept_through_is_made_up_for() -> None:
    assert _due(Batch(cron=("0 18 * * 1-5",)), FRIDAY + timedelta(days=1))


@pytest.mark.parametrize(
    "limits", [{}, {"max_rows": 1}, {"max_bytes": 1}, {"max_age_minutes": 1}, {"cron": ("0 9 * * *",)}]
)
def test_no_files_on_holidays_where_the_partner_wants_none(limits: dict[str, object]) -> None:
    """Monday the 17th is a holiday of the house: until midnight in Chicago, 05:00 UTC."""
    sunday = datetime(2025, 3, 16, 20, 0, tzinfo=UTC)
    on_the_day = datetime(2025, 3, 17, 20, 0, tzinfo=UTC)
    batch = Batch.model_validate({**limits, "on_holidays": False})
    assert not _due(batch, on_the_day, oldest=sunday, size=10)
    assert not _due(batch, datetime(2025, 3, 18, 4, 59, tzinfo=UTC), oldest=sunday, size=10)
    assert _due(batch, datetime(2025, 3, 18, 14, 0, tzinfo=UTC), oldest=sunday, size=10)
    assert _due(Batch.model_validate(limits), on_the_day, oldest=sunday, size=10)
