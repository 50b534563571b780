"""What suppliers are asked to take back, and what they allow."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gateway.returns.model import ZERO, Return, VendorClaim


def claim_of_line(return_: Return, line_no: str) -> VendorClaim | None:
    """The claim that a line's goods are in; None where no supplier is asked for them."""
    return next((claim for claim in return_.vendor_claims.values() if line_no in claim.asked), None)


def unanswered(return_: Return) -> Iterator[VendorClaim]:
    """Claims that wait for their supplier's word: it has neither answered nor credited anything."""
    return (c for c in return_.vendor_claims.values() if c.asked and c.decision in {"", "pending"} and not c.credits)


def differing(return_: Return) -> Iterator[tuple[VendorClaim, str, Decimal, Decimal]]:
    """Answered claims by line, where what is allowed is not what was asked for: allowed, asked."""
    for claim in return_.vendor_claims.values():
        if claim.decision in {"authorized", "partial", "denied"}:
            for no in sorted({*claim.asked, *claim.allowed}):
                allowed, asked = claim.allowed.get(no, ZERO), claim.asked.get(no, ZERO)
                if allowed != asked:
                    yield claim, no, allowed, asked
