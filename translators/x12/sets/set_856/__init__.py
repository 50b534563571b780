"""Transaction set 856, Ship Notice/Manifest: the goods are on their way."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="856",
    title="Ship Notice/Manifest",
    name="ship notice",
    group="SH",
    group_name="ship notice",
    reader="reader:read_856",
    becomes=("shipment",),
    sent_by="retailer",
)
