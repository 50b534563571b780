"""Transaction set 997, Functional Acknowledgment: a partner's verdict on a group of ours."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="997",
    title="Functional Acknowledgment",
    name="functional acknowledgment",
    group="FA",
    group_name="acknowledgments",
    reader="reader:read_997",
    becomes=("acknowledgment",),
)
