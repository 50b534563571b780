"""What the sweep asks about promises: files nobody acknowledged, batches nobody took, documents that wait."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from gateway.clock import parse_instant
from gateway.returns import ParkedDocument
from gateway.store.database import Snapshot
from gateway.store.returns.clocks import RUNNING
from gateway.store.tables import dispatch, document, due, hold, intake, posting

PARKED_TOO_LONG = "parked_too_long"

# One Hold each, ever: one that a person dismissed is not opened again.
_HELD_AS_PARKED = sa.exists().where(hold.c.key == PARKED_TOO_LONG + ":" + sa.cast(document.c.id, sa.Text))

# A literal, not a parameter: the database must see that its partial index has all of these rows.
_AWAITING = dispatch.c.ack_state == sa.text("'awaiting'")


class SentFile(NamedTuple):
    """A delivered file that its partner has not acknowledged."""

    dispatch_id: int
    partner: str
    name: str
    delivered_at: str


class KeptPromise(NamedTuple):
    """A promise that was kept after its Hold had opened; `stopped_at` is "" if its clock runs again."""

    hold_key: str
    stopped_at: str
    return_no: str


class FoundDocument(NamedTuple):
    """A document that has a Hold for being parked, and what became of it."""

    hold_key: str
    state: str


def unacknowledged_without_clock(snapshot: Snapshot) -> list[SentFile]:
    """Delivered files that wait for an acknowledgment and have no clock yet."""
    started = sa.exists().where(due.c.key == "acknowledgment:" + sa.cast(dispatch.c.id, sa.Text))
    query = sa.select(dispatch.c.id, dispatch.c.partner, dispatch.c.name, dispatch.c.delivered_at)
    waiting = snapshot.execute(query.where(_AWAITING, dispatch.c.state == "delivered", ~started))
    return [SentFile(*row) for row in waiting]


def acknowledged_with_clock(snapshot: Snapshot) -> list[str]:
    """Keys of the clocks that still run for files which wait for no acknowledgment any more."""
    answered = (
        sa.select(due.c.key)
        .join(dispatch, due.c.key == "acknowledgment:" + sa.cast(dispatch.c.id, sa.Text))
        .where(due.c["class"] == "acknowledgment", due.c.state.in_(RUNNING), ~_AWAITING)
    )
    return [str(key) for key in snapshot.execute(answered).scalars()]


def batches_without_clock(snapshot: Snapshot, partner: str) -> list[tuple[str, str]]:
    """Delivered batches for an ERP that never had a clock, with the instant of their delivery."""
    started = sa.exists().where(due.c.key == "pickup:" + dispatch.c.batch_id)
    query = (
        sa.select(dispatch.c.batch_id, sa.func.max(dispatch.c.delivered_at))
        .where(dispatch.c.partner == partner, dispatch.c.state == "delivered", dispatch.c.kind == "erp_batch", ~started)
        .group_by(dispatch.c.batch_id)
    )
    return [(str(batch), str(at)) for batch, at in snapshot.execute(query)]


def is_batch_answered(snapshot: Snapshot, batch_id: str) -> bool:
    """Whether the ERP has said something about every posting of a batch."""
    waiting = sa.select(posting.c.key).where(
        posting.c.batch_id == batch_id, posting.c.state.in_(("batched", "delivered"))
    )
    return snapshot.execute(waiting.limit(1)).first() is None


def files_of_batch(snapshot: Snapshot, batch_id: str) -> list[str]:
    """The names of a batch's files."""
    names = snapshot.execute(sa.select(dispatch.c.name).where(dispatch.c.batch_id == batch_id)).scalars()
    return [str(name) for name in names]


def last_received_at(snapshot: Snapshot, partner: str) -> str:
    """When the partner's newest file came; "" if none did. Replays are no files of the partner."""
    query = sa.select(intake.c.received_at).where(intake.c.partner == partner, intake.c.replay_of.is_(None))
    return str(snapshot.execute(query.order_by(intake.c.id.desc()).limit(1)).scalar() or "")


def kept_after_all(snapshot: Snapshot) -> list[KeptPromise]:
    """Open Holds of clocks that wait no longer, in the order of their keys."""
    query = (
        sa.select(hold.c.key, due.c.stopped_at, due.c.return_no)
        .join(due, hold.c.key == "overdue:" + due.c.key)
        .where(hold.c.state == "open", hold.c.key.startswith("overdue:"), due.c.state.in_(("met", "running")))
        .order_by(hold.c.key)
    )
    return [KeptPromise(*row) for row in snapshot.execute(query)]


def parked_without_hold(snapshot: Snapshot) -> list[ParkedDocument]:
    """Parked documents that never had a Hold for it, oldest first."""
    columns = [document.c[name] for name in ("id", "partner", "kind", "number", "reason", "at")]
    parked = sa.select(*columns).where(document.c.state == "parked", ~_HELD_AS_PARKED).order_by(document.c.id)
    return [
        ParkedDocument(row.id, row.partner, row.kind, row.number, row.reason, parse_instant(row.at))
        for row in snapshot.execute(parked)
    ]


def held_but_not_parked(snapshot: Snapshot) -> list[FoundDocument]:
    """Documents with an open Hold for being parked that are parked no more, in the order of the Holds' keys."""
    query = (
        sa.select(hold.c.key, document.c.state)
        .join(document, document.c.id == hold.c.document_id)
        .where(hold.c.state == "open", hold.c["class"] == PARKED_TOO_LONG, document.c.state != "parked")
        .order_by(hold.c.key)
    )
    return [FoundDocument(*row) for row in snapshot.execute(query)]
