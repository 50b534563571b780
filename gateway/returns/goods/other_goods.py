"""Parts of a receipt line that are no goods of the line: another item came, or the warehouse did not take them in.

By the receiving conditions of X12 (DE 412): 05 is another item than the line's. 08 (rejected), 12 (over, and returned)
and 13 (no ship notice, cannot be processed) came and are not in the building's stock: they are no receipt, and the line
waits for its goods. 14 (processed without a ship notice) is the line's goods, 02 and 16 never came.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.model import ZERO
from translators.canonical import ReceiptException, ReceiptLine

OTHER_ITEM = "wrong_item"
NOT_TAKEN_IN = {
    "rejected": "rejected",
    "over_returned": "over, and sent back",
    "not_processable": "without a ship notice, not processed",
}


@dataclass(slots=True, frozen=True)
class PartedLine:
    """A receipt line without what is not its goods. `other`: the part that is another item, None if there is none;
    `not_taken_in`: condition → quantity that the warehouse did not take in.
    """

    own: ReceiptLine
    other: ReceiptLine | None
    not_taken_in: dict[str, Decimal]


def part_line(line: ReceiptLine) -> PartedLine | None:
    """The line in parts; None for the usual line, which is all goods of its own. Quantities are in the line's unit."""
    apart = [e for e in line.exceptions if e.condition.canonical == OTHER_ITEM or e.condition.canonical in NOT_TAKEN_IN]
    if not apart:
        return None
    others = tuple(e for e in apart if e.condition.canonical == OTHER_ITEM)
    own = line.model_copy(
        update={
            "quantity": line.quantity - _sum(apart),
            "exceptions": tuple(e for e in line.exceptions if e not in apart),
        }
    )
    if own.quantity < 0:
        return None
    not_taken_in: dict[str, Decimal] = {}
    for exception in apart:
        condition = exception.condition.canonical
        if condition in NOT_TAKEN_IN:
            not_taken_in[condition] = not_taken_in.get(condition, ZERO) + exception.quantity
    other = line.model_copy(update={"quantity": _sum(others), "exceptions": others}) if _sum(others) else None
    return PartedLine(own, other, {condition: quantity for condition, quantity in not_taken_in.items() if quantity})


def _sum(exceptions: tuple[ReceiptException, ...] | list[ReceiptException]) -> Decimal:
    return sum((exception.quantity for exception in exceptions), ZERO)
