"""What the heading of a column says in an ERP's exports: orders, products, customers, sites."""

from __future__ import annotations

from gateway.onboarding.propose.column_names import words_of

# Words in the name of a file that speak for a dataset.
NAMES_OF = {
    "orders": {"order", "sales", "saleshist", "invoice", "history"},
    "products": {"item", "sku", "products", "articles", "materials", "items"},
    "customers": {"customer", "customers", "accounts", "debtors"},
    "sites": {"warehouse", "sites", "store"},
}
# Field → headings that mean it, in the words of `column_names`, the best ones first.
_HEADINGS = {
    "orders": {
        "order_number": ("order number", "order", "order code", "order order"),
        "order_line": ("order line", "line number", "line"),
        "customer": ("customer number", "customer"),
        "purchase_order": ("customer purchase order", "customer purchase", "purchase order number", "purchase"),
        "order_date": ("order date", "ordered", "date"),
        "ship_date": ("shipment date", "shipment"),
        "sku": ("item number", "item code", "item", "sku"),
        "gtin": ("gtin",),
        "buyer_sku": ("customer item", "customer sku", "buyer item", "buyer sku"),
        "vendor_sku": ("vendor item", "vendor sku"),
        "quantity": ("order quantity", "shipment quantity", "quantity"),
        "unit": ("unit code", "unit"),
        "unit_price": ("unit price", "price"),
        "tax_percent": ("tax percent", "tax rate", "vat percent", "vat rate"),
        "tax_amount": ("tax amount", "sales tax", "vat amount"),
        "currency": ("currency code", "currency"),
        "invoice_number": ("invoice number", "invoice"),
        "serials": ("serial number", "serial"),
        "lots": ("lot number", "lot"),
    },
    "products": {
        "sku": ("item number", "item code", "item", "sku"),
        "gtin": ("gtin",),
        "description": ("item description", "description", "note"),
        "unit": ("unit code", "unit"),
        "product_class": ("item class", "class"),
        "returnable": ("returnable", "return"),
        "warranty_days": ("warranty",),
        "supplier": ("vendor number", "vendor"),
        "vendor_sku": ("vendor item", "vendor sku"),
        "site": ("warehouse",),
    },
    "customers": {
        "customer": ("customer number", "customer code", "customer"),
        "name": ("customer description", "description"),
        "blocked": ("blocked",),
        "currency": ("currency code", "currency"),
    },
    "sites": {
        "site": ("warehouse code", "warehouse number", "warehouse"),
        "name": ("warehouse description", "description"),
        "address": ("address",),
        "city": ("city",),
        "region": ("region", "condition"),  # "state"
        "postal_code": ("zip code", "zip"),
        "country": ("country code", "country"),
    },
}


def columns_for(heading: str, dataset: str) -> list[tuple[int, str]]:
    """Fields of a dataset that a heading may mean, the best fit first, each with its fit."""
    words = words_of(heading)
    fits = []
    for field, headings in _HEADINGS[dataset].items():
        found = [
            3 * len(needed) - len(words - needed)
            for needed in (frozenset(phrase.split()) for phrase in headings)
            if needed <= words
        ]
        if found and max(found) > 0:
            fits.append((max(found), f"rows.{field}"))
    return sorted(fits, key=lambda fit: -fit[0])
