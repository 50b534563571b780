"""Where parcels are: news of carriers."""

from __future__ import annotations

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.apply.standing import remember, standing
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import keys_of_carrier_event
from gateway.returns.documents.matching import find
from translators.canonical import CarrierEvent


def apply_carrier_event(decision: Decision, document: CarrierEvent) -> None:
    """Where a parcel is. The latest event stands whatever order they come in; it moves no quantity."""
    received, outcome = decision.received, decision.outcome
    keys = keys_of_carrier_event(document, received)
    match_ = find(keys, decision.candidates, received)
    if match_.found is None:
        # A carrier tells of many parcels that are no returns: a feed of them must not become a heap of questions.
        outcome.park("no_such_parcel" if match_.why == "no_match" else match_.why, keys)
        return
    return_ = match_.found
    parcel = next((c for c in return_.consignments if document.tracking in c.tracking), None)
    key = business_key(document, received)
    if parcel is None and document.tracking:
        outcome.park("no_such_parcel", (f"tracking:{document.tracking}",))
        return
    if parcel is None or standing(return_, key, document, received) in {"identical", "same_document"}:
        outcome.state, outcome.reason = "ignored", "duplicate" if parcel else "no_such_parcel"
        return
    remember(return_, key, document, received)
    if (document.at, document.event) > (parcel.last_event_at, parcel.last_event):
        parcel.last_event, parcel.last_event_at = document.event, document.at
        parcel.last_place, parcel.last_reason = document.place, document.reason
    decision.note(return_, f"{document.carrier} {document.event} {document.place}".strip())
    settle_ledger(decision, return_, (), PostingCause(decision.at), for_erp=False)
