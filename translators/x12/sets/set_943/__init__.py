"""Transaction set 943, Warehouse Stock Transfer Shipment Advice: what a warehouse is to expect."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="943",
    title="Warehouse Stock Transfer Shipment Advice",
    name="stock transfer shipment advice",
    group="AR",
    group_name="stock transfer advice",
    reader="reader:read_943",
    writers={"expected_receipt": "writer:write_943"},
    becomes=("shipment",),
)
