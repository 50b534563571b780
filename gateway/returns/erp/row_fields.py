"""The fields of a posting as ERP import files carry them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gateway.returns.model import POSTING_KINDS, Posting, Return

PRICE_TOLD = Decimal("0.0001")


def _told(price: Decimal | None) -> Decimal | None:
    """A price as files have it, with four decimals at most: a piece's from a case's has more. Amounts are exact."""
    if price is None or price == (told := price.quantize(PRICE_TOLD)):
        return price
    return told


def row_fields(return_: Return, posting: Posting) -> dict[str, Any]:
    """The fields of the posting's `PostingRow`, all but `row_no`."""
    line = return_.lines[posting.line_no]
    event_on: str | None = posting.event_on or None
    partner_reference = return_.request_number
    if POSTING_KINDS[posting.kind].against_supplier:
        partner_reference = (
            next((claim.rma for claim in return_.vendor_claims.values() if line.line_no in claim.asked), "")
            or partner_reference
        )
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
        "unit_price": _told(line.unit_price),
        "amount": posting.amount,
        "currency": return_.currency,
        "reason": line.reason.canonical or line.reason.raw,
        "condition": posting.condition,
        "disposition": posting.disposition,
        "stock_status": posting.stock_status,
        "site": posting.site,
        "event_on": event_on,
        "document_ref": posting.document_ref,
        "invoice_number": return_.invoice_number,
    }
