"""ERP master data as the rules need it: orders, products, customers, sites.

Reference rows arrive as text columns (`ReferenceData`); `reference_rows` groups them into what the store keeps, one
body per number it can be looked up by, and `Facts.from_rows` reads those bodies back.

| dataset | columns used (all text; dates ISO; others are kept) |
|---|---|
| orders | order_number, order_line, purchase_order, customer, partner, currency, sku, quantity, unit, unit_price, order_date, ship_date, delivery_date |
| products | sku, gtin, vendor_sku, buyer_sku, description, product_class, returnable, warranty_days, unit, units.CA and its like (how many of `unit` one CA is), supplier |
| customers | customer, name, blocked |
| sites | site, name |

A load also leaves a row with the key "": that there is such master data at all. What it does not name is then unknown,
not merely untold.
"""  # noqa: E501 - a table row cannot be broken

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from gateway.returns.documents.keys import GoodsLine
from translators.canonical import (
    Authorization,
    Cancellation,
    InboundDocument,
    Inspection,
    Item,
    Receipt,
    ReferenceData,
    RequestLine,
    ReturnRequest,
    Shipment,
)

# Which row of master data: dataset, and the number that it is looked up by.
FactKey = tuple[str, str]

# One stored reference row: dataset, key, body.
ReferenceRow = tuple[str, str, dict[str, Any]]

# What returns were authorized to bring back of a sale: sale key, item id, order line ("" = not said) → quantity.
SaleItem = tuple[str, str, str]

_HELD = "units."
_ID_COLUMNS = ("sku", "gtin", "vendor_sku", "buyer_sku")
_NO = frozenset({"0", "n", "no", "false"})
_YES = frozenset({"1", "y", "yes", "true", "x", "blocked"})


@dataclass(slots=True, frozen=True)
class OrderLine:
    """A sold line: quantity and price in its `unit` ("" = the item's base unit), every id the item was sold under."""

    order_line: str
    sku: str
    ids: tuple[str, ...]
    quantity: Decimal
    unit_price: Decimal | None
    unit: str = ""


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
    """`unit` is the one it is counted in ("" = as documents say), `units` what one of another unit holds of it."""

    item: Item
    product_class: str
    returnable: bool
    warranty_days: int = 0
    vendor: str = ""
    unit: str = ""
    units: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Facts:
    """The reference rows a decision may look at, by the numbers they were asked for.

    `masters`: the datasets of which anything was ever loaded.
    """

    orders: dict[str, Order] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    blocked_customers: frozenset[str] = frozenset()
    taken_back: dict[SaleItem, Decimal] = field(default_factory=dict)
    customers: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    masters: frozenset[str] = frozenset()

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Facts:
        """Stored reference rows (dataset, key, body) as facts, later ones over earlier ones. Others are passed over."""
        orders: dict[str, Order] = {}
        products: dict[str, Product] = {}
        names: dict[str, set[str]] = {"customers": set(), "sites": set(), "blocked": set(), "masters": set()}
        for dataset, key, body in rows:
            if not key:
                names["masters"].add(dataset)
            elif dataset == "orders":
                orders[key] = _order(body)
            elif dataset == "products":
                products[key] = _product(body)
            else:
                names[dataset].add(key)
                if str(body.get("blocked", "")).strip().lower() in _YES:
                    names["blocked"].add(key)
                else:
                    names["blocked"].discard(key)
        return cls(
            orders,
            products,
            frozenset(names["blocked"]),
            customers=frozenset(names["customers"]),
            sites=frozenset(names["sites"]),
            masters=frozenset(names["masters"]),
        )

    def with_customers(self, more: Facts) -> Facts:
        """These facts and what `more` knows of customers."""
        return replace(
            self,
            blocked_customers=self.blocked_customers | more.blocked_customers,
            customers=self.customers | more.customers,
            masters=self.masters | more.masters,
        )

    def ids(self, item: Item) -> tuple[str, ...]:
        """Every id of the item that the document or our product master knows."""
        named = item.ids()
        if not self.products:
            return named
        masters_ids = [p.item.ids() for i in named if (p := self.products.get(i))]
        if not masters_ids:
            return named
        return tuple(dict.fromkeys((*named, *(i for ids in masters_ids for i in ids))))

    def product(self, item: Item) -> Product | None:
        """The product with one of the item's ids; None if the product master has none."""
        if not self.products:
            return None
        return next((p for i in item.ids() if (p := self.products.get(i))), None)


NO_FACTS = Facts()


def facts_of_request(document: ReturnRequest) -> tuple[FactKey, ...]:
    """The order that a request names, its items, and whether there is a product master at all."""
    keys: list[FactKey] = []
    order = document.order_number or document.reference("order")
    purchase = document.purchase_order or document.reference("purchase_order")
    if order:
        keys.append(("orders", order))
    if purchase:
        keys.append(("orders", f"po:{purchase}"))
    keys.append(("products", ""))
    return _unique([*keys, *_products(document.lines)])


def facts_of_goods(document: Receipt | Inspection) -> tuple[FactKey, ...]:
    """The site that the goods are at, if one is named, and the items."""
    site = document.warehouse
    keys: list[FactKey] = [("sites", site), ("sites", "")] if site else []
    return _unique([*keys, *_products(document.lines)])


def facts_of_items(document: Authorization | Cancellation | Shipment) -> tuple[FactKey, ...]:
    """The items of the lines."""
    return _unique(_products(document.lines))


def no_facts(_: InboundDocument) -> tuple[FactKey, ...]:
    """For documents that are decided without master data."""
    return ()


def _products(lines: Iterable[RequestLine | GoodsLine]) -> list[FactKey]:
    return [("products", item_id) for line in lines for item_id in line.item.ids()]


def _unique(keys: list[FactKey]) -> tuple[FactKey, ...]:
    return tuple(dict.fromkeys(keys))


def customers_wanted(document: ReturnRequest, facts: Facts) -> tuple[FactKey, ...]:
    """The customers that a request may be about: the one it names, and those of its order.

    `facts` are those of `facts_wanted`: whose the order is only the order tells.
    """
    orders = (order.customer for order in facts.orders.values())
    return tuple(("customers", customer) for customer in dict.fromkeys((document.customer, *orders, "")))


def reference_rows(document: ReferenceData) -> list[ReferenceRow]:
    """Loaded master data as rows to store: orders by number and by "po:" purchase order, products by every id.

    An order's lines are gathered into one body, so a later load of an order replaces it whole.
    """
    dataset = document.dataset
    if dataset == "orders":
        return _order_rows(document.rows)
    columns = _ID_COLUMNS if dataset == "products" else ("customer",) if dataset == "customers" else ("site",)
    rows: list[ReferenceRow] = [(dataset, row[c], dict(row)) for row in document.rows for c in columns if row.get(c)]
    return [*rows, (dataset, "", {})] if rows else []


def _order_rows(rows: Iterable[Mapping[str, str]]) -> list[ReferenceRow]:
    orders: dict[str, dict[str, Any]] = {}
    for row in rows:
        number = row.get("order_number", "")
        if not number:
            continue
        body = orders.setdefault(number, {**row, "lines": []})
        body["lines"].append(dict(row))
    out: list[ReferenceRow] = [("orders", number, body) for number, body in orders.items()]
    out += [("orders", f"po:{b['purchase_order']}", b) for b in orders.values() if b.get("purchase_order")]
    return out


def _order(body: Mapping[str, Any]) -> Order:
    invoices = {str(line.get("invoice_number", "")) for line in body.get("lines", ())}
    return Order(
        number=str(body.get("order_number", "")),
        purchase_order=str(body.get("purchase_order", "")),
        customer=str(body.get("customer", "")),
        currency=str(body.get("currency", "")),
        sold_on=_date(body.get("delivery_date") or body.get("ship_date") or body.get("order_date") or ""),
        lines=tuple(_order_line(line) for line in body.get("lines", ())),
        invoice_number=invoices.pop() if len(invoices) == 1 else "",
    )


def _order_line(row: Mapping[str, str]) -> OrderLine:
    ids = tuple(filter(None, map(row.get, _ID_COLUMNS)))
    return OrderLine(
        order_line=row.get("order_line", ""),
        sku=row.get("sku", ""),
        ids=ids,
        quantity=_decimal(row.get("quantity", "")) or Decimal(0),
        unit_price=_decimal(row.get("unit_price", "")),
        unit=row.get("unit", "").strip(),
    )


def _product(body: Mapping[str, Any]) -> Product:
    item = Item(
        sku=str(body.get("sku", "")),
        gtin=str(body.get("gtin", "")),
        vendor_sku=str(body.get("vendor_sku", "")),
        buyer_sku=str(body.get("buyer_sku", "")),
        description=str(body.get("description", "")),
    )
    returnable = str(body.get("returnable", "")).strip().lower() not in _NO
    warranty = _decimal(str(body.get("warranty_days", "")))
    return Product(
        item,
        str(body.get("product_class", "")),
        returnable,
        int(warranty) if warranty else 0,
        str(body.get("supplier", "")).strip(),
        str(body.get("unit", "")).strip(),
        {name.removeprefix(_HELD): held for name, text in body.items() if (held := _held(name, text))},
    )


def _held(name: str, text: str) -> Decimal | None:
    """How many of the product's own unit one of another holds, if the column says that."""
    held = _decimal(str(text)) if name.startswith(_HELD) else None
    return held if held is not None and held > 0 else None


def _date(text: str) -> date | None:
    """A date as ISO or CCYYMMDD; None if it is neither, and the rules that need it then hold the line."""
    try:
        return date.fromisoformat(text.strip()[:10]) if text.strip() else None
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
