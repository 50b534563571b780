"""Conservation of money: what the ERP was told and what it confirmed, against what the ledger says is due.

For every line and kind of posting, and so for every return and currency: all that was issued, less what takes it back,
is what is due by ledger and policy. What a person voided counts as issued, for it is settled outside the ERP; a
reversal counts at once, whether it went out, waits for a person's word, or a person said that what was posted is kept.
And what the ERP has confirmed is what the ledger has learnt of it, posting by posting; where it booked other money
than it was asked to, a person is or was asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from gateway.returns.model import POSTING_KINDS, ZERO, Posting, Return, ReturnLine, plain
from gateway.returns.money.due import credits_wanted, slots_due, worth_of
from gateway.returns.money.goods_slots import SlotKey
from gateway.returns.money.posted import posted_difference
from gateway.returns.policy import Policy

# The ERP has booked it, whatever it has taken back since.
_BOOKED = frozenset({"posted", "reversed"})
# Quantity and money of what was issued in a slot of a line, net of what takes it back; no money if none was known.
_Issued = tuple[Decimal, Decimal | None]


def money_gaps(return_: Return, policy: Policy | None) -> list[str]:
    """Where money of a return came from nowhere or went nowhere, a sentence each; an empty list when all is well.

    `policy`: the one that all of the return was settled by. None, if it has changed meanwhile or is not known: then
    its postings are compared with each other and with what the ERP said only.
    """
    issued = _issued(return_)
    gaps = [*_taken_back_gaps(return_), *_confirmed_gaps(return_)]
    for (line_no, key), (quantity, money) in issued.items():
        if quantity < 0 or (not quantity and money):
            gaps.append(f"{_named(line_no, key)}: {plain(quantity)} for {money} is left of what was issued")
    if policy is None:
        return gaps
    gaps += _unasked_gaps(return_, policy)
    credits_ = credits_wanted(return_, policy)
    for line in return_.lines.values():
        of_line = {key: both for (line_no, key), both in issued.items() if line_no == line.line_no}
        gaps += _due_gaps(return_, line, of_line, credits_[line.line_no], policy)
    return gaps


def _named(line_no: str, key: SlotKey) -> str:
    kind, split = key
    return f"line {line_no}: {kind}" if split == "0" else f"line {line_no}: {kind} {split}"


def _issued(return_: Return) -> dict[tuple[str, SlotKey], _Issued]:
    """What was issued in every slot of the kinds that settle goods or have money, by line."""
    issued: dict[tuple[str, SlotKey], _Issued] = {}
    for posting in return_.postings.values():
        if posting.state == "cancelled" or not _is_about_money(posting):
            continue
        slot = posting.line_no, (posting.kind, posting.split)
        quantity, money = issued.get(slot, (ZERO, None))
        sign = 1 if posting.sign == "+" else -1
        if posting.amount is not None:
            money = (money or ZERO) + sign * posting.amount
        issued[slot] = quantity + sign * posting.quantity, money
    return issued


def _is_about_money(posting: Posting) -> bool:
    meaning = POSTING_KINDS[posting.kind]
    return meaning.settles or meaning.carries_money


def _due_gaps(
    return_: Return, line: ReturnLine, issued: Mapping[SlotKey, _Issued], credit: Decimal, policy: Policy
) -> Iterator[str]:
    """Where a line's postings are not what is due; `credit` is its `credit_wanted`."""
    due = slots_due(return_, line, credit, policy)
    kinds = {key: due[key][0] for key in due if POSTING_KINDS[key[0]].settles or POSTING_KINDS[key[0]].carries_money}
    for key in dict.fromkeys((*kinds, *issued)):
        wanted, (quantity, money) = kinds.get(key, ZERO), issued.get(key, (ZERO, None))
        if quantity != wanted:
            yield f"{_named(line.line_no, key)}: {plain(wanted)} is due, {plain(quantity)} was issued"
        elif money is not None:
            worth = worth_of(return_, line, key[0], wanted, policy) if wanted else ZERO
            if worth is not None and worth != money:
                yield f"{_named(line.line_no, key)}: {worth} is due for {plain(wanted)}, {money} was issued"


def _taken_back_gaps(return_: Return) -> Iterator[str]:
    """Postings that say otherwise of what is taken back of them than the postings that take it back."""
    taken: dict[str, Decimal] = {}
    for posting in return_.postings.values():
        if posting.sign == "-" and posting.state != "cancelled":
            taken[posting.reverses] = taken.get(posting.reverses, ZERO) + posting.quantity
    for key in taken.keys() - return_.postings.keys():
        yield f"posting {key} is taken back and is not there"
    for posting in return_.postings.values():
        if posting.sign == "+" and posting.state != "cancelled":
            back = taken.get(posting.key, ZERO)
            if back != posting.reversed or back > posting.quantity:
                words = (
                    f"{plain(back)} of {plain(posting.quantity)} is taken back, {plain(posting.reversed)} by its word"
                )
                yield f"posting {posting.key}: {words}"


def _confirmed_gaps(return_: Return) -> Iterator[str]:
    """Postings of which the ledger has learnt more or less than the ERP confirmed."""
    learnt: dict[str, Decimal] = {}
    for movement in return_.movements:
        if movement.source.startswith("posting:"):
            key = movement.source.removeprefix("posting:")
            learnt[key] = learnt.get(key, ZERO) + movement.quantity
    confirmed: dict[str, Decimal] = {}
    for posting in return_.postings.values():
        if POSTING_KINDS[posting.kind].teaches and posting.state in _BOOKED:
            key, sign = (posting.key, 1) if posting.sign == "+" else (posting.reverses, -1)
            confirmed[key] = confirmed.get(key, ZERO) + sign * posting.quantity
    for key in dict.fromkeys((*confirmed, *learnt)):
        by_erp, by_ledger = confirmed.get(key, ZERO), learnt.get(key, ZERO)
        if by_erp != by_ledger:
            yield f"posting {key}: the ERP confirmed {plain(by_erp)}, the ledger has {plain(by_ledger)} of it"


def _unasked_gaps(return_: Return, policy: Policy) -> Iterator[str]:
    """Postings that the ERP booked with other money, of which nobody is or was asked."""
    asked = {hold.posting_key for hold in return_.holds.values() if hold.class_ == "erp_amount_differs"}
    for posting in return_.postings.values():
        differs = posted_difference(return_, posting)
        if differs is not None and abs(differs) > policy.posted_tolerance and posting.key not in asked:
            yield f"posting {posting.key}: the ERP booked {differs} more than it was asked to, and nobody is asked"
