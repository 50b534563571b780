"""Outbound files: added once per cause with their final bytes and name. `deliveries` moves them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from gateway.faults import NameTaken, StateMoved
from gateway.store.database import Snapshot, Transaction, columns_of, insert
from gateway.store.system import events
from gateway.store.system.events import NewEvent
from gateway.store.tables import acknowledgment, dispatch

INLINE_LIMIT = 64 * 1024  # bytes; larger payloads lie in the archive


@dataclass(frozen=True, slots=True)
class NewDispatch:
    """A file to send. `dedupe_key` names its cause: the same cause never sends twice.

    `data` of INLINE_LIMIT bytes and more must be in the archive before the transaction (`disk.put_archive`).
    """

    dedupe_key: str
    partner: str
    kind: str
    name: str
    data: bytes
    channel: str = "folder"
    set_id: str = ""
    control_number: str = ""
    return_no: str = ""
    intake_id: int | None = None
    batch_id: str = ""
    ack_state: str = "not_expected"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One row of the table `dispatch`. `data` is None if the bytes are in the archive, or were not asked for."""

    id: int
    dedupe_key: str
    partner: str
    kind: str
    channel: str
    name: str
    size: int
    sha256: str
    data: bytes | None
    set_id: str
    control_number: str
    return_no: str
    intake_id: int | None
    batch_id: str
    state: str
    attempts: int
    next_attempt_at: str
    error: str
    proof: str
    ack_state: str
    created_at: str
    delivered_at: str
    bytes_removed_at: str


# What `Dispatch(*row)` is made of.
COLUMNS = columns_of(dispatch, Dispatch)


def add(tx: Transaction, new: NewDispatch, at: str) -> int:
    """Write the row of an outbound file → its id; the id of the existing one if its cause was known already.

    The first bytes win: they may be on their way. Raises NameTaken if another file to this partner has the name.
    """
    values = {
        "dedupe_key": new.dedupe_key,
        "partner": new.partner,
        "kind": new.kind,
        "channel": new.channel,
        "name": new.name,
        "size": len(new.data),
        "sha256": hashlib.sha256(new.data).hexdigest(),
        "bytes": new.data if len(new.data) < INLINE_LIMIT else None,
        "set_id": new.set_id,
        "control_number": new.control_number,
        "return_no": new.return_no,
        "intake_id": new.intake_id,
        "batch_id": new.batch_id,
        "ack_state": new.ack_state,
        "created_at": at,
    }
    inserted = tx.execute(_insert_new(tx.dialect.name), values).scalar()
    if inserted is not None:
        events.add(
            tx,
            NewEvent(
                f"dispatch:{inserted}",
                "pending",
                message=f"{new.kind} {new.name} for {new.partner}",
                return_no=new.return_no,
            ),
            at,
        )
        return int(inserted)
    known = tx.scalar(sa.select(dispatch.c.id).where(dispatch.c.dedupe_key == new.dedupe_key))
    if known is None:
        raise NameTaken(f"{new.name} is taken.", subject=f"{new.partner} {new.channel}")
    return int(known)


@cache
def _insert_new(dialect: str) -> sa.Executable:
    # Built once, its values given as parameters: building it for each file costs more than running it.
    return insert(dialect, dispatch).on_conflict_do_nothing().returning(dispatch.c.id)


def added_after(snapshot: Snapshot, dispatch_id: int) -> list[Dispatch]:
    """The outbound files that were added after this one (0 for all), in the order in which they were."""
    query = sa.select(*COLUMNS).where(dispatch.c.id > dispatch_id).order_by(dispatch.c.id)
    return [Dispatch(*row) for row in snapshot.execute(query)]


def acknowledged(tx: Transaction, dispatch_id: int, ack_state: str, *, at: str, message: str = "") -> None:
    """Note what the partner's acknowledgment said of a file we sent: accepted, accepted_with_errors or rejected."""
    before = tx.scalar(sa.select(dispatch.c.ack_state).where(dispatch.c.id == dispatch_id))
    if before is None:
        raise StateMoved("There is no such dispatch.", subject=f"dispatch:{dispatch_id}")
    tx.execute(dispatch.update().where(dispatch.c.id == dispatch_id).values(ack_state=ack_state))
    events.add(tx, NewEvent(f"dispatch:{dispatch_id}", f"ack {ack_state}", f"ack {before}", message=message), at)


def get(snapshot: Snapshot, dispatch_id: int) -> Dispatch | None:
    """One outbound file; None if there is no such file."""
    row = snapshot.execute(sa.select(*COLUMNS).where(dispatch.c.id == dispatch_id)).one_or_none()
    return None if row is None else Dispatch(*row)


def by_dedupe_key(snapshot: Snapshot, dedupe_key: str) -> Dispatch | None:
    """The file that this cause has sent; None if it has sent none."""
    row = snapshot.execute(sa.select(*COLUMNS).where(dispatch.c.dedupe_key == dedupe_key)).one_or_none()
    return None if row is None else Dispatch(*row)


def bytes_removed(snapshot: Snapshot, dispatch_id: int) -> bool:
    """Whether retention has removed the bytes of this dispatch."""
    return bool(snapshot.scalar(sa.select(dispatch.c.bytes_removed_at).where(dispatch.c.id == dispatch_id)))


def of_intake(snapshot: Snapshot, intake_id: int) -> list[Dispatch]:
    """What was sent because of this received file, in order."""
    query = sa.select(*COLUMNS).where(dispatch.c.intake_id == intake_id).order_by(dispatch.c.id)
    return [Dispatch(*row) for row in snapshot.execute(query)]


def awaiting_acknowledgment(snapshot: Snapshot, partner: str, control_number: str) -> Dispatch | None:
    """The file of this control number that the partner is to acknowledge, answered or not; None if there is none."""
    query = sa.select(*COLUMNS).where(
        dispatch.c.partner == partner,
        dispatch.c.control_number == control_number,
        dispatch.c.ack_state != "not_expected",
    )
    row = snapshot.execute(query.limit(1)).one_or_none()
    return None if row is None else Dispatch(*row)


def note_answers(tx: Transaction, dispatch_id: int, subjects: Sequence[str]) -> None:
    """Note what an acknowledgment of ours answers: received groups and interchanges, each at most once.

    Raises IntegrityError if one of them was answered before.
    """
    if subjects:
        tx.execute(acknowledgment.insert(), [{"subject": subject, "dispatch_id": dispatch_id} for subject in subjects])


def batch_of_file(snapshot: Snapshot, partner: str, name: str) -> tuple[str, list[str]] | None:
    """An import file of ours by its name → its batch and the names of all files of that batch, in their order."""
    query = sa.select(dispatch.c.batch_id).where(
        dispatch.c.partner == partner, dispatch.c.kind == "erp_batch", dispatch.c.name == name
    )
    batch_id = snapshot.scalar(query.order_by(dispatch.c.id.desc()).limit(1))
    if not batch_id:
        return None
    names = sa.select(dispatch.c.name).where(dispatch.c.partner == partner, dispatch.c.batch_id == batch_id)
    return str(batch_id), [str(file_name) for file_name in snapshot.execute(names.order_by(dispatch.c.id)).scalars()]


def counts(snapshot: Snapshot) -> dict[str, int]:
    """How many dispatches are in each state."""
    rows = snapshot.execute(sa.select(dispatch.c.state, sa.func.count()).group_by(dispatch.c.state))
    return {str(state): int(count) for state, count in rows}
