"""Business exceptions that wait for a person: opened once per key, resolved once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.faults import StateMoved
from gateway.holds import HoldSubject, NewHold, hold_class
from gateway.store.database import Snapshot, Transaction, columns_of, insert
from gateway.store.feed import business_events
from gateway.store.system import events, steps
from gateway.store.system.events import NewEvent
from gateway.store.system.step_bodies import HeldBody
from gateway.store.tables import hold


@dataclass(frozen=True, slots=True)
class Hold:
    """One row of the table `hold`."""

    id: int
    key: str
    class_: str
    owner: str
    partner: str
    return_no: str
    line_no: str
    intake_id: int | None
    document_id: int | None
    posting_key: str
    message: str
    next_action: str
    state: str
    resolution: str
    resolved_by: str
    opened_at: str
    resolved_at: str


_COLUMNS = columns_of(hold, Hold)


def open_(
    tx: Transaction, new: NewHold, at: str, *, actor: str = "gateway", reopen: bool = False, step: bool = True
) -> int:
    """Open a Hold → its id. A second opening with the same key is the same Hold; one that was resolved stays resolved
    unless `reopen` says that the cause came back. Raises LookupError for a class that is not in the catalogue.

    One that names a return is about a file of that return, which no decision opens: it is a step of its own, unless
    it follows from another one (`step` False).
    """
    values = _values(new, at)
    return_no = new.subject.return_no
    inserted = tx.execute(
        insert(tx, hold).values(**values).on_conflict_do_nothing(index_elements=["key"]).returning(hold.c.id)
    ).scalar()
    if inserted is not None:
        _tell(tx, int(inserted), return_no, "", "open", new.message, actor, at)
        if step:
            _note_step(tx, values)
        return int(inserted)
    known = tx.execute(sa.select(hold.c.id, hold.c.state).where(hold.c.key == new.key)).one()
    if reopen and known.state == "resolved":
        reopened = {**values, "state": "open", "resolution": "", "resolved_by": "", "resolved_at": ""}
        tx.execute(hold.update().where(hold.c.id == known.id).values(**reopened))
        _tell(tx, int(known.id), return_no, "resolved", "open", new.message, actor, at)
        if step:
            _note_step(tx, values)
    return int(known.id)


def open_from_step(tx: Transaction, body: HeldBody, at: str) -> int:
    """Open the Hold that a step of kind `held` names, with the texts of then → its id."""
    subject = HoldSubject(
        partner=body["partner"],
        return_no=body["return_no"],
        line_no=body["line_no"],
        intake_id=body["intake_id"],
        document_id=body["document_id"],
        posting_key=body["posting_key"],
    )
    new = NewHold(body["class"], body["key"], body["owner"], body["message"], body["next_action"], subject)
    return open_(tx, new, at, reopen=True)


def _values(new: NewHold, at: str) -> HeldBody:
    """The columns of a Hold that opens."""
    subject = new.subject
    return {
        "key": new.key,
        "class": hold_class(new.class_).name,
        "owner": new.owner,
        "partner": subject.partner,
        "return_no": subject.return_no,
        "line_no": subject.line_no,
        "intake_id": subject.intake_id,
        "document_id": subject.document_id,
        "posting_key": subject.posting_key,
        "message": new.message,
        "next_action": new.next_action,
        "opened_at": at,
    }


def _note_step(tx: Transaction, values: HeldBody) -> None:
    """Note a Hold that names a return as a step."""
    if values["return_no"]:
        steps.note(tx, steps.HELD, values["opened_at"], {**values})


def resolve(tx: Transaction, hold_id: int, *, resolution: str, actor: str, at: str) -> None:
    """Close a Hold with what a person decided. Raises StateMoved if it is not open."""
    _close(tx, hold_id, resolution=resolution, actor=actor, at=at)
    key = tx.scalar(sa.select(hold.c.key).where(hold.c.id == hold_id))
    steps.note(tx, steps.RESOLVED, at, {"hold": key, "resolution": resolution, "actor": actor})


def _close(tx: Transaction, hold_id: int, *, resolution: str, actor: str, at: str) -> None:
    row = tx.execute(
        hold.update()
        .where(hold.c.id == hold_id, hold.c.state == "open")
        .values(state="resolved", resolution=resolution, resolved_by=actor, resolved_at=at)
        .returning(hold.c.return_no)
    ).one_or_none()
    if row is None:
        raise StateMoved("It is not open.", subject=f"hold:{hold_id}")
    _tell(tx, hold_id, str(row.return_no), "open", "resolved", resolution, actor, at)


def resolve_key(tx: Transaction, key: str, *, resolution: str, actor: str, at: str) -> bool:
    """Close the open Hold with this key, if there is one → whether there was."""
    found = tx.scalar(sa.select(hold.c.id).where(hold.c.key == key, hold.c.state == "open"))
    if found is None:
        return False
    _close(tx, int(found), resolution=resolution, actor=actor, at=at)
    return True


def id_of(snapshot: Snapshot, key: str) -> int | None:
    """The id of the Hold with this key; None if there is none."""
    found = snapshot.scalar(sa.select(hold.c.id).where(hold.c.key == key))
    return None if found is None else int(found)


def open_keys(snapshot: Snapshot, intake_id: int, classes: Collection[str] = ()) -> list[str]:
    """The keys of an intake's open Holds, of these classes if any are named."""
    query = sa.select(hold.c.key).where(hold.c.intake_id == intake_id, hold.c.state == "open")
    if classes:
        query = query.where(hold.c["class"].in_(classes))
    return [str(key) for key in snapshot.execute(query).scalars()]


def messages_below(snapshot: Snapshot, key: str) -> list[str]:
    """The messages of the Holds with this key or one below it (`<key>:…`), open or resolved."""
    below = sa.or_(hold.c.key == key, hold.c.key.startswith(f"{key}:"))
    return [str(message) for message in snapshot.execute(sa.select(hold.c.message).where(below)).scalars()]


def get(snapshot: Snapshot, hold_id: int) -> Hold | None:
    """One Hold, open or resolved; None if there is no such Hold."""
    row = snapshot.execute(sa.select(*_COLUMNS).where(hold.c.id == hold_id)).one_or_none()
    return None if row is None else Hold(*row)


def open_holds(snapshot: Snapshot, *, return_no: str | None = None, limit: int = 1000) -> list[Hold]:
    """Open Holds, oldest first; those of one return if it is named."""
    query = sa.select(*_COLUMNS).where(hold.c.state == "open").order_by(hold.c.id).limit(limit)
    if return_no is not None:
        query = query.where(hold.c.return_no == return_no)
    return [Hold(*row) for row in snapshot.execute(query)]


def counts(snapshot: Snapshot) -> dict[str, int]:
    """How many Holds of each class are open."""
    query = sa.select(hold.c["class"], sa.func.count()).where(hold.c.state == "open").group_by(hold.c["class"])
    return {str(class_): int(count) for class_, count in snapshot.execute(query)}


def _tell(
    tx: Transaction, hold_id: int, return_no: str, before: str, after: str, message: str, actor: str, at: str
) -> None:
    events.add(tx, NewEvent(f"hold:{hold_id}", after, before, message=message, return_no=return_no, actor=actor), at)
    business_events.append_hold(tx, hold_id, at)
