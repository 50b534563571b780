"""Shipments, receipts and inspections: each line of a document goes to its return."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.returns.apply.set_aside import not_theirs, set_aside
from gateway.returns.apply.settle import settle_ledger
from gateway.returns.apply.standing import document_state, rank_of, remember, standing, supersede
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import GoodsDocument, GoodsLine, keys_of_goods
from gateway.returns.goods.assignment import _assign
from gateway.returns.goods.reading import _claim_all, _event_on, _reread, _site
from gateway.returns.items.unknown_names import master_data_for
from gateway.returns.model import Consignment, DocumentState, Return, day

# When one document says several things to several returns, its state is the one that needs most attention.
_URGENCY: tuple[DocumentState, ...] = ("ignored", "applied", "held", "parked")


def apply_goods(decision: Decision, document: GoodsDocument) -> None:
    """Each line of the document goes to its return; lines whose return is not known yet keep the document parked."""
    received, outcome = decision.received, decision.outcome
    if document.kind == "receipt" and document.is_return is False:
        outcome.state, outcome.reason = "ignored", "not_a_return"
        return
    groups, missing, why = _assign(decision, document)
    if not groups:
        outcome.park(why, keys_of_goods(document, received))
        return
    states = [_apply_to(decision, document, return_, lines) for return_, lines in groups]
    outcome.state, outcome.reason = max(states, key=lambda s: _URGENCY.index(s[0]))
    if missing:
        outcome.park(why, missing)
    elif outcome.state == "parked":
        outcome.park_keys = tuple(f"return:{r.return_no}" for r, _ in groups)
    elif outcome.state == "held":
        outcome.park_keys = master_data_for(c for r, _ in groups for c in r.all_claims())


def _apply_to(
    decision: Decision, document: GoodsDocument, return_: Return, lines: Sequence[GoodsLine]
) -> tuple[DocumentState, str]:
    """One return's share of a goods document; the state it gives the document."""
    received = decision.received
    key = business_key(document, received)
    what = f"{document.kind} {document.number}".strip()
    touched: set[str] = set()
    if not_theirs(decision, return_, key):
        return "held", "ownership_conflict"
    before = standing(return_, key, document, received)
    if aside := set_aside(decision, return_, document, key, before, what):
        return aside
    if before == "same_document":
        if not _reread(decision, document, return_, lines, key, touched):
            return document_state(return_, received.document_id)
    else:
        parcels = list(return_.consignments)
        if before == "replaces":
            touched |= supersede(return_, key)
            _forget(return_, key)
            decision.note(return_, f"{what} was {'cancelled' if rank_of(document) == 2 else 'replaced'}")
        decision.outcome.redo += remember(return_, key, document, received)
        if rank_of(document) < 2:
            touched |= _claim_all(decision, document, return_, lines, key)
            _describe(return_, document, key, parcels)
            decision.note(return_, what)
    cause = PostingCause(decision.at, _site(decision, return_, document), _event_on(document), document.number)
    if document.kind == "receipt" and document.number:
        own_key = f"receipt:{received.partner}:{document.number}"
        if own_key not in return_.keys:
            return_.keys.add(own_key)
            decision.outcome.retry_keys.add(own_key)
    moving = document.kind == "shipment"
    settle_ledger(decision, return_, touched, cause, has_new_keys=moving, for_erp=not moving)
    return document_state(return_, received.document_id)


def _forget(return_: Return, key: str) -> None:
    return_.consignments = [c for c in return_.consignments if c.source != key]
    return_.finals.pop(key, None)


def _describe(return_: Return, document: GoodsDocument, key: str, parcels: Iterable[Consignment]) -> None:
    """What the return remembers of the document beyond quantities. Of `parcels`, known before, it keeps the news."""
    if document.kind == "receipt":
        return_.finals[key] = document.final
    if document.kind == "shipment":
        cartons = dict.fromkeys((*document.cartons, *(c for line in document.lines for c in line.cartons)))
        same = next((c for c in parcels if set(c.tracking) & set(document.tracking)), None)
        news = (same.last_event, same.last_event_at, same.last_place) if same else ()
        return_.consignments.append(
            Consignment(
                key,
                document.number,
                document.carrier,
                document.tracking,
                tuple(cartons),
                day(document.shipped_on),
                day(document.expected_on),
                *news,
            )
        )
