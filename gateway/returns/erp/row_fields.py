"""The fields of a posting as ERP import files carry them."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypedDict

from gateway.returns.model import POSTING_KINDS, ZERO, Posting, PostingKind, Return, TaxPart
from gateway.returns.vendors.claims import claim_of_line

# Digits behind the point that import files have of a price.
PRICE_IN_FILES = Decimal("0.0001")


class PostingFields(TypedDict):
    """The fields of a `PostingRow` but `row_no`, which a posting gets when it is put into a batch."""

    idempotency_key: str
    correlation_id: str
    kind: PostingKind
    sign: Literal["+", "-"]
    return_no: str
    rma: str
    line_no: str
    split_no: str
    partner: str
    customer: str
    order_number: str
    order_line: str
    purchase_order: str
    partner_reference: str
    sku: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    amount: Decimal | None
    currency: str
    reason: str
    condition: str
    disposition: str
    from_disposition: str
    from_status: str
    stock_status: str
    site: str
    event_on: str | None
    document_ref: str
    invoice_number: str
    serials: tuple[str, ...]
    lots: tuple[str, ...]
    vendor: str
    vendor_claim: str
    vendor_rma: str
    from_site: str
    amount_goods: Decimal | None
    amount_restocking: Decimal | None
    amount_freight: Decimal | None
    amount_charges: Decimal | None
    amount_tax: Decimal | None
    tax_rate: Decimal | None
    taxes: tuple[TaxPart, ...]


def _price_in_files(price: Decimal | None) -> Decimal | None:
    """A price as files have it, with four decimals at most: a piece's from a case's has more. Amounts are exact."""
    if price is None or price == (rounded := price.quantize(PRICE_IN_FILES)):
        return price
    return rounded


def row_fields(return_: Return, posting: Posting) -> PostingFields:
    """The fields of the posting's `PostingRow`, all but `row_no`."""
    line = return_.lines[posting.line_no]
    event_on: str | None = posting.event_on or None
    partner_reference, price, currency = return_.request_number, line.unit_price, return_.currency_of(posting)
    parts = posting.amounts
    vendor = vendor_claim = vendor_rma = ""
    if POSTING_KINDS[posting.kind].against_supplier:
        claim = claim_of_line(return_, line.line_no)
        vendor, vendor_claim, vendor_rma = line.vendor, claim.number if claim else "", claim.rma if claim else ""
        partner_reference = vendor_rma or partner_reference
        price = line.cost_price
    return {
        "idempotency_key": posting.key,
        "correlation_id": return_.correlation_id,
        "kind": posting.kind,
        "sign": posting.sign,
        "return_no": return_.return_no,
        "rma": return_.rma,
        "line_no": posting.line_no,
        "split_no": posting.split,
        "partner": return_.partner,
        "customer": return_.customer,
        "order_number": return_.order_number,
        "order_line": line.order_line,
        "purchase_order": return_.purchase_order,
        "partner_reference": partner_reference,
        "sku": line.sku,
        "description": line.item.description,
        "quantity": posting.quantity,
        "unit": line.unit,
        "unit_price": _price_in_files(price),
        "amount": posting.amount,
        "currency": currency,
        "reason": line.reason.canonical or line.reason.raw,
        "condition": posting.condition,
        "disposition": posting.disposition,
        "from_disposition": posting.from_disposition,
        "from_status": posting.from_status,
        "stock_status": posting.stock_status,
        "site": posting.site,
        "event_on": event_on,
        "document_ref": posting.document_ref,
        "invoice_number": return_.invoice_number,
        "serials": posting.serials,
        "lots": posting.lots,
        "vendor": vendor,
        "vendor_claim": vendor_claim,
        "vendor_rma": vendor_rma,
        "from_site": posting.from_site,
        "amount_goods": parts.goods if parts else None,
        "amount_restocking": parts.restocking_fee if parts else None,
        "amount_freight": parts.freight if parts else None,
        "amount_charges": parts.charges if parts else None,
        "amount_tax": parts.tax if parts else None,
        "tax_rate": sum((tax.rate for tax in parts.taxes), ZERO) if parts else None,
        "taxes": parts.taxes if parts else (),
    }
