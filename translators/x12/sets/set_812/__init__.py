"""Transaction set 812, Credit/Debit Adjustment: a supplier credits what we claim of it, or takes a credit back."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="812",
    title="Credit/Debit Adjustment",
    name="credit or debit adjustment",
    group="CD",
    group_name="credit or debit adjustment",
    reader="reader:read_812",
    becomes=("credit_note",),
    sent_by="supplier",
    wants={"vendor_request": "180"},
)
