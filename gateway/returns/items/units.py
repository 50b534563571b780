"""Units: every line is counted in the base unit of its item, whatever unit a document counts in.

How many base units another unit holds is the product master's to say (its `unit` and `units`), then the policy's
(`[units]` `DZ = "12 EA"`). A quantity that cannot be counted in the base unit exactly is never guessed: its line is
held.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gateway.returns.documents.keys import GoodsLine
from gateway.returns.items.masters import OrderLine, Product
from gateway.returns.model import ZERO, ReturnLine
from gateway.returns.policy import Policy
from translators.canonical import ReceiptLine

# Digits behind the point of a price that was divided: cents stay exact for some thousands of units.
PRICE = Decimal("0.000001")
_ONE = Decimal(1)


def base_unit(unit: str, product: Product | None, policy: Policy) -> str:
    """The unit in which goods said in `unit` are counted: the product's own, else what the policy counts it in."""
    if product is not None and product.unit:
        return product.unit
    return policy.counted.get(unit, (unit, _ONE))[0]


def per_unit(unit: str, base: str, product: Product | None, policy: Policy) -> Decimal | None:
    """How many `base` units one `unit` is; None if nobody says, or if it is no exact number."""
    if unit == base:
        return _ONE
    if product is not None:
        if product.unit == base and (held := product.units.get(unit)):
            return held
        if product.unit == unit and (held := product.units.get(base)):
            return _exactly(_ONE, held)
    counted_in, held = policy.counted.get(unit, ("", _ONE))
    return held if counted_in == base else None


def in_base(quantity: Decimal, unit: str, base: str, product: Product | None, policy: Policy) -> Decimal | None:
    """A quantity in `unit` as one in `base`; None if that cannot be said exactly."""
    if unit == base:
        return quantity
    factor = per_unit(unit, base, product, policy)
    if factor is not None:
        return quantity * factor
    holds = per_unit(base, unit, product, policy)
    return _exactly(quantity, holds) if holds else None


def _exactly(quantity: Decimal, by: Decimal) -> Decimal | None:
    """The quotient if it has few digits: what was divided must come out again."""
    quotient = (quantity / by).quantize(PRICE)
    return quotient.normalize() + ZERO if quotient * by == quantity else None


def price_in_base(
    price: Decimal | None, unit: str, base: str, product: Product | None, policy: Policy
) -> Decimal | None:
    """The price of one `unit` as that of one `base` unit; None if nobody says how many of one the other is."""
    if price is None or unit == base:
        return price
    if factor := per_unit(unit, base, product, policy):
        return (price / factor).quantize(PRICE)
    held = per_unit(base, unit, product, policy)
    return None if held is None else price * held


def sold_in_base(sold: OrderLine, base: str, product: Product | None, policy: Policy) -> OrderLine | None:
    """An order line counted in `base`; None if its own unit cannot be. An order that names no unit means `base`."""
    if sold.unit in {"", base}:
        return sold
    quantity = in_base(sold.quantity, sold.unit, base, product, policy)
    if quantity is None:
        return None
    price = price_in_base(sold.unit_price, sold.unit, base, product, policy)
    return replace(sold, quantity=quantity, unit_price=price, unit=base)


def in_asked_unit(line: ReturnLine, quantity: Decimal) -> Decimal | None:
    """A quantity of the line in the unit that its partner asked in; None if that would be no whole number of them."""
    if line.asked_unit in {"", line.unit} or not line.asked or not line.requested:
        return None
    in_their_unit = quantity * line.asked / line.requested
    whole_units = in_their_unit.to_integral_value()
    return whole_units if whole_units * line.requested == quantity * line.asked else None


def unknown_unit(line: GoodsLine, base: str, product: Product | None, policy: Policy) -> str:
    """The first unit of a goods line that cannot be counted in `base`; "" if all can."""
    quantities = [(line.unit, line.quantity)]
    if type(line) is ReceiptLine:
        quantities += [(exception.unit, exception.quantity) for exception in line.exceptions]
    return next((unit for unit, quantity in quantities if in_base(quantity, unit, base, product, policy) is None), "")


def counted_in(line: GoodsLine, base: str, product: Product | None, policy: Policy) -> GoodsLine:
    """A goods line with every quantity in `base`. Only for lines whose units are all known (`unknown_unit`)."""

    def converted(quantity: Decimal, unit: str) -> dict[str, object]:
        return {"quantity": in_base(quantity, unit, base, product, policy), "unit": base}

    changed = converted(line.quantity, line.unit)
    if type(line) is ReceiptLine and line.exceptions:
        changed["exceptions"] = tuple(
            exception.model_copy(update=converted(exception.quantity, exception.unit)) for exception in line.exceptions
        )
    return line.model_copy(update=changed)


def counts_in(line: GoodsLine, base: str) -> bool:
    """Is the whole line said in `base` already? The usual case, which must cost nothing."""
    return line.unit == base and (type(line) is not ReceiptLine or all(e.unit == base for e in line.exceptions))
