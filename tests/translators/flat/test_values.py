from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translators.flat.values import (
    BadValue,
    choice_reader,
    date_pattern,
    date_reader,
    decimal_reader,
    flag_reader,
    instant_reader,
    written_date,
)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("YYYY-MM-DD", "2024-02-29", date(2024, 2, 29)),
        ("MM/DD/YY", "03/14/25", date(2025, 3, 14)),
        ("MM/DD/YY", "03/14/85", date(1985, 3, 14)),
        ("D.M.YYYY", "4.3.2025", date(2025, 3, 4)),
        ("DD-MON-YYYY", "04-Mar-2025", date(2025, 3, 4)),
        ("YYYYMMDD", "20250304", date(2025, 3, 4)),
    ],
)
def test_dates(form: str, text: str, expected: date) -> None:
    assert date_reader(form)(text) == expected


@pytest.mark.parametrize("text", ["2025-02-29", "2025-13-01", "2025-1-01", "0000-01-01", "20250101", "", "2025-01-01 "])
def test_days_that_are_not(text: str) -> None:
    with pytest.raises(BadValue) as error:
        date_reader("YYYY-MM-DD")(text)
    assert error.value.code == "bad_date"


@pytest.mark.parametrize("form", ["DD/YY", "MM", "hello", "DD.DD.YYYY"])
def test_formats_that_are_no_dates(form: str) -> None:
    with pytest.raises(ValueError, match="date"):
        date_pattern(form)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("DD.MM.YYYY", "05.03.2025"),
        ("D.M.YYYY", "5.3.2025"),
        ("M/D/YY", "3/5/25"),
        ("DD-MON-YYYY", "05-MAR-2025"),
        ("YYYYMMDD", "20250305"),
    ],
)
def test_dates_are_written_as_they_are_read(form: str, text: str) -> None:
    assert written_date(date(2025, 3, 5), form) == text
    assert date_reader(form)(text) == date(2025, 3, 5)


def test_instants() -> None:
    assert instant_reader("YYYYMMDDhhmmss")("20250314093005") == "2025-03-14T09:30:05"
    with pytest.raises(BadValue):
        instant_reader("YYYYMMDDhhmm")("202503142460")


@settings(max_examples=50, deadline=None)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_numbers_come_back(value: Decimal) -> None:
    text = format(value, "f")
    assert decimal_reader()(text) == value
    assert decimal_reader(mark=",")(text.replace(".", ",")) == value
    assert decimal_reader(mark=",", thousands=".")(f"{value:,}".translate(str.maketrans(",.", ".,"))) == value
    assert decimal_reader(implied=3)(text.replace(".", "")) == value


def test_a_sign_may_stand_behind() -> None:
    assert decimal_reader()("12.5-") == Decimal("-12.5")
    with pytest.raises(BadValue):
        decimal_reader()("-12-")


@pytest.mark.parametrize("text", ["1,2,3", "1.000", ".5", "5.", "", " 1"])
def test_numbers_written_another_way(text: str) -> None:
    with pytest.raises(BadValue):
        decimal_reader(mark=",", thousands=".")(text + "x")
    if text not in {"1.000"}:
        with pytest.raises(BadValue):
            decimal_reader(mark=",", thousands=".")(text)


def test_flags_and_choices() -> None:
    assert flag_reader()("yes") is True
    assert flag_reader(("A",), ("B",))("b") is False
    with pytest.raises(BadValue):
        flag_reader()("maybe")
    assert choice_reader(("posted", "refused"), {"OK": "posted"})("OK") == "posted"
    with pytest.raises(BadValue):
        choice_reader(("posted", "refused"), {"OK": "posted"})("posted")
