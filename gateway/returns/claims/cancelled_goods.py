"""Goods that came although their partner has cancelled them, whichever was first."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.model import ZERO, Return


def came_cancelled(return_: Return, line_no: str) -> Decimal:
    """Units of a line that came, are not authorized because the partner cancelled them, and wait for a person.

    What has not come is cancelled without a question. Of a line that was cancelled in part, as many as were cancelled.
    """
    waiting = return_.tallies[line_no].undecided_surplus
    if not waiting or return_.lines[line_no].added:
        return ZERO
    return waiting if return_.cancelled else min(waiting, cancelled_in_part(return_, line_no))


def cancelled_in_part(return_: Return, line_no: str) -> Decimal:
    """How much of a line the cancellations take back that name quantities."""
    standing = (
        claim for claim in return_.claims.get(line_no, ()) if claim.kind == "cancel" and claim.state == "active"
    )
    return sum((quantity for claim in standing for kind, quantity, _, _ in claim.effects if kind == "cancel"), ZERO)


def is_cancelled(return_: Return, line_no: str) -> bool:
    """Did the partner cancel the line, or a part of it?"""
    return return_.cancelled or bool(cancelled_in_part(return_, line_no))
