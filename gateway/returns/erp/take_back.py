"""What the ERP was told too much of is taken back, and no more than that.

What has not left us is cancelled, and issued anew as far as it is still wanted. Of what was sent a "-" posting takes
back the difference in quantity, with the difference in money: what the slot has now less what the rest is worth, so
that cents never drift. A posting may be taken back in several parts.

A change of price alone takes the credit back whole and issues it anew. The difference would be a posting of money
without goods, and import files of ERPs (a return order's line, an IDoc's item) have no such row.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.decision import PostingCause
from gateway.returns.erp.release import stands
from gateway.returns.erp.slots import NOTHING, Slot
from gateway.returns.model import POSTING_KINDS, UNSENT, ZERO, CreditAmounts, Posting, PostingKind, Return


def posting_key(return_no: str, line_no: str, kind: PostingKind, split: str, n: int) -> str:
    """The idempotency key of a posting: letters, digits and dashes, at most 40."""
    return f"{return_no}-{line_no}-{POSTING_KINDS[kind].key_code}-{split}-{n}"


@dataclass(slots=True, frozen=True)
class Target:
    """What a slot should have: its quantity, the money of that (None in a slot without money), and what one of its
    goods is worth. `anew`: what is to be issued anew in place of what is taken back, so that it undoes less. `parts`:
    what the money of a credit is made of.
    """

    quantity: Decimal
    worth: Decimal | None
    price: Decimal | None
    anew: Decimal = ZERO
    parts: CreditAmounts | None = None


def take_back(return_: Return, slot: Slot, target: Target, cause: PostingCause) -> list[Posting]:
    """Take back what a slot has beyond the target, newest first; the reversals that this takes.

    What has not left us is cancelled whole: the slot may have too little afterwards.
    """
    anew = target.anew
    reversals: list[Posting] = []
    for newest in [posting for posting in reversed(slot.issued) if stands(posting)]:
        surplus = slot.net - target.quantity
        if surplus <= 0:
            break
        if newest.state in UNSENT:
            slot.cancel(newest, cause.at)
            continue
        quantity = min(surplus, newest.quantity - newest.reversed)
        money, undoes = None, None if target.price is None else quantity * target.price
        parts: CreditAmounts | None = None
        if newest.amount is not None:
            is_last = quantity == surplus and target.worth is not None
            money = slot.amount - (target.worth or ZERO) if is_last else slot.amount_of(newest)
            undoes = max(ZERO, money - anew)
            anew -= money - undoes
            parts = _parts_taken(slot, newest, target if is_last else None)
        reversals.append(_reverse(return_, slot, newest, quantity, money, parts, undoes, cause))
    return reversals


def _parts_taken(slot: Slot, newest: Posting, last: Target | None) -> CreditAmounts | None:
    """What the money that is taken back is made of: all that is left of a posting, or what the slot has too much."""
    if newest.amounts is None:
        return None
    if last is None:
        return slot.parts_of(newest)
    return slot.parts - (last.parts or NOTHING).said_in(slot.parts.currency)


def _reverse(
    return_: Return,
    slot: Slot,
    origin: Posting,
    quantity: Decimal,
    money: Decimal | None,
    parts: CreditAmounts | None,
    undoes: Decimal | None,
    cause: PostingCause,
) -> Posting:
    """Issue the posting that takes back this much of another one."""
    n = len(slot.issued) + 1
    reversal = Posting(
        key=posting_key(return_.return_no, origin.line_no, origin.kind, origin.split, n),
        line_no=origin.line_no,
        kind=origin.kind,
        split=origin.split,
        n=n,
        sign="-",
        quantity=quantity,
        state="void" if slot.void_back else "waiting",
        seq=len(return_.postings) + 1,
        destination=origin.destination,
        amount=money,
        amounts=parts,
        stock_status=origin.stock_status,
        condition=origin.condition,
        disposition=origin.disposition,
        site=origin.site,
        from_site=origin.from_site,
        event_on=cause.event_on or origin.event_on,
        document_ref=origin.erp_document or origin.key,
        from_disposition=origin.from_disposition,
        from_status=origin.from_status,
        reverses=origin.key,
        undoes=undoes,
        answer="keep" if slot.void_back else "",
        created_at=cause.at,
        changed_at=cause.at,
    )
    origin.reversed += quantity
    return_.postings[reversal.key] = reversal
    slot.issued.append(reversal)
    slot.count(reversal)
    return reversal


def let_stand(return_: Return, slot: Slot, wanted: Decimal, at: str) -> None:
    """Cancel reversals that have not left us, newest first, until the slot has the `wanted` quantity or more.

    One that something was issued after stays: the two are a credit whose price has changed.
    """
    for newest in reversed(slot.issued):
        if slot.net >= wanted or (newest.sign == "+" and newest.state != "cancelled"):
            break
        if newest.sign == "-" and newest.state in UNSENT:
            _cancel(return_, slot, newest, at)


def cancel_unsent(return_: Return, slot: Slot, at: str) -> None:
    """Take off everything of a slot that has not left us, in either direction."""
    for posting in slot.issued:
        if posting.state in UNSENT:
            _cancel(return_, slot, posting, at)


def _cancel(return_: Return, slot: Slot, posting: Posting, at: str) -> None:
    """Take off a posting that has not left us; what it was to take back stands again."""
    slot.cancel(posting, at)
    if posting.sign == "-":
        return_.postings[posting.reverses].reversed -= posting.quantity
