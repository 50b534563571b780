"""Documents that have been parked too long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.returns.hold_classes import CLASSES
from gateway.returns.model import Hold, instant
from gateway.returns.policy import Policies, policy_for


@dataclass(slots=True, frozen=True)
class Parked:
    """A parked document, as the sweep looks at it."""

    document_id: int
    partner: str
    kind: str
    number: str
    reason: str
    parked_at: datetime


def overdue_parked(parked: Iterable[Parked], policy: Policies, now: datetime) -> list[Hold]:
    """A Hold for every document that has been parked beyond its partner's limit. Opening one twice is one Hold.

    A request that waits for its order's data has a Hold on its return already; news of a parcel that nobody announced
    asks nothing of anybody.
    """
    owner, next_action = CLASSES["parked_too_long"]
    holds: list[Hold] = []
    for p in parked:
        limit = policy_for(policy, p.partner).park_limit_hours
        if p.reason in {"unknown_order", "no_such_parcel"} or now - p.parked_at < timedelta(hours=limit):
            continue
        holds.append(
            Hold(
                key=f"parked_too_long:{p.document_id}",
                class_="parked_too_long",
                owner="warehouse" if p.reason == "waits_for_receipt" else owner,
                message=f"{p.kind} {p.number} of {p.partner} waits since {instant(p.parked_at)}: {p.reason}",
                next_action=next_action,
                opened_at=instant(now),
                derived=False,
                document_id=p.document_id,
                partner=p.partner,
            )
        )
    return holds
