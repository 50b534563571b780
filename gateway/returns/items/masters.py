"""Orders and products, as the rules look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from translators.canonical import Item


@dataclass(slots=True, frozen=True)
class OrderLine:
    """A sold line: quantity and price in its `unit` ("" = the item's base unit), every id the item was sold under, and
    the serial and lot numbers that went out. `currency`: that of the price ("" = nobody says).
    `tax_rates`: its taxes in percent, None where nobody says; `tax_problem`: what is wrong with what the order says of
    them.
    """

    order_line: str
    sku: str
    ids: tuple[str, ...]
    quantity: Decimal
    unit_price: Decimal | None
    unit: str = ""
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    currency: str = ""
    tax_rates: tuple[Decimal, ...] | None = None
    tax_problem: str = ""


@dataclass(slots=True, frozen=True)
class Order:
    """What was sold: `sold_on` is the day the return window counts from (delivered, else shipped, else ordered)."""

    number: str
    purchase_order: str
    customer: str
    currency: str
    sold_on: date | None
    lines: tuple[OrderLine, ...]
    invoice_number: str = ""  # "" also where several were written


@dataclass(slots=True, frozen=True)
class Product:
    """An item as the ERP has it.

    `unit` is the one it is counted in ("" = as documents say), `units` what one of another unit holds of it.
    `warranty_days` 0: it has no warranty; None: nobody says.
    """

    item: Item
    product_class: str
    returnable: bool
    warranty_days: int | None = None
    vendor: str = ""
    unit: str = ""
    units: Mapping[str, Decimal] = field(default_factory=dict)
    cost_price: Decimal | None = None
    cost_currency: str = ""
