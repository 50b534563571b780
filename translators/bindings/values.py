"""Texts of X12 elements → dates and numbers. What is not one gives None: validation has said so already."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from translators.bindings.errors import BindingError

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DATE_TOKENS = {"CCYY": r"(?P<y>\d{4})", "YYYY": r"(?P<y>\d{4})", "YY": r"(?P<s>\d{2})", "MM": r"(?P<m>\d{2})"}
_DATE_TOKENS["DD"] = r"(?P<d>\d{2})"
_CENTURY_PIVOT = 70


def read_integer(text: str) -> int | None:
    """A whole number; None for what is not one."""
    number = read_decimal(text)
    return int(number) if number is not None and number == number.to_integral_value() else None


def read_decimal(text: str) -> Decimal | None:
    """A number with an explicit point (X12 type R, no exponent) → Decimal; None for what is not one."""
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def read_implied(text: str, decimals: int) -> Decimal | None:
    """A number with implied decimals (X12 type Nn) → Decimal: "1250" with 2 is 12.50. A written point is literal."""
    number = read_decimal(text)
    return number if number is None or "." in text else number.scaleb(-decimals)


def decimal_reader(form: str) -> Callable[[str], Decimal | None]:
    """The reader of a number format: R or "" (explicit point), N0 to N6 (implied decimals), comma (1.234,5)."""
    if form == "comma":
        return lambda text: read_decimal(text.replace(".", "").replace(",", "."))
    if form.startswith("N"):
        decimals = int(form[1:])
        return lambda text: read_implied(text, decimals)
    return read_decimal


def read_date(text: str) -> date | None:
    """CCYYMMDD or YYMMDD (two-digit years before 70 are 20YY) → date; None for what is not a day."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    if len(digits) == 8:
        return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if len(digits) == 6:
        return _day(_century(int(digits[:2])), int(digits[2:4]), int(digits[4:]))
    return None


def _century(year: int) -> int:
    return year + (2000 if year < _CENTURY_PIVOT else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def date_reader(form: str, place: str = "") -> Callable[[str], date | None]:
    """A format of CCYY (or YYYY, YY), MM and DD with anything between → its reader. Raises BindingError."""
    parts = re.split(r"(CCYY|YYYY|YY|MM|DD)", form)
    pattern = "".join(_DATE_TOKENS.get(part, re.escape(part)) for part in parts)
    years = sum(part in {"CCYY", "YYYY", "YY"} for part in parts)
    if years != 1 or parts.count("MM") != 1 or parts.count("DD") != 1:
        raise BindingError(place, f"the date format {form!r} needs one each of CCYY or YY, MM and DD")
    compiled = re.compile(pattern, re.ASCII)

    def read(text: str) -> date | None:
        match = compiled.fullmatch(text)
        if match is None:
            return None
        found = match.groupdict()
        year = int(found["y"]) if found.get("y") else _century(int(found["s"]))
        return _day(year, int(found["m"]), int(found["d"]))

    return read
