"""Who owns which attribute of a return.

A correction from somebody who does not own what it corrects is recorded and held, never applied.
"""

from __future__ import annotations

from gateway.returns.model import Received, Return

# Attribute → the roles that own it. "house" is ourselves (policy and people), "" a sender whose role we do not know.
OWNERS: dict[str, tuple[str, ...]] = {
    "requested quantity, reason, references": ("retailer", "supplier", "house"),
    "authorized quantity, RMA, expiry": ("house",),
    "cancellation": ("retailer", "supplier", "house"),
    "shipped quantity, carrier, tracking, cartons": ("retailer", "supplier", "carrier", "warehouse", "house"),
    "received quantity, condition": ("warehouse", "supplier", "house"),
    "inspected quantity, grade, disposition": ("warehouse", "supplier", "house"),
    "parcel events": ("carrier", "retailer", "warehouse", "house"),
    "credit, ERP document numbers": ("erp", "house"),
    "price, order history, product and customer data": ("erp", "house"),
}
# What a kind of document speaks about.
_SPEAKS_OF = {
    "return_request": "requested quantity, reason, references",
    "authorization": "authorized quantity, RMA, expiry",
    "cancellation": "cancellation",
    "shipment": "shipped quantity, carrier, tracking, cartons",
    "receipt": "received quantity, condition",
    "inspection": "inspected quantity, grade, disposition",
    "carrier_event": "parcel events",
    "erp_result": "credit, ERP document numbers",
}
# Roles that speak for one return partner only: their own returns are theirs, nobody else's.
_OWN_RETURNS_ONLY = frozenset({"retailer"})


def may_not(kind: str, received: Received, return_: Return) -> str:
    """Why this sender may not say this about this return; "" if it may. An unknown role is taken at its word."""
    attribute = _SPEAKS_OF.get(kind)
    if attribute is None or not received.role:
        return ""
    if received.role not in OWNERS[attribute]:
        return f"{received.partner} ({received.role}) does not own {attribute}"
    if received.role in _OWN_RETURNS_ONLY and received.partner != return_.partner:
        return f"{return_.return_no} is a return of {return_.partner}, not of {received.partner}"
    return ""
