"""Batches of postings that the tests of this folder share. Cedar Outfitters, Harbor and Atlas are invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from translators.canonical import ErpBatch, PostingRow
from translators.erp.profile.load import parse_erp_profile, shipped_erp_profiles
from translators.erp.profile.model import ErpProfile


def posting(row_no: int = 1, **changed: Any) -> PostingRow:
    fields: dict[str, Any] = {
        "row_no": row_no,
        "idempotency_key": f"RT-100{row_no}/1/goods_receipt/0/1",
        "correlation_id": "c-7f3a",
        "kind": "goods_receipt",
        "return_no": "RT-1001",
        "rma": "RMA1001",
        "line_no": str(row_no),
        "partner": "cedar",
        "customer": "CEDAR",
        "order_number": "SO-88",
        "order_line": "1",
        "purchase_order": "PO-5",
        "sku": "TENT-2",
        "description": 'Tent "Alp", 2 persons',
        "quantity": Decimal(2),
        "unit_price": Decimal("199.5"),
        "amount": Decimal("399.00"),
        "currency": "USD",
        "reason": "defective",
        "condition": "damaged",
        "disposition": "scrap",
        "stock_status": "blocked",
        "site": "HW1",
        "event_on": date(2025, 3, 14),
        "document_ref": "INV-7",
        "invoice_number": "INV-7",
    }
    row = {**fields, **changed}
    return PostingRow(**{"posting_date": row["event_on"], **row})


ROWS: dict[str, tuple[dict[str, Any], ...]] = {
    "plain": (
        {},
        {"sku": "BOOT-9", "quantity": Decimal("1.500"), "amount": None, "unit_price": None, "event_on": None},
        {"return_no": "RT-1002", "rma": "RMA1002", "sign": "-", "description": "", "reason": ""},
    ),
    # Every value a target with narrow fields can hold.
    "narrow": (
        {"rma": "RMA0001", "document_ref": "INV7", "invoice_number": "INV7", "reason": "DEF",
         "site": "HW1", "idempotency_key": "K1"},
        {"rma": "RMA0001", "document_ref": "INV7", "invoice_number": "INV7", "reason": "WRG",
         "sku": "BOOT-9", "idempotency_key": "K2",
         "description": "Boot"},
        {"rma": "RMA0002", "document_ref": "INV8", "invoice_number": "INV8", "reason": "DEF",
         "return_no": "RT-1002", "sign": "-",
         "idempotency_key": "K3"},
    ),
}  # fmt: skip
# The same without the reversal.
ROWS["forward"] = tuple({**row, "sign": "+"} for row in ROWS["narrow"])


def batch(kind: str, rows: str = "plain", **changed: Any) -> ErpBatch:
    postings = tuple(posting(number, **{"kind": kind, **row}) for number, row in enumerate(ROWS[rows], start=1))
    fields: dict[str, Any] = {
        "batch_id": "B-000042",
        "destination": "atlas",
        "posting_kind": kind,
        "created_at": "2025-03-14T09:30:00.000000Z",
        "sequence": 42,
        "rows": postings,
    }
    return ErpBatch(**{**fields, **changed})


def shipped(name: str, **changed: Any) -> ErpProfile:
    return parse_erp_profile(name, {**shipped_erp_profiles()[name], **changed})
