"""Goods that went on from one outcome to another: what the ERP should know of each step, and what stays settled.

A step really happened: what the ERP was told of the first outcome stays, and the next one has a slot of its own, whose
split names both ("quarrestock"). What follows the outcome that goods have reached (a claim against the supplier) has
the slot of that outcome, whichever way they came. Goods that were replaced stay so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from gateway.returns.model import POSTING_KINDS, ZERO, ends_of
from gateway.returns.money.goods_slots import SlotDue, SlotKey, split_code
from gateway.returns.policy import Policy, PostingRule, placed


def add_step_slots(slots: dict[SlotKey, SlotDue], step: str, site: str, quantity: Decimal, policy: Policy) -> None:
    """What the ERP is told of goods that go from one outcome to another, at a site ("" for where they were sent)."""
    for rule in _rules(step, policy):
        slots[rule.kind, split_code(step, site)] = (quantity, placed(rule, site) if site else rule, step)


def _rules(step: str, policy: Policy) -> Iterator[PostingRule]:
    """What the ERP is told of a step. What leaves a stock waits until the ERP has it there."""
    left, reached = ends_of(step)
    outcome, before = policy.dispositions.get(reached), policy.dispositions.get(left)
    brought_by = before.moves_by if before else None
    own = outcome.moves_by if outcome else None
    for rule in outcome.postings if outcome else ():
        if POSTING_KINDS[rule.kind].every_step:
            stands_on_own_move = own is not None and rule is not own and rule.waits_for == own.kind
            if brought_by is None or stands_on_own_move:
                yield rule
            else:
                yield rule.model_copy(update={"waits_for": brought_by.kind})


def replaced_before(steps: Mapping[str, Decimal], policy: Policy) -> Decimal:
    """How much was replaced and has gone on to another outcome, by the steps gone: it is not credited as well."""
    return sum((gone_from(code, steps) for code, rule in policy.dispositions.items() if rule.replaces), ZERO)


def gone_from(code: str, steps: Mapping[str, Decimal]) -> Decimal:
    """How much has left an outcome for another one."""
    return sum((quantity for step, quantity in steps.items() if ends_of(step)[0] == code), ZERO)
