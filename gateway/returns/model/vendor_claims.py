"""What we claim of suppliers for goods that go back to them, and what they say and pay."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal


@dataclass(slots=True)
class VendorCredit:
    """What one credit note says of one claim.

    `amount` is money for us: what a debit takes back is below zero. `quantities` are by line of the return, with the
    same sign; a line that says none is left out. `currency` is "" where the note names none. `problem` says what is
    wrong with the note itself, in words.
    """

    number: str
    amount: Decimal
    currency: str = ""
    quantities: dict[str, Decimal] = field(default_factory=dict)
    issued_on: str = ""
    document_id: int | None = None
    problem: str = ""


@dataclass(slots=True)
class VendorShipment:
    """Goods of a claim on their way to the supplier, as a shipment or a person says. `quantities` are by line."""

    number: str
    carrier: str = ""
    tracking: tuple[str, ...] = ()
    shipped_on: str = ""
    quantities: dict[str, Decimal] = field(default_factory=dict)
    document_id: int | None = None


@dataclass(slots=True)
class VendorClaim:
    """Goods of a return that its supplier is asked to take back: by line, what we ask for and what it allows.

    `number` is ours, `rma` the supplier's. `decision` is the supplier's: "" before it answers. `asks` counts how often
    the request was sent. `credits` and `shipments` are by the business key of their document. `written_off`: by
    currency, how much of what is open a person gave up; below zero, how much of what is too much a person kept.
    `by_quantity`: lines that a person lets be claimed without saying what they cost.
    """

    number: str
    supplier: str
    asked: dict[str, Decimal] = field(default_factory=dict)
    asked_at: str = ""
    asks: int = 0
    decision: Literal["", "authorized", "partial", "denied", "pending"] = ""
    allowed: dict[str, Decimal] = field(default_factory=dict)
    rma: str = ""
    answer_order: str = ""
    document_id: int | None = None
    credits: dict[str, VendorCredit] = field(default_factory=dict)
    shipments: dict[str, VendorShipment] = field(default_factory=dict)
    written_off: dict[str, Decimal] = field(default_factory=dict)
    by_quantity: tuple[str, ...] = ()
