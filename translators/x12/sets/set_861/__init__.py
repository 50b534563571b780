"""Transaction set 861, Receiving Advice/Acceptance Certificate: what a receiver got, and in which condition."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="861",
    title="Receiving Advice/Acceptance Certificate",
    name="receiving advice",
    group="RC",
    group_name="receiving advice",
    reader="reader:read_861",
    becomes=("receipt",),
    sent_by="warehouse",
    wants={"expected_receipt": "943"},
)
