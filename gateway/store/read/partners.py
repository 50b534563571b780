"""What the store knows of each partner."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.store import Snapshot
from gateway.store.read.rows import Record, counts, values
from gateway.store.tables import dispatch, hold, intake


def activity(snapshot: Snapshot) -> dict[str, Record]:
    """Per partner: last file received and delivered, unsent files, open holds."""
    found: dict[str, Record] = {}

    def note(partner: str, **facts: object) -> None:
        found.setdefault(partner, {"last_received": "", "last_sent": "", "unsent": 0, "open_holds": 0}).update(facts)

    for partner in values(snapshot, intake.c.partner):
        mine = sa.select(intake.c.received_at).where(intake.c.partner == partner)
        note(partner, last_received=snapshot.scalar(mine.order_by(intake.c.id.desc()).limit(1)) or "")
    for partner in values(snapshot, dispatch.c.partner):
        mine = sa.select(dispatch.c.delivered_at).where(dispatch.c.partner == partner, dispatch.c.state == "delivered")
        note(partner, last_sent=snapshot.scalar(mine.order_by(dispatch.c.id.desc()).limit(1)) or "")
    for partner, count in counts(
        snapshot, dispatch.c.partner, dispatch.c.state.in_(("pending", "staged", "held"))
    ).items():
        note(partner, unsent=count)
    for partner, count in counts(snapshot, hold.c.partner, hold.c.state == "open").items():
        note(partner, open_holds=count)
    return found
