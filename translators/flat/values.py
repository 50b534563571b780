"""One cell's text → one value: numbers, dates, flags, codes. What does not fit raises `BadValue` with what is expected.

Dates are written in a layout as people write them: `YYYY-MM-DD`, `MM/DD/YY`, `DD.MM.YYYY`, `YYYYMMDD`, `D-MON-YYYY`;
instants add `hh`, `mm` and `ss` (`YYYYMMDDhhmmss`). `M` and `D` alone take one or two digits. Two-digit years 00-79
are of this century, 80-99 of the last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

Convert = Callable[[str], Any]

MAX_DIGITS = 18  # what every store and ERP we speak to can hold
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

_TOKENS: dict[str, str] = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short>[0-9]{2})",
    "MON": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>[0-9]{2})",
    "DD": r"(?P<day>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "hh": r"(?P<hour>[0-9]{2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
}
_TOKEN = re.compile("|".join(_TOKENS))
YES = ("Y", "YES", "TRUE", "T", "1", "X")
NO = ("N", "NO", "FALSE", "F", "0", "")


class BadValue(ValueError):
    """A cell does not hold what the layout says. `code` is a finding code, `expected` says what would be right."""

    def __init__(self, code: str, expected: str) -> None:
        super().__init__(expected)
        self.code = code
        self.expected = expected


@cache
def date_pattern(form: str) -> re.Pattern[str]:
    """A date format → the expression that reads it. Raises ValueError for a format without year, month and day."""
    parts: list[str] = []
    at = 0
    for token in _TOKEN.finditer(form):
        parts += [re.escape(form[at : token.start()]), _TOKENS[token[0]]]
        at = token.end()
    parts.append(re.escape(form[at:]))
    try:
        pattern = re.compile("".join(parts))
    except re.error as error:
        raise ValueError(f"{form!r} names one part of a date twice") from error
    names = set(pattern.groupindex)
    if not (names & {"year", "short"} and names & {"month", "name"} and "day" in names):
        raise ValueError(f"{form!r} is not a date format: it needs YYYY or YY, MM (or M, MON) and DD (or D)")
    return pattern


def _calendar(match: re.Match[str]) -> date:
    parts = match.groupdict()
    short = parts.get("short")
    year = int(parts["year"]) if parts.get("year") else int(short or 0) + (2000 if int(short or 0) < 80 else 1900)
    month = int(parts["month"]) if parts.get("month") else MONTHS.index((parts["name"] or "").upper()) + 1
    return date(year, month, int(parts["day"]))


def written_date(value: date, form: str) -> str:
    """A day in the format `form`, part by part as `date_reader` reads it: 1 May 2025 as "D.M.YYYY" → 1.5.2025."""
    parts = {
        "YYYY": f"{value.year:04}",
        "YY": f"{value.year % 100:02}",
        "MON": MONTHS[value.month - 1],
        "MM": f"{value.month:02}",
        "DD": f"{value.day:02}",
        "M": str(value.month),
        "D": str(value.day),
    }
    return _TOKEN.sub(lambda token: parts.get(token[0], "00"), form)


def date_reader(form: str) -> Convert:
    """Text in the format `form` → `date`; a day that no calendar has is `bad_date`. Repeated dates are read once."""
    pattern = date_pattern(form)
    known: dict[str, date] = {}

    def read(text: str) -> date:
        seen = known.get(text)
        if seen is not None:
            return seen
        match = pattern.fullmatch(text)
        try:
            if match is None:
                raise ValueError(text)
            value = _calendar(match)
        except ValueError as error:
            raise BadValue("bad_date", f"a date of the calendar, written {form}") from error
        if len(known) < 4096:
            known[text] = value
        return value

    return read


def instant_reader(form: str) -> Convert:
    """Text in the format `form` (with hh, mm, ss) → ISO 8601 text without a zone."""
    pattern = date_pattern(form)

    def read(text: str) -> str:
        match = pattern.fullmatch(text)
        try:
            if match is None:
                raise ValueError(text)
            day = _calendar(match)
        except ValueError as error:
            raise BadValue("bad_date", f"a date and time, written {form}") from error
        clock = {name: int(match.groupdict().get(name) or 0) for name in ("hour", "minute", "second")}
        if clock["hour"] > 23 or clock["minute"] > 59 or clock["second"] > 59:
            raise BadValue("bad_date", f"a time of the day, written {form}")
        return f"{day.isoformat()}T{clock['hour']:02}:{clock['minute']:02}:{clock['second']:02}"

    return read


def decimal_reader(mark: str = ".", thousands: str = "", implied: int = 0, minimum: str = "any") -> Convert:
    """Text → Decimal. `mark` is the decimal mark, `thousands` may stand between digits, `implied` decimals are not
    written (00012345 with 2 is 123.45). A sign stands before or behind the digits. `minimum`: any, zero (negative is
    `bad_quantity`) or positive (nothing, too, is `bad_quantity`).
    """
    whole = rf"[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|[0-9]+" if thousands else "[0-9]+"
    tail = "" if implied else rf"(?:{re.escape(mark)}[0-9]+)?"
    pattern = re.compile(rf"([+-]?)((?:{whole}){tail})([+-]?)")
    shown = "digits only" if implied else f"a number like 12{mark}5"
    # Most files write plain digits: those need no expression and, being few, are made once.
    known: dict[str, Decimal] = {}

    def parse(text: str) -> Decimal:
        match = pattern.fullmatch(text)
        if match is None or (match[1] and match[3]):
            raise BadValue("bad_number", shown)
        digits = match[2].replace(thousands, "") if thousands else match[2]
        plain = digits.replace(mark, ".")
        if len(plain.replace(".", "").lstrip("0")) > MAX_DIGITS:
            raise BadValue("bad_number", f"at most {MAX_DIGITS} digits")
        value = Decimal(plain).scaleb(-implied) if implied else Decimal(plain)
        return -value if "-" in (match[1], match[3]) and value else value

    def read(text: str) -> Decimal:
        seen = known.get(text)
        if seen is not None:
            return seen
        value = parse(text)
        if minimum == "positive" and value <= 0:
            raise BadValue("bad_quantity", "a quantity greater than nothing")
        if minimum == "zero" and value < 0:
            raise BadValue("bad_quantity", "nothing or more, never less")
        if len(known) < 4096:
            known[text] = value
        return value

    return read


def integer_reader() -> Convert:
    """Plain digits, at most nine of them → int."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise BadValue("bad_number", "a whole number of at most nine digits")
        return int(text)

    return read


def flag_reader(yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> Convert:
    """Y/N and their like → bool. `yes` and `no` replace the usual words; case does not matter."""
    true = {word.upper() for word in (yes or YES)}
    false = {word.upper() for word in (no or NO)}

    def read(text: str) -> bool:
        word = text.upper()
        if word in true:
            return True
        if word in false:
            return False
        raise BadValue("bad_value", f"one of {', '.join(sorted((true | false) - {''}))}")

    return read


def choice_reader(choices: tuple[str, ...], values: dict[str, str] | None = None) -> Convert:
    """One of `choices`, or one of the partner's words for them (`values`: theirs → ours)."""
    table = {**{choice: choice for choice in choices if not values}, **(values or {})}
    shown = ", ".join(table)

    def read(text: str) -> str:
        value = table.get(text)
        if value is None:
            raise BadValue("bad_value", f"one of {shown}")
        return value

    return read


def plain(value: Decimal) -> str:
    """A Decimal as digits, never with an exponent: 100, 0.5, -3."""
    return format(value, "f")
