"""Documents that have been parked too long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.holds import HoldSubject, NewHold, new_hold
from gateway.returns.model import instant
from gateway.returns.policy import Policies, policy_for


@dataclass(slots=True, frozen=True)
class ParkedDocument:
    """A parked document, as the sweep looks at it."""

    document_id: int
    partner: str
    kind: str
    number: str
    reason: str
    parked_at: datetime


def overdue_parked(parked: Iterable[ParkedDocument], policy: Policies, now: datetime) -> list[NewHold]:
    """A Hold for every document that has been parked beyond its partner's limit. Opening one twice is one Hold.

    A request that waits for its order's data has a Hold on its return already; news of a parcel that nobody announced
    asks nothing of anybody.
    """
    holds: list[NewHold] = []
    for document in parked:
        limit = timedelta(hours=policy_for(policy, document.partner).park_limit_hours)
        if document.reason in {"unknown_order", "no_such_parcel"} or now - document.parked_at < limit:
            continue
        hold = new_hold(
            "parked_too_long",
            f"parked_too_long:{document.document_id}",
            HoldSubject(partner=document.partner, document_id=document.document_id),
            kind=document.kind,
            number=document.number,
            since=instant(document.parked_at),
            reason=document.reason,
        )
        holds.append(replace(hold, owner="warehouse") if document.reason == "waits_for_receipt" else hold)
    return holds
