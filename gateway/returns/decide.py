"""The entry: one document, the returns it may concern, the facts and the policy → everything that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.returns.decision import Decision
from gateway.returns.erp.results import apply_erp_result
from gateway.returns.goods.documents import apply_carrier_event, apply_goods
from gateway.returns.holds.derived import CLASSES
from gateway.returns.items.master_data import Facts
from gateway.returns.items.unknown_names import reference_key
from gateway.returns.model import Hold, Numbers, Outcome, Received, Return, instant
from gateway.returns.policy import Policies, policy_for
from gateway.returns.request.requests import apply_authorization, apply_cancellation, apply_request
from translators.canonical import (
    AcknowledgmentReceived,
    Authorization,
    Cancellation,
    CarrierEvent,
    ErpResult,
    InboundDocument,
    Inspection,
    Receipt,
    ReferenceData,
    ReturnRequest,
    Shipment,
)


def decide(
    document: InboundDocument,
    received: Received,
    candidates: Iterable[Return],
    facts: Facts,
    policy: Policies,
    now: datetime,
    numbers: Numbers,
) -> Outcome:
    """What a document means for the returns it may concern.

    `candidates` are all returns stored under one of `keys_of(document, received)`; they are changed in place, and the
    changed ones are listed in the outcome. `policy` is one Policy, or a function from a partner's name to its Policy
    (a return is judged by its own partner's, a receipt read by its warehouse's). The same document decided twice
    changes nothing the second time, so the shell may retry parked documents freely.
    """
    decision = Decision(received, list(candidates), facts, policy, now, numbers)
    apply = _APPLY.get(type(document))
    if apply is None:
        raise TypeError(f"not an inbound document of the domain: {type(document).__name__}")
    apply(decision, document)
    return decision.outcome


def _learn(decision: Decision, document: ReferenceData) -> None:
    decision.outcome.reference = document
    decision.outcome.retry_keys.add(reference_key(document.dataset))


def _acknowledged(decision: Decision, _: AcknowledgmentReceived) -> None:
    decision.outcome.reason = "acknowledgment"


_APPLY: dict[type[InboundDocument], Callable[[Decision, Any], None]] = {
    ReturnRequest: apply_request,
    Cancellation: apply_cancellation,
    Authorization: apply_authorization,
    Shipment: apply_goods,
    Receipt: apply_goods,
    Inspection: apply_goods,
    CarrierEvent: apply_carrier_event,
    ErpResult: apply_erp_result,
    ReferenceData: _learn,
    AcknowledgmentReceived: _acknowledged,
}


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
