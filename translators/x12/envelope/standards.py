"""Which functional group a set belongs into, and which versions there are: facts of the envelope, in one place."""

from __future__ import annotations

import re

# Set id → functional identifier code (GS01).
GROUP_OF_SET = {
    "180": "AN",
    "812": "CD",
    "810": "IN",
    "824": "AG",
    "846": "IB",
    "850": "PO",
    "855": "PR",
    "856": "SH",
    "860": "PC",
    "861": "RC",
    "940": "OW",
    "943": "AR",
    "944": "RE",
    "945": "SW",
    "947": "AW",
    "997": "FA",
    "999": "FA",
}
# Functional groups whose sets we process.
SUPPORTED_GROUPS = frozenset({"AN", "SH", "RE", "AR", "RC", "AG", "FA"})
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
