"""What the values of a sample's column look like: days, numbers, GTINs, codes, our RMA numbers."""

from __future__ import annotations

import re

from translators.flat.values import BadValue, date_reader

_DATES = (
    *("YYYY-MM-DD", "YYYYMMDD", "MM/DD/YYYY", "DD/MM/YYYY", "M/D/YYYY", "D/M/YYYY", "DD.MM.YYYY", "D.M.YYYY"),
    *("YYYY/MM/DD", "MM-DD-YYYY", "DD-MM-YYYY", "MM/DD/YY", "DD/MM/YY", "M/D/YY", "D/M/YY", "DD.MM.YY", "DD-MON-YYYY"),
    *("D-MON-YYYY", "DD-MON-YY", "YYMMDD", "MMDDYYYY", "YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ss"),
    *("YYYY-MM-DD hh:mm", "YYYY-MM-DDThh:mm:ssZ", "MM/DD/YYYY hh:mm", "MM/DD/YYYY hh:mm:ss", "YYYYMMDDhhmmss"),
)
RMA = re.compile(r"(?:RMA|RA)[-_ ]?[0-9A-Z-]+", re.I)
UPS_TRACKING = re.compile(r"1Z[0-9A-Z]{16}")
NUMBERED = re.compile(r"(?=.*[0-9])\S{4,}")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[+-]?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+[+-]?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def date_formats(values: list[str]) -> list[str]:
    """Every format in which all of these values are days of the calendar, the most usual first."""
    fitting = []
    for form in _DATES:
        read = date_reader(form)
        try:
            days = [read(value) for value in values]
        except BadValue:
            continue
        if all(1990 <= day.year <= 2079 for day in days):
            fitting.append(form)
    return fitting


def number_marks(values: list[str]) -> dict[str, str] | None:
    """The marks that numbers are written with: {} for a plain 12.5; None if these are no numbers."""
    if all(_PLAIN.fullmatch(value) for value in values):
        return {}
    if all(_THOUSANDS.fullmatch(value) or _PLAIN.fullmatch(value) for value in values):
        return {"thousands_mark": ","}
    if all(_COMMA.fullmatch(value) or _PLAIN.fullmatch(value) for value in values):
        return {"decimal_mark": ","}
    return None


def are_few_codes(values: list[str]) -> bool:
    """Short words that come again and again?"""
    return len(set(values)) <= 12 and all(value.isalpha() and value.isupper() and len(value) <= 10 for value in values)


def is_gtin(value: str) -> bool:
    """12 to 14 digits with a right check digit (GS1)."""
    if not (value.isdigit() and 12 <= len(value) <= 14):
        return False
    weights = [3 if place % 2 == 0 else 1 for place in range(len(value) - 1)]
    total = sum(int(digit) * weight for digit, weight in zip(reversed(value[:-1]), weights, strict=True))
    return (10 - total % 10) % 10 == int(value[-1])
