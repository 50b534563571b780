"""Parcels of a return on their way: what their carrier says of them, and which goods in them have not come."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gateway.returns.model import ZERO, Consignment, Return


def parcel_news(parcel: Consignment) -> tuple[str, str, str, str]:
    """What its carrier said of a parcel last, in the order of the fields of a Consignment."""
    return parcel.last_event, parcel.last_event_at, parcel.last_place, parcel.last_reason


def named_parcel(parcel: Consignment) -> str:
    """A parcel in words: its carrier and tracking numbers, else the number of the shipping notice."""
    number = ", ".join(parcel.tracking) or parcel.number
    return f"{parcel.carrier} {number}".strip()


def parcels_with(return_: Return, event: str) -> Iterator[tuple[Consignment, dict[str, Decimal]]]:
    """The parcels of which this event was the last, with the quantity of every line in them that has not come."""
    for parcel in return_.consignments:
        if parcel.last_event == event and (missing := missing_of(return_, parcel)):
            yield parcel, missing


def missing_of(return_: Return, parcel: Consignment) -> dict[str, Decimal]:
    """Of every line how much of a parcel can still be on its way: at most what the notice says is in it, and at most
    what of the whole line was shipped and neither came nor was closed short.
    """
    missing: dict[str, Decimal] = {}
    for line_no, claims in return_.claims.items():
        in_parcel = sum(
            (
                quantity
                for claim in claims
                if claim.source == parcel.source and claim.state == "active"
                for kind, quantity, _, _ in claim.effects
                if kind == "ship"
            ),
            ZERO,
        )
        tally = return_.tallies[line_no]
        if (quantity := min(in_parcel, tally.x - tally.r - tally.z)) > 0:
            missing[line_no] = quantity
    return missing
