"""What a carrier's status codes (DE 1650, DE 1651) mean for a parcel that comes back. Partial: other codes stay raw."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

# DE 1650 → event of a CarrierEvent. A partner's crosswalk `carrier_event` goes before it.
EVENTS: Mapping[str, str] = {
    "AF": "picked_up",
    "CP": "picked_up",
    "L1": "picked_up",
    "XB": "picked_up",
    "AG": "in_transit",
    "AM": "in_transit",
    "C1": "in_transit",
    "I1": "in_transit",
    "J1": "in_transit",
    "P1": "in_transit",
    "R1": "in_transit",
    "X2": "in_transit",
    "X4": "in_transit",
    "X6": "in_transit",
    "X1": "out_for_delivery",
    "CD": "delivered",
    "D1": "delivered",
    "A3": "exception",
    "A7": "exception",
    "A9": "exception",
    "AH": "exception",
    "AI": "exception",
    "AP": "exception",
    "CA": "exception",
    "SD": "exception",
}
# DE 1651: nothing out of the ordinary.
NORMAL = frozenset({"NS", "NA"})


@cache
def code_words() -> dict[tuple[str, str], str]:
    """(data element, code) → what it means in words, for the codes that this set's folder explains."""
    text = (files(__package__) / "code_texts.csv").read_text(encoding="utf-8")
    return {(element, code): words for element, code, words in csv.reader(text.splitlines())}
