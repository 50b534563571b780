"""The day by which windows are judged: received, stated within days of grace, or stated whatever it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.returns import Arrival, Policy
from gateway.returns.request.asked_on import asked_on
from tests.gateway.returns.builders import request
from translators.canonical import ReturnRequest

CAME = datetime(2025, 3, 14, 3, 0, tzinfo=UTC)  # the evening of the 13th in Chicago


def asked(issued: date | None, requested: date | None = None) -> ReturnRequest:
    return request("RTV1", {"A": 1}).model_copy(update={"issued_on": issued, "requested_on": requested})


def judged(document: ReturnRequest, role: str = "retailer", **policy: object) -> date:
    house = Policy.model_validate({"calendar": {"time_zone": "America/Chicago"}} | policy)
    return asked_on(document, Arrival(1, "northgate", role, CAME), house)


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        (None, date(2025, 3, 13)),
        (date(2025, 1, 1), date(2025, 3, 13)),
        (date(2025, 3, 9), date(2025, 3, 13)),
        (date(2025, 3, 10), date(2025, 3, 10)),
        (date(2025, 3, 13), date(2025, 3, 13)),
        (date(2025, 3, 14), date(2025, 3, 13)),
        (date(2026, 3, 14), date(2025, 3, 13)),
    ],
)
def test_a_stated_date_counts_within_the_days_of_grace_before_receipt(stated: date | None, day: date) -> None:
    assert judged(asked(stated)) == day


def test_the_day_asked_for_goes_before_the_day_of_the_document() -> None:
    assert judged(asked(date(2025, 3, 13), date(2025, 3, 11))) == date(2025, 3, 11)


def test_without_grace_only_the_day_of_receipt_counts() -> None:
    assert judged(asked(date(2025, 3, 12)), request_grace_days=0) == date(2025, 3, 13)


def test_where_the_policy_believes_it_the_stated_date_counts_whatever_it_is() -> None:
    assert judged(asked(date(2025, 1, 1)), request_date="stated") == date(2025, 1, 1)
    assert judged(asked(None), request_date="stated") == CAME.date() - timedelta(days=1)


def test_a_request_that_we_make_for_goods_states_when_they_came() -> None:
    assert judged(asked(date(2025, 1, 1)), role="house") == date(2025, 1, 1)
