"""The lines of a request: each finds or opens its line of the return and is judged by the policy."""

from __future__ import annotations

from gateway.returns.claims.acceptance import add_claim
from gateway.returns.decision import Decision
from gateway.returns.documents.matching import find_line
from gateway.returns.items.lines import add_line, numbered, unnamed
from gateway.returns.items.master_data import Product
from gateway.returns.items.units import base_unit, in_base, price_in_base, sold_in_base
from gateway.returns.items.unknown_names import not_known
from gateway.returns.model import ZERO, Claim, LedgerEffect, Return, ReturnLine
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
from gateway.returns.request.header import fill_header
from translators.canonical import RequestLine, ReturnRequest


def _judge_lines(
    decision: Decision, return_: Return, document: ReturnRequest, key: str, *, pending_only: bool = False
) -> None:
    policy = decision.policy(return_)
    facts = decision.facts
    order = find_order(document, facts)
    fill_header(return_, document, order, policy)
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
        effects: tuple[LedgerEffect, ...] = (("authorize", verdict.authorized, "", "0"),)
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
