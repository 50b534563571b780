"""Shipments, receipts and inspections: each line of a document goes to its return."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.returns.apply.set_aside import not_theirs, set_aside
from gateway.returns.apply.settle import settle_ledger
from gateway.returns.apply.standing import document_state, rank_of, remember, standing, supersede
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import GoodsDocument, keys_of_goods, receipt_key
from gateway.returns.goods.assignment import Assignment, assign_lines
from gateway.returns.goods.reading import read_rows, read_rows_again
from gateway.returns.goods.share import Share
from gateway.returns.goods.unassigned import holder_of, is_blind, is_refused, move_out, open_unassigned
from gateway.returns.items.unknown_names import master_data_for
from gateway.returns.ledger.parcels import parcel_news
from gateway.returns.model import UNASSIGNED, Consignment, DocumentState, Return, day

# When one document says several things to several returns, its state is the one that needs most attention.
_URGENCY: tuple[DocumentState, ...] = ("ignored", "applied", "held", "parked")


def apply_goods(decision: Decision, document: GoodsDocument) -> None:
    """Each line of the document goes to its return; lines whose return is not known yet keep the document parked."""
    received, outcome = decision.received, decision.outcome
    if document.kind == "receipt" and document.is_return is False:
        outcome.state, outcome.reason = "ignored", "not_a_return"
        return
    key = business_key(document, received)
    assignment = assign_lines(decision, document)
    _keep_blind_lines(decision, document, key, assignment)
    if not assignment.groups:
        outcome.park(assignment.why, keys_of_goods(document, received))
        return
    states = [_apply_share(Share(decision, document, return_, lines, key)) for return_, lines in assignment.groups]
    outcome.state, outcome.reason = max(states, key=lambda state: _URGENCY.index(state[0]))
    if outcome.reason == UNASSIGNED:
        names = master_data_for(claim for return_, _ in assignment.groups for claim in return_.all_claims())
        outcome.park_keys = tuple(dict.fromkeys((*assignment.missing_keys, *names)))
    elif assignment.missing_keys and not assignment.is_kept:
        outcome.park(assignment.why, assignment.missing_keys)
    elif outcome.state == "parked":
        outcome.park_keys = tuple(f"return:{return_.return_no}" for return_, _ in assignment.groups)
    elif outcome.state == "held":
        outcome.park_keys = master_data_for(claim for return_, _ in assignment.groups for claim in return_.all_claims())


def _keep_blind_lines(decision: Decision, document: GoodsDocument, key: str, assignment: Assignment) -> None:
    """Lines that came without a word of their return are kept by one without an owner, until somebody says whose they
    are, or their return comes.
    """
    holder = holder_of(decision.candidates, key)
    if is_blind(document, assignment.missing_lines, assignment.why) and assignment.missing_lines:
        owner = _said_owner(decision, holder) or holder or open_unassigned(decision, document)
        assignment.give(owner, assignment.missing_lines)
        assignment.is_kept = True
        if owner is holder or holder is None:
            return
    if holder is not None and all(return_ is not holder for return_, _ in assignment.groups):
        move_out(decision, holder)


def _said_owner(decision: Decision, holder: Return | None) -> Return | None:
    """The return that a person said the goods of another one are of."""
    named = holder.assigned_to if holder else ""
    return next((return_ for return_ in decision.candidates if named and return_.return_no == named), None)


def _apply_share(share: Share) -> tuple[DocumentState, str]:
    """Apply one return's share of a goods document; the state it gives the document."""
    decision, document, return_, key = share.decision, share.document, share.return_, share.key
    received = decision.received
    name = f"{document.kind} {document.number}".strip()
    if not_theirs(decision, return_, key):
        return "held", "ownership_conflict"
    its_standing = standing(return_, key, document, received)
    if aside := set_aside(decision, return_, document, key, its_standing, name):
        return aside
    if its_standing == "same_document":
        touched = read_rows_again(share)
        if not touched and return_.purpose == UNASSIGNED and document.kind == "receipt":
            return _state_without_owner(return_, key)
        if not touched:
            return document_state(return_, received.document_id)
    else:
        touched = _take_in(share, name, replaces=its_standing == "replaces")
    cause = PostingCause(decision.at, share.booked_site(), share.event_on(), document.number)
    if document.kind == "receipt":
        own_key = receipt_key(document, received.partner)
        if own_key not in return_.keys:
            return_.keys.add(own_key)
            decision.outcome.retry_keys.add(own_key)
    on_the_way = document.kind == "shipment"
    names_units = any(line.serials for line in document.lines)
    has_new_keys = on_the_way or names_units or return_.purpose == UNASSIGNED
    settle_ledger(decision, return_, touched, cause, has_new_keys=has_new_keys, for_erp=not on_the_way)
    if return_.purpose == UNASSIGNED and document.kind == "receipt":
        return _state_without_owner(return_, key)
    return document_state(return_, received.document_id)


def _state_without_owner(return_: Return, key: str) -> tuple[DocumentState, str]:
    """The state of a receipt whose goods are nobody's: held, until it is refused."""
    return ("ignored", "refused") if is_refused(return_, key) else ("held", UNASSIGNED)


def _take_in(share: Share, name: str, *, replaces: bool) -> set[str]:
    """Take in a document that stands from now on, in place of an earlier version if it `replaces` one.

    Returns the lines whose claims changed.
    """
    decision, document, return_, key = share.decision, share.document, share.return_, share.key
    parcels_before = list(return_.consignments)
    touched: set[str] = set()
    if replaces:
        touched |= supersede(return_, key)
        return_.consignments = [parcel for parcel in return_.consignments if parcel.source != key]
        return_.finals.pop(key, None)
        decision.note(return_, f"{name} was {'cancelled' if rank_of(document) == 2 else 'replaced'}")
    decision.outcome.redo += remember(return_, key, document, decision.received)
    if rank_of(document) < 2:
        touched |= read_rows(share)
        _describe(return_, document, key, parcels_before)
        decision.note(return_, name)
    return touched


def _describe(return_: Return, document: GoodsDocument, key: str, parcels: Iterable[Consignment]) -> None:
    """What the return remembers of the document beyond quantities. Of `parcels`, known before, it keeps the news."""
    if document.kind == "receipt":
        return_.finals[key] = document.final
    if document.kind == "shipment":
        cartons = dict.fromkeys((*document.cartons, *(carton for line in document.lines for carton in line.cartons)))
        same_parcel = next((parcel for parcel in parcels if set(parcel.tracking) & set(document.tracking)), None)
        news = parcel_news(same_parcel) if same_parcel else ()
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
