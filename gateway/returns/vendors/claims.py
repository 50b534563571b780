"""What suppliers are asked to take back, and what they allow."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gateway.returns.model import ZERO, Return, VendorClaim


def claimable(return_: Return, line_no: str, quantity: Decimal) -> Decimal:
    """How much of a line that goes back to the vendor may be claimed: all of it where no supplier is asked."""
    claims = [c for c in return_.vendor_claims.values() if line_no in c.asked]
    return min(quantity, sum((c.allowed.get(line_no, ZERO) for c in claims), ZERO)) if claims else quantity


def unanswered(return_: Return) -> Iterator[VendorClaim]:
    """Claims that wait for their supplier's word."""
    return (c for c in return_.vendor_claims.values() if c.asked and c.decision in {"", "pending"})


def differing(return_: Return) -> Iterator[tuple[VendorClaim, str, Decimal, Decimal]]:
    """Answered claims by line, where what is allowed is not what was asked for: allowed, asked."""
    for claim in return_.vendor_claims.values():
        if claim.decision in {"authorized", "partial", "denied"}:
            for no in sorted({*claim.asked, *claim.allowed}):
                allowed, asked = claim.allowed.get(no, ZERO), claim.asked.get(no, ZERO)
                if allowed != asked:
                    yield claim, no, allowed, asked
