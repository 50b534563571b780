"""What happens to the goods: shipments, receipts, inspections and carrier events become claims on lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.returns.decision import (
    Decision,
    document_state,
    finish,
    not_theirs,
    rank_of,
    remember,
    set_aside,
    standing,
    supersede,
)
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import (
    GoodsDocument,
    GoodsLine,
    header_keys,
    keys_of,
    line_keys,
    reference_keys,
    references_of,
)
from gateway.returns.documents.matching import Match, find
from gateway.returns.erp.postings import Cause
from gateway.returns.goods.effects import effects_of, names_line
from gateway.returns.goods.shared_items import whole
from gateway.returns.items.lines import line_of_goods, unnamed
from gateway.returns.items.units import counted_in, counts_in, unknown_unit
from gateway.returns.items.unknown_names import master_data_for, not_known
from gateway.returns.ledger import add_claim
from gateway.returns.model import REJECTED, Claim, ClaimState, Consignment, DocumentState, Received, Return, day
from gateway.returns.policy import policy_for
from translators.canonical import (
    CarrierEvent,
)

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
        outcome.state, outcome.reason = "parked", why
        outcome.park_keys = keys_of(document, received)
        return
    states = [_apply_to(decision, document, return_, lines) for return_, lines in groups]
    outcome.state, outcome.reason = max(states, key=lambda s: _URGENCY.index(s[0]))
    if missing:
        outcome.state, outcome.reason, outcome.park_keys = "parked", why, tuple(missing)
    elif outcome.state == "parked":
        outcome.park_keys = tuple(f"return:{r.return_no}" for r, _ in groups)
    elif outcome.state == "held":
        outcome.park_keys = master_data_for(c for r, _ in groups for c in r.all_claims())


def _assign(decision: Decision, document: GoodsDocument) -> tuple[list[tuple[Return, list[GoodsLine]]], list[str], str]:
    """Lines by return, the keys of lines that found none, and why they did not."""
    received, candidates = decision.received, decision.candidates
    key = business_key(document, received)
    if rank_of(document):
        known = [r for r in candidates if key in r.applied]
        if len(known) == 1:
            return [(known[0], list(document.lines))], [], ""
    whole = find(header_keys(document, received.partner), candidates, received)
    if _names_other_request(document, received, whole):
        return [], [], "no_match"
    if whole.found is not None and not any(map(references_of, document.lines)):
        return [(whole.found, list(document.lines))], [], ""
    purchase_order = document.reference("purchase_order")
    groups: dict[str, tuple[Return, list[GoodsLine]]] = {}
    missing: list[str] = []
    why = whole.why
    if whole.found is not None:
        groups[whole.found.return_no] = (whole.found, [])
    for line in document.lines:
        keys = line_keys(line, received, purchase_order)
        own = [k for k in keys if not k.startswith("po_item:")]
        match_ = whole
        if own or whole.found is None:
            specific = find(own if own else keys, candidates, received)
            match_ = specific if specific.found or own else whole
            if match_.found is None and whole.found is None:
                why = specific.why if specific.why == "ambiguous" else why
        if match_.found is None:
            missing += keys or keys_of(document, received)
            why = why or match_.why
        else:
            groups.setdefault(match_.found.return_no, (match_.found, []))[1].append(line)
    filled = [g for g in groups.values() if g[1] or not document.lines]
    return filled, missing, why or "no_match"


# Kinds of reference that name a return, by a number of ours or of who asked for it.
_NAMES_A_RETURN = frozenset({"rma", "return", "correlation", "request"})


def _names_other_request(document: GoodsDocument, received: Received, whole: Match) -> bool:
    """Does the document name a return request that is not there yet? What it looks like besides is no match then: the
    request may still come. (A number of ours that nobody knows is a mistake, and the rest may tell.)
    """
    naming = tuple(each for each in document.references if each.kind in _NAMES_A_RETURN)
    if not any(each.kind == "request" for each in naming) or whole.why == "ambiguous":
        return False
    return whole.found is None or whole.found.keys.isdisjoint(reference_keys(naming, received.partner))


def _apply_to(
    decision: Decision, document: GoodsDocument, return_: Return, lines: Sequence[GoodsLine]
) -> tuple[DocumentState, str]:
    """One return's share of a goods document; the state it gives the document."""
    received = decision.received
    key = business_key(document, received)
    what = f"{document.kind} {document.number}".strip()
    touched: set[str] = set()
    if not_theirs(decision, return_, document, key):
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
    cause = Cause(decision.at, _site(decision, return_, document), _event_on(document), document.number)
    if document.kind == "receipt" and document.number:
        own_key = f"receipt:{received.partner}:{document.number}"
        if own_key not in return_.keys:
            return_.keys.add(own_key)
            decision.outcome.retry_keys.add(own_key)
    moving = document.kind == "shipment"
    finish(decision, return_, touched, cause, rekey=moving, books=not moving)
    return document_state(return_, received.document_id)


def _site(decision: Decision, return_: Return, document: GoodsDocument) -> str:
    """Where the goods are: the site that is named, else the warehouse that speaks; "" on the way or where unknown."""
    if document.kind == "shipment" or _unknown_site(decision, return_, document):
        return ""
    return document.warehouse or decision.received.partner


def _unknown_site(decision: Decision, return_: Return, document: GoodsDocument) -> str:
    """The site that a document names, if our ERP has told its sites and this is none of them, nor of our folders'."""
    site = "" if document.kind == "shipment" else document.warehouse
    facts = decision.facts
    if not site or "sites" not in facts.masters or site in facts.sites:
        return ""
    routes = decision.policy(return_).routes
    return "" if site in routes.places or site == decision.received.partner else site


def _event_on(document: GoodsDocument) -> str:
    if document.kind == "shipment":
        return day(document.shipped_on or document.issued_on)
    if document.kind == "receipt":
        return day(document.received_on or document.issued_on)
    return day(document.inspected_on or document.issued_on)


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


def _reread(
    decision: Decision,
    document: GoodsDocument,
    return_: Return,
    lines: Sequence[GoodsLine],
    key: str,
    touched: set[str],
) -> bool:
    """The same document decided again: rows that could not be understood then may be now. False if nothing is new."""
    before: dict[int, list[Claim]] = {}
    for claim in return_.all_claims():
        if claim.source == key and _was_read(claim):
            before.setdefault(claim.row, []).append(claim)
    fresh = [c for c in _claims(decision, document, return_, lines, key) if not _says_so(before.get(c.row, ()), c)]
    for claim in fresh:
        for old in before.get(claim.row, ()):
            old.state = "superseded"
            touched.add(old.line_no)
        add_claim(return_, claim)
        touched.add(claim.line_no)
    return bool(fresh)


def _says_so(before: Sequence[Claim], claim: Claim) -> bool:
    """Is a row's claim there already, if on several lines: the same goods, understood or not for the same reason?"""
    if not before or sorted(whole(before)) != sorted(claim.effects):
        return False
    stuck = [c for c in before if c.state == "held" and c.why == "crosswalk_missing"]
    now_stuck = claim.state == "held" and claim.why == "crosswalk_missing"
    return now_stuck if stuck and any(c.said == claim.said for c in stuck) else not stuck


def _was_read(claim: Claim) -> bool:
    """Stands for what the document says, or did until a person rejected it."""
    return claim.state != "superseded" or claim.why == REJECTED


def _claim_all(
    decision: Decision, document: GoodsDocument, return_: Return, lines: Sequence[GoodsLine], key: str
) -> set[str]:
    touched: set[str] = set()
    for claim in _claims(decision, document, return_, lines, key):
        add_claim(return_, claim)
        touched.add(claim.line_no)
    return touched


def _claims(
    decision: Decision, document: GoodsDocument, return_: Return, lines: Sequence[GoodsLine], key: str
) -> Iterable[Claim]:
    """The claims of the document's rows on this return, each on the first line that has its item."""
    received = decision.received
    rules = decision.policy(return_)
    policy = policy_for(decision.policies, received.partner) if received.role == "warehouse" else rules
    event_on, rank = _event_on(document), rank_of(document)
    order = f"{event_on}|{document.number}"
    site, nowhere = _site(decision, return_, document), _unknown_site(decision, return_, document)
    kind = _CLAIM_KINDS[document.kind]
    facts, number, at = decision.facts, received.document_id, decision.at
    all_: Sequence[GoodsLine] = document.lines
    mine = None if len(lines) == len(all_) else {id(line) for line in lines}
    for row, line in enumerate(all_):
        if mine is not None and id(line) not in mine:
            continue
        named = names_line(line)
        ids = facts.ids(line.item) or unnamed(named or f"{document.number}#{line.line_no}")
        line_no = line_of_goods(return_, line.item, ids, facts, rules, line.unit, named)[0]
        unit, said, unknown = return_.lines[line_no].unit, line, f"site:{nowhere}" if nowhere else ""
        if not counts_in(line, unit):
            product = facts.product(line.item)
            if strange := unknown_unit(line, unit, product, rules):
                unknown = f"unit:{strange}"
            else:
                said = counted_in(line, unit, product, rules)
        effects, why, words = effects_of(said, policy, rules)
        if unknown:
            why, words = "crosswalk_missing", not_known(unknown, ids)
        state: ClaimState = "held" if why else "waiting"
        # By place: this is the hottest of all constructions, and names would double its time.
        # fmt: off
        claim = Claim(
            key, number, kind, line_no, effects, rank, order, state, why, words, ids, site, event_on, at, row, named
        )
        # fmt: on
        if unknown:
            claim.unknown = unknown
        yield claim


_CLAIM_KINDS = {"shipment": "ship", "receipt": "receive", "inspection": "inspect"}


def apply_carrier_event(decision: Decision, document: CarrierEvent) -> None:
    """Where a parcel is. The latest event stands whatever order they come in; it moves no quantity."""
    received, outcome = decision.received, decision.outcome
    match_ = find(keys_of(document, received), decision.candidates, received)
    if match_.found is None:
        outcome.state, outcome.reason, outcome.park_keys = "parked", match_.why, keys_of(document, received)
        return
    return_ = match_.found
    parcel = next((c for c in return_.consignments if document.tracking in c.tracking), None)
    key = business_key(document, received)
    if parcel is None and document.tracking:
        outcome.state, outcome.reason, outcome.park_keys = (
            "parked",
            "no_such_parcel",
            (f"tracking:{document.tracking}",),
        )
        return
    if parcel is None or standing(return_, key, document, received) in {"identical", "same_document"}:
        outcome.state, outcome.reason = "ignored", "duplicate" if parcel else "no_such_parcel"
        return
    remember(return_, key, document, received)
    if (document.at, document.event) > (parcel.last_event_at, parcel.last_event):
        parcel.last_event, parcel.last_event_at, parcel.last_place = document.event, document.at, document.place
    decision.note(return_, f"{document.carrier} {document.event} {document.place}".strip())
    finish(decision, return_, (), Cause(decision.at), books=False)
