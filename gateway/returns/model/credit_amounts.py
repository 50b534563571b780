"""The money of a credit, part by part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from operator import add

from gateway.returns.model.values import ZERO


@dataclass(slots=True, frozen=True)
class TaxPart:
    """The tax of one rate (in percent) on a base: the goods less the fee plus the freight allowed."""

    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(slots=True, frozen=True)
class CreditAmounts:
    """What a credit is made of, in one currency and its decimals; the parts add up to `total` exactly.

    `restocking_fee` is negative: it is taken off. `charges` are those of the partner's request that we credit, as
    they were claimed: no tax is added to them. `taxes` has one entry for each rate.
    """

    currency: str = ""
    goods: Decimal = ZERO
    restocking_fee: Decimal = ZERO
    freight: Decimal = ZERO
    charges: Decimal = ZERO
    taxes: tuple[TaxPart, ...] = ()

    @property
    def tax(self) -> Decimal:
        """The taxes of all rates."""
        return reduce(add, (tax.amount for tax in self.taxes), ZERO)

    @property
    def total(self) -> Decimal:
        """The whole money of the credit."""
        return self.goods + self.restocking_fee + self.freight + self.charges + self.tax

    def said_in(self, currency: str) -> CreditAmounts:
        """The same figures as money of another currency: of a return whose currency was corrected."""
        return self if self.currency == currency else replace(self, currency=currency)

    def __neg__(self) -> CreditAmounts:
        """The parts that take this credit back."""
        taxes = tuple(TaxPart(tax.rate, -tax.base, -tax.amount) for tax in self.taxes)
        return CreditAmounts(self.currency, -self.goods, -self.restocking_fee, -self.freight, -self.charges, taxes)

    def __add__(self, other: CreditAmounts) -> CreditAmounts:
        """Part by part, taxes rate by rate. Raises ValueError for money of two currencies."""
        if self.currency and other.currency and self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return CreditAmounts(
            self.currency or other.currency,
            self.goods + other.goods,
            self.restocking_fee + other.restocking_fee,
            self.freight + other.freight,
            self.charges + other.charges,
            _added(self.taxes, other.taxes) if self.taxes or other.taxes else (),
        )

    def __sub__(self, other: CreditAmounts) -> CreditAmounts:
        """Part by part: what one credit has beyond another. Raises ValueError for money of two currencies."""
        return self + -other


def _added(taxes: tuple[TaxPart, ...], more: tuple[TaxPart, ...]) -> tuple[TaxPart, ...]:
    """The taxes of two credits by rate; a rate of which nothing is left is left out."""
    by_rate: dict[Decimal, TaxPart] = {}
    for tax in (*taxes, *more):
        so_far = by_rate.get(tax.rate)
        base, amount = (so_far.base, so_far.amount) if so_far else (ZERO, ZERO)
        by_rate[tax.rate] = TaxPart(tax.rate, base + tax.base, amount + tax.amount)
    return tuple(tax for tax in by_rate.values() if tax.base or tax.amount)
