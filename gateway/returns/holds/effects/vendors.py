"""A person says what a supplier is told."""

from __future__ import annotations

from gateway.returns.holds.effects.answer import Answer
from gateway.returns.vendors.requests import ask


def ask_supplier_again(answer: Answer) -> None:
    """The request goes out once more as it stands: its answer clears the Hold, or opens it anew."""
    claim = next(c for c in answer.return_.vendor_claims.values() if answer.hold.key.endswith(f":{c.supplier}"))
    ask(answer.decision, answer.return_, claim)
