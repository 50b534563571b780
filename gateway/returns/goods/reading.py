"""Rows of a document about goods, read as claims on the lines of a return."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.returns.apply.standing import rank_of
from gateway.returns.claims.acceptance import add_claim
from gateway.returns.claims.shared_items import whole
from gateway.returns.decision import Decision
from gateway.returns.documents.keys import GoodsDocument, GoodsLine
from gateway.returns.goods.effects import effects_of, names_line
from gateway.returns.items.lines import line_of_goods, unnamed
from gateway.returns.items.units import counted_in, counts_in, unknown_unit
from gateway.returns.items.unknown_names import not_known
from gateway.returns.model import REJECTED, Claim, ClaimState, Return, day
from gateway.returns.policy import policy_for


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
