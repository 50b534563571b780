"""What each kind of inbound document means to us, each one row: who decides it, where it looks, whose word it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway.returns.decision import Decision
from gateway.returns.documents.keys import (
    keys_by_references,
    keys_of_authorization,
    keys_of_cancellation,
    keys_of_carrier_event,
    keys_of_credit_note,
    keys_of_erp_result,
    keys_of_goods,
    keys_of_request,
    no_keys,
)
from gateway.returns.documents.ownership import Attribute
from gateway.returns.erp.results import apply_erp_result
from gateway.returns.goods.carrier_events import apply_carrier_event
from gateway.returns.goods.documents import apply_goods
from gateway.returns.items.master_data import FactKey, facts_of_goods, facts_of_items, facts_of_request, no_facts
from gateway.returns.items.unknown_names import reference_key
from gateway.returns.model import Arrival
from gateway.returns.recovery.credit_notes import apply_credit_note
from gateway.returns.recovery.shipments import apply_vendor_shipment, goes_to_supplier
from gateway.returns.request.authorizations import apply_authorization
from gateway.returns.request.cancellations import apply_cancellation
from gateway.returns.request.requests import apply_request
from translators.canonical import (
    AcknowledgmentReceived,
    Authorization,
    Cancellation,
    CarrierEvent,
    CreditNote,
    ErpResult,
    InboundDocument,
    Inspection,
    Receipt,
    ReferenceData,
    ReturnRequest,
    Shipment,
)


def _take_in_reference_data(decision: Decision, document: ReferenceData) -> None:
    decision.outcome.reference = document
    decision.outcome.retry_keys.add(reference_key(document.dataset))


def _apply_shipment(decision: Decision, document: Shipment) -> None:
    """Goods come back to us, or go on to their supplier."""
    apply = apply_vendor_shipment if goes_to_supplier(document, decision.received) else apply_goods
    apply(decision, document)


def _take_note(decision: Decision, _: AcknowledgmentReceived) -> None:
    decision.outcome.reason = "acknowledgment"


@dataclass(slots=True, frozen=True)
class DocumentMeaning:
    """What a kind of document means to us.

    `decide` changes the returns that it is about. `keys` are the keys under which those are stored, `facts` the rows of
    master data that deciding it may look at. `speaks_of`: the attribute of a return that it is a word about, which its
    sender must own (see OWNERSHIP); None if it is about no return. `means`: in words.
    Each of them takes documents of its row's own type only.
    """

    means: str
    decide: Callable[[Decision, Any], None]
    keys: Callable[[Any, Arrival], tuple[str, ...]]
    facts: Callable[[Any], tuple[FactKey, ...]]
    speaks_of: Attribute | None


MEANINGS: dict[type[InboundDocument], DocumentMeaning] = {
    ReturnRequest: DocumentMeaning(
        "a partner asks to return goods, or changes what it asked",
        apply_request,
        keys_of_request,
        facts_of_request,
        "requested quantity, reason, references",
    ),
    Cancellation: DocumentMeaning(
        "a partner takes back all or part of what it asked for",
        apply_cancellation,
        keys_of_cancellation,
        facts_of_items,
        "cancellation",
    ),
    Authorization: DocumentMeaning(
        "another party answers a return, or a supplier what we asked it to take back",
        apply_authorization,
        keys_of_authorization,
        facts_of_items,
        "authorized quantity, RMA, expiry",
    ),
    Shipment: DocumentMeaning(
        "goods are on their way: back to us, or on to their supplier",
        _apply_shipment,
        keys_of_goods,
        facts_of_items,
        "shipped quantity, carrier, tracking, cartons",
    ),
    Receipt: DocumentMeaning(
        "a warehouse says what came",
        apply_goods,
        keys_of_goods,
        facts_of_goods,
        "received quantity, condition",
    ),
    Inspection: DocumentMeaning(
        "an inspector says what was found, and what becomes of it",
        apply_goods,
        keys_of_goods,
        facts_of_goods,
        "inspected quantity, grade, disposition",
    ),
    CarrierEvent: DocumentMeaning(
        "a carrier says where a parcel is",
        apply_carrier_event,
        keys_of_carrier_event,
        no_facts,
        "parcel events",
    ),
    CreditNote: DocumentMeaning(
        "a supplier credits what we claim of it, or takes a credit back",
        apply_credit_note,
        keys_of_credit_note,
        facts_of_items,
        "credit of a supplier claim",
    ),
    ErpResult: DocumentMeaning(
        "the ERP says what became of our postings",
        apply_erp_result,
        keys_of_erp_result,
        no_facts,
        "credit, ERP document numbers",
    ),
    ReferenceData: DocumentMeaning("the ERP tells its master data", _take_in_reference_data, no_keys, no_facts, None),
    AcknowledgmentReceived: DocumentMeaning(
        "a partner acknowledges a file of ours", _take_note, keys_by_references, no_facts, None
    ),
}


def keys_of(document: InboundDocument, received: Arrival) -> tuple[str, ...]:
    """Every key under which the returns that matter to this document are stored, most trusted first."""
    return MEANINGS[type(document)].keys(document, received)


def facts_wanted(document: InboundDocument) -> tuple[FactKey, ...]:
    """The (dataset, key) rows of master data that deciding this document may look at."""
    return MEANINGS[type(document)].facts(document)
