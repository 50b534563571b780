"""An item that was sold on several lines of one order: how much of each line may still come back, at its own price.

What a partner asks for on one line is cut over them. The first share stays on the line itself; each further one is a
line of the return that is `part_of` it, with its own order line and price. So money, goods and ERP rows of each add up
by themselves, while partner and warehouse are told of the line as it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import ascii_uppercase

from gateway.returns.items.lines import add_line, parts_of
from gateway.returns.items.masters import Order, OrderLine
from gateway.returns.model import ZERO, Return, ReturnLine
from gateway.returns.request.eligibility import find_sold
from translators.canonical import RequestLine


@dataclass(slots=True, frozen=True)
class SaleLine:
    """A line of the sale, counted in the base unit, under the number that it is looked up by; what is `left` of it."""

    sold: OrderLine
    order_line: str
    left: Decimal


# A line of the sale, and how much of what is asked for is of it.
Share = tuple[SaleLine, Decimal]


def lines_meant(order: Order | None, requested: RequestLine, ids: Sequence[str]) -> list[OrderLine]:
    """The lines of the order that a requested line may be about: the one it names, else every line of the item."""
    first = find_sold(order, requested, ids)
    if first is None or order is None:
        return []
    if requested.order_line:
        return [first]
    return [sold for sold in order.lines if not set(ids).isdisjoint(sold.ids)]


def left_of_each(
    return_: Return,
    line: ReturnLine,
    sold: Sequence[OrderLine],
    gone: Callable[[str], Decimal],
    requested: RequestLine,
) -> list[SaleLine]:
    """The lines of the sale with what is left of each; those that the line had before come first, so that it keeps
    them when its request changes. `gone`: what others bring back, or ask for, of an order line.
    """
    had = [each.order_line for each in (line, *parts_of(return_, line)) if each.requested]
    numbered = [(each, requested.order_line or each.order_line) for each in sold]
    numbered.sort(key=lambda pair: had.index(pair[1]) if pair[1] in had else len(had))
    return [SaleLine(each, number, max(ZERO, each.quantity - gone(number))) for each, number in numbered]


def shares_of(quantity: Decimal, lines: Sequence[SaleLine], serials: Collection[str]) -> list[Share]:
    """Cut a quantity over lines of a sale: to each what it sold of the serials that are named, then what it has left.

    The last one that has any takes what is asked for beyond that.
    """
    if not lines:
        return []
    taken, rest = [ZERO] * len(lines), quantity
    for by_serials in (True, False):
        for n, line in enumerate(lines):
            room = line.left - taken[n]
            if by_serials:
                room = min(room, Decimal(len(set(serials) & set(line.sold.serials))))
            share = max(ZERO, min(rest, room))
            taken[n] += share
            rest -= share
    used = [n for n, share in enumerate(taken) if share] or [0]
    taken[used[-1]] += rest
    return [(lines[n], taken[n]) for n in used]


def cut(return_: Return, line: ReturnLine, shares: Sequence[Share], reserved: Collection[str]) -> list[ReturnLine]:
    """Make the line its first share and parts of the others; all of them, in the order of the shares.

    A part of before stays that of its order line; one that has no share any more asks for nothing. `reserved`: numbers
    that lines of the request have, which no part may take.
    """
    free = parts_of(return_, line)
    for part in free:
        part.requested, part.serials = ZERO, ()
        part.decision, part.decision_reason, part.decision_text = (
            "denied",
            "withdrawn",
            "of no line of the sale any more",
        )
    lines = [line]
    for share, quantity in shares[1:]:
        had = [each for each in free if each.order_line == share.order_line]
        part = had[0] if had else _new_part(return_, line, reserved)
        free = [each for each in free if each is not part]
        _make_part(part, line, share)
        part.requested = quantity
        lines.append(part)
    if len(lines) > 1:
        line.requested = shares[0][1]
        line.serials = tuple(s for s in line.serials if not any(s in part.serials for part in lines[1:]))
    return lines


def _make_part(part: ReturnLine, line: ReturnLine, share: SaleLine) -> None:
    """The part is what its line is, of another line of the sale."""
    part.part_of, part.partner_line, part.added = line.line_no, line.partner_line, False
    part.order_line, part.accepted_price = share.order_line, line.accepted_price
    part.item, part.ids, part.unit, part.asked_unit = line.item, line.ids, line.unit, line.asked_unit
    part.reason, part.condition, part.used = line.reason, line.condition, line.used
    part.resolution, part.instruction = line.resolution, line.instruction
    part.serials, part.lots = tuple(s for s in line.serials if s in share.sold.serials), line.lots
    part.sold_serials, part.sold_lots = line.sold_serials, line.sold_lots
    part.product_class, part.vendor = line.product_class, line.vendor
    part.cost_price, part.cost_currency = line.cost_price, line.cost_currency


def _new_part(return_: Return, line: ReturnLine, reserved: Collection[str]) -> ReturnLine:
    """Another line of the return: 1B, 1C … for line 1 where that fits a posting key; else a number that nobody has."""
    lettered = (f"{line.line_no}{letter}" for letter in ascii_uppercase[1:])
    numbered = (str(n) for n in range(len(return_.lines) + 1, 999_999))
    number = next(
        number
        for numbers in (lettered, numbered)
        for number in numbers
        if len(number) <= 6 and number not in return_.lines and number not in reserved
    )
    line.parts += (number,)
    return add_line(return_, line.item, line.ids, line.unit, number)
