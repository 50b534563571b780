"""What a credited quantity is made of: goods, fee, freight, charges and the taxes of every rate, exact to the cent.

The total is rounded once, from exact parts. Each part is then cut to the currency's decimals, and what is left over
goes to the parts that lost most by it: so the parts add up to the total, and a part of nothing stays nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gateway.returns.model import ZERO, CreditAmounts, Return, ReturnLine, TaxPart
from gateway.returns.money.currency import apportioned
from gateway.returns.policy import Policy


def credit_parts(return_: Return, line: ReturnLine, quantity: Decimal, policy: Policy) -> CreditAmounts | None:
    """The money of a credited quantity of a line, part by part; None while its price is unknown.

    The fee is that of the line's reason, the freight an allowance per unit. Taxes are those of the sale where the
    order says them, else the policy's; they are on goods, fee and freight. Of the charges that are credited with the
    line the quantity has its share.
    """
    if line.unit_price is None:
        return None
    goods = quantity * line.unit_price
    fee = policy.fee_percent(line.reason.canonical)
    charges = line.credited_charges
    if charges:
        charges = charges * quantity / line.requested if line.requested else ZERO
    freight = quantity * policy.freight_allowance
    return parts_of(return_.currency, goods, fee, freight, charges, tax_rates(line, policy))


def tax_rates(line: ReturnLine, policy: Policy) -> tuple[Decimal, ...]:
    """The rates, in percent, that a line is taxed at: those of its sale, else the policy's."""
    if line.tax_rates is not None:
        return line.tax_rates
    return (policy.tax_percent,) if policy.tax_percent else ()


def parts_of(
    currency: str, goods: Decimal, fee_percent: Decimal, freight: Decimal, charges: Decimal, rates: Sequence[Decimal]
) -> CreditAmounts:
    """Exact goods, freight and charges, a fee in percent of the goods and tax rates → rounded parts."""
    fee = -goods * fee_percent / 100 if fee_percent else ZERO
    net = goods + fee + freight
    exact = [goods, fee, freight, charges, *(net * rate / 100 for rate in rates)]
    goods, fee, freight, charges, *taxes = apportioned(exact, currency)
    base = goods + fee + freight
    parts = tuple(TaxPart(rate, base, amount) for rate, amount in zip(rates, taxes, strict=True))
    return CreditAmounts(currency, goods, fee, freight, charges, parts)
