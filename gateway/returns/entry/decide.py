"""The entry: one document, the returns it may concern, the facts and the policy → everything that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from gateway.returns.decision import Decision
from gateway.returns.entry.finish import finish
from gateway.returns.erp.results import apply_erp_result
from gateway.returns.goods.carrier_events import apply_carrier_event
from gateway.returns.goods.documents import apply_goods
from gateway.returns.items.master_data import Facts
from gateway.returns.items.unknown_names import reference_key
from gateway.returns.model import Numbers, Outcome, Received, Return
from gateway.returns.policy import Policies
from gateway.returns.request.authorizations import apply_authorization
from gateway.returns.request.cancellations import apply_cancellation
from gateway.returns.request.requests import apply_request
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
    return finish(decision)


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
