"""Which return each line of a document about goods belongs to."""

from __future__ import annotations

from gateway.returns.apply.standing import rank_of
from gateway.returns.decision import Decision
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import (
    GoodsDocument,
    GoodsLine,
    header_keys,
    keys_of_goods,
    line_keys,
    reference_keys,
    references_of,
)
from gateway.returns.documents.matching import Match, find
from gateway.returns.model import Received, Return


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
            missing += keys or keys_of_goods(document, received)
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
