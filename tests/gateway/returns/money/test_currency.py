"""Money has the decimals of its currency."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.returns.money.currency import decimals_of, is_known, rounded

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=6)
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "CHF", "CLF", "XQQ", ""])


@pytest.mark.parametrize(
    ("currency", "decimals"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("BHD", 3), ("CLF", 4)]
)
def test_each_currency_has_its_own_decimals(currency: str, decimals: int) -> None:
    assert decimals_of(currency) == decimals


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("10.005", "USD", "10.01"),
        ("-10.005", "USD", "-10.01"),
        ("10.0049999", "USD", "10.00"),
        ("1250.5", "JPY", "1251"),
        ("1.2345", "KWD", "1.235"),
        ("7", "EUR", "7.00"),
        ("0", "JPY", "0"),
    ],
)
def test_half_of_the_smallest_amount_goes_away_from_zero(amount: str, currency: str, expected: str) -> None:
    assert str(rounded(Decimal(amount), currency)) == expected


def test_a_code_that_is_no_currency_is_told_from_one_and_has_two_decimals() -> None:
    assert is_known("USD")
    assert is_known("DEM")
    for code in ("XQQ", "usd", "US$", ""):
        assert not is_known(code)
        assert decimals_of(code) == 2


@given(AMOUNTS, CURRENCIES)
def test_an_amount_is_off_by_half_of_its_smallest_part_at_most_and_stays_so(amount: Decimal, currency: str) -> None:
    once = rounded(amount, currency)

    assert abs(once - amount) * 2 <= Decimal(1).scaleb(-decimals_of(currency))
    assert rounded(once, currency) == once
    assert rounded(-amount, currency) == -once
