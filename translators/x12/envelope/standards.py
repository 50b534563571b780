"""Facts of the envelope that several rooms need: how ids, numbers and versions are written."""

from __future__ import annotations

import re

# The functional group (GS01) of 997 and 999.
ACKNOWLEDGMENT_GROUP = "FA"
SET_ID = re.compile(r"[0-9A-Z]{3}\Z")
VERSION = re.compile(r"00[0-9]{4}")
SET_NUMBER_LENGTHS = range(4, 10)


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
