"""The lines of a request: each finds or opens its line of the return and is judged by the policy."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, partial

from gateway.returns.claims.acceptance import add_claim
from gateway.returns.decision import Decision
from gateway.returns.documents.matching import find_line
from gateway.returns.items.lines import add_line, note_master, numbered, parts_of, unnamed
from gateway.returns.items.master_data import SaleItem
from gateway.returns.items.masters import Order, OrderLine, Product
from gateway.returns.items.units import base_unit, in_base, price_in_base, sold_in_base
from gateway.returns.items.unknown_names import not_known
from gateway.returns.model import ZERO, Claim, LedgerEffect, Return, ReturnLine
from gateway.returns.money.prices import credited_price, unknown_price
from gateway.returns.policy import Policy
from gateway.returns.request.asked_on import asked_on
from gateway.returns.request.charges import note_charges
from gateway.returns.request.eligibility import (
    Question,
    Verdict,
    earlier_quantity,
    find_order,
    judge,
    sale_keys,
    taken_back,
)
from gateway.returns.request.header import fill_header
from gateway.returns.request.numbers import compare_numbers, note_sold_numbers
from gateway.returns.request.sale_lines import Share, cut, left_of_each, lines_meant, shares_of
from translators.canonical import RequestLine, ReturnRequest


@dataclass(slots=True, frozen=True)
class _Request:
    """A request whose lines are judged. `key`: its business key; `sale`: the surest key of the sale that it is about;
    `of_this_return`: what this return was authorized to bring back of its sales before.
    """

    decision: Decision
    return_: Return
    document: ReturnRequest
    key: str
    policy: Policy
    order: Order | None
    sale: str
    of_this_return: dict[SaleItem, Decimal]

    def earlier(self, line: ReturnLine, ids: tuple[str, ...], judged: Collection[str], order_line: str) -> Decimal:
        """What other returns, or other lines of this one, bring back of a line of the sale (without one: of all)."""
        facts = self.decision.facts
        earlier = earlier_quantity(facts, self.of_this_return, self.sale, ids, order_line)
        return earlier + _asked_beside(self.return_, line, order_line, judged)


def judge_lines(
    decision: Decision, return_: Return, document: ReturnRequest, key: str, *, pending_only: bool = False
) -> None:
    """Fill header and lines of the return from the request, and decide each line; lines left out are withdrawn.

    `key`: the request's business key. `pending_only`: lines that are decided stay as they are.
    """
    policy, facts = decision.policy(return_), decision.facts
    order = find_order(document, facts)
    fill_header(return_, document, order, policy)
    sale = next(iter(sale_keys(document, return_.partner, facts)), "")
    request = _Request(decision, return_, document, key, policy, order, sale, taken_back(return_))
    authorized = {
        claim.line_no for claim in return_.all_claims() if claim.source == key and claim.state != "superseded"
    }
    seen: set[str] = set()
    asked: list[tuple[ReturnLine, RequestLine]] = []
    judged = {
        no for no, line in return_.lines.items() if no in authorized or (pending_only and line.decision != "pending")
    }
    reserved = {requested.line_no for requested in document.lines}
    for requested in document.lines:
        ids, product = facts.ids(requested.item), facts.product(requested.item)
        line = _line_for(request, requested, ids, seen, product)
        seen.add(line.line_no)
        if line.line_no not in judged:
            judged.add(line.line_no)
            verdict, shares = _verdict(request, requested, line, ids, product, judged)
            parts = cut(return_, line, shares if verdict.decision != "denied" else (), reserved)
            for part, (share, _) in zip(parts[1:], shares[1:], strict=False):
                _note_prices(request, part, line.claimed_price, share.sold)
            judged |= {part.line_no for part in parts}
            _apply_verdict(request, parts, verdict)
        asked.append((line, requested))
        seen |= {part.line_no for part in parts_of(return_, line) if part.requested}
    for line in return_.lines.values():
        if line.line_no not in seen and not line.added:
            line.decision, line.decision_reason, line.decision_text = "denied", "withdrawn", "withdrawn by the partner"
    note_charges(return_, document, asked, policy)


def _verdict(
    request: _Request,
    requested: RequestLine,
    line: ReturnLine,
    ids: tuple[str, ...],
    product: Product | None,
    judged: Collection[str],
) -> tuple[Verdict, list[Share]]:
    """Fill in what order and product master say of a line, and judge it; it waits if a unit cannot be counted.

    `judged`: lines of the return that are decided, and those before it in the request: they count against it. With the
    verdict comes how much of the line is of which line of the sale.
    """
    policy = request.policy
    as_ordered = lines_meant(request.order, requested, ids)
    counted = [sold_in_base(each, line.unit, product, policy) for each in as_ordered]
    sold = [each for each in counted if each is not None]
    gone = cache(partial(request.earlier, line, ids, judged))
    shares = shares_of(line.requested, left_of_each(request.return_, line, sold, gone, requested), line.serials)
    line.order_line = shares[0][0].order_line if shares else requested.order_line
    _describe(line, product, policy)
    claimed = price_in_base(requested.unit_price, requested.unit, line.unit, product, policy)
    _note_prices(request, line, claimed, shares[0][0].sold if shares else None)
    note_sold_numbers(line, request.order)
    unknown_unit = requested.unit if line.requested != requested.quantity and not line.requested else ""
    if len(sold) < len(counted):
        unknown_unit = unknown_unit or as_ordered[counted.index(None)].unit
    if unknown_unit:
        return Verdict("pending", ZERO, "unknown_unit", not_known(f"unit:{unknown_unit}", ids), "it"), []
    question = Question(
        request=request.document,
        line=requested,
        quantity=line.requested,
        ids=ids,
        order=request.order,
        sold=replace(sold[0], quantity=sum((each.quantity for each in sold), ZERO)) if sold else None,
        product=product,
        facts=request.decision.facts,
        earlier=gone(line.order_line if len(sold) < 2 else ""),
        asked_on=asked_on(request.document, request.decision.received, policy),
        value=_value(request, line, shares),
        price_unknown=_price_unknown(request, line, shares),
        numbers=compare_numbers(request.decision, request.return_, line, requested),
    )
    verdict = judge(question, policy)
    tax_problem = next((each.tax_problem for each in as_ordered if each.tax_problem), "")
    if tax_problem and verdict.authorized:
        text = f"order {question.order.number if question.order else ''}: {tax_problem}"
        return Verdict("pending", ZERO, "tax_wrong", text, "finance"), shares
    return verdict, shares


def _note_prices(request: _Request, line: ReturnLine, claimed: Decimal | None, sold: OrderLine | None) -> None:
    """What is claimed for one unit, what it was sold at in the return's currency, and so what it is credited at."""
    line.claimed_price, line.tax_rates = claimed, sold.tax_rates if sold else None
    in_our_currency = sold is not None and sold.currency in {"", request.return_.currency}
    line.sale_price = sold.unit_price if sold and in_our_currency else None
    line.unit_price = credited_price(request.return_, line, request.policy)


def _as_shares(request: _Request, line: ReturnLine, shares: list[Share]) -> Iterator[tuple[ReturnLine, str, Decimal]]:
    """The line with the prices of each of its shares, the currency that was sold in, and the share's quantity."""
    if len(shares) < 2:
        yield line, shares[0][0].sold.currency if shares else "", line.requested
        return
    for share, quantity in shares:
        priced = replace(line)
        _note_prices(request, priced, line.claimed_price, share.sold)
        yield priced, share.sold.currency, quantity


def _value(request: _Request, line: ReturnLine, shares: list[Share]) -> Decimal | None:
    """What the whole line is worth; None if nobody says what a unit of it costs."""
    value = ZERO
    for priced, _, quantity in _as_shares(request, line, shares):
        price = line.claimed_price if priced.unit_price is None else priced.unit_price
        if price is None:
            return None
        value += price * quantity
    return value


def _price_unknown(request: _Request, line: ReturnLine, shares: list[Share]) -> str:
    """Why the price of the line, or of a share of it, cannot be told by its sale; "" if all can."""
    why = (unknown_price(request.return_, priced, sold_in) for priced, sold_in, _ in _as_shares(request, line, shares))
    return next(filter(None, why), "")


def _asked_beside(return_: Return, line: ReturnLine, order_line: str, judged: Collection[str]) -> Decimal:
    """What other lines of the return bring back of the same sold line: what they were granted, or still wait to be."""
    beside = ZERO
    for no in judged:
        other = return_.lines[no]
        if (order_line and other.order_line != order_line) or line.line_no in {no, other.part_of} or other.added:
            continue
        if set(other.ids).isdisjoint(line.ids):
            continue
        if other.decision == "pending":
            beside += other.requested
        for claim in return_.claims.get(no, ()):
            if claim.kind == "authorize" and claim.state != "superseded":
                beside += sum((effect[1] for effect in claim.effects), ZERO)
    return beside


def _describe(line: ReturnLine, product: Product | None, policy: Policy) -> None:
    """What the product master says of the line's item, where the request does not."""
    note_master(line, product, policy)
    if product and not line.item.description:
        line.item = line.item.model_copy(update={"description": product.item.description})
    if product and not line.item.sku:
        line.item = line.item.model_copy(update={"sku": product.item.sku})


def _apply_verdict(request: _Request, parts: list[ReturnLine], verdict: Verdict) -> None:
    """The verdict on a line is that on each of its parts; what it grants fills them in their order."""
    decision, rest = request.decision, verdict.authorized
    for part in parts:
        part.decision, part.decision_reason, part.decision_text = verdict.decision, verdict.reason, verdict.text
        part.decision_owner = verdict.owner
        granted = min(rest, part.requested)
        rest -= granted
        if granted:
            effects: tuple[LedgerEffect, ...] = (("authorize", granted, "", "0"),)
            document_id = decision.received.document_id
            claim = Claim(request.key, document_id, "authorize", part.line_no, effects, at=decision.at)
            add_claim(request.return_, claim)


def _line_for(
    request: _Request, requested: RequestLine, ids: tuple[str, ...], taken: set[str], product: Product | None
) -> ReturnLine:
    """The return's line for a requested one. A line is its item: another item is another line, whatever its number.

    `taken`: lines of the return that earlier lines of the request have.
    """
    return_, policy = request.return_, request.policy
    unit = base_unit(requested.unit, product, policy)
    line = _existing_line(return_, requested, ids, taken)
    if line is None:
        line = add_line(return_, requested.item, ids, unit, requested.line_no)
    if line.unit != unit:
        _count_in(request.decision, return_, line, unit)
    line.partner_line, line.added = requested.line_no, False
    line.item, line.ids = requested.item, (*ids, *line.assigned)
    line.asked, line.asked_unit = requested.quantity, requested.unit
    line.requested = in_base(requested.quantity, requested.unit, unit, product, policy) or ZERO
    line.reason, line.condition, line.used = requested.reason, requested.condition, requested.used
    line.serials, line.lots, line.resolution = requested.serials, requested.lots, requested.resolution
    line.instruction = "keep" if requested.disposition.canonical == "keep" else "return"
    return line


def _existing_line(return_: Return, requested: RequestLine, ids: tuple[str, ...], taken: set[str]) -> ReturnLine | None:
    """The line that has the item; else the one that goods named; else the one whose item had no meaning before."""
    found = find_line(return_, ids, requested.line_no)
    having_item = [no for no in found if no not in taken and not return_.lines[no].part_of]
    if having_item:
        return return_.lines[having_item[0]]
    # Goods that named the line before it was asked for stand on a line of their own; so may a line without an item.
    named = find_line(return_, unnamed(requested.line_no)) or ([] if ids else numbered(return_, requested.line_no))
    free = [no for no in named if no not in taken] or _renamed(return_, requested.line_no, ids, taken)
    return return_.lines[free[0]] if free else None


def _renamed(return_: Return, line_no: str, ids: tuple[str, ...], taken: set[str]) -> list[str]:
    """The line that waited for somebody to say what item it names; it stays known by the name that it had."""
    waiting = [
        no
        for no, line in return_.lines.items()
        if no not in taken
        and line.decision == "pending"
        and line.decision_reason == "unknown_item"
        and not line.part_of
    ]
    renamed = [no for no in waiting if line_no and return_.lines[no].partner_line == line_no]
    for no in renamed:
        line = return_.lines[no]
        line.assigned += tuple(item_id for item_id in line.ids if item_id not in (*ids, *line.assigned))
    return renamed


def _count_in(decision: Decision, return_: Return, line: ReturnLine, unit: str) -> None:
    """The line is counted in another unit from now on: what documents said of its goods is read again."""
    line.unit = unit
    for claim in return_.claims.get(line.line_no, ()):
        if claim.kind != "authorize" and claim.state != "superseded" and claim.document_id:
            claim.state = "superseded"
            if claim.document_id not in decision.outcome.redo:
                decision.outcome.redo.append(claim.document_id)
