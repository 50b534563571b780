"""How much of goods that go back to their vendor may be claimed."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.model import ZERO, Return
from gateway.returns.money.claim_figures import taken
from gateway.returns.policy import Policy
from gateway.returns.vendors.claims import claim_of_line


def claimable(return_: Return, line_no: str, quantity: Decimal, policy: Policy) -> Decimal:
    """How much of a line that goes back to the vendor may be claimed: all of it where no supplier is asked.

    Nothing while nobody has said what it cost, where the policy holds claims without money.
    """
    claims = [c for c in return_.vendor_claims.values() if line_no in c.asked]
    if not claims:
        return quantity
    if waits_for_cost(return_, line_no, policy):
        return ZERO
    return min(quantity, sum((taken(return_, claim).get(line_no, ZERO) for claim in claims), ZERO))


def waits_for_cost(return_: Return, line_no: str, policy: Policy) -> bool:
    """Is a line in a claim, and nobody has said what its goods cost us, or that it is claimed without?"""
    claim, line = claim_of_line(return_, line_no), return_.lines[line_no]
    if claim is None or line.cost_price is not None or policy.vendor_claims.without_cost == "claim":
        return False
    return line_no not in claim.by_quantity
