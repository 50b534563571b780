"""Who owns which attribute of a return, and which fields each stage needs: two tables, and the questions put to them.

A correction from somebody who does not own what it corrects is recorded and held, never applied.
"""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.erp.switch import REPLACEMENT_RESOLUTIONS
from gateway.returns.model import Received, Return, ReturnLine

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

# Stage → fields that must be there once it is reached: of the return, and of the line. What follows from where a
# document came (site, day, number of ours) always is, and goods without a place on a line have Holds of their own.
REQUIRED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "requested": (("partner", "return_no", "correlation_id", "opened_at"), ("requested", "unit", "item")),
    "authorized": (("rma", "currency", "customer"), ("item", "unit")),
    "shipped": ((), ("item", "unit")),
    "received": ((), ("item", "unit")),
    "inspected": ((), ("item", "unit")),
    "dispositioned": ((), ("item", "unit")),
    "credited": (("currency", "customer"), ("unit_price",)),
}
# Who is asked for what a stage lacks.
ASKED: dict[str, str] = {
    "requested": "customer_service",
    "authorized": "customer_service",
    "shipped": "partner",
    "received": "warehouse",
    "inspected": "warehouse",
    "dispositioned": "warehouse",
    "credited": "finance",
}


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


def missing_at(stage: str, return_: Return, line: ReturnLine) -> tuple[str, ...]:
    """Fields that the stage needs and that are not there, the return's first. KeyError for an unknown stage."""
    of_return, of_line = REQUIRED[stage]
    absent = [name for name in of_return if not getattr(return_, name)]
    # What is replaced needs no price.
    priced = line.resolution not in REPLACEMENT_RESOLUTIONS
    absent += [name for name in of_line if not _there(line, name) and (priced or name != "unit_price")]
    return tuple(absent)


def _there(line: ReturnLine, name: str) -> bool:
    if name == "item":
        return any(not each.startswith("line:") for each in line.ids)
    if name == "requested":
        # In whatever unit: one that nobody can count yet has a Hold of its own.
        return bool(line.requested or line.asked)
    value = getattr(line, name)
    return value is not None if name == "unit_price" else bool(value)


def missing_so_far(return_: Return, line: ReturnLine, credit: Decimal) -> dict[str, tuple[str, ...]]:
    """What the stages that a line has reached lack: stage → fields, each under the first stage that needs it.

    `credit` says how much of the line should be credited now. A line that is denied lacks nothing.
    """
    ids = line.ids
    if (
        (ids and ids[0][:5] != "line:" and line.unit and (line.requested or line.asked or line.added))
        and (return_.rma and return_.currency and return_.customer and line.unit_price is not None)
    ):  # fmt: skip
        return {}
    t = return_.tallies[line.line_no]
    asked = line.decision != "denied" and not line.added and not return_.cancelled
    reached = {
        "requested": asked,
        "authorized": t.a,
        "shipped": t.a and t.x,
        "received": t.a and t.r,
        "inspected": t.a and t.i,
        "dispositioned": t.a and t.dispositioned,
        "credited": credit,
    }
    found: dict[str, tuple[str, ...]] = {}
    known: set[str] = set()
    for stage, here in reached.items():
        if here and (absent := tuple(name for name in missing_at(stage, return_, line) if name not in known)):
            found[stage] = absent
            known.update(absent)
    return found
