"""Slots of a line, by which the ERP is told of goods: how they are keyed, and those of receipts and moves."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from zlib import crc32

from gateway.returns.claims.passing import PassingShare
from gateway.returns.model import POSTING_KINDS, PostingKind, ReturnLine, Tally
from gateway.returns.policy import DispositionRule, Policy, PostingRule, placed, shipped_rule, split_of_code

# A slot of a line: kind of posting and split.
SlotKey = tuple[PostingKind, str]
# What the ERP should know in one slot: the net quantity, the rule, and the condition or disposition of the goods. A
# plain tuple: dozens are made for every document, and one with names takes five times as long.
SlotDue = tuple[Decimal, PostingRule, str]
# The split of goods that nobody authorized and that go back to their sender, and their outcome.
SENT_BACK = "surplus"
TO_SENDER = "return_to_customer"
QUARANTINE = "quarantine"
_TRANSFER = shipped_rule("inventory_move")


@lru_cache(maxsize=1024)
def split_code(code: str, site: str = "") -> str:
    """A condition, a disposition or a step as the split part of a key: see `split_of_code`.

    Goods at another `site` than the one they were sent to have a split of their own: letters of both and a check sum.
    """
    split = split_of_code(code)
    return f"{split[:4]}{crc32(f'{code}@{site}'.encode()):08x}" if site else split


def add_receipt_slots(
    slots: dict[SlotKey, SlotDue], line: ReturnLine, tally: Tally, goods: PassingShare, policy: Policy
) -> None:
    """What the ERP is told of goods that came: each condition at its site, what goes on from there to where it was
    sent, and what goes back to its sender.
    """
    # Of goods that nobody authorized the ERP has no return order to wait for.
    waits = bool(tally.a)
    for (condition, site), quantity in goods.received.items():
        for rule in policy.stages.received:
            at_place = rule if waits and not site else placed(rule, site, waits=waits)
            slots[rule.kind, split_code(condition, site)] = (quantity, at_place, condition)
    received_as = next((rule for rule in policy.stages.received if rule.kind == "goods_receipt"), None)
    for site, quantity in goods.moved_on.items() if received_as else ():
        rule = placed(_TRANSFER, from_site=site, stock_status=received_as.stock_status if received_as else "")
        slots[rule.kind, split_code("transfer", site)] = (quantity, rule, "")
    # Goods that nobody could name stay outside the ERP: it has no item to book them on.
    if line.sku and (sent_back := tally.sent_back):
        for rule in policy.stages.received:
            slots[rule.kind, SENT_BACK] = (sent_back, placed(rule, stock_status=QUARANTINE, waits=waits), "")
        add_move_slots(slots, policy.dispositions.get(TO_SENDER), TO_SENDER, "", sent_back, SENT_BACK)


def add_unassigned_slots(slots: dict[SlotKey, SlotDue], tally: Tally, policy: Policy) -> None:
    """What the ERP is told of goods that came without a return, by their condition."""
    for condition, quantity in tally.by_condition.items():
        for rule in policy.stages.unassigned if quantity else ():
            slots[rule.kind, split_code(condition)] = (quantity, rule, condition)


def add_move_slots(
    slots: dict[SlotKey, SlotDue],
    outcome: DispositionRule | None,
    disposition: str,
    site: str,
    quantity: Decimal,
    split: str = "",
) -> None:
    """What the ERP is told of goods that go to another stock, or are scrapped, because of their outcome."""
    for rule in outcome.postings if outcome else ():
        if POSTING_KINDS[rule.kind].booked_as == "moved":
            key = split or split_code(disposition, site)
            slots[rule.kind, key] = (quantity, placed(rule, site) if site else rule, disposition)
