"""The canonical document types: every reader produces them, every writer consumes them.

A Document is one business message. Inbound documents carry what a partner said, untouched by policy:
raw codes stay beside canonical ones, and every field remembers the bytes it came from (`provenance`).
Outbound documents carry what we decided; a writer turns them into a partner's format. `kinds` lists every kind.

All types are frozen. Quantities and money are Decimal. Dates are `date`, instants are ISO 8601 text as the
partner gave them (a time without a zone stays without one: only the partner's profile knows it).
"""

from __future__ import annotations

from translators.canonical.common import Canonical, Charge, Code, Item, Party, Reference
from translators.canonical.inbound import (
    AcknowledgmentReceived,
    Authorization,
    Cancellation,
    CarrierEvent,
    CreditNote,
    CreditNoteLine,
    ErpResult,
    ErpResultRow,
    Inbound,
    InboundDocument,
    Inspection,
    InspectionLine,
    Purpose,
    Receipt,
    ReceiptException,
    ReceiptLine,
    ReferenceData,
    RequestLine,
    ReturnRequest,
    SetAcknowledgment,
    Shipment,
    ShipmentLine,
)
from translators.canonical.kinds import DOCUMENT_KINDS, DocumentKind
from translators.canonical.outbound import (
    AnswerDecision,
    AnswerLine,
    ErpBatch,
    ExpectedLine,
    ExpectedReceipt,
    Outbound,
    PostingRow,
    ReturnAnswer,
    StatusReport,
    StatusRow,
    TaxLine,
    VendorRequest,
    VendorRequestLine,
)

__all__ = [
    "DOCUMENT_KINDS",
    "AcknowledgmentReceived",
    "AnswerDecision",
    "AnswerLine",
    "Authorization",
    "Cancellation",
    "Canonical",
    "CarrierEvent",
    "Charge",
    "Code",
    "CreditNote",
    "CreditNoteLine",
    "DocumentKind",
    "ErpBatch",
    "ErpResult",
    "ErpResultRow",
    "ExpectedLine",
    "ExpectedReceipt",
    "Inbound",
    "InboundDocument",
    "Inspection",
    "InspectionLine",
    "Item",
    "Outbound",
    "Party",
    "PostingRow",
    "Purpose",
    "Receipt",
    "ReceiptException",
    "ReceiptLine",
    "Reference",
    "ReferenceData",
    "RequestLine",
    "ReturnAnswer",
    "ReturnRequest",
    "SetAcknowledgment",
    "Shipment",
    "ShipmentLine",
    "StatusReport",
    "StatusRow",
    "TaxLine",
    "VendorRequest",
    "VendorRequestLine",
]
