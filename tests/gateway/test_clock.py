from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock import FixedClock, SystemClock, instant, parse_instant

moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=14))]))


def test_an_instant_is_utc_with_microseconds() -> None:
    eastern = timezone(timedelta(hours=-4))
    assert instant(datetime(2025, 3, 14, 5, 30, tzinfo=eastern)) == "2025-03-14T09:30:00.000000Z"


@given(moments.filter(lambda moment: 2 < moment.year < 9998))
def test_an_instant_reads_back(moment: datetime) -> None:
    assert parse_instant(instant(moment)) == moment


@given(st.lists(moments.filter(lambda moment: 2 < moment.year < 9998), min_size=2))
def test_instants_sort_like_the_time_they_stand_for(moments: list[datetime]) -> None:
    assert sorted(map(instant, moments)) == [instant(moment) for moment in sorted(moments)]


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2025, 3, 14))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2025, 3, 14))  # noqa: DTZ001 - the point of the test


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(datetime(2025, 3, 14, 9, 30, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.sleep(90)
    assert instant(clock.now()) == "2025-03-14T09:31:30.000000Z"
    assert clock.monotonic() == 90
    with pytest.raises(ValueError, match="go back"):
        clock.advance(-1)


def test_the_system_clock_is_aware_and_moves_on() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.001)
    assert clock.monotonic() > before
    assert clock.now().tzinfo is UTC
