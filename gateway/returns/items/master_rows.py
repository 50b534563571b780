r"""ERP master data as the rules need it: orders, products, customers, sites.

Reference rows arrive as text columns (`ReferenceData`); `reference_rows` groups them into what the store keeps, one
body per number it can be looked up by, and `order_of` and `product_of` read those bodies back.

| dataset | columns used (all text; dates ISO; others are kept) |
|---|---|
| orders | order_number, order_line, purchase_order, customer, partner, currency, sku, quantity, unit, unit_price, tax_percent or tax_amount (each one number, or several apart by `;`), order_date, ship_date, delivery_date, serials, lots (lists, their entries apart by `;` `,` `\|` or line ends) |
| products | sku, gtin, vendor_sku, buyer_sku, description, product_class, returnable, warranty_days, unit, units.CA and its like (how many of `unit` one CA is), supplier |
| customers | customer, name, blocked |
| sites | site, name |

A load also leaves a row with the key "": that there is such master data at all. What it does not name is then unknown,
not merely untold.
"""  # noqa: E501 - a table row cannot be broken

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from gateway.returns.documents.serial_numbers import listed
from gateway.returns.items.masters import Order, OrderLine, Product
from gateway.returns.items.sale_taxes import sale_taxes
from translators.canonical import Item, ReferenceData

# One stored reference row: dataset, key, body.
ReferenceRow = tuple[str, str, dict[str, Any]]
_HELD = "units."
_ID_COLUMNS = ("sku", "gtin", "vendor_sku", "buyer_sku")
_NO = frozenset({"0", "n", "no", "false"})


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


def order_of(body: Mapping[str, Any]) -> Order:
    """A stored body of an order."""
    invoices = {str(line.get("invoice_number", "")) for line in body.get("lines", ())}
    return Order(
        number=str(body.get("order_number", "")),
        purchase_order=str(body.get("purchase_order", "")),
        customer=str(body.get("customer", "")),
        currency=str(body.get("currency", "")).strip().upper(),
        sold_on=_date(body.get("delivery_date") or body.get("ship_date") or body.get("order_date") or ""),
        lines=tuple(_order_line(line) for line in body.get("lines", ())),
        invoice_number=invoices.pop() if len(invoices) == 1 else "",
    )


def _order_line(row: Mapping[str, str]) -> OrderLine:
    ids = tuple(filter(None, map(row.get, _ID_COLUMNS)))
    quantity, price = _decimal(row.get("quantity", "")) or Decimal(0), _decimal(row.get("unit_price", ""))
    rates, problem = sale_taxes(row, quantity, price)
    return OrderLine(
        order_line=row.get("order_line", ""),
        sku=row.get("sku", ""),
        ids=ids,
        quantity=quantity,
        unit_price=price,
        unit=row.get("unit", "").strip(),
        serials=listed(row.get("serials", "")),
        lots=listed(row.get("lots", "")),
        currency=row.get("currency", "").strip().upper(),
        tax_rates=rates,
        tax_problem=problem,
    )


def product_of(body: Mapping[str, Any]) -> Product:
    """A stored body of a product."""
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
        None if warranty is None else int(warranty),
        str(body.get("supplier", "")).strip(),
        str(body.get("unit", "")).strip(),
        {name.removeprefix(_HELD): held for name, text in body.items() if (held := _held(name, text))},
        _decimal(str(body.get("cost_price", ""))),
        str(body.get("cost_currency", "")).strip().upper(),
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
