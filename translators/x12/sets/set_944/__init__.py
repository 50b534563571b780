"""Transaction set 944, Warehouse Stock Transfer Receipt Advice: what a warehouse got, and in which condition."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="944",
    title="Warehouse Stock Transfer Receipt Advice",
    name="stock transfer receipt advice",
    group="RE",
    group_name="stock transfer receipt",
    reader="reader:read_944",
    becomes=("receipt",),
    sent_by="warehouse",
    wants={"expected_receipt": "943"},
    other_shape="shapes:other_shape",
)
