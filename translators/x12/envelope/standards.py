"""Facts of the envelope that several rooms need: how ids, numbers, versions, dates and times are written."""

from __future__ import annotations

import re

# The functional group (GS01) of 997 and 999.
ACKNOWLEDGMENT_GROUP = "FA"
DIGITS = re.compile(r"[0-9]+\Z")
SET_ID = re.compile(r"[0-9A-Z]{3}\Z")
VERSION = re.compile(r"00[0-9]{4}")
SET_NUMBER_LENGTHS = range(4, 10)
# From this control version on, ISA11 is the repetition separator; before, it is the letter U.
REPETITION_SINCE = "00402"
CONTROL_VERSION = re.compile(r"00[0-9]{3}\Z")
BLANKS = " \t\r\n\x00\x1a"
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def same_number(one: str, other: str) -> bool:
    """Are two control numbers or counts the same number, zeros in front aside?"""
    if one == other:
        return True
    if not (one.isascii() and one.isdigit() and other.isascii() and other.isdigit()):
        return False
    return (one.lstrip("0") or "0") == (other.lstrip("0") or "0")


def not_in_group_code(version: str) -> str:
    """The AK502 code for a set in the wrong functional group: 18 from release 005010 on, 6 before."""
    return "18" if version[:6] >= "005010" else "6"


def is_date(value: str, length: int) -> bool:
    """YYMMDD (6) or CCYYMMDD (8) of a day that exists; of a two-digit year, 29 February always may."""
    if len(value) != length or not value.isascii() or not value.isdigit():
        return False
    month, day = int(value[-4:-2]), int(value[-2:])
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        return False
    if length == 8 and month == 2 and day == 29:
        year = int(value[:4])
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return True


def is_time(value: str, shortest: int, longest: int = 0) -> bool:
    """HHMM, HHMMSS or HHMMSSd[d] on a 24-hour clock, within the given lengths (`longest` 0: exactly `shortest`)."""
    if not shortest <= len(value) <= (longest or shortest) or not value.isascii() or not value.isdigit():
        return False
    if len(value) == 5 or int(value[:2]) > 23 or int(value[2:4]) > 59:
        return False
    return len(value) < 6 or int(value[4:6]) <= 59


def is_letter(character: str) -> bool:
    """An ASCII letter or digit: what no delimiter can be. Letters outside ASCII have been seen as delimiters."""
    return character.isascii() and character.isalnum()
