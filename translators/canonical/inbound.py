"""Inbound documents: what a partner said, untouched by policy, each field with the bytes it came from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from translators.canonical.common import Canonical, Charge, Code, Item, Party, Reference
from translators.provenance import Provenance

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
    """One item that is asked for, answered or taken back. `quantity` is in `unit` (X12 DE 355 code, EA by default)."""

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
    """One item on its way; `path` names the packages around it, the outermost first."""

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
    """Goods of one condition and disposition; `split_no` tells several findings about one item apart.

    `from_disposition`: the disposition that the goods had until now, of goods that were inspected before.
    """

    line_no: str
    item: Item
    quantity: Decimal
    unit: str = "EA"
    condition: Code = Code()
    disposition: Code = Code()
    from_disposition: Code = Code()
    grade: str = ""
    split_no: str = ""
    to_location: str = ""
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    note: str = ""


class Inspection(InboundDocument):
    """What an inspector found and decided: quantities by condition and disposition."""

    kind: Literal["inspection"] = "inspection"
    warehouse: str = ""
    inspected_on: date | None = None
    inspector: str = ""
    lines: tuple[InspectionLine, ...] = ()


class CarrierEvent(InboundDocument):
    """A carrier says where a parcel is: `event` picked_up, in_transit, out_for_delivery, delivered, exception.

    Any other word is kept as the carrier said it and means nothing here. `reason`: why, in the carrier's words.
    """

    kind: Literal["carrier_event"] = "carrier_event"
    carrier: str = ""
    tracking: str = ""
    event: str = ""
    at: str = ""
    place: str = ""
    reason: str = ""


class CreditNoteLine(Canonical):
    """What one line of a credit note is for. `amount` and `quantity` are as they are said; a debit takes them back.

    `references` name the claim (`claim`, `request`), the supplier's RMA (`rma`) or our return (`return`) it is about.
    """

    line_no: str
    item: Item = Item()
    direction: Literal["credit", "debit"] = "credit"
    quantity: Decimal | None = None
    unit: str = "EA"
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    reason: Code = Code()
    references: tuple[Reference, ...] = ()
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
    note: str = ""


class CreditNote(InboundDocument):
    """A supplier credits us for goods that it takes back, or (`direction` debit) takes a credit back.

    `amount` is the document's total, in `currency`; charges and taxes are part of it. `handling` (X12 DE 305) says how
    the money comes.
    """

    kind: Literal["credit_note"] = "credit_note"
    direction: Literal["credit", "debit"] = "credit"
    amount: Decimal | None = None
    currency: str = ""
    invoice_number: str = ""
    handling: str = ""
    charges: tuple[Charge, ...] = ()
    lines: tuple[CreditNoteLine, ...] = ()


class ErpResultRow(Canonical):
    """The ERP's word on one posting (erp-import contract: POSTED, REJECTED or WARN).

    `amount` in `currency`: the money that it booked, if it says so. A row of a credit register is one that is posted.
    """

    row_no: str = ""
    idempotency_key: str = ""
    status: Literal["posted", "refused", "warning"]
    erp_document_type: str = ""
    erp_document: str = ""
    erp_line: str = ""
    posted_at: str = ""
    error_code: str = ""
    error_text: str = ""
    amount: Decimal | None = None
    currency: str = ""


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
    | CreditNote
    | ErpResult
    | AcknowledgmentReceived
    | ReferenceData,
    Field(discriminator="kind"),
]
