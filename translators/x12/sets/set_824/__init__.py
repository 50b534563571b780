"""Transaction set 824, Application Advice: a partner's business verdict on what we sent."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="824",
    title="Application Advice",
    name="application advice",
    group="AG",
    group_name="application advice",
    reader="reader:read_824",
    becomes=("acknowledgment",),
)
