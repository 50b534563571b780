"""What a decision may look at of the ERP's master data, and which rows it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from gateway.returns.documents.keys import GoodsLine
from gateway.returns.items.master_rows import order_of, product_of
from gateway.returns.items.masters import Order, Product
from translators.canonical import (
    Authorization,
    Cancellation,
    CreditNote,
    CreditNoteLine,
    InboundDocument,
    Inspection,
    Item,
    Receipt,
    RequestLine,
    ReturnRequest,
    Shipment,
)

# Which row of master data: dataset, and the number that it is looked up by.
FactKey = tuple[str, str]
# What returns were authorized to bring back of a sale: sale key, item id, order line ("" = not said) → quantity.
SaleItem = tuple[str, str, str]
_YES = frozenset({"1", "y", "yes", "true", "x", "blocked"})


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
                orders[key] = order_of(body)
            elif dataset == "products":
                products[key] = product_of(body)
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


def facts_of_items(document: Authorization | Cancellation | Shipment | CreditNote) -> tuple[FactKey, ...]:
    """The items of the lines."""
    return _unique(_products(document.lines))


def no_facts(_: InboundDocument) -> tuple[FactKey, ...]:
    """For documents that are decided without master data."""
    return ()


def _products(lines: Iterable[RequestLine | GoodsLine | CreditNoteLine]) -> list[FactKey]:
    return [("products", item_id) for line in lines for item_id in line.item.ids()]


def _unique(keys: list[FactKey]) -> tuple[FactKey, ...]:
    return tuple(dict.fromkeys(keys))


def customers_wanted(document: ReturnRequest, facts: Facts) -> tuple[FactKey, ...]:
    """The customers that a request may be about: the one it names, and those of its order.

    `facts` are those of `facts_wanted`: whose the order is only the order tells.
    """
    orders = (order.customer for order in facts.orders.values())
    return tuple(("customers", customer) for customer in dict.fromkeys((document.customer, *orders, "")))
