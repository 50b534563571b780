"""What the ERP should know of a line, by its ledger and the policy: the quantity of every slot, and its money."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from gateway.returns.model import POSTING_KINDS, ZERO, PostingKind, Return, ReturnLine
from gateway.returns.money.claim_figures import cost_of
from gateway.returns.money.claimable import claimable
from gateway.returns.money.currency import rounded
from gateway.returns.policy import REPLACEMENT_RESOLUTIONS, Policy, PostingRule, shipped_rule

# Goods with these outcomes are settled otherwise than by credit, under every settlement policy.
NEVER_CREDITED: tuple[str, ...] = ("repair", "replace", "return_to_customer")
# A slot of a line: kind of posting and split.
SlotKey = tuple[PostingKind, str]
# What the ERP should know in one slot: the net quantity, the rule, and the condition or disposition of the goods. A
# plain tuple: dozens are made for every document, and one with names takes five times as long.
SlotDue = tuple[Decimal, PostingRule, str]


@lru_cache(maxsize=1024)
def split_code(code: str) -> str:
    """A condition or disposition as the split part of a key: its letters and digits, at most 12; "0" for none."""
    return "".join(c for c in code if c.isascii() and c.isalnum())[:12] or "0"


def credit_wanted(return_: Return, line: ReturnLine, policy: Policy) -> Decimal:
    """How much of the line should be credited (or replaced) now, by the settlement agreed and the outcomes so far."""
    tally = return_.tallies[line.line_no]
    settlement = return_.settlement
    if settlement == "none" or not tally.a:
        return ZERO
    advance = line.instruction == "keep" or settlement == "in_advance"
    if not advance and settlement == "after_inspection":
        creditable = ZERO
        for code, quantity in tally.d.items():
            if quantity and (rule := policy.dispositions.get(code)) and rule.credit:
                creditable += quantity
        return creditable if creditable < tally.a else tally.a
    settled_otherwise = ZERO
    for code in NEVER_CREDITED:
        if code in tally.d:
            settled_otherwise += tally.d[code]
    may_be_credited = tally.a - tally.z - settled_otherwise if advance else min(tally.a, tally.r - settled_otherwise)
    return max(ZERO, may_be_credited)


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


def credit_amount(return_: Return, line: ReturnLine, quantity: Decimal, policy: Policy) -> Decimal | None:
    """Money for a credited quantity, in the decimals of its currency; None while the price is unknown.

    Price less the restocking fee of the line's reason, plus the freight allowance per unit, plus tax on both.
    """
    if line.unit_price is None:
        return None
    price = line.unit_price
    if fee := policy.fee_percent(line.reason.canonical):
        price *= 1 - fee / 100
    net = quantity * (price + policy.freight_allowance)
    return rounded(net * policy.with_tax, return_.currency)


def worth_of(return_: Return, line: ReturnLine, kind: PostingKind, quantity: Decimal, policy: Policy) -> Decimal | None:
    """The money of a posting of this kind: what is credited, or what the goods cost us; None if it has none."""
    meaning = POSTING_KINDS[kind]
    if meaning.against_supplier:
        return cost_of(line, quantity)
    return credit_amount(return_, line, quantity, policy) if meaning.carries_money else None


def slots_due(return_: Return, line: ReturnLine, credit: Decimal, policy: Policy) -> dict[SlotKey, SlotDue]:
    """Every slot of the line that should have a quantity at the ERP; `credit` is its `credit_wanted`.

    Goods on a line with nothing authorized are not booked: a Hold waits until a person accepts or refuses them.
    """
    tally = return_.tallies[line.line_no]
    slots: dict[SlotKey, SlotDue] = {}
    if not tally.a:
        return slots
    for rule in policy.stages.authorized:
        slots[rule.kind, "0"] = (tally.a, rule, "")
    for condition, quantity in tally.by_condition.items():
        if quantity:
            for rule in policy.stages.received:
                slots[rule.kind, split_code(condition)] = (quantity, rule, condition)
    for disposition, quantity in tally.d.items():
        if quantity and disposition in policy.dispositions:
            _add_outcome_slots(slots, return_, line, disposition, quantity, policy)
    if credit:
        rule = _settlement_rule(return_, line)
        slots[rule.kind, "0"] = (credit, rule, "")
    return slots


def _add_outcome_slots(
    slots: dict[SlotKey, SlotDue],
    return_: Return,
    line: ReturnLine,
    disposition: str,
    quantity: Decimal,
    policy: Policy,
) -> None:
    """What the ERP is told of `quantity` goods with an outcome; of a supplier is claimed what it allows."""
    for rule in policy.dispositions[disposition].postings:
        limited = POSTING_KINDS[rule.kind].against_supplier
        due = claimable(return_, line.line_no, quantity, policy) if limited else quantity
        if due:
            slots[rule.kind, split_code(disposition)] = (due, rule, disposition)


# In advance of the goods only the return order can be posted first.
PAY_ADVANCE = PostingRule(kind="credit_request", waits_for="return_order")
PAY_AFTER = shipped_rule("credit_request")
_REPLACE_ADVANCE = PostingRule(kind="replacement", waits_for="return_order")
_REPLACE_AFTER = shipped_rule("replacement")


def _settlement_rule(return_: Return, line: ReturnLine) -> PostingRule:
    """By which posting the line is settled with the partner: paid or replaced, in advance of the goods or after."""
    in_advance = line.instruction == "keep" or return_.settlement == "in_advance"
    if line.resolution in REPLACEMENT_RESOLUTIONS:
        return _REPLACE_ADVANCE if in_advance else _REPLACE_AFTER
    return PAY_ADVANCE if in_advance else PAY_AFTER
