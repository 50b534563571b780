"""Holds that name a return but are about its files or the time it takes: resolving them changes no quantity of it."""

from __future__ import annotations

from gateway.returns import OVERDUE
from gateway.store.returns import pilots

# About a file that we sent: tried again, or given up.
ABOUT_DISPATCHES = frozenset({"out_conflict", "dispatch_failed"})
# About a posting that no import file can carry: tried again once its value or the profile is corrected.
ABOUT_FILES = frozenset({"unrenderable"})
# About what a pilot prepared: a file, or the postings of a return.
ABOUT_PILOTS = frozenset({pilots.HOLD})
BESIDE_THE_RETURN = ABOUT_DISPATCHES | ABOUT_FILES | ABOUT_PILOTS | OVERDUE | {"partner_rejected", "ack_unmatched"}
