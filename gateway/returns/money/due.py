"""What the ERP should know of a line, by its ledger and the policy: the quantity of every slot, and its money."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.claims.passing import PassingShare, passing, settled_outcomes, settled_steps
from gateway.returns.claims.steps_gone import by_outcome
from gateway.returns.items.strange_numbers import settled_so_far, units_in_question
from gateway.returns.ledger import charge_due
from gateway.returns.model import POSTING_KINDS, ZERO, PostingKind, Return, ReturnLine, ends_of
from gateway.returns.money.claim_figures import cost_of
from gateway.returns.money.claimable import claimable
from gateway.returns.money.credit_parts import credit_parts
from gateway.returns.money.goods_slots import (
    SlotDue,
    SlotKey,
    add_move_slots,
    add_receipt_slots,
    add_unassigned_slots,
    split_code,
)
from gateway.returns.money.steps import add_step_slots, gone_from, replaced_before
from gateway.returns.policy import REPLACEMENT_RESOLUTIONS, Policy, PostingRule, shipped_rule

# Goods with these outcomes are settled otherwise than by credit, under every settlement policy.
NEVER_CREDITED: tuple[str, ...] = ("repair", "replace", "return_to_customer")


def credit_wanted(return_: Return, line: ReturnLine, policy: Policy) -> Decimal:
    """How much of the line should be credited (or replaced) now, by the settlement agreed and the outcomes so far."""
    tally = return_.tallies[line.line_no]
    settlement = return_.settlement
    if settlement == "none" or not tally.a:
        return ZERO
    advance = line.instruction == "keep" or settlement == "in_advance"
    outcomes = settled_outcomes(return_, line.line_no)
    if not advance and settlement == "after_inspection":
        creditable = ZERO
        for code, quantity in outcomes.items():
            if quantity and (rule := policy.dispositions.get(code)) and rule.credit:
                creditable += quantity
        if tally.moved_on:
            creditable -= replaced_before(settled_steps(return_, line.line_no), policy)
        return creditable if creditable < tally.a else tally.a
    settled_otherwise = ZERO
    for code in NEVER_CREDITED:
        if code in outcomes:
            settled_otherwise += outcomes[code]
    if tally.moved_on:
        settled_otherwise += replaced_before(settled_steps(return_, line.line_no), policy)
    # What does not come of goods that were settled in advance is charged back: see `charge_due`.
    to_settle = tally.a if advance else min(tally.a, tally.r)
    return max(ZERO, to_settle - settled_otherwise)


def credits_wanted(return_: Return, policy: Policy) -> dict[str, Decimal]:
    """`credit_wanted` of every line, by line number, less the units of which a person is asked what they are.

    What the ERP was told already stays until somebody says so.
    """
    wanted = {no: credit_wanted(return_, line, policy) for no, line in return_.lines.items()}
    for no, units in units_in_question(return_, policy).items():
        wanted[no] = min(wanted[no], max(wanted[no] - units, settled_so_far(return_, no)))
    return wanted


def settlement_due(return_: Return, line: ReturnLine, credit: Decimal, policy: Policy) -> Decimal:
    """How much of the line is to be settled: `credit` (its `credit_wanted`) and what its outcomes replace."""
    t = return_.tallies[line.line_no]
    for code, quantity in settled_outcomes(return_, line.line_no).items() if t.a else ():
        if quantity and (rule := policy.dispositions.get(code)) and rule.replaces:
            credit += quantity
    if t.a and t.moved_on:
        credit += replaced_before(settled_steps(return_, line.line_no), policy)
    return credit


def left_to_settle(return_: Return, line: ReturnLine, policy: Policy) -> Decimal:
    """What the ERP should still credit or replace of the line, by the outcomes so far."""
    due = settlement_due(return_, line, credit_wanted(return_, line, policy), policy)
    return due - return_.tallies[line.line_no].c


def credit_amount(return_: Return, line: ReturnLine, quantity: Decimal, policy: Policy) -> Decimal | None:
    """Money for a credited quantity, in the decimals of its currency; None while the price is unknown."""
    parts = credit_parts(return_, line, quantity, policy)
    return parts.total if parts else None


def worth_of(return_: Return, line: ReturnLine, kind: PostingKind, quantity: Decimal, policy: Policy) -> Decimal | None:
    """The money of a posting of this kind: what is credited, or what the goods cost us; None if it has none."""
    meaning = POSTING_KINDS[kind]
    if meaning.against_supplier:
        return cost_of(line, quantity)
    return credit_amount(return_, line, quantity, policy) if meaning.carries_money else None


def slots_due(return_: Return, line: ReturnLine, credit: Decimal, policy: Policy) -> dict[SlotKey, SlotDue]:
    """Every slot of the line that should have a quantity at the ERP; `credit` is its `credit_wanted`.

    Goods that nobody authorized are not booked: a Hold waits until a person says what becomes of them.
    """
    tally = return_.tallies[line.line_no]
    slots: dict[SlotKey, SlotDue] = {}
    if not tally.a and return_.came_without_return:
        add_unassigned_slots(slots, tally, policy)
    if not tally.a and not tally.surplus:
        return slots
    for rule in policy.stages.authorized if tally.a else ():
        slots[rule.kind, "0"] = (tally.a, rule, "")
    if tally.r:
        goods = passing(return_, line.line_no, policy)
        add_receipt_slots(slots, line, tally, goods, policy)
        if goods.outcomes:
            _add_outcome_slots(slots, return_, line, goods, policy)
    if credit:
        rule = _settlement_rule(return_, line)
        slots[rule.kind, "0"] = (credit, rule, "")
        if tally.z and (charge := charge_due(return_, line)):
            rule = CHARGE_REPLACED if rule is _REPLACE_ADVANCE else CHARGE_CREDITED
            slots[rule.kind, "0"] = (charge, rule, "")
    return slots


def _add_outcome_slots(
    slots: dict[SlotKey, SlotDue], return_: Return, line: ReturnLine, goods: PassingShare, policy: Policy
) -> None:
    """What the ERP is told of goods with an outcome: where they are it is told of moves alone, of each step one. Only
    what was authorized is settled with the partner, and of a supplier is claimed what it allows.
    """
    for (disposition, site), quantity in goods.first.items():
        add_move_slots(slots, policy.dispositions.get(disposition), disposition, site, quantity)
    for (step, site), quantity in goods.steps.items():
        add_step_slots(slots, step, site, quantity, policy)
    first, reached = by_outcome(goods.first), by_outcome(goods.outcomes)
    passed = (ends_of(step)[1] for step, _ in goods.steps)
    for disposition in dict.fromkeys((*first, *passed, *reached)):
        outcome = policy.dispositions.get(disposition)
        for rule in outcome.postings if outcome else ():
            meaning = POSTING_KINDS[rule.kind]
            due = (first if meaning.every_step else reached).get(disposition, ZERO)
            if meaning.booked_as == "moved":
                due = ZERO
            elif due and meaning.against_supplier:
                due = claimable(return_, line.line_no, due, policy)
            elif meaning.settles:
                due = _to_replace(return_, line, disposition, due, goods)
            if due:
                slots[rule.kind, split_code(disposition)] = (due, rule, disposition)


def _to_replace(return_: Return, line: ReturnLine, disposition: str, reached: Decimal, goods: PassingShare) -> Decimal:
    """How much is settled by an outcome: what has it, and what had it and went on."""
    settled = settled_outcomes(return_, line.line_no).get(disposition, ZERO)
    if goods.steps:
        reached += gone_from(disposition, by_outcome(goods.steps))
        settled += gone_from(disposition, settled_steps(return_, line.line_no))
    return min(reached, settled)


# In advance of the goods only the return order can be posted first.
PAY_ADVANCE = PostingRule(kind="credit_request", waits_for="return_order")
PAY_AFTER = shipped_rule("credit_request")
_REPLACE_ADVANCE = PostingRule(kind="replacement", waits_for="return_order")
CHARGE_CREDITED = shipped_rule("charge_back")
CHARGE_REPLACED = PostingRule(kind="charge_back", waits_for="replacement")
_REPLACE_AFTER = shipped_rule("replacement")
_WITH_MONEY = (PAY_ADVANCE, PAY_AFTER, CHARGE_CREDITED, CHARGE_REPLACED)


def carries_money(rule: PostingRule) -> bool:
    """Has a posting by this rule the money of its quantity (`credit_amount`)?"""
    return any(rule is with_money for with_money in _WITH_MONEY)


def _settlement_rule(return_: Return, line: ReturnLine) -> PostingRule:
    """By which posting the line is settled with the partner: paid or replaced, in advance of the goods or after."""
    in_advance = line.instruction == "keep" or return_.settlement == "in_advance"
    if line.resolution in REPLACEMENT_RESOLUTIONS:
        return _REPLACE_ADVANCE if in_advance else _REPLACE_AFTER
    return PAY_ADVANCE if in_advance else PAY_AFTER
