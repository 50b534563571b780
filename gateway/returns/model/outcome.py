"""What a decision is given, and what it yields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from gateway.returns.model.aggregate import Return
from gateway.returns.model.holds import Hold
from translators.canonical import ExpectedReceipt, ReferenceData, ReturnAnswer, VendorRequest

DocumentState = Literal["applied", "parked", "held", "ignored"]


class Numbers(Protocol):
    """Numbers allotted in the same transaction: names "return" and "rma"."""

    def next(self, name: str) -> int:
        """The next number of that name, from 1."""
        ...


@dataclass(slots=True, frozen=True)
class Arrival:
    """A document's circumstances: which row it is, who sent it, when it came (aware, UTC)."""

    document_id: int
    partner: str
    role: str
    at: datetime
    ordinal: int = 0
    intake_id: int | None = None


@dataclass(slots=True)
class Due:
    """A clock to start or stop, as the store keeps it. `state` running starts (or moves) it, met stops it."""

    key: str
    class_: str
    partner: str
    return_no: str
    subject: str
    started_at: str
    warn_at: str
    due_at: str
    state: Literal["running", "met"] = "running"
    stopped_at: str = ""


@dataclass(slots=True, frozen=True)
class Blocked:
    """Where a return waits: the stage, why, since when (ISO), whose move it is and what that move is."""

    stage: Literal["eligibility", "authorization", "shipment", "receipt", "inspection", "disposition", "credit", "erp"]
    why: str
    since: str
    who: str
    next_action: str


@dataclass(slots=True)
class Outcome:
    """What one decision changes. The shell saves all of it in one transaction.

    `state` and `reason` are the document's. `park_keys`: what a parked document waits for. `retry_keys`: numbers
    learnt and returns changed; parked documents that wait for one of them are decided again. `redo`: documents that
    are decided again whatever they wait for. `moved` holds the new state of *other* documents whose claims this one
    displaced (document id → state, reason).
    """

    state: DocumentState = "applied"
    reason: str = ""
    returns: list[Return] = field(default_factory=list)
    park_keys: tuple[str, ...] = ()
    retry_keys: set[str] = field(default_factory=set)
    redo: list[int] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    answers: list[tuple[str, ReturnAnswer]] = field(default_factory=list)
    expected: list[tuple[str, ExpectedReceipt]] = field(default_factory=list)
    vendor_requests: list[tuple[str, VendorRequest]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    reference: ReferenceData | None = None
    clocks: list[Due] = field(default_factory=list)
    moved: dict[int, tuple[DocumentState, str]] = field(default_factory=dict)

    def park(self, reason: str, keys: Iterable[str]) -> None:
        """The document waits for one of these keys."""
        self.state, self.reason, self.park_keys = "parked", reason, tuple(keys)
