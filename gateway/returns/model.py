"""The Return aggregate and what a decision yields: plain slotted dataclasses, because they are the hot path.

A Return holds three kinds of rows. *Claims* are what documents say about a line; *movements* are what the ledger has
accepted of it, append-only; *postings* are what the ERP must be told. Claims of the same documents give the same
movements and postings in net, whatever order the documents came in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal, Protocol

from translators.canonical import (
    Code,
    ExpectedReceipt,
    Item,
    Party,
    Reference,
    ReferenceData,
    ReturnAnswer,
    VendorRequest,
)

ZERO = Decimal(0)
NO_CODE = Code()
# Source of what the policy closes short by itself, where a document or a decision is the source of all else.
AUTO_CLOSE = "policy:short_receipt"
# Why a claim is superseded that a person rejected: reading its document again does not bring it back.
REJECTED = "rejected"
# Kinds of claims that documents about goods make.
GOODS = frozenset({"ship", "receive", "inspect"})

DocumentState = Literal["applied", "parked", "held", "ignored"]
LineDecision = Literal["authorized", "partial", "denied", "pending"]
ClaimState = Literal["active", "waiting", "held", "superseded"]
PostingState = Literal["waiting", "ready", "batched", "delivered", "posted", "refused", "cancelled", "reversed", "void"]

# The ERP has booked nothing for a posting in one of these states: taking it back is cancelling it.
UNSENT: frozenset[str] = frozenset({"waiting", "ready", "refused", "void"})
# The error code of a posting that no import file could carry: it is we who refused it.
UNRENDERABLE = "unrenderable"
# Kinds of posting that settle goods with the partner.
SETTLEMENT_KINDS: frozenset[str] = frozenset({"credit_request", "replacement"})


class Numbers(Protocol):
    """Numbers allotted in the same transaction: names "return" and "rma"."""

    def next(self, name: str) -> int: ...


@dataclass(slots=True, frozen=True)
class Received:
    """A document's circumstances: which row it is, who sent it, when it came (aware, UTC)."""

    document_id: int
    partner: str
    role: str
    at: datetime
    ordinal: int = 0
    intake_id: int | None = None


@dataclass(slots=True)
class Movement:
    """One row of the quantity ledger, base unit. A correction has a negative quantity and points at what it `reverses`.

    `kind`: authorize, cancel, ship, receive, inspect, disposition, credit, claim, close_short. `code` is the condition
    of a receipt or inspection, or the disposition. `source` is the business key of the document behind it.
    """

    seq: int
    line_no: str
    kind: str
    quantity: Decimal
    code: str = ""
    split: str = "0"
    source: str = ""
    document_id: int | None = None
    reverses: int | None = None
    at: str = ""


@dataclass(slots=True)
class Posting:
    """One instruction to the ERP. `key` is its idempotency key for ever; `waits_for` the posting it needs first.

    `sign` "-" takes back the posting named in `reverses`. `needs` is the kind of posting that must be posted first.
    `document_ref` names the document behind it. `seq` is the order of creation within the return. `state` void: a
    person settles it outside the ERP's import files; it counts as issued and is never sent.
    """

    key: str
    line_no: str
    kind: str
    split: str
    n: int
    sign: Literal["+", "-"]
    quantity: Decimal
    state: PostingState
    seq: int
    waits_for: str = ""
    needs: str = ""
    destination: str = ""
    amount: Decimal | None = None
    stock_status: str = ""
    condition: str = ""
    disposition: str = ""
    site: str = ""
    event_on: str = ""
    document_ref: str = ""
    reverses: str = ""
    reversed_by: str = ""
    erp_document_type: str = ""
    erp_document: str = ""
    error_code: str = ""
    error_text: str = ""
    created_at: str = ""
    changed_at: str = ""


@dataclass(slots=True)
class Hold:
    """A business exception that waits for a person. `extent` says how far it goes: a resolved one reopens if it grows.

    `derived` holds follow from the state of the return and clear themselves when their cause is gone; the others only
    a decision resolves. `owner`: partner, warehouse, customer_service, finance, it.
    """

    key: str
    class_: str
    owner: str
    line_no: str = ""
    message: str = ""
    next_action: str = ""
    opened_at: str = ""
    state: Literal["open", "resolved"] = "open"
    resolution: str = ""
    resolved_by: str = ""
    resolved_at: str = ""
    extent: str = ""
    derived: bool = True
    document_id: int | None = None
    posting_key: str = ""
    partner: str = ""


@dataclass(slots=True)
class Claim:
    """What one document says about one line: effects are (movement kind, quantity, code, split).

    `rank` 0 said first, 1 replaced, 2 cancelled; `order` sorts claims that compete for the same goods, so that the
    result does not depend on arrival. `seqs` are the movements that stand in the ledger for it. `unknown` names what
    nobody has a meaning for where that keeps a claim held: `unit:CA`, `site:WH7`. `row` is its place among the lines of
    the document, `named` the line that it names itself.
    """

    source: str
    document_id: int
    kind: str
    line_no: str
    effects: tuple[tuple[str, Decimal, str, str], ...]
    rank: int = 0
    order: str = ""
    state: ClaimState = "waiting"
    why: str = ""
    said: str = ""
    ids: tuple[str, ...] = ()
    site: str = ""
    event_on: str = ""
    at: str = ""
    row: int = 0
    named: str = ""
    seqs: list[int] = field(default_factory=list)
    unknown: str = ""


@dataclass(slots=True)
class Tally:
    """Sums of a line's movements: the letters of the quantity algebra, `d` and `by_condition` by code."""

    a: Decimal = ZERO
    x: Decimal = ZERO
    r: Decimal = ZERO
    i: Decimal = ZERO
    c: Decimal = ZERO
    v: Decimal = ZERO
    z: Decimal = ZERO
    d: dict[str, Decimal] = field(default_factory=dict)
    by_condition: dict[str, Decimal] = field(default_factory=dict)

    @property
    def dispositioned(self) -> Decimal:
        return sum(self.d.values(), ZERO) if self.d else ZERO


class Tallies(dict[str, Tally]):
    """Sums by line number; a line without movements has zeroes."""

    def __missing__(self, line_no: str) -> Tally:
        tally = self[line_no] = Tally()
        return tally


@dataclass(slots=True)
class ReturnLine:
    """One line: what was asked (`requested`, reason), how it was decided, and every id its item is known by.

    `line_no` is ours (letters and digits, at most 6), `partner_line` theirs. Quantities and price are those of `unit`,
    the base unit; `asked` and `asked_unit` are what the request said. `assigned`: further ids that a person said are
    this line's. `vendor`: the product master's supplier of the item.
    """

    line_no: str
    item: Item
    requested: Decimal
    unit: str = "EA"
    partner_line: str = ""
    unit_price: Decimal | None = None
    order_line: str = ""
    reason: Code = NO_CODE
    condition: Code = NO_CODE
    resolution: str = ""
    instruction: str = "return"
    decision: LineDecision = "pending"
    decision_reason: str = ""
    decision_text: str = ""
    decision_owner: str = ""
    product_class: str = ""
    ids: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    added: bool = False
    used: bool | None = None
    assigned: tuple[str, ...] = ()
    vendor: str = ""
    asked: Decimal = ZERO
    asked_unit: str = ""

    @property
    def sku(self) -> str:
        ids = self.item.ids()
        return ids[0] if ids else ""


@dataclass(slots=True)
class Applied:
    """That a document has had its effect here: `rank` 1 if it replaced, 2 if it cancelled what had this key.

    `replaced` names (by what they say, apart by spaces) the versions of the same rank that it came after.
    """

    document_id: int
    fingerprint: str
    rank: int = 0
    issued: str = ""
    replaced: str = ""


@dataclass(slots=True)
class Rival:
    """A version of a document that differs from the one that stands under its business key, and what was said of it."""

    document_id: int
    fingerprint: str
    state: Literal["open", "chosen", "refused"] = "open"


@dataclass(slots=True)
class VendorClaim:
    """Goods of a return that its supplier is asked to take back: by line, what we ask for and what it allows.

    `decision` is the supplier's: "" before it answers. `asks` counts how often the request was sent.
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


@dataclass(slots=True)
class Consignment:
    """What is known of the goods on their way: one per shipment document."""

    source: str
    number: str
    carrier: str = ""
    tracking: tuple[str, ...] = ()
    cartons: tuple[str, ...] = ()
    shipped_on: str = ""
    expected_on: str = ""
    last_event: str = ""
    last_event_at: str = ""
    last_place: str = ""


@dataclass(slots=True)
class Clock:
    """One promise: `state` running or met; instants as ISO 8601 UTC text."""

    class_: str
    started_at: str
    warn_at: str
    due_at: str
    state: Literal["running", "met"] = "running"
    stopped_at: str = ""


@dataclass(slots=True)
class Return:
    """The aggregate: header, lines, claims, ledger, postings, holds. Known by `return_no` and `correlation_id`."""

    return_no: str
    partner: str
    request_number: str = ""
    rma: str = ""
    correlation_id: str = ""
    customer: str = ""
    order_number: str = ""
    purchase_order: str = ""
    invoice_number: str = ""
    currency: str = ""
    purpose: str = "request"
    consumer_return: bool = False
    contact: str = ""
    references: tuple[Reference, ...] = ()
    parties: tuple[Party, ...] = ()
    settlement: str = "after_inspection"
    warehouse: str = ""
    erp: str = ""
    opened_at: str = ""
    changed_at: str = ""
    requested_on: str = ""
    authorized_on: str = ""
    expires_on: str = ""
    answered: str = ""
    answers: int = 0
    expected: str = ""
    expectations: int = 0
    cancelled: bool = False
    lines: dict[str, ReturnLine] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    consignments: list[Consignment] = field(default_factory=list)
    finals: dict[str, bool] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    applied: dict[str, Applied] = field(default_factory=dict)
    rivals: dict[str, list[Rival]] = field(default_factory=dict)
    vendor_claims: dict[str, VendorClaim] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    movements: list[Movement] = field(default_factory=list)
    postings: dict[str, Posting] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    tallies: Tallies = field(default_factory=Tallies, compare=False, repr=False)

    def tally(self, line_no: str) -> Tally:
        """Sums of the line so far; zeroes for a line without movements."""
        return self.tallies[line_no]

    def all_claims(self) -> Iterator[Claim]:
        for claims in self.claims.values():
            yield from claims

    def open_holds(self) -> list[Hold]:
        return [h for h in self.holds.values() if h.state == "open"]


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


@lru_cache(maxsize=256)
def instant(at: datetime) -> str:
    """An aware instant as the store writes it: UTC, ISO 8601, microseconds, Z."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:-6] + "Z"


def day(value: date | None) -> str:
    """A date as ISO text, "" for none."""
    return value.isoformat() if value else ""


def plain(quantity: Decimal) -> str:
    """A quantity as text that does not depend on how it was reached (5, not 5.00)."""
    return f"{quantity.normalize():f}" if quantity else "0"
