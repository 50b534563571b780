"""What canonical documents are made of: codes, parties, items, references, charges."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class Canonical(BaseModel):
    """Immutable and closed: an unknown field is a programming error, not data."""

    # Validators are built on first use: a dry run of one file needs a few of them only.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Code(Canonical):
    """A coded value: what the partner wrote and what we call it. `canonical` is "" until a crosswalk knows it."""

    raw: str = ""
    canonical: str = ""
    text: str = ""


class Party(Canonical):
    """A company or place. `role`: ship_from, ship_to, return_to, store, buyer, vendor, warehouse, depositor, …"""

    role: str
    name: str = ""
    qualifier: str = ""
    id: str = ""
    address: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


class Item(Canonical):
    """Item identity: our SKU, the buyer's, the vendor's, a GTIN; `other` keeps further qualifier/id pairs."""

    sku: str = ""
    buyer_sku: str = ""
    vendor_sku: str = ""
    gtin: str = ""
    description: str = ""
    other: tuple[tuple[str, str], ...] = ()

    def ids(self) -> tuple[str, ...]:
        """Every id this item is known by, most trusted first."""
        ids = tuple(filter(None, (self.sku, self.gtin, self.vendor_sku, self.buyer_sku)))
        return ids + tuple(v for _, v in self.other if v) if self.other else ids


class Reference(Canonical):
    """A number that ties messages together.

    `kind`: rma, request, order, purchase_order, invoice, shipment, receipt, tracking, bill_of_lading, carton,
    claim, line, vendor, batch, correlation, or x12:<qualifier> where we have no word for it.
    """

    kind: str
    value: str


class Charge(Canonical):
    """A fee, allowance or tax: `kind` restocking, freight, handling, allowance, tax, other."""

    kind: str
    amount: Decimal
    code: str = ""
    text: str = ""
