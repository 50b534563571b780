"""What the ERP should know of a line, by its ledger and the policy: the quantity of every slot, and its money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from gateway.returns.model import ZERO, Return, ReturnLine
from gateway.returns.policy import REPLACEMENT_RESOLUTIONS, Policy, PostingRule
from gateway.returns.vendors.claims import claimable

CENT = Decimal("0.01")

# Goods with these outcomes are settled otherwise than by credit, under every settlement policy.
NEVER_CREDITED: tuple[str, ...] = ("repair", "replace", "return_to_customer")
# What the ERP should know in one slot: the net quantity, the rule, and the condition or disposition of the goods.
Wanted = tuple[Decimal, PostingRule, str]


@lru_cache(maxsize=1024)
def split_code(code: str) -> str:
    """A condition or disposition as the split part of a key: its letters and digits, at most 12; "0" for none."""
    return "".join(c for c in code if c.isascii() and c.isalnum())[:12] or "0"


def credit_wanted(return_: Return, line: ReturnLine, policy: Policy) -> Decimal:
    """How much of the line should be credited (or replaced) now, by the settlement agreed and the outcomes so far."""
    t = return_.tallies[line.line_no]
    settlement = return_.settlement
    if settlement == "none" or not t.a:
        return ZERO
    advance = line.instruction == "keep" or settlement == "in_advance"
    if not advance and settlement == "after_inspection":
        good = ZERO
        for code, quantity in t.d.items():
            if quantity and (rule := policy.dispositions.get(code)) and rule.credit:
                good += quantity
        return good if good < t.a else t.a
    otherwise = ZERO
    for code in NEVER_CREDITED:
        if code in t.d:
            otherwise += t.d[code]
    wanted = t.a - t.z - otherwise if advance else min(t.a, t.r - otherwise)
    return max(ZERO, wanted)


def credits_wanted(return_: Return, policy: Policy) -> dict[str, Decimal]:
    """`credit_wanted` of every line, by line number."""
    return {no: credit_wanted(return_, line, policy) for no, line in return_.lines.items()}


def settlement_due(return_: Return, line: ReturnLine, credit: Decimal, policy: Policy) -> Decimal:
    """How much of the line is to be settled: `credit` (its `credit_wanted`) and what its outcomes replace."""
    t = return_.tallies[line.line_no]
    for code, quantity in t.d.items() if t.a else ():
        if quantity and (rule := policy.dispositions.get(code)) and rule.replaces:
            credit += quantity
    return credit


def left_to_settle(return_: Return, line: ReturnLine, policy: Policy) -> Decimal:
    """What the ERP should still credit or replace of the line, by the outcomes so far."""
    due = settlement_due(return_, line, credit_wanted(return_, line, policy), policy)
    return due - return_.tallies[line.line_no].c


def credit_amount(line: ReturnLine, quantity: Decimal, policy: Policy) -> Decimal | None:
    """Money for a credited quantity, to the cent; None while the price is unknown.

    Price less the restocking fee of the line's reason, plus the freight allowance per unit, plus tax on both.
    """
    if line.unit_price is None:
        return None
    price = line.unit_price
    if fee := policy.fee_percent(line.reason.canonical):
        price *= 1 - fee / 100
    net = quantity * (price + policy.freight_allowance)
    return (net * policy.with_tax).quantize(CENT, ROUND_HALF_UP)


def wanted_slots(return_: Return, line: ReturnLine, credit: Decimal, policy: Policy) -> dict[tuple[str, str], Wanted]:
    """Every slot (kind, split) of the line that should have a quantity at the ERP; `credit` is its `credit_wanted`.

    Goods on a line with nothing authorized are not booked: a Hold waits until a person accepts or refuses them.
    """
    t = return_.tallies[line.line_no]
    slots: dict[tuple[str, str], Wanted] = {}
    if not t.a:
        return slots
    for rule in policy.stages.authorized:
        slots[rule.kind, "0"] = (t.a, rule, "")
    for condition, quantity in t.by_condition.items():
        if quantity:
            for rule in policy.stages.received:
                slots[rule.kind, split_code(condition)] = (quantity, rule, condition)
    for disposition, quantity in t.d.items():
        if quantity and (outcome := policy.dispositions.get(disposition)):
            for rule in outcome.postings:
                due = quantity if rule.kind != "supplier_claim" else claimable(return_, line.line_no, quantity)
                if due:
                    slots[rule.kind, split_code(disposition)] = (due, rule, disposition)
    if credit:
        advance = line.instruction == "keep" or return_.settlement == "in_advance"
        if line.resolution in REPLACEMENT_RESOLUTIONS:
            rule = _REPLACE_ADVANCE if advance else _REPLACE_AFTER
        else:
            rule = PAY_ADVANCE if advance else PAY_AFTER
        slots[rule.kind, "0"] = (credit, rule, "")
    return slots


PAY_ADVANCE = PostingRule(kind="credit_request", waits_for="return_order")
PAY_AFTER = PostingRule(kind="credit_request", waits_for="goods_receipt")
_REPLACE_ADVANCE = PostingRule(kind="replacement", waits_for="return_order")
_REPLACE_AFTER = PostingRule(kind="replacement", waits_for="goods_receipt")
