"""Parcels that their carrier does not deliver."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.ledger.parcels import named_parcel, parcels_with
from gateway.returns.model import Return, plain
from gateway.returns.policy import Policy


def parcel_causes(return_: Return, _credits: Mapping[str, Decimal], _policy: Policy) -> list[HoldCause]:
    """Every parcel of which the carrier reported an exception last, while goods in it have not come."""
    causes: list[HoldCause] = []
    for parcel, missing in parcels_with(return_, "exception"):
        goods = ", ".join(f"{plain(quantity)} of {return_.lines[no].sku or no}" for no, quantity in missing.items())
        where = f" in {parcel.last_place}" if parcel.last_place else ""
        why = f": {parcel.last_reason}" if parcel.last_reason else ""
        when = f" on {parcel.last_event_at[:10]}" if parcel.last_event_at else ""
        text = f"{named_parcel(parcel)} has an exception{when}{where}{why}; {goods} in it"
        extent = f"{parcel.last_event_at} {parcel.last_reason}".strip()
        causes.append(HoldCause("carrier_exception", "", parcel.source, extent, text))
    return causes
