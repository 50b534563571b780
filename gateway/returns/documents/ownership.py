"""Who owns which attribute of a return, and what follows when its owner corrects it: one table.

A correction from somebody who does not own what it corrects is recorded and held, never applied. One from the owner is
applied, and everybody who was told otherwise hears of it.
"""

from __future__ import annotations

from dataclasses import dataclass
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
# What a correction causes: the partner is answered again, the warehouse is told what to expect now, the ERP is told of
# the difference, promises to people run from or until it, documents find the return by other numbers, a Hold asks.
Consequence = Literal["answer", "expected receipt", "ERP", "promises", "numbers", "question"]


@dataclass(slots=True, frozen=True)
class AttributeMeaning:
    """One thing that documents say of a return: what follows when its owner says it anew, and how, in words."""

    name: str
    corrected: tuple[Consequence, ...]
    means: str


@dataclass(slots=True, frozen=True)
class OwnershipRow:
    """Who may say something of a return. `owners` are roles; "house" is ourselves (policy and people)."""

    owners: tuple[str, ...]
    parts: tuple[AttributeMeaning, ...]


OWNERSHIP: dict[Attribute, OwnershipRow] = {
    "requested quantity, reason, references": OwnershipRow(
        ("retailer", "supplier", "house"),
        (
            AttributeMeaning(
                "requested quantity",
                ("answer", "expected receipt", "ERP"),
                "the line is judged again by the policy; what was authorized changes by the difference",
            ),
            AttributeMeaning("reason", ("ERP",), "a credit whose fee depends on the reason is made anew"),
            AttributeMeaning(
                "item of a line", ("answer", "expected receipt", "ERP"), "it is another line; the old one is withdrawn"
            ),
            AttributeMeaning(
                "claimed price",
                ("ERP",),
                "the credit follows the lower of claim and sale; a claim above it is asked about",
            ),
            AttributeMeaning(
                "purchase order", ("expected receipt", "numbers"), "the warehouse looks for the goods by it"
            ),
        ),
    ),
    "authorized quantity, RMA, expiry": OwnershipRow(
        ("house",),
        (
            AttributeMeaning(
                "authorized quantity",
                ("expected receipt", "ERP"),
                "a person accepts what came beyond it, or closes what did not; the RMA stays",
            ),
        ),
    ),
    "cancellation": OwnershipRow(
        ("retailer", "supplier", "house"),
        (
            AttributeMeaning(
                "cancelled quantity",
                ("answer", "expected receipt", "ERP"),
                "of what has not come; goods that came are asked about",
            ),
        ),
    ),
    "shipped quantity, carrier, tracking, cartons": OwnershipRow(
        ("retailer", "supplier", "carrier", "warehouse", "house"),
        (
            AttributeMeaning("shipped quantity", ("promises",), "the receipt is due, or met; nothing is sent"),
            AttributeMeaning(
                "tracking and cartons", ("numbers",), "carrier events and receipts find the return by the new ones too"
            ),
        ),
    ),
    "received quantity, condition": OwnershipRow(
        ("warehouse", "supplier", "house"),
        (
            AttributeMeaning(
                "received quantity", ("ERP",), "by the difference; what the ERP has posted is undone after a question"
            ),
            AttributeMeaning("condition", ("ERP",), "booked under the new condition, taken back under the old one"),
        ),
    ),
    "inspected quantity, grade, disposition": OwnershipRow(
        ("warehouse", "supplier", "house"),
        (
            AttributeMeaning(
                "disposition", ("ERP",), "the moves of the new outcome, and credit if it changes what is due"
            ),
            AttributeMeaning("grade", (), "kept with the inspection; nothing depends on it"),
        ),
    ),
    "parcel events": OwnershipRow(
        ("carrier", "retailer", "warehouse", "house"),
        (
            AttributeMeaning(
                "last event of a parcel", ("question",), "an exception is asked about; the latest event stands"
            ),
        ),
    ),
    "credit, ERP document numbers": OwnershipRow(
        ("erp", "house"),
        (
            AttributeMeaning(
                "ERP document number", ("question",), "another number for what is posted is a conflict, never an edit"
            ),
        ),
    ),
    "price, order history, product and customer data": OwnershipRow(
        ("erp", "house"),
        (
            AttributeMeaning(
                "order",
                ("answer", "expected receipt", "ERP"),
                "requests that wait for it are judged; what is decided stays as it was decided",
            ),
        ),
    ),
    "credit of a supplier claim": OwnershipRow(
        ("supplier", "house"),
        (AttributeMeaning("credited amount", ("question",), "a difference from the claim is asked about"),),
    ),
}
# Roles that speak for one return partner only: their own returns are theirs, nobody else's.
_OWN_RETURNS_ONLY = frozenset({"retailer"})


def why_not_theirs(attribute: Attribute | None, received: Arrival, return_: Return) -> str:
    """Why this sender may not say something of this attribute of this return; "" if it may.

    An unknown role is taken at its word.
    """
    if attribute is None or not received.role:
        return ""
    if received.role not in OWNERSHIP[attribute].owners:
        return f"{received.partner} ({received.role}) does not own {attribute}"
    if received.role in _OWN_RETURNS_ONLY and received.partner != return_.partner:
        return f"{return_.return_no} is a return of {return_.partner}, not of {received.partner}"
    return ""


def ownership_table() -> str:
    """The table as Markdown, for the page about partner folders."""
    rows = [
        "| what is said of a return | whose word it is | a correction reaches | how |",
        "|---|---|---|---|",
    ]
    for row in OWNERSHIP.values():
        for part in row.parts:
            reached = ", ".join(part.corrected) or "nobody"
            rows.append(f"| {part.name} | {', '.join(row.owners)} | {reached} | {part.means} |")
    return "\n".join(rows) + "\n"
