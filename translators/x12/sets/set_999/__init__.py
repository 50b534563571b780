"""Transaction set 999, Implementation Acknowledgment: a partner's verdict on a group of ours, in more detail."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="999",
    title="Implementation Acknowledgment",
    name="implementation acknowledgment",
    group="FA",
    group_name="acknowledgments",
    reader="reader:read_999",
    becomes=("acknowledgment",),
)
