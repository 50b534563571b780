"""Outbound documents: what we decided. A writer turns them into a partner's format."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from translators.canonical.common import Canonical, Item, Party, Reference

AnswerDecision = Literal["authorized", "partial", "denied", "pending", "cancelled"]


class AnswerLine(Canonical):
    """Our decision on one requested line. Codes are canonical; the writer's crosswalk gives the partner's.

    Cancelled: the partner took back what it had asked for, and nothing of it may come any more.
    """

    line_no: str
    item: Item
    requested: Decimal
    authorized: Decimal
    unit: str = "EA"
    decision: AnswerDecision
    reason: str = ""
    text: str = ""
    instruction: str = "return"
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()


class ReturnAnswer(Canonical):
    """Our business answer to a return request (X12: 180 response; flat: answer file)."""

    kind: Literal["return_answer"] = "return_answer"
    number: str
    request_number: str
    rma: str = ""
    decision: AnswerDecision
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
    """One item that a warehouse is told to expect, in `unit`."""

    line_no: str
    item: Item
    quantity: Decimal
    unit: str = "EA"
    serials: tuple[str, ...] = ()
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


class TaxLine(Canonical):
    """The tax of one rate (in percent) on a base."""

    rate: Decimal
    base: Decimal
    amount: Decimal


class PostingRow(Canonical):
    """One instruction to the ERP, as an import file needs it (erp-import contract columns and more).

    `kind`: return_order, goods_receipt, inventory_move, scrap, credit_request, replacement, repair_order,
    supplier_claim, charge_back. `sign` is + or - (a reversal). Money is in `currency`: of a supplier claim, what the
    goods cost us. `vendor`, `vendor_claim` and `vendor_rma` are the supplier of a claim, our number of it and the
    supplier's. `from_site` is the site that goods are moved from, where they are not at `site` yet.
    What a credit's `amount` is made of: `amount_goods`, `amount_restocking` (the fee: negative), `amount_freight`,
    `amount_charges` and `amount_tax`, which is that of all `taxes`; `tax_rate` is what their rates add up to.
    Goods that are moved go from `from_status` to `stock_status`; `from_disposition` is the outcome that they leave.
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
    from_disposition: str = ""
    from_status: str = ""
    stock_status: str = ""
    site: str = ""
    event_on: date | None = None
    posting_date: date | None = None
    document_ref: str = ""
    invoice_number: str = ""
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    vendor: str = ""
    vendor_claim: str = ""
    vendor_rma: str = ""
    from_site: str = ""
    amount_goods: Decimal | None = None
    amount_restocking: Decimal | None = None
    amount_freight: Decimal | None = None
    amount_charges: Decimal | None = None
    amount_tax: Decimal | None = None
    tax_rate: Decimal | None = None
    taxes: tuple[TaxLine, ...] = ()


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
