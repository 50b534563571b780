"""Who owns which attribute of a return.

A correction from somebody who does not own what it corrects is recorded and held, never applied.
"""

from __future__ import annotations

from typing import Literal

from gateway.returns.model import Arrival, Return

# What documents can say of a return.
Attribute = Literal[
    "requested quantity, reason, references",
    "authorized quantity, RMA, expiry",
    "cancellation",
    "shipped quantity, carrier, tracking, cartons",
    "received quantity, condition",
    "inspected quantity, grade, disposition",
    "parcel events",
    "credit, ERP document numbers",
    "price, order history, product and customer data",
    "credit of a supplier claim",
]
# Attribute → the roles that own it. "house" is ourselves (policy and people), "" a sender whose role we do not know.
OWNERS: dict[Attribute, tuple[str, ...]] = {
    "requested quantity, reason, references": ("retailer", "supplier", "house"),
    "authorized quantity, RMA, expiry": ("house",),
    "cancellation": ("retailer", "supplier", "house"),
    "shipped quantity, carrier, tracking, cartons": ("retailer", "supplier", "carrier", "warehouse", "house"),
    "received quantity, condition": ("warehouse", "supplier", "house"),
    "inspected quantity, grade, disposition": ("warehouse", "supplier", "house"),
    "parcel events": ("carrier", "retailer", "warehouse", "house"),
    "credit, ERP document numbers": ("erp", "house"),
    "price, order history, product and customer data": ("erp", "house"),
    "credit of a supplier claim": ("supplier", "house"),
}
# Roles that speak for one return partner only: their own returns are theirs, nobody else's.
_OWN_RETURNS_ONLY = frozenset({"retailer"})


def why_not_theirs(attribute: Attribute | None, received: Arrival, return_: Return) -> str:
    """Why this sender may not say something of this attribute of this return; "" if it may.

    An unknown role is taken at its word.
    """
    if attribute is None or not received.role:
        return ""
    if received.role not in OWNERS[attribute]:
        return f"{received.partner} ({received.role}) does not own {attribute}"
    if received.role in _OWN_RETURNS_ONLY and received.partner != return_.partner:
        return f"{return_.return_no} is a return of {return_.partner}, not of {received.partner}"
    return ""
