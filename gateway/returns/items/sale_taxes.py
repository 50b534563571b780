"""The taxes that a sale was made with, from the columns of an order line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from gateway.returns.model import ZERO

# So many taxes of one line have places of their own in import files.
MOST_TAXES = 5
_HUNDRED = Decimal(100)
# Digits behind the point of a rate that follows from an amount of tax: cents stay exact.
_RATE = Decimal("0.0000000001")


def sale_taxes(
    row: Mapping[str, str], quantity: Decimal, price: Decimal | None
) -> tuple[tuple[Decimal, ...] | None, str]:
    """The rates in percent, of `tax_percent` or else `tax_amount` (each one number, or several apart by `;`), and what
    is wrong with them. None: the order says nothing of taxes. Equal rates add up to one, a rate of 0 is no tax.
    """
    percents, amounts = _listed(row.get("tax_percent", "")), _listed(row.get("tax_amount", ""))
    if not percents and not amounts:
        return None, ""
    goods = _HUNDRED if percents else quantity * price if price is not None else ZERO
    rates: set[Decimal] = set()
    in_order: list[Decimal] = []
    for text in percents or amounts:
        rate, problem = _rate(text, goods)
        if problem:
            return None, f"its tax {text} is {problem}"
        while rate in rates:
            rates.remove(rate)
            in_order.remove(rate)
            rate += rate
        if rate:
            rates.add(rate)
            in_order.append(rate)
    if sum(in_order, ZERO) > _HUNDRED or len(in_order) > MOST_TAXES:
        return None, f"its taxes are above 100 % together, or more than {MOST_TAXES}"
    return tuple(in_order), ""


def _rate(text: str, goods: Decimal) -> tuple[Decimal, str]:
    """The rate in percent that a tax on these goods has, and what is wrong with it."""
    tax = _number(text)
    if tax is None:
        return ZERO, "no number"
    if tax < 0:
        return ZERO, "negative"
    if tax and goods <= 0:
        return ZERO, "on goods without a price"
    rate = tax if goods == _HUNDRED or not tax else (tax / goods * _HUNDRED).quantize(_RATE).normalize() + ZERO
    return rate, "above 100 %" if rate > _HUNDRED else ""


def _listed(text: str) -> list[str]:
    """The entries of a cell, the same number twice as two; a comma may be a decimal one, and is no number here."""
    return [entry.strip() for entry in re.split(r"[;|]", text) if entry.strip()]


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
