"""Goods that are here although they are cancelled: cancelled after they came, or come after they were cancelled.

A cancellation takes back what has not come. Of the rest a person says what becomes of it. It makes no difference which
of the documents came first.
"""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.model import UNASSIGNED, ZERO, Return

# The class of the Hold about them; a claim by which a person answers it says so in `said`.
CANCELLED_GOODS = "cancelled_after_receipt"


def came_cancelled(return_: Return, line_no: str) -> Decimal:
    """How many units of a line are here, are cancelled, and wait for a person to say what becomes of them.

    Of a cancelled request all that is not authorized; else as much of the surplus as the line's cancellations took.
    Whether a line was made by its goods or by the request makes no difference: either may have come first. Goods that
    nobody could name are asked about by their item first.
    """
    surplus = return_.tallies[line_no].undecided_surplus
    if not surplus or return_.purpose == UNASSIGNED or not return_.lines[line_no].sku:
        return ZERO
    if return_.cancelled:
        return surplus
    undecided = ZERO
    for claim in return_.claims.get(line_no, ()):
        if claim.state == "active" and (claim.kind == "cancel" or claim.said == CANCELLED_GOODS):
            quantity = sum((effect[1] for effect in claim.effects), ZERO)
            undecided += quantity if claim.kind == "cancel" else -quantity
    return max(ZERO, min(undecided, surplus))


def is_taken_back(return_: Return, line_no: str) -> bool:
    """Has the partner cancelled the line, or units of it?"""
    claims = return_.claims.get(line_no, ())
    return return_.cancelled or any(claim.kind == "cancel" and claim.state == "active" for claim in claims)
