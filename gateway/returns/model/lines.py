"""The lines of a return."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from gateway.returns.model.values import NO_CODE, ZERO
from translators.canonical import Code, Item

LineDecision = Literal["authorized", "partial", "denied", "pending"]


@dataclass(slots=True)
class ReturnLine:
    """One line: what was asked (`requested`, reason), how it was decided, and every id its item is known by.

    `line_no` is ours (letters and digits, at most 6), `partner_line` theirs. Quantities and price are those of `unit`,
    the base unit; `asked` and `asked_unit` are what the request said. `assigned`: further ids that a person said are
    this line's. `vendor`: the product master's supplier of the item; `cost_price` is what one unit cost us there, in
    `cost_currency` (None while nobody has said it). `serials` and `lots` are those that the request names, `sold_…`
    those that the sale tells of the item, `taken_…` others that a person took in their place.

    `unit_price` is what one unit is credited at (see `money.prices`), `sale_price` what it was sold at, `claimed_price`
    what the request says, `accepted_price` a claimed price that a person said is to be credited.

    `tax_rates`: the taxes of the sale in percent; None where the order does not say them. `claimed_charges`: what the
    request claims beside the goods, by kind of charge, with the line's share of what it claims as a whole;
    `credited_charges` is what of that we credit with all of the `requested` quantity.

    `part_of`: the line whose request was cut over several lines of the sale, of which this is another share; that one
    names its `parts`.
    """

    line_no: str
    item: Item
    requested: Decimal
    unit: str = "EA"
    partner_line: str = ""
    unit_price: Decimal | None = None
    order_line: str = ""
    reason: Code = NO_CODE
    condition: Code = NO_CODE
    resolution: str = ""
    instruction: str = "return"
    decision: LineDecision = "pending"
    decision_reason: str = ""
    decision_text: str = ""
    decision_owner: str = ""
    product_class: str = ""
    ids: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    added: bool = False
    used: bool | None = None
    assigned: tuple[str, ...] = ()
    vendor: str = ""
    cost_price: Decimal | None = None
    cost_currency: str = ""
    asked: Decimal = ZERO
    asked_unit: str = ""
    sold_serials: tuple[str, ...] = ()
    sold_lots: tuple[str, ...] = ()
    taken_serials: tuple[str, ...] = ()
    taken_lots: tuple[str, ...] = ()
    claimed_price: Decimal | None = None
    sale_price: Decimal | None = None
    accepted_price: Decimal | None = None
    tax_rates: tuple[Decimal, ...] | None = None
    claimed_charges: dict[str, Decimal] = field(default_factory=dict)
    credited_charges: Decimal = ZERO
    part_of: str = ""
    parts: tuple[str, ...] = ()

    @property
    def sku(self) -> str:
        """The most trusted id of the item; "" for goods that name none."""
        ids = self.item.ids()
        return ids[0] if ids else ""
