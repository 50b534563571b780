"""Slots of a line: what the ERP was told of it by kind of posting and split, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.model import ZERO, CreditAmounts, Posting, Return
from gateway.returns.money.goods_slots import SlotKey

NOTHING = CreditAmounts()


def parts_of_posting(posting: Posting) -> CreditAmounts:
    """What the money of a posting is made of. Of one without parts, as those of long ago are, all of it is goods."""
    return posting.amounts or CreditAmounts(goods=posting.amount or ZERO)


@dataclass(slots=True)
class Slot:
    """What was issued in one slot: all postings in order, and the net quantity and money of those not cancelled.

    `void`: a posting that a person voided is cancelled; what of it is still wanted stays settled outside the ERP.
    `void_back`: the same of a reversal. `parts`: what the money of a credit is made of.
    """

    issued: list[Posting]
    net: Decimal = ZERO
    amount: Decimal = ZERO
    void: bool = False
    void_back: bool = False
    parts: CreditAmounts = NOTHING

    def count(self, posting: Posting) -> None:
        """Add what a posting that is not cancelled comes to."""
        sign = 1 if posting.sign == "+" else -1
        self.net += sign * posting.quantity
        if posting.amount is not None:
            self.amount += sign * posting.amount
            self._add_parts(posting, sign)

    def _add_parts(self, posting: Posting, sign: int) -> None:
        parts = parts_of_posting(posting).said_in(self.parts.currency or parts_of_posting(posting).currency)
        self.parts = self.parts + parts if sign > 0 else self.parts - parts

    def cancel(self, posting: Posting, at: str) -> None:
        """Take a posting off that has not left us, as if it had never been issued."""
        sign = 1 if posting.sign == "+" else -1
        self.net -= sign * posting.quantity
        self.amount -= sign * (posting.amount or ZERO)
        self._add_parts(posting, -sign)
        if sign > 0:
            self.void = posting.state == "void"
        else:
            self.void_back = posting.state == "void"
        posting.state, posting.waits_for, posting.changed_at = "cancelled", "", at

    def amount_of(self, posting: Posting) -> Decimal:
        """The money of a posting that is not taken back yet."""
        taken = (p.amount or ZERO for p in self.issued if p.reverses == posting.key and p.state != "cancelled")
        return (posting.amount or ZERO) - sum(taken, ZERO)

    def parts_of(self, posting: Posting) -> CreditAmounts:
        """The same, part by part."""
        parts = parts_of_posting(posting)
        for taker in self.issued:
            if taker.reverses == posting.key and taker.state != "cancelled":
                parts -= parts_of_posting(taker).said_in(parts.currency)
        return parts


def slots_by_line(return_: Return) -> dict[str, dict[SlotKey, Slot]]:
    """The slots of every line in which something was issued, by line number."""
    lines: dict[str, dict[SlotKey, Slot]] = {}
    for posting in return_.postings.values():
        slots = lines.get(posting.line_no)
        if slots is None:
            slots = lines[posting.line_no] = {}
        key = (posting.kind, posting.split)
        slot = slots.get(key)
        if slot is None:
            slot = slots[key] = Slot([])
        slot.issued.append(posting)
        if posting.state != "cancelled":
            slot.count(posting)
    return lines
