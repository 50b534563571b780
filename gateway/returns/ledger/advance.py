"""Lines that are credited or replaced before their goods come: what is at stake, and what of it is charged back.

What does not come back is given up: closed short. Of that the partner is charged, unless a person wrote it off. Goods
that come after all are charged no more.
"""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.model import ZERO, Return, ReturnLine

# The code of what is closed short without a charge.
WRITTEN_OFF = "written_off"


def is_in_advance(return_: Return, line: ReturnLine) -> bool:
    """Is the line settled before its goods come, which are to come?"""
    return return_.settlement == "in_advance" and line.instruction != "keep"


def charge_due(return_: Return, line: ReturnLine) -> Decimal:
    """How much of a line the partner is to be charged: what was given up, was not written off, and has not come."""
    tally = return_.tallies[line.line_no]
    if not tally.z or not is_in_advance(return_, line):
        return ZERO
    written_off = _written_off(return_, line.line_no)
    return max(ZERO, min(tally.z, tally.a - tally.r) - written_off)


def exposure(return_: Return, line: ReturnLine) -> Decimal:
    """How much of a line is credited or replaced, and neither came, nor was it charged back or written off."""
    if not is_in_advance(return_, line):
        return ZERO
    tally = return_.tallies[line.line_no]
    at_stake = tally.c - tally.r - tally.b
    return max(ZERO, at_stake - _written_off(return_, line.line_no)) if at_stake > 0 else ZERO


def undecided_exposure(return_: Return, line: ReturnLine) -> Decimal:
    """The part of the exposure that is still waited for: nobody has given it up."""
    tally = return_.tallies[line.line_no]
    return max(ZERO, tally.c - tally.r - tally.z) if is_in_advance(return_, line) else ZERO


def _written_off(return_: Return, line_no: str) -> Decimal:
    written_off = ZERO
    for claim in return_.claims.get(line_no, ()):
        if claim.kind == "close_short" and claim.state == "active":
            written_off += sum((quantity for _, quantity, code, _ in claim.effects if code == WRITTEN_OFF), ZERO)
    return written_off
