"""Requests, their changes and cancellations, and other parties' authorizations."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from gateway.returns.decision import Decision, finish, not_theirs, rank_of, remember, set_aside, standing, supersede
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import keys_of
from gateway.returns.documents.matching import find, find_line
from gateway.returns.documents.versions import settle_rivals
from gateway.returns.erp.postings import Cause
from gateway.returns.holds.derived import Cause as HoldCause
from gateway.returns.holds.derived import open_hold
from gateway.returns.items.lines import add_line, line_of_goods, numbered, unnamed
from gateway.returns.items.master_data import Order, Product
from gateway.returns.items.units import base_unit, in_base, price_in_base, sold_in_base
from gateway.returns.items.unknown_names import master_data_for, master_data_for_request, not_known
from gateway.returns.ledger import add_claim
from gateway.returns.model import ZERO, Claim, Return, ReturnLine, day
from gateway.returns.outcome.vendor_returns import answered, granted
from gateway.returns.policy import Policy
from gateway.returns.request import answers
from gateway.returns.request.eligibility import (
    Question,
    Verdict,
    earlier_quantity,
    find_order,
    find_sold,
    judge,
    sale_keys,
    taken_back,
)
from translators.canonical import Authorization, Cancellation, RequestLine, ReturnRequest


def apply_request(decision: Decision, document: ReturnRequest) -> None:
    """A request opens a return, or changes the one it opened before; every line is judged by the policy."""
    received, outcome = decision.received, decision.outcome
    key = business_key(document, received)
    number = key.split(":", 2)[2]
    return_ = next((r for r in decision.candidates if key in r.applied), None)
    if return_ is None:
        if rank_of(document) == 2:
            outcome.state, outcome.reason = "parked", "no_match"
            outcome.park_keys = (f"request:{received.partner}:{number}",)
            return
        return_ = _open(decision, document, number)
    else:
        before = standing(return_, key, document, received)
        if aside := set_aside(decision, return_, document, key, before, f"request {number}"):
            outcome.state, outcome.reason = aside
            return
        if before == "same_document":
            # What was cancelled meanwhile stays so, even if what its lines waited for comes.
            if return_.cancelled or not any(line.decision == "pending" for line in return_.lines.values()):
                return
        elif rank_of(document) == 2:
            _cancel_all(decision, return_)
            outcome.redo += remember(return_, key, document, received)
            _conclude(decision, return_, document, answer=False)
            return
        else:
            supersede(return_, key)
            decision.note(return_, f"request {number} was changed by the partner")
    again = key in return_.applied and return_.applied[key].document_id == received.document_id
    outcome.redo += remember(return_, key, document, received)
    terms = {no: (line.unit_price, line.reason.canonical) for no, line in return_.lines.items()}
    _judge_lines(decision, return_, document, key, pending_only=again)
    decision.repriced = frozenset(
        no for no, was in terms.items() if was != (return_.lines[no].unit_price, return_.lines[no].reason.canonical)
    )
    _conclude(decision, return_, document)
    pending = {line.decision_reason for line in return_.lines.values() if line.decision == "pending"}
    if pending:
        outcome.state, outcome.reason = "held", "eligibility_review"
        # The ERP may only be late: the next load of what is missing asks again, whatever a person says meanwhile.
        outcome.park_keys = master_data_for_request(pending)
    if "unknown_order" in pending:
        outcome.state, outcome.reason = "parked", "unknown_order"


def _open(decision: Decision, document: ReturnRequest, number: str) -> Return:
    received = decision.received
    policy = decision.policies if isinstance(decision.policies, Policy) else decision.policies(received.partner)
    return_no = policy.return_format.format(decision.numbers.next("return"))
    digest = hashlib.sha256(f"{return_no}|{received.partner}|{number}".encode()).hexdigest()[:6].upper()
    return_ = Return(
        return_no=return_no,
        partner=received.partner,
        request_number=number,
        correlation_id=f"{return_no}{digest}",
        settlement=policy.settlement,
        warehouse=policy.warehouse,
        erp=policy.erp,
        opened_at=decision.at,
    )
    decision.note(return_, f"request {number} received")
    return return_


def _fill_header(return_: Return, document: ReturnRequest, order: Order | None, policy: Policy) -> None:
    return_.order_number = document.order_number or document.reference("order") or (order.number if order else "")
    purchase = document.purchase_order or document.reference("purchase_order")
    return_.purchase_order = purchase or (order.purchase_order if order else "")
    return_.customer = document.customer or (order.customer if order else "")
    invoice = document.invoice_number or document.reference("invoice")
    return_.invoice_number = invoice or (order.invoice_number if order else "")
    return_.currency = document.currency or (order.currency if order else "") or policy.currency
    return_.purpose = document.purpose if document.purpose != "original" else "request"
    return_.consumer_return = document.consumer_return
    return_.contact = document.contact
    return_.references = document.references
    return_.parties = document.parties
    return_.requested_on = day(document.requested_on or document.issued_on)


def _judge_lines(
    decision: Decision, return_: Return, document: ReturnRequest, key: str, *, pending_only: bool = False
) -> None:
    policy = decision.policy(return_)
    facts = decision.facts
    order = find_order(document, facts)
    _fill_header(return_, document, order, policy)
    sale = next(iter(sale_keys(document, return_.partner, facts)), "")
    own = taken_back(return_)
    standing_lines = {c.line_no for c in return_.all_claims() if c.source == key and c.state != "superseded"}
    seen: set[str] = set()
    for asked in document.lines:
        ids = facts.ids(asked.item)
        product = facts.product(asked.item)
        line = _line_for(decision, return_, asked, ids, seen, product)
        seen.add(line.line_no)
        if line.line_no in standing_lines or (pending_only and line.decision != "pending"):
            continue
        named = find_sold(order, asked, ids)
        sold = sold_in_base(named, line.unit, product, policy) if named else None
        said = price_in_base(asked.unit_price, asked.unit, line.unit, product, policy)
        price = said if said is not None else sold.unit_price if sold else None
        line.unit_price = price
        line.order_line = asked.order_line or (sold.order_line if sold else "")
        line.product_class = product.product_class if product else ""
        line.vendor = product.vendor if product else ""
        if product and not line.item.description:
            line.item = line.item.model_copy(update={"description": product.item.description})
        if product and not line.item.sku:
            line.item = line.item.model_copy(update={"sku": product.item.sku})
        strange = asked.unit if line.requested != asked.quantity and not line.requested else ""
        if named is not None and sold is None:
            strange = strange or named.unit
        if strange:
            verdict = Verdict("pending", ZERO, "unknown_unit", not_known(f"unit:{strange}", ids), "it")
        else:
            earlier = earlier_quantity(facts, own, sale, ids, line.order_line)
            verdict = judge(
                Question(
                    document,
                    asked,
                    line.requested,
                    ids,
                    order,
                    sold,
                    product,
                    facts,
                    earlier,
                    decision.now,
                    price,
                ),
                policy,
            )
        _decide_line(return_, line, verdict, key, decision)
    for line in return_.lines.values():
        if line.line_no not in seen and not line.added:
            line.decision, line.decision_reason, line.decision_text = "denied", "withdrawn", "withdrawn by the partner"


def _decide_line(return_: Return, line: ReturnLine, verdict: Verdict, key: str, decision: Decision) -> None:
    line.decision, line.decision_reason, line.decision_text = verdict.decision, verdict.reason, verdict.text
    line.decision_owner = verdict.owner
    if verdict.authorized:
        effects = (("authorize", verdict.authorized, "", "0"),)
        add_claim(
            return_, Claim(key, decision.received.document_id, "authorize", line.line_no, effects, at=decision.at)
        )


def _line_for(
    decision: Decision,
    return_: Return,
    asked: RequestLine,
    ids: tuple[str, ...],
    taken: set[str],
    product: Product | None,
) -> ReturnLine:
    """The return's line for a requested one. A line is its item: another item is another line, whatever its number."""
    same = [no for no in find_line(return_, ids, asked.line_no) if no not in taken]
    if not same:
        # Goods that named the line before it was asked for stand on a line of their own; so may a line without an item.
        named = find_line(return_, unnamed(asked.line_no)) or ([] if ids else numbered(return_, asked.line_no))
        same = [no for no in named if no not in taken]
    same = same or _renamed(return_, asked.line_no, ids, taken)
    policy = decision.policy(return_)
    unit = base_unit(asked.unit, product, policy)
    line = return_.lines[same[0]] if same else add_line(return_, asked.item, ids, unit, asked.line_no)
    if line.unit != unit:
        _count_in(decision, return_, line, unit)
    line.partner_line, line.added = asked.line_no, False
    line.item, line.ids = asked.item, (*ids, *line.assigned)
    line.asked, line.asked_unit = asked.quantity, asked.unit
    line.requested = in_base(asked.quantity, asked.unit, unit, product, policy) or ZERO
    line.reason, line.condition, line.used = asked.reason, asked.condition, asked.used
    line.serials, line.lots, line.resolution = asked.serials, asked.lots, asked.resolution
    line.instruction = "keep" if asked.disposition.canonical == "keep" else "return"
    return line


def _renamed(return_: Return, line_no: str, ids: tuple[str, ...], taken: set[str]) -> list[str]:
    """The line that waited for somebody to say what item it names; it stays known by the name that it had."""
    waited = [
        no
        for no, line in return_.lines.items()
        if no not in taken and line.decision == "pending" and line.decision_reason == "unknown_item"
    ]
    found = [no for no in waited if line_no and return_.lines[no].partner_line == line_no]
    for no in found:
        line = return_.lines[no]
        line.assigned += tuple(each for each in line.ids if each not in (*ids, *line.assigned))
    return found


def _count_in(decision: Decision, return_: Return, line: ReturnLine, unit: str) -> None:
    """The line is counted in another unit from now on: what documents said of its goods is read again."""
    line.unit = unit
    for claim in return_.claims.get(line.line_no, ()):
        if claim.kind != "authorize" and claim.state != "superseded" and claim.document_id:
            claim.state = "superseded"
            if claim.document_id not in decision.outcome.redo:
                decision.outcome.redo.append(claim.document_id)


def _conclude(
    decision: Decision, return_: Return, document: ReturnRequest | Cancellation, *, answer: bool = True
) -> None:
    """Ledger first, then the RMA if anything is authorized, then the word to partner and warehouse."""
    conclude(decision, return_, document.number, answer=answer)


def conclude(decision: Decision, return_: Return, document_ref: str, *, answer: bool = True) -> None:
    """Settle every line, allot the RMA when the first unit is authorized, and send answer and expected receipt."""
    authorizing = any(c.kind == "authorize" and c.state != "superseded" and c.effects for c in return_.all_claims())
    if authorizing and not return_.rma:
        policy = decision.policy(return_)
        return_.rma = policy.rma_format.format(decision.numbers.next("rma"))
        return_.authorized_on = decision.at
        if policy.answer_expiry_days:
            local = decision.now.astimezone(policy.calendar.zone).date()
            return_.expires_on = (local + timedelta(days=policy.answer_expiry_days)).isoformat()
        decision.note(return_, f"authorized as {return_.rma}")
    finish(decision, return_, list(return_.lines), Cause(decision.at, document_ref=document_ref), rekey=True)
    if answer:
        answers.answer(decision, return_)
    answers.announce(decision, return_)


def _cancel_all(decision: Decision, return_: Return) -> None:
    for source in [k for k in return_.applied if k.startswith("return_request:")]:
        supersede(return_, source)
        decision.outcome.redo += settle_rivals(return_, source, "", outranked=True)
        return_.applied[source].rank = 2
    return_.cancelled = True
    decision.note(return_, "cancelled by the partner")


def apply_cancellation(decision: Decision, document: Cancellation) -> None:
    """All of the request, or the named quantities of its lines, is taken back."""
    received, outcome = decision.received, decision.outcome
    keys = keys_of(document, received)
    match_ = find(keys, decision.candidates, received)
    if match_.found is None:
        outcome.state, outcome.reason, outcome.park_keys = "parked", match_.why, keys
        return
    return_, key = match_.found, business_key(document, received)
    if not_theirs(decision, return_, document, key):
        outcome.state, outcome.reason = "held", "ownership_conflict"
        return
    before = standing(return_, key, document, received)
    if before not in {"new", "same_document"}:
        outcome.state, outcome.reason = "ignored", "duplicate"
        return
    if before == "same_document":
        if not any(c.source == key and c.unknown for c in return_.all_claims()):
            return
        supersede(return_, key)
    remember(return_, key, document, received)
    if not document.lines:
        _cancel_all(decision, return_)
    for row, line in enumerate(document.lines):
        add_claim(return_, _cancel_claim(decision, return_, document, line, key, row))
    _conclude(decision, return_, document, answer=False)
    own = [c for c in return_.all_claims() if c.source == key and c.state != "superseded"]
    if any(c.state != "active" for c in own):
        outcome.state = "held"
        outcome.reason = next((c.why for c in own if c.state == "held"), "cancel_exceeds_authorized")
        outcome.park_keys = master_data_for(own)


def _cancel_claim(
    decision: Decision, return_: Return, document: Cancellation, line: RequestLine, key: str, row: int
) -> Claim:
    """What a cancellation says of one line; held if its unit cannot be counted."""
    policy, facts = decision.policy(return_), decision.facts
    ids = facts.ids(line.item) or unnamed(line.line_no)
    line_no = line_of_goods(return_, line.item, ids, facts, policy, line.unit, line.line_no)[0]
    unit = return_.lines[line_no].unit
    quantity = in_base(line.quantity, line.unit, unit, facts.product(line.item), policy)
    effects = (("cancel", line.quantity if quantity is None else quantity, "", "0"),)
    claim = Claim(key, decision.received.document_id, "cancel", line_no, effects, ids=ids, row=row)
    claim.named = line.line_no
    claim.order, claim.at = f"{day(document.issued_on)}|{key}", decision.at
    if quantity is None:
        claim.state, claim.why, claim.unknown = "held", "crosswalk_missing", f"unit:{line.unit}"
        claim.said = not_known(claim.unknown, ids)
    return claim


def apply_authorization(decision: Decision, document: Authorization) -> None:
    """Another party's word on a return that we authorize ourselves: noted if it agrees, held if it does not.

    We own the authorized quantity; a supplier's RMA becomes a number the return is known by.
    """
    received, outcome = decision.received, decision.outcome
    keys = keys_of(document, received)
    match_ = find(keys, decision.candidates, received)
    if match_.found is None:
        outcome.state, outcome.reason, outcome.park_keys = "parked", match_.why, keys
        return
    return_, key = match_.found, business_key(document, received)
    if received.partner in decision.policy(return_).suppliers.values():
        _apply_vendor_answer(decision, return_, document, key)
        return
    if standing(return_, key, document, received) in {"same_document", "identical", "outdated"}:
        outcome.state, outcome.reason = "ignored", "duplicate"
        return
    remember(return_, key, document, received)
    if document.rma:
        return_.keys.add(f"rma:{document.rma}")
        outcome.retry_keys.add(f"rma:{document.rma}")
    conflicts: list[str] = []
    for line in document.lines:
        same = find_line(return_, decision.facts.ids(line.item), line.line_no)
        ours = return_.tally(same[0]).a if same else ZERO
        theirs = ZERO if document.decision == "denied" else granted(decision, return_, same, line)
        if document.decision != "pending" and ours != theirs:
            conflicts.append(f"{line.item.ids()[:1] or ('?',)}: {received.partner} says {theirs}, we say {ours}")
    if conflicts:
        cause = HoldCause("ownership_conflict", "", key, key, "; ".join(conflicts), document_id=received.document_id)
        open_hold(return_, cause, decision.at, derived=False)
        outcome.state, outcome.reason = "held", "ownership_conflict"
    decision.note(
        return_, f"{received.partner} answered: {document.decision}" + (f" ({document.rma})" * bool(document.rma))
    )
    finish(decision, return_, (), Cause(decision.at, document_ref=document.number), rekey=True)


def _apply_vendor_answer(decision: Decision, return_: Return, document: Authorization, key: str) -> None:
    """A supplier's word on goods that we asked it to take back: its RMA number, and what may be claimed of it."""
    received, outcome = decision.received, decision.outcome
    claim = return_.vendor_claims.get(received.partner)
    if claim is None:
        outcome.state, outcome.reason = "parked", "waits_for_vendor_request"
        outcome.park_keys = (f"return:{return_.return_no}",)
        return
    what = f"answer {document.number} of {received.partner}"
    before = standing(return_, key, document, received)
    if aside := set_aside(decision, return_, document, key, before, what):
        outcome.state, outcome.reason = aside
        return
    if before == "same_document":
        return
    outcome.redo += remember(return_, key, document, received)
    if not answered(decision, return_, claim, document):
        outcome.state, outcome.reason = "ignored", "superseded"
        return
    if document.rma:
        return_.keys.add(f"rma:{document.rma}")
        outcome.retry_keys.add(f"rma:{document.rma}")
    finish(decision, return_, list(return_.lines), Cause(decision.at, document_ref=document.number))
