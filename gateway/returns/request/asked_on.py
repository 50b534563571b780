"""The day on which a partner asked for a return: windows and warranties are judged by it."""

from __future__ import annotations

from datetime import date, timedelta

from gateway.returns.model import Arrival
from gateway.returns.policy import Policy
from translators.canonical import ReturnRequest


def asked_on(document: ReturnRequest, received: Arrival, policy: Policy) -> date:
    """The day that the policy counts from, in the house's time zone (its `request_date`).

    Received: the day the document came, whenever it is decided. The date it states counts only if it is that day or at
    most `request_grace_days` before: nobody reopens a window by writing an older date, or shifts it by a later one.
    Requests that we make ourselves, for goods that came without one, state the day on which the goods came.
    """
    came_on = received.at.astimezone(policy.calendar.zone).date()
    stated = document.requested_on or document.issued_on
    if stated is None:
        return came_on
    if policy.request_date == "stated" or received.role == "house":
        return stated
    in_grace = timedelta(0) <= came_on - stated <= timedelta(days=policy.request_grace_days)
    return stated if in_grace else came_on
