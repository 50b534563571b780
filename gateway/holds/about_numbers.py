"""Holds about goods that have other serial or lot numbers than those expected."""

from __future__ import annotations

from gateway.holds.answers import DISMISS
from gateway.holds.row import Answer, HoldClass

_ACCEPT = Answer("accept", "take_strange_numbers", "What came is taken in place of what was expected, and credited.")
_REJECT = Answer("reject", "withdraw_strange_goods", "The units are not ours: what was said of them is withdrawn.")

ROWS = (
    HoldClass(
        "serial_differs",
        about="return",
        origin="return",
        stage="inspection",
        owner="warehouse",
        severity="business_day",
        happened="units have other serial numbers than those asked for or sold, or a document names more serials than "
        "units",
        next_action="look at the units, then take what came or reject it",
        answers=(_ACCEPT, _REJECT, DISMISS),
        runbook="A notice, receipt or inspection names serials that the request or the sale does not have. Compare the "
        "label with the unit: a misread digit is corrected by a new receipt, another unit may be an older one that is "
        "returned in place of what was sold. The units in question are not credited until somebody answers.",
    ),
    HoldClass(
        "lot_differs",
        about="return",
        origin="return",
        stage="inspection",
        owner="warehouse",
        severity="business_day",
        happened="goods are of another lot than the one asked for or sold",
        next_action="look at the goods, then take what came or reject it",
        answers=(_ACCEPT, _REJECT, DISMISS),
        runbook="A notice, receipt or inspection names a lot that the request or the sale does not have. A warehouse "
        "with lot numbers of its own cannot be compared: set `compare_lots = false` in the partner's policy. Goods of "
        "a recall must be of its lot. The goods in question are not credited until somebody answers.",
    ),
)
