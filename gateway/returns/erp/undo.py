"""Undoing what the ERP has posted: which reversals wait for a person's word, because the policy does not allow them."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.claims.cancelled_goods import came_cancelled
from gateway.returns.model import POSTING_KINDS, ZERO, Posting, Return
from gateway.returns.money.goods_slots import SlotKey
from gateway.returns.policy import Policy

# The ERP has booked it: undoing it is a business decision.
BOOKED = frozenset({"posted", "reversed"})
_OPEN = frozenset({"waiting", "ready"})


def undecided(return_: Return, policy: Policy) -> dict[tuple[str, SlotKey], list[Posting]]:
    """Reversals of what the ERP has posted that have not left us and that nobody has decided, by line and slot.

    The policy allows undoing up to a value in each slot, everything counted that was undone there without a decision.
    So it makes no difference whether a quantity goes down in one step or in several.
    """
    if return_.came_without_return and return_.cancelled:
        # A person refused the goods or said whose they are, or their return came: what was booked of them moves on.
        return {}
    waiting: dict[tuple[str, SlotKey], list[Posting]] = {}
    for posting in return_.postings.values():
        if posting.sign == "-" and posting.state in _OPEN and not posting.answer:
            if came_cancelled(return_, posting.line_no):
                continue
            origin = return_.postings[posting.reverses]
            if origin.state in BOOKED and POSTING_KINDS[posting.kind].undo_owner:
                waiting.setdefault((posting.line_no, (posting.kind, posting.split)), []).append(posting)
    return {slot: postings for slot, postings in waiting.items() if not _allowed(return_, slot, policy)}


def _allowed(return_: Return, slot: tuple[str, SlotKey], policy: Policy) -> bool:
    line_no, (kind, split) = slot
    limit = policy.reverse_posted_up_to.get(kind, ZERO)
    undone: Decimal | None = ZERO
    for posting in return_.postings.values():
        if posting.line_no == line_no and (posting.kind, posting.split, posting.sign) == (kind, split, "-"):
            if posting.answer or posting.state in {"cancelled", "void"}:
                continue
            undone = None if undone is None or posting.undoes is None else undone + posting.undoes
    return limit == "any" or (undone is not None and undone <= limit)
