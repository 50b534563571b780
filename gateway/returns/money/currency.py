"""Currencies: how many decimals the money of each has, and an amount rounded to them.

The table is that of Unicode's CLDR, as babel carries it: 2 for most, 0 for JPY, 3 for KWD.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
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
