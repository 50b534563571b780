"""What the store knows of each partner."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.store import Snapshot
from gateway.store.tables import dispatch, hold, intake
from gateway.web.queries.rows import Record, counts


def activity(snapshot: Snapshot) -> dict[str, Record]:
    """Per partner: last file received and delivered, unsent files, open holds."""
    found: dict[str, Record] = {}

    def note(partner: str, **facts: object) -> None:
        found.setdefault(partner, {"last_received": "", "last_sent": "", "unsent": 0, "open_holds": 0}).update(facts)

    received = sa.select(intake.c.partner, sa.func.max(intake.c.id)).group_by(intake.c.partner).subquery()
    last = sa.select(intake.c.partner, intake.c.received_at).join(received, intake.c.id == received.c[1])
    for partner, at in snapshot.execute(last):
        note(partner, last_received=at)
    sent = sa.select(dispatch.c.partner, sa.func.max(dispatch.c.delivered_at)).group_by(dispatch.c.partner)
    for partner, at in snapshot.execute(sent):
        note(partner, last_sent=at)
    for partner, count in counts(
        snapshot, dispatch.c.partner, dispatch.c.state.in_(("pending", "staged", "held"))
    ).items():
        note(partner, unsent=count)
    for partner, count in counts(snapshot, hold.c.partner, hold.c.state == "open").items():
        note(partner, open_holds=count)
    return found
