"""Policies: the complete example loads, mistakes are named, the first fitting row speaks; business hours."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.partners import shipped_partners
from gateway.returns import DEFAULT_POLICY, Policy
from gateway.returns.clocks import add_business_hours
from gateway.returns.policy import Calendar

EXAMPLE = tomllib.loads((Path(__file__).parent / "policy_example.toml").read_text("utf-8"))


@pytest.mark.parametrize("table", ["stages", "dispositions", "condition_dispositions", "units"])
def test_the_shipped_house_shows_the_tables_that_are_built_in(table: str) -> None:
    """What an analyst reads there is what happens; every outcome has its row."""
    shipped = tomllib.loads((shipped_partners() / "_house/policy.toml").read_text("utf-8"))
    assert getattr(Policy.model_validate(shipped), table) == getattr(DEFAULT_POLICY, table)
    assert table in shipped


def test_the_example_has_every_key() -> None:
    assert set(EXAMPLE) == set(Policy.model_fields) - {"routes"}  # routes are made, never written
    policy = Policy.model_validate(EXAMPLE)
    assert policy.fee_percent("unwanted") == 15
    assert policy.fee_percent("defective") == 5
    assert policy.dispositions["rtv"].postings[1].waits_for == "inventory_move"


def test_the_first_fitting_row_of_a_check_speaks() -> None:
    policy = Policy.model_validate(EXAMPLE)
    days = {
        (product_class, reason): rule.days
        for product_class in ("electronics", "")
        for reason in ("unwanted", "defective")
        if (rule := policy.rules_for(product_class, reason).get("outside_window"))
    }
    assert days == {
        ("electronics", "unwanted"): 14,
        ("electronics", "defective"): 90,
        ("", "unwanted"): 90,
        ("", "defective"): 90,
    }
    assert "unknown_order" not in policy.rules_for("", "")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"settlemint": "none"}, "settlemint"),
        ({"rma_format": "RMA"}, "same number"),
        ({"rma_format": "RMA-{}-{}"}, "needs one number"),
        ({"return_format": "R-{:06d}"}, "letters and digits"),
        ({"rules": [{"check": "outside_window", "outcome": "limit"}]}, "only quantity_exceeded"),
        ({"rules": [{"check": "over_limit", "outcome": "hold"}]}, "needs a value or a quantity"),
        ({"condition_dispositions": {"good": "eat"}}, "no such disposition: eat"),
        ({"calendar": {"time_zone": "Mars/Olympus"}}, "no such time zone"),
        ({"calendar": {"days": [7]}}, "business hours"),
        ({"calendar": {"opens": "17:00", "closes": "08:00"}}, "business hours"),
        ({"park_limit_hours": -1}, "greater than or equal"),
    ],
)
def test_a_mistake_is_named(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Policy.model_validate(wrong)


def test_defaults_stand_alone() -> None:
    assert Policy() == DEFAULT_POLICY == Policy.model_validate({})


CHICAGO = Calendar(time_zone="America/Chicago", opens=time(8), closes=time(17), holidays=frozenset({date(2025, 7, 4)}))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2025-07-01T13:00", 4, "2025-07-01T17:00"),  # Tuesday 8:00 in Chicago
        ("2025-07-01T21:00", 2, "2025-07-02T14:00"),  # an hour before closing
        ("2025-07-01T23:00", 1, "2025-07-02T14:00"),  # after closing
        ("2025-07-03T21:00", 2, "2025-07-07T14:00"),  # over the holiday and the weekend
        ("2025-07-05T12:00", 9, "2025-07-07T22:00"),  # from a Saturday, a whole day
        ("2025-03-07T22:00", 2, "2025-03-10T14:00"),  # clocks go forward between Friday and Monday
        ("2025-10-31T21:00", 2, "2025-11-03T15:00"),  # and back
        ("2025-07-01T13:00", 0, "2025-07-01T13:00"),
    ],
)
def test_business_hours(start: str, hours: int, end: str) -> None:
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert add_business_hours(begin, Decimal(hours), CHICAGO).strftime("%Y-%m-%dT%H:%M") == end
