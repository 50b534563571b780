"""Every kind of canonical document: one row each. Layouts, pages and tests take the kinds from here.

A kind that is missing here, or whose row does not fit its class, is named by tests/translators/canonical/test_kinds.py.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import BaseModel

from translators.canonical import inbound, outbound


class DocumentKind(NamedTuple):
    """One kind of document.

    `model` is its class, `line` the class of its lines (None: it has none of a class), `lines` the field that holds
    them. `number_required`: a sender has to number it. `in_layouts`: flat layouts may read or write it.
    `items_required`: a flat row of it names an item (a credit note may be money for a whole claim).
    """

    name: str
    title: str
    direction: Literal["in", "out"]
    model: type[BaseModel]
    line: type[BaseModel] | None = None
    lines: str = "lines"
    number_required: bool = True
    in_layouts: bool = True
    items_required: bool = True


_ROWS = (
    DocumentKind("return_request", "return request", "in", inbound.ReturnRequest, inbound.RequestLine),
    DocumentKind("authorization", "authorization", "in", inbound.Authorization, inbound.RequestLine),
    DocumentKind(
        "cancellation", "cancellation", "in", inbound.Cancellation, inbound.RequestLine, number_required=False
    ),
    DocumentKind("shipment", "shipment", "in", inbound.Shipment, inbound.ShipmentLine),
    DocumentKind("receipt", "receipt", "in", inbound.Receipt, inbound.ReceiptLine),
    DocumentKind("inspection", "inspection", "in", inbound.Inspection, inbound.InspectionLine),
    DocumentKind("carrier_event", "carrier event", "in", inbound.CarrierEvent, number_required=False),
    DocumentKind("credit_note", "credit note", "in", inbound.CreditNote, inbound.CreditNoteLine, items_required=False),
    DocumentKind("acknowledgment", "acknowledgment", "in", inbound.AcknowledgmentReceived, number_required=False),
    DocumentKind(
        "erp_result", "ERP result", "in", inbound.ErpResult, inbound.ErpResultRow, "rows", number_required=False
    ),
    DocumentKind("reference_data", "reference data", "in", inbound.ReferenceData, None, "rows", number_required=False),
    DocumentKind("return_answer", "return answer", "out", outbound.ReturnAnswer, outbound.AnswerLine),
    DocumentKind("expected_receipt", "expected receipt", "out", outbound.ExpectedReceipt, outbound.ExpectedLine),
    DocumentKind("vendor_request", "vendor request", "out", outbound.VendorRequest, outbound.VendorRequestLine),
    # ERP batches are written by ERP profiles (translators/erp), not by layouts.
    DocumentKind(
        "erp_batch", "ERP import batch", "out", outbound.ErpBatch, outbound.PostingRow, "rows", in_layouts=False
    ),
    DocumentKind("status", "status report", "out", outbound.StatusReport, outbound.StatusRow, "rows"),
)
DOCUMENT_KINDS: dict[str, DocumentKind] = {kind.name: kind for kind in _ROWS}
