"""Holds that follow from the state of a return: opened when their cause appears, cleared when it is gone.

A Hold that a person resolved stays resolved while its cause goes no further than it did then (`extent`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause, open_hold
from gateway.returns.holds.causes.charges import charge_causes
from gateway.returns.holds.causes.claims import claim_causes, not_taken_causes
from gateway.returns.holds.causes.lines import line_causes
from gateway.returns.holds.causes.numbers import number_causes
from gateway.returns.holds.causes.parcels import parcel_causes
from gateway.returns.holds.causes.posted import posted_causes
from gateway.returns.holds.causes.postings import refusal_causes, reversal_causes
from gateway.returns.holds.causes.prices import price_causes
from gateway.returns.holds.causes.sites import site_causes
from gateway.returns.holds.causes.unassigned import unassigned_causes
from gateway.returns.holds.causes.vendors import vendor_causes
from gateway.returns.holds.causes.versions import version_causes
from gateway.returns.model import UNRENDERABLE, Hold, Return
from gateway.returns.policy import Policy

# Every subject of causes: a function of the return, how much of every line should be credited, and the policy.
CAUSES: tuple[Callable[[Return, Mapping[str, Decimal], Policy], list[HoldCause]], ...] = (
    line_causes,
    unassigned_causes,
    claim_causes,
    charge_causes,
    number_causes,
    price_causes,
    parcel_causes,
    not_taken_causes,
    site_causes,
    version_causes,
    vendor_causes,
    posted_causes,
    refusal_causes,
    reversal_causes,
)
CLEARED = "cleared: its cause is gone"


def derive_holds(return_: Return, credits_: Mapping[str, Decimal], policy: Policy, at: str) -> list[Hold]:
    """Open what has a cause, clear what has none any more. Returns the Holds that changed.

    `credits_` says for every line how much should be credited.
    """
    causes = [cause for causes_of in CAUSES for cause in causes_of(return_, credits_, policy)]
    if not causes and not return_.holds:
        return []
    changed: list[Hold] = []
    still_caused: set[str] = set()
    for cause in causes:
        still_caused.add(":".join(p for p in (cause.class_, return_.return_no, cause.line_no, cause.detail) if p))
        if hold := open_hold(return_, cause, at):
            changed.append(hold)
    for hold in return_.holds.values():
        if hold.state != "open":
            continue
        gone = hold.class_ == UNRENDERABLE and not _is_refused(return_, hold.posting_key)
        if gone or (hold.derived and hold.key not in still_caused):
            hold.state, hold.resolution, hold.resolved_at = "resolved", CLEARED, at
            changed.append(hold)
    return changed


def _is_refused(return_: Return, key: str) -> bool:
    """Files beside postings are held without a key: those are not for us to clear."""
    posting = return_.postings.get(key)
    return posting is None or posting.state == "refused"
