"""Charges that a request claims and that we do not owe."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.model import Return, plain
from gateway.returns.policy import Policy
from gateway.returns.request.charges import FOREIGN, claimed_charges

_WORDS = {"restocking": "less restocking fee than ours", "tax": "more tax than ours"}


def charge_causes(return_: Return, _credits: Mapping[str, Decimal], policy: Policy) -> list[HoldCause]:
    """Every kind of charge of which more is claimed than is credited, as soon as goods with it are authorized."""
    causes: list[HoldCause] = []
    for charge in claimed_charges(return_, policy):
        if charge.of_authorized > 0 and charge.claimed > charge.credited and not return_.cancelled:
            kind, _, foreign = charge.kind.partition(FOREIGN)
            text = f"request {return_.request_number} claims {charge.claimed:f} {foreign or return_.currency} of "
            text += f"{_WORDS.get(kind, kind)}; {charge.credited:f} {return_.currency} of it is credited"
            causes.append(HoldCause("charge_differs", "", charge.kind, plain(charge.claimed), text))
    return causes
