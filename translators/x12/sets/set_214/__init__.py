"""Transaction set 214, Transportation Carrier Shipment Status Message: where a parcel is, and what happened to it."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="214",
    title="Transportation Carrier Shipment Status Message",
    name="shipment status",
    group="QM",
    group_name="shipment status",
    reader="reader:read_214",
    becomes=("carrier_event",),
    sent_by="carrier",
)
