"""What the columns of an order line say of its taxes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.returns.items.sale_taxes import sale_taxes


@pytest.mark.parametrize(
    ("columns", "rates"),
    [
        ({}, None),
        ({"tax_percent": "8.25"}, ("8.25",)),
        ({"tax_percent": "8.25;1"}, ("8.25", "1")),
        ({"tax_percent": "1 | 8.25 "}, ("1", "8.25")),
        ({"tax_percent": "0"}, ()),
        ({"tax_percent": "1;1"}, ("2",)),
        ({"tax_percent": "2;1;1"}, ("4",)),
        ({"tax_amount": "16.50"}, ("8.25",)),
        ({"tax_amount": "16.50;2"}, ("8.25", "1")),
        ({"tax_amount": "0"}, ()),
        ({"tax_percent": "7", "tax_amount": "16.50"}, ("7",)),
    ],
)
def test_taxes_of_a_sale(columns: dict[str, str], rates: tuple[str, ...] | None) -> None:
    expected = None if rates is None else tuple(map(Decimal, rates))
    assert sale_taxes(columns, Decimal(10), Decimal(20)) == (expected, "")


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"tax_percent": "-1"}, "its tax -1 is negative"),
        ({"tax_percent": "101"}, "its tax 101 is above 100 %"),
        ({"tax_percent": "60;50"}, "its taxes are above 100 % together, or more than 5"),
        ({"tax_percent": "1;2;4;8;16;32"}, "its taxes are above 100 % together, or more than 5"),
        ({"tax_percent": "8,25"}, "its tax 8,25 is no number"),
        ({"tax_percent": "NaN"}, "its tax NaN is no number"),
        ({"tax_amount": "-3"}, "its tax -3 is negative"),
        ({"tax_amount": "300"}, "its tax 300 is above 100 %"),
    ],
)
def test_taxes_that_make_no_sense(columns: dict[str, str], problem: str) -> None:
    assert sale_taxes(columns, Decimal(10), Decimal(20)) == (None, problem)


def test_an_amount_of_tax_needs_a_price() -> None:
    assert sale_taxes({"tax_amount": "3"}, Decimal(10), None) == (None, "its tax 3 is on goods without a price")
