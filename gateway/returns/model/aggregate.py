"""The Return aggregate: header, lines, claims, ledger, postings, Holds, and what it remembers of documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from gateway.returns.model.claims import Claim
from gateway.returns.model.holds import Hold
from gateway.returns.model.lines import ReturnLine
from gateway.returns.model.movements import Movement, Tallies, Tally
from gateway.returns.model.posting_kinds import POSTING_KINDS
from gateway.returns.model.postings import Posting
from gateway.returns.model.values import UNASSIGNED
from gateway.returns.model.vendor_claims import VendorClaim
from translators.canonical import Party, Reference


@dataclass(slots=True)
class AppliedDocument:
    """That a document has had its effect here: `rank` 1 if it replaced, 2 if it cancelled what had this key.

    `replaced` names (by what they say, apart by spaces) the versions of the same rank that it came after.
    """

    document_id: int
    fingerprint: str
    rank: int = 0
    issued: str = ""
    replaced: str = ""


@dataclass(slots=True)
class CompetingVersion:
    """A version of a document that differs from the one that stands under its business key, and what was said of it."""

    document_id: int
    fingerprint: str
    state: Literal["open", "chosen", "refused"] = "open"


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
    last_reason: str = ""


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
    """The aggregate: header, lines, claims, ledger, postings, holds. Known by `return_no` and `correlation_id`.

    `staying`: outcomes in which goods stand and may not stay, each with the instant since when there are any.
    `purpose` UNASSIGNED: goods that came and are of no return that we know. `assigned_to`: the return that a person
    said such goods are of. `currency` is that of the sale, `claimed_currency` the one that the request names;
    `accepted_currency`: one that, as a person said, stands in the request for the return's own.
    `accepted_charges`: kind of charge → how much of it a person said is credited.
    """

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
    expected_under: str = ""
    expectations: int = 0
    cancelled: bool = False
    assigned_to: str = ""
    claimed_currency: str = ""
    accepted_currency: str = ""
    accepted_charges: dict[str, Decimal] = field(default_factory=dict)
    lines: dict[str, ReturnLine] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    consignments: list[Consignment] = field(default_factory=list)
    finals: dict[str, bool] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    applied: dict[str, AppliedDocument] = field(default_factory=dict)
    competing_versions: dict[str, list[CompetingVersion]] = field(default_factory=dict)
    vendor_claims: dict[str, VendorClaim] = field(default_factory=dict)
    staying: dict[str, str] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    movements: list[Movement] = field(default_factory=list)
    postings: dict[str, Posting] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    tallies: Tallies = field(default_factory=Tallies, compare=False, repr=False)

    @property
    def came_without_return(self) -> bool:
        """Was it opened for goods that came without a return? What becomes one keeps its number as its request's."""
        return self.purpose == UNASSIGNED or self.request_number == self.return_no

    def tally(self, line_no: str) -> Tally:
        """Sums of the line so far; zeroes for a line without movements."""
        return self.tallies[line_no]

    def currency_of(self, posting: Posting) -> str:
        """The currency of a posting's money: the return's, but of a supplier claim that of what the goods cost us."""
        cost_currency = self.lines[posting.line_no].cost_currency
        return cost_currency if cost_currency and POSTING_KINDS[posting.kind].against_supplier else self.currency

    def all_claims(self) -> Iterator[Claim]:
        """Every claim on every line, superseded ones too."""
        for claims in self.claims.values():
            yield from claims

    def open_holds(self) -> list[Hold]:
        """The Holds that wait for a person."""
        return [h for h in self.holds.values() if h.state == "open"]
