"""The way of an outbound file: pending → staged → delivered, with proof. A held file waits for a person, a void one is
never sent.

Moves are guarded by their origin and leave an event each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from gateway.faults import StateMoved
from gateway.store.database import Snapshot, Transaction
from gateway.store.files.dispatches import COLUMNS, Dispatch
from gateway.store.system import events
from gateway.store.system.events import NewEvent
from gateway.store.tables import dispatch, dispatch_attempt

OPEN = ("pending", "staged")


def due(
    snapshot: Snapshot, now: str, *, channel: str | None = None, partner: str | None = None, limit: int = 256
) -> list[Dispatch]:
    """What may be sent now, in the order it was added, with its inline bytes; of one channel or partner if named.

    The order of a partner's channel is kept: what stands behind a file that waits for its next attempt waits too.
    """
    is_open: list[sa.ColumnElement[bool]] = [dispatch.c.state.in_(OPEN)]
    if channel is not None:
        is_open.append(dispatch.c.channel == channel)
    if partner is not None:
        is_open.append(dispatch.c.partner == partner)
    waiting = (
        sa.select(dispatch.c.partner, dispatch.c.channel, sa.func.min(dispatch.c.id).label("first"))
        .where(*is_open, dispatch.c.next_attempt_at > now)
        .group_by(dispatch.c.partner, dispatch.c.channel)
    )
    free = [
        sa.or_(dispatch.c.partner != row.partner, dispatch.c.channel != row.channel, dispatch.c.id < row.first)
        for row in snapshot.execute(waiting)
    ]
    query = sa.select(*COLUMNS).where(*is_open, *free).order_by(dispatch.c.id).limit(limit)
    return [Dispatch(*row) for row in snapshot.execute(query)]


def waiting_channels(snapshot: Snapshot) -> list[tuple[str, str]]:
    """The (partner, channel) pairs that have something to send."""
    query = sa.select(dispatch.c.partner, dispatch.c.channel).where(dispatch.c.state.in_(OPEN)).distinct()
    return [
        (str(partner), str(channel))
        for partner, channel in snapshot.execute(query.order_by(dispatch.c.partner, dispatch.c.channel))
    ]


def staged(tx: Transaction, items: Sequence[Dispatch], at: str) -> list[Dispatch]:
    """Note that these files are durable under their private names → those that were still pending."""
    moved = _move(tx, items, "pending", "staged", at, {})
    return [item for item in items if item.id in moved]


def delivered(tx: Transaction, proofs: Sequence[tuple[Dispatch, str]], at: str) -> int:
    """Note that these files are where they belong, and how we know → how many were still staged."""
    by_id = {item.id: proof for item, proof in proofs}
    moved = _move(tx, [item for item, _ in proofs], "staged", "delivered", at, by_id)
    if moved:
        tx.execute(
            dispatch_attempt.insert(),
            [{"dispatch_id": id_, "at": at, "outcome": "delivered", "detail": by_id[id_]} for id_ in sorted(moved)],
        )
    return len(moved)


def _move(
    tx: Transaction, items: Sequence[Dispatch], before: str, after: str, at: str, proofs: Mapping[int, str]
) -> set[int]:
    ids = [item.id for item in items]
    found = sa.select(dispatch.c.id).where(dispatch.c.id.in_(ids), dispatch.c.state == before).with_for_update()
    moved = set(tx.execute(found).scalars())
    if not moved:
        return moved
    if after == "delivered":
        done = {"state": after, "error": "", "next_attempt_at": "", "delivered_at": at}
        statement = dispatch.update().where(dispatch.c.id == sa.bindparam("of_id"))
        tx.execute(
            statement.values(**done, proof=sa.bindparam("of_proof"), attempts=dispatch.c.attempts + 1),
            [{"of_id": id_, "of_proof": proofs[id_]} for id_ in sorted(moved)],
        )
    else:
        tx.execute(dispatch.update().where(dispatch.c.id.in_(moved)).values(state=after))
    events.add_many(
        tx,
        [
            NewEvent(f"dispatch:{item.id}", after, before, message=proofs.get(item.id, ""), return_no=item.return_no)
            for item in items
            if item.id in moved
        ],
        at,
    )
    return moved


def put_off(tx: Transaction, item: Dispatch, error: str, next_attempt_at: str, at: str) -> None:
    """The attempt failed and is repeated at that time; the state stays."""
    tx.execute(
        dispatch.update()
        .where(dispatch.c.id == item.id, dispatch.c.state.in_(OPEN))
        .values(attempts=dispatch.c.attempts + 1, error=error, next_attempt_at=next_attempt_at)
    )
    _attempt(tx, item.id, "retry", error, at)


def hold(tx: Transaction, item: Dispatch, error: str, at: str) -> None:
    """The attempt failed in a way that a person must decide about."""
    _guarded(tx, item.id, OPEN, "held", error, at, "gateway")
    _attempt(tx, item.id, "held", error, at)


def keep_back(tx: Transaction, item: Dispatch, why: str, at: str) -> None:
    """A file that was only just prepared waits for a person. Raises StateMoved if it is under way."""
    _guarded(tx, item.id, ("pending",), "held", why, at, "gateway")


def send_again(tx: Transaction, dispatch_id: int, *, actor: str, at: str) -> None:
    """A person decided that a held file is tried again, with the same bytes and name. Raises StateMoved."""
    _guarded(tx, dispatch_id, ("held",), "pending", "", at, actor)


def void(tx: Transaction, dispatch_id: int, *, reason: str, actor: str, at: str) -> None:
    """A person decided that a held file is never sent; its control number stays used. Raises StateMoved."""
    _guarded(tx, dispatch_id, ("held",), "void", reason, at, actor)


def _guarded(
    tx: Transaction, dispatch_id: int, origins: Sequence[str], after: str, error: str, at: str, actor: str
) -> None:
    row = tx.execute(
        sa.select(dispatch.c.state, dispatch.c.return_no).where(dispatch.c.id == dispatch_id).with_for_update()
    ).one_or_none()
    if row is None or row.state not in origins:
        now = row.state if row else "not there"
        raise StateMoved(f"It is {now}, not {' or '.join(origins)}.", subject=f"dispatch:{dispatch_id}")
    tx.execute(
        dispatch.update().where(dispatch.c.id == dispatch_id).values(state=after, error=error, next_attempt_at="")
    )
    events.add(
        tx,
        NewEvent(f"dispatch:{dispatch_id}", after, row.state, message=error, return_no=row.return_no, actor=actor),
        at,
    )


def _attempt(tx: Transaction, dispatch_id: int, outcome: str, detail: str, at: str) -> None:
    tx.execute(dispatch_attempt.insert().values(dispatch_id=dispatch_id, at=at, outcome=outcome, detail=detail))
