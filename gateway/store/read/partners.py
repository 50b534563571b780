"""What the store knows of each partner."""

from __future__ import annotations

from typing import TypedDict

import sqlalchemy as sa

from gateway.store.database import Snapshot
from gateway.store.read.overview import UNSENT
from gateway.store.read.rows import counts, values
from gateway.store.tables import dispatch, hold, intake


class Activity(TypedDict):
    """When a partner's last file was received and delivered ("" for never), its unsent files and open Holds."""

    last_received: str
    last_sent: str
    unsent: int
    open_holds: int


def silent() -> Activity:
    """The activity of a partner that the store knows nothing of."""
    return {"last_received": "", "last_sent": "", "unsent": 0, "open_holds": 0}


def activity(snapshot: Snapshot) -> dict[str, Activity]:
    """The activity of each partner that the store knows."""
    by_partner: dict[str, Activity] = {}

    def of(partner: str) -> Activity:
        return by_partner.setdefault(partner, silent())

    for partner in values(snapshot, intake.c.partner):
        received = sa.select(intake.c.received_at).where(intake.c.partner == partner)
        of(partner)["last_received"] = snapshot.scalar(received.order_by(intake.c.id.desc()).limit(1)) or ""
    for partner in values(snapshot, dispatch.c.partner):
        delivered = dispatch.c.state == "delivered"
        sent = sa.select(dispatch.c.delivered_at).where(dispatch.c.partner == partner, delivered)
        of(partner)["last_sent"] = snapshot.scalar(sent.order_by(dispatch.c.id.desc()).limit(1)) or ""
    for partner, count in counts(snapshot, dispatch.c.partner, dispatch.c.state.in_(UNSENT)).items():
        of(partner)["unsent"] = count
    for partner, count in counts(snapshot, hold.c.partner, hold.c.state == "open").items():
        of(partner)["open_holds"] = count
    return by_partner
