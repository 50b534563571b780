"""Currencies: how many decimals the money of each has, and an amount rounded to them.

The table is that of Unicode's CLDR, as babel carries it: 2 for most, 0 for JPY, 3 for KWD.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision, is_currency


@lru_cache(maxsize=256)
def is_known(currency: str) -> bool:
    """Is this the ISO 4217 code of a currency, of today or of the past?"""
    return is_currency(currency)


def decimals_of(currency: str) -> int:
    """Digits behind the point of an amount in a currency; 2, as most have, for a code that is none.

    Whoever brings such a code is asked about it (the Hold `currency_differs`); what is shown meanwhile has two.
    """
    return get_currency_precision(currency)


@lru_cache(maxsize=256)
def _smallest(currency: str) -> Decimal:
    """The smallest amount of a currency: a cent, a yen, a fils."""
    return Decimal(1).scaleb(-decimals_of(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount of a currency with exactly its decimals: half a cent goes away from zero, as invoices have it."""
    return amount.quantize(_smallest(currency), ROUND_HALF_UP)


def apportioned(parts: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Exact parts of an amount as money that adds up to the rounded amount, by the method of the largest remainder.

    Each differs from its exact value by less than one cent; of equal remainders the first has the cent.
    """
    cent = _smallest(currency)
    money = [part.quantize(cent, ROUND_FLOOR) for part in parts]
    left_over = int((rounded(sum(parts, Decimal(0)), currency) - sum(money, Decimal(0))) / cent)
    by_remainder = sorted(range(len(parts)), key=lambda at: money[at] - parts[at])
    for at in by_remainder[:left_over]:
        money[at] += cent
    return money


def spread(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """An amount of a currency over as many parts as there are weights, in proportion to them, cents and all.

    Without any weight the parts are equal.
    """
    whole = sum(weights, Decimal(0))
    if not whole:
        weights, whole = [Decimal(1)] * len(weights), Decimal(len(weights))
    return apportioned([amount * weight / whole for weight in weights], currency)
