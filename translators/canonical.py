"""The canonical document types: every reader produces them, every writer consumes them.

A Document is one business message. Inbound documents carry what a partner said, untouched by policy:
raw codes stay beside canonical ones, and every field remembers the bytes it came from (`provenance`).
Outbound documents carry what we decided; a writer turns them into a partner's format.

All types are frozen. Quantities and money are Decimal. Dates are `date`, instants are ISO 8601 text as the
partner gave them (a time without a zone stays without one: only the partner's profile knows it).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from translators.provenance import Provenance


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


# --- inbound --------------------------------------------------------------------------------------------------------

Purpose = Literal["original", "request", "response", "cancel", "change", "replace", "notice", "duplicate", "other"]


class InboundDocument(Canonical):
    """What every inbound document has. `number` is the sender's own number of it (its business key)."""

    number: str = ""
    purpose: Purpose = "original"
    purpose_code: str = ""
    issued_on: date | None = None
    references: tuple[Reference, ...] = ()
    parties: tuple[Party, ...] = ()
    note: str = ""
    provenance: Provenance = Field(default_factory=dict, repr=False)

    def reference(self, *kinds: str) -> str:
        """The first reference of the first kind that is there, or ""."""
        for kind in kinds if self.references else ():
            for reference in self.references:
                if reference.kind == kind:
                    return reference.value
        return ""


class RequestLine(Canonical):
    line_no: str
    item: Item
    quantity: Decimal
    unit: str = "EA"
    unit_price: Decimal | None = None
    order_line: str = ""
    reason: Code = Code()
    disposition: Code = Code()
    response_reason: Code = Code()
    condition: Code = Code()
    used: bool | None = None
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    charges: tuple[Charge, ...] = ()
    resolution: str = ""
    note: str = ""


class ReturnRequest(InboundDocument):
    """A partner asks to return goods, or announces that it does (`notice`)."""

    kind: Literal["return_request"] = "return_request"
    order_number: str = ""
    purchase_order: str = ""
    invoice_number: str = ""
    customer: str = ""
    currency: str = ""
    consumer_return: bool = False
    requested_on: date | None = None
    contact: str = ""
    charges: tuple[Charge, ...] = ()
    lines: tuple[RequestLine, ...] = ()


class Authorization(InboundDocument):
    """A supplier's or partner's answer to a return: authorized, in part, denied or pending, line by line."""

    kind: Literal["authorization"] = "authorization"
    decision: Literal["authorized", "partial", "denied", "pending"] = "authorized"
    rma: str = ""
    order_number: str = ""
    purchase_order: str = ""
    expires_on: date | None = None
    disposition: Code = Code()
    lines: tuple[RequestLine, ...] = ()


class Cancellation(InboundDocument):
    """The partner takes back an earlier request or authorization; no lines = all of it."""

    kind: Literal["cancellation"] = "cancellation"
    cancels: str = ""
    lines: tuple[RequestLine, ...] = ()


class ShipmentLine(Canonical):
    line_no: str
    item: Item
    quantity: Decimal
    unit: str = "EA"
    purchase_order: str = ""
    cartons: tuple[str, ...] = ()
    path: str = ""
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


class Shipment(InboundDocument):
    """The goods are on their way: what was shipped, how packed, by whom carried."""

    kind: Literal["shipment"] = "shipment"
    shipped_on: date | None = None
    expected_on: date | None = None
    carrier: str = ""
    tracking: tuple[str, ...] = ()
    cartons: tuple[str, ...] = ()
    carton_count: int | None = None
    lines: tuple[ShipmentLine, ...] = ()


class ReceiptException(Canonical):
    """A part of a received line that is not simply good (X12 W13, or a flat row with a condition)."""

    condition: Code
    quantity: Decimal
    unit: str = "EA"
    lot: str = ""
    damage: str = ""


class ReceiptLine(Canonical):
    """`quantity` is everything received of the item; `exceptions` say which part of it is not good."""

    line_no: str
    item: Item
    quantity: Decimal
    unit: str = "EA"
    exceptions: tuple[ReceiptException, ...] = ()
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    note: str = ""


class Receipt(InboundDocument):
    """A warehouse says what arrived. `number` is its receipt number."""

    kind: Literal["receipt"] = "receipt"
    warehouse: str = ""
    received_on: date | None = None
    is_return: bool | None = None
    final: bool = True
    total_quantity: Decimal | None = None
    damaged_quantity: Decimal | None = None
    lines: tuple[ReceiptLine, ...] = ()


class InspectionLine(Canonical):
    line_no: str
    item: Item
    quantity: Decimal
    unit: str = "EA"
    condition: Code = Code()
    disposition: Code = Code()
    grade: str = ""
    split_no: str = ""
    to_location: str = ""
    serials: tuple[str, ...] = ()
    note: str = ""


class Inspection(InboundDocument):
    """What an inspector found and decided: quantities by condition and disposition."""

    kind: Literal["inspection"] = "inspection"
    warehouse: str = ""
    inspected_on: date | None = None
    inspector: str = ""
    lines: tuple[InspectionLine, ...] = ()


class CarrierEvent(InboundDocument):
    """A carrier says where a parcel is: `event` picked_up, in_transit, out_for_delivery, delivered, exception."""

    kind: Literal["carrier_event"] = "carrier_event"
    carrier: str = ""
    tracking: str = ""
    event: str = ""
    at: str = ""
    place: str = ""


class ErpResultRow(Canonical):
    """The ERP's word on one posting (erp-import contract: POSTED, REJECTED or WARN)."""

    row_no: str = ""
    idempotency_key: str = ""
    status: Literal["posted", "refused", "warning"]
    erp_document_type: str = ""
    erp_document: str = ""
    erp_line: str = ""
    posted_at: str = ""
    error_code: str = ""
    error_text: str = ""


class ErpResult(InboundDocument):
    """A result file of the ERP: `number` is the batch it answers."""

    kind: Literal["erp_result"] = "erp_result"
    rows: tuple[ErpResultRow, ...] = ()


class SetAcknowledgment(Canonical):
    """The verdict on one of our sets, in a 997/999/824 we received."""

    set_id: str
    control_number: str
    verdict: Literal["accepted", "accepted_with_errors", "rejected"]
    codes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


class AcknowledgmentReceived(InboundDocument):
    """A TA1, 997, 999 or 824 that a partner sent about something of ours."""

    kind: Literal["acknowledgment"] = "acknowledgment"
    acknowledges: Literal["interchange", "group", "set"] = "group"
    functional_id: str = ""
    control_number: str = ""
    verdict: Literal["accepted", "accepted_with_errors", "partially_accepted", "rejected"] = "accepted"
    codes: tuple[str, ...] = ()
    included: int = 0
    received: int = 0
    accepted: int = 0
    sets: tuple[SetAcknowledgment, ...] = ()


class ReferenceData(InboundDocument):
    """Rows of ERP master data. `dataset`: orders, products, customers, sites. One load is one version."""

    kind: Literal["reference_data"] = "reference_data"
    dataset: Literal["orders", "products", "customers", "sites"]
    rows: tuple[dict[str, str], ...] = ()


Inbound = Annotated[
    ReturnRequest
    | Authorization
    | Cancellation
    | Shipment
    | Receipt
    | Inspection
    | CarrierEvent
    | ErpResult
    | AcknowledgmentReceived
    | ReferenceData,
    Field(discriminator="kind"),
]

# --- outbound -------------------------------------------------------------------------------------------------------


class AnswerLine(Canonical):
    """Our decision on one requested line. Codes are canonical; the writer's crosswalk gives the partner's."""

    line_no: str
    item: Item
    requested: Decimal
    authorized: Decimal
    unit: str = "EA"
    decision: Literal["authorized", "partial", "denied", "pending"]
    reason: str = ""
    text: str = ""
    instruction: str = "return"


class ReturnAnswer(Canonical):
    """Our business answer to a return request (X12: 180 response; flat: answer file)."""

    kind: Literal["return_answer"] = "return_answer"
    number: str
    request_number: str
    rma: str = ""
    decision: Literal["authorized", "partial", "denied", "pending"]
    reason: str = ""
    issued_on: date
    issued_time: str = "0000"
    expires_on: date | None = None
    correlation_id: str = ""
    order_number: str = ""
    purchase_order: str = ""
    customer: str = ""
    currency: str = ""
    references: tuple[Reference, ...] = ()
    parties: tuple[Party, ...] = ()
    lines: tuple[AnswerLine, ...] = ()


class ExpectedLine(Canonical):
    line_no: str
    item: Item
    quantity: Decimal
    unit: str = "EA"
    lots: tuple[str, ...] = ()


class ExpectedReceipt(Canonical):
    """Tell a warehouse what will come back (X12: 943; flat: expected-receipt file). `cancel` takes it back."""

    kind: Literal["expected_receipt"] = "expected_receipt"
    number: str
    rma: str
    purpose: Literal["original", "change", "cancel"] = "original"
    issued_on: date
    expected_on: date | None = None
    correlation_id: str = ""
    partner_name: str = ""
    purchase_order: str = ""
    carrier: str = ""
    references: tuple[Reference, ...] = ()
    parties: tuple[Party, ...] = ()
    lines: tuple[ExpectedLine, ...] = ()


class VendorRequestLine(Canonical):
    """What one line asks the vendor to take back; `reason` is canonical, the writer's crosswalk gives the vendor's."""

    line_no: str
    item: Item
    quantity: Decimal
    unit: str = "EA"
    reason: str = ""
    text: str = ""


class VendorRequest(Canonical):
    """We ask a supplier to take goods back (X12: 180 request; flat: a file). `number` stays the same when it changes;
    `cancel` takes it back, with no lines.
    """

    kind: Literal["vendor_request"] = "vendor_request"
    number: str
    purpose: Literal["original", "change", "cancel"] = "original"
    return_no: str = ""
    issued_on: date
    issued_time: str = "0000"
    correlation_id: str = ""
    rma: str = ""
    currency: str = ""
    references: tuple[Reference, ...] = ()
    parties: tuple[Party, ...] = ()
    lines: tuple[VendorRequestLine, ...] = ()


class PostingRow(Canonical):
    """One instruction to the ERP, as an import file needs it (erp-import contract columns and more).

    `kind`: return_order, goods_receipt, inventory_move, scrap, credit_request, replacement, repair_order,
    supplier_claim. `sign` is + or - (a reversal). Money is in `currency`.
    """

    row_no: int
    idempotency_key: str
    correlation_id: str = ""
    kind: str
    sign: Literal["+", "-"] = "+"
    return_no: str
    rma: str = ""
    line_no: str
    split_no: str = "0"
    partner: str = ""
    customer: str = ""
    order_number: str = ""
    order_line: str = ""
    purchase_order: str = ""
    partner_reference: str = ""
    sku: str
    description: str = ""
    quantity: Decimal
    unit: str = "EA"
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    reason: str = ""
    condition: str = ""
    disposition: str = ""
    stock_status: str = ""
    site: str = ""
    event_on: date | None = None
    document_ref: str = ""
    invoice_number: str = ""


class ErpBatch(Canonical):
    """Postings of one kind for one destination: rendered as one ERP import file."""

    kind: Literal["erp_batch"] = "erp_batch"
    batch_id: str
    destination: str
    posting_kind: str
    created_at: str
    sequence: int = 1
    rows: tuple[PostingRow, ...]


class StatusRow(Canonical):
    """Where one line stands. `promise` (answer, receipt, inspection, credit) is warned or overdue: see `promise_state`
    and, as an instant in UTC, `promise_due`; all three are "" while every promise is kept.
    """

    return_no: str
    rma: str = ""
    request_number: str = ""
    line_no: str = ""
    sku: str = ""
    status: str
    blocked_at: str = ""
    since: str = ""
    waiting_for: str = ""
    quantity: Decimal | None = None
    promise: str = ""
    promise_state: str = ""
    promise_due: str = ""


class StatusReport(Canonical):
    """Where a partner's returns stand, for its portal or CRM."""

    kind: Literal["status"] = "status"
    number: str
    created_at: str
    rows: tuple[StatusRow, ...]


Outbound = Annotated[
    ReturnAnswer | ExpectedReceipt | VendorRequest | ErpBatch | StatusReport, Field(discriminator="kind")
]
