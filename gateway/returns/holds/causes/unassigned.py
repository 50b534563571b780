"""Goods that came without a word of which return they are."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.holds.causes.words import named
from gateway.returns.model import UNASSIGNED, Return, plain
from gateway.returns.policy import Policy


def unassigned_causes(return_: Return, _credits: Mapping[str, Decimal], _policy: Policy) -> list[HoldCause]:
    """One question about all goods of a return without an owner."""
    if return_.purpose != UNASSIGNED:
        return []
    came = [(line, return_.tallies[no].r) for no, line in return_.lines.items() if return_.tallies[no].r]
    if not came:
        return []
    goods = ", ".join(f"{plain(quantity)} of {named(line)}" for line, quantity in came)
    extent = ";".join(f"{line.line_no}:{plain(quantity)}" for line, quantity in came)
    said = ", ".join(f"{reference.kind.replace('_', ' ')} {reference.value}" for reference in return_.references)
    text = f"{goods} came to {return_.warehouse} without a return" + (f"; the receipt names {said}" if said else "")
    return [HoldCause("unassigned_goods", "", "", extent, text)]
