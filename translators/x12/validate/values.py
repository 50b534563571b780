"""One value against its data element: characters, type, length, codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from translators.x12.guide.nodes import ElementDef
from translators.x12.guide.pattern import FORMATS, date
from translators.x12.validate.element_errors import ElementErrors, Place

REAL: Final = r"-?(?:[0-9]+|[0-9]*\.[0-9]+)"
WHOLE: Final = r"-?[0-9]+"
POINTED: Final = r"-?[0-9]*\.[0-9]+"
DIGITS: Final = r"[0-9]+"
TIME: Final = r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9][0-9]{0,2})?"
DATE_8: Final = date(8, 8)
DATE_6: Final = date(6, 6)


@cache
def _whole(pattern: str) -> Callable[[str], object]:
    """The test whether `pattern` fits all of a value. Compiled on first use: most files need one or two of them."""
    return re.compile(pattern).fullmatch


def check_value(
    definition: ElementDef, value: str, place: Place, allowed: frozenset[str], errors: ElementErrors
) -> None:
    """Note what is wrong with the value of a simple element (or component) that is not blank.

    `allowed` are the characters that text may hold in this release, without the file's own delimiters.
    """
    kept = value.rstrip(" ")
    if kept != value:
        errors.add("trailing_blanks", place, definition.data_element, value)
    kind = definition.data_type
    if kind == "R" or kind[0] == "N":
        _check_number(definition, kept, place, errors)
    elif kind == "DT":
        _check_date(definition, kept, place, errors)
    elif kind == "TM":
        _check_time(definition, kept, place, errors)
    else:
        _check_text(definition, kept, place, allowed, errors)


def check_format(definition: ElementDef, qualifier: str, value: str, place: Place, errors: ElementErrors) -> None:
    """Note a value that is not written as its format qualifier says (DE 1250 and 1251, such as D8 or RD8)."""
    form = FORMATS.get(qualifier)
    if form is not None and not _whole(form)(value):
        code = "invalid_time" if qualifier == "TM" else "invalid_date"
        errors.add(code, place, definition.data_element, value, f"{value} is not written as {qualifier} says")


def _length_fits(definition: ElementDef, length: int, value: str, place: Place, errors: ElementErrors) -> bool:
    number = definition.data_element
    if length < definition.low:
        message = f"{definition.name} has {length} characters, at least {definition.low} are needed"
        errors.add("element_too_short", place, number, value, message)
        return False
    if length > definition.high:
        message = f"{definition.name} has {length} characters, at most {definition.high} are allowed"
        errors.add("element_too_long", place, number, value, message)
        return False
    return True


def _check_code(definition: ElementDef, value: str, place: Place, errors: ElementErrors) -> None:
    if definition.codes is not None and value not in definition.codes:
        message = f"{value} is not a code of {definition.name}"
        errors.add("bad_code", place, definition.data_element, value, message)


def _check_text(
    definition: ElementDef, value: str, place: Place, allowed: frozenset[str], errors: ElementErrors
) -> None:
    wrong = set(value) - allowed
    if wrong:
        code = "national_character" if all(letter >= "\xa0" for letter in wrong) else "bad_character"
        shown = ", ".join(f"{letter!r}" for letter in sorted(wrong)[:5])
        errors.add(code, place, definition.data_element, "", f"contains {shown}")
    if _length_fits(definition, len(value), value, place, errors) and not wrong:
        _check_code(definition, value, place, errors)


def _check_number(definition: ElementDef, value: str, place: Place, errors: ElementErrors) -> None:
    """Sign and decimal point do not count towards the length."""
    kind, number = definition.data_type, definition.data_element
    if not _whole(REAL if kind == "R" else WHOLE)(value):
        if kind in ("R", "N0", "N") or not _whole(POINTED)(value):
            errors.add("bad_character", place, number, "", f"{definition.name} is not a number")
            return
        errors.add("decimal_point_in_n2", place, number, value)
    digits = len(value) - value.count("-") - value.count(".")
    if _length_fits(definition, digits, value, place, errors):
        _check_code(definition, value, place, errors)


def _check_date(definition: ElementDef, value: str, place: Place, errors: ElementErrors) -> None:
    number = definition.data_element
    if not _whole(DIGITS)(value):
        errors.add("invalid_date", place, number, value, f"{value} is not a date")
    elif definition.low == 8 and len(value) == 6 and _whole(DATE_6)(value):
        errors.add("short_date", place, number, value)
    elif _length_fits(definition, len(value), value, place, errors):
        if not _whole(DATE_6 if len(value) == 6 else DATE_8)(value):
            errors.add("invalid_date", place, number, value, f"there is no day {value}")
        else:
            _check_code(definition, value, place, errors)


def _check_time(definition: ElementDef, value: str, place: Place, errors: ElementErrors) -> None:
    number = definition.data_element
    if not _whole(DIGITS)(value):
        errors.add("invalid_time", place, number, value, f"{value} is not a time")
    elif _length_fits(definition, len(value), value, place, errors):
        if not _whole(TIME)(value):
            errors.add("invalid_time", place, number, value, f"there is no time {value}")
        else:
            _check_code(definition, value, place, errors)
