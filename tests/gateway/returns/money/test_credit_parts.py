"""The parts of a credit add up, whatever is split, taken back or rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.returns import Policy, Return
from gateway.returns.model import ZERO, CreditAmounts, ReturnLine, TaxPart
from gateway.returns.money.credit_parts import credit_parts
from gateway.returns.money.currency import apportioned, decimals_of, rounded, spread
from translators.canonical import Code, Item

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD"])
prices = st.decimals("0.0001", "9999", places=4)
percents = st.decimals("0", "40", places=3)
money = st.decimals("0", "5000", places=2)


def line_of(price: Decimal | None, quantity: int, rates: list[Decimal] | None, charges: Decimal = ZERO) -> ReturnLine:
    return ReturnLine(
        line_no="1",
        item=Item(sku="A"),
        requested=Decimal(quantity),
        unit_price=price,
        reason=Code(canonical="unwanted"),
        tax_rates=None if rates is None else tuple(rates),
        credited_charges=charges,
    )


def in_decimals(amount: Decimal, currency: str) -> bool:
    return amount == rounded(amount, currency) and amount.as_tuple().exponent == -decimals_of(currency)


@given(
    currency=CURRENCIES,
    price=prices,
    quantity=st.integers(1, 500),
    fee=percents,
    freight=st.decimals("0", "9", places=3),
    rates=st.none() | st.lists(st.decimals("0.001", "25", places=3), max_size=4, unique=True),
    charges=money,
    steps=st.lists(st.integers(0, 500), max_size=6),
)
def test_parts_add_up_to_the_amount_in_whole_cents_and_never_drift(
    currency: str,
    price: Decimal,
    quantity: int,
    fee: Decimal,
    freight: Decimal,
    rates: list[Decimal] | None,
    charges: Decimal,
    steps: list[int],
) -> None:
    policy = Policy(restocking_fee={"*": fee}, freight_allowance=freight, tax_percent=Decimal("7.25"))
    return_ = Return(return_no="R1", partner="p", currency=currency)
    line = line_of(price, quantity, rates, rounded(charges, currency))
    issued = CreditAmounts()
    # Up and down, each time by the difference; at last the whole quantity.
    for due in (*(min(step, quantity) for step in steps), quantity):
        parts = credit_parts(return_, line, Decimal(due), policy)
        assert parts is not None
        posted = parts - issued
        assert posted.total == parts.total - issued.total
        issued += posted
    whole = credit_parts(return_, line, Decimal(quantity), policy)
    assert whole is not None
    assert (issued.goods, issued.restocking_fee, issued.freight, issued.charges, issued.tax, issued.total) == (
        whole.goods, whole.restocking_fee, whole.freight, whole.charges, whole.tax, whole.total,
    )  # fmt: skip
    assert whole.charges == rounded(charges, currency)
    goods, applied = quantity * price, [Decimal("7.25")] if rates is None else rates
    net = goods * (1 - fee / 100) + quantity * freight
    exact = net * (1 + sum(applied, ZERO) / 100) + whole.charges
    assert whole.total == rounded(exact, currency)
    for part in (whole.goods, whole.restocking_fee, whole.freight, *(tax.amount for tax in whole.taxes)):
        assert in_decimals(part, currency)
    cent = Decimal(1).scaleb(-decimals_of(currency))
    assert abs(whole.goods - goods) < cent
    assert [tax.rate for tax in whole.taxes] == applied
    for tax in whole.taxes:
        assert abs(tax.amount - net * tax.rate / 100) < cent
        assert tax.base == whole.goods + whole.restocking_fee + whole.freight


@given(st.lists(st.decimals("-500", "500", places=5), min_size=1, max_size=8), CURRENCIES)
def test_money_is_apportioned_to_the_cent(parts: list[Decimal], currency: str) -> None:
    shares = apportioned(parts, currency)
    assert sum(shares, ZERO) == rounded(sum(parts, ZERO), currency)
    cent = Decimal(1).scaleb(-decimals_of(currency))
    assert all(abs(share - part) < cent for share, part in zip(shares, parts, strict=True))
    assert all(share == 0 for share, part in zip(shares, parts, strict=True) if part == 0)


@given(money, st.lists(st.decimals("0", "500", places=2), min_size=1, max_size=8))
def test_an_amount_is_spread_without_a_cent_lost(amount: Decimal, weights: list[Decimal]) -> None:
    shares = spread(amount, weights, "USD")
    assert sum(shares, ZERO) == amount
    if any(weights):
        assert all(share == 0 for share, weight in zip(shares, weights, strict=True) if not weight)


def test_a_credit_without_a_price_has_no_parts() -> None:
    return_ = Return(return_no="R1", partner="p", currency="USD")
    assert credit_parts(return_, line_of(None, 2, None), Decimal(2), Policy()) is None


def test_taxes_are_added_and_taken_off_rate_by_rate() -> None:
    city, state = Decimal(1), Decimal("8.25")
    both = CreditAmounts("USD", goods=Decimal(100), taxes=(
        TaxPart(city, Decimal(100), Decimal(1)), TaxPart(state, Decimal(100), Decimal("8.25")),
    ))  # fmt: skip
    one = CreditAmounts("USD", goods=Decimal(40), taxes=(TaxPart(city, Decimal(40), Decimal("0.40")),))
    left = both - one
    assert left.taxes == (
        TaxPart(city, Decimal(60), Decimal("0.60")),
        TaxPart(state, Decimal(100), Decimal("8.25")),
    )
    assert (both - both).taxes == ()
    assert left.total == Decimal("68.85")


def test_money_of_two_currencies_is_not_added() -> None:
    with pytest.raises(ValueError, match="USD and EUR"):
        CreditAmounts("USD", Decimal(1)) + CreditAmounts("EUR", Decimal(1))
