"""Canonical documents as received: added once, then applied, parked, held or ignored, and sometimes read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import TypeAdapter

from gateway.store.database import Snapshot, Transaction, insert
from gateway.store.tables import document, parked_key, return_document
from translators.canonical import Inbound

_INBOUND: TypeAdapter[Inbound] = TypeAdapter(Inbound)

# Built once: building a statement costs more than running it.
_ADD = document.insert().returning(document.c.id)


@dataclass(frozen=True, slots=True)
class NewDocument:
    """One canonical message, the `ordinal`-th of its intake, counted from 0; `set_id` is None for one of no set.

    `stage` is that of its kind with this partner, as it came: test, pilot or live.
    """

    intake_id: int
    set_id: int | None
    ordinal: int
    partner: str
    body: Inbound
    stage: str = "live"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One row of the table `document`, its body read. state: applied, parked, held, ignored."""

    id: int
    intake_id: int | None
    set_id: int | None
    partner: str
    stage: str
    state: str
    reason: str
    at: str
    body: Inbound


def add(tx: Transaction, new: NewDocument, at: str) -> int:
    """Write the row of a document → its id. Its state is `applied` until the domain says otherwise."""
    row = {
        "intake_id": new.intake_id,
        "set_id": new.set_id,
        "ordinal": new.ordinal,
        "partner": new.partner,
        "kind": new.body.kind,
        "number": new.body.number,
        "body": new.body.model_dump_json(exclude_defaults=False),
        "stage": new.stage,
        "at": at,
    }
    return int(tx.execute(_ADD, row).scalar_one())


def set_state(tx: Transaction, document_id: int, state: str, reason: str, keys: Sequence[str] = ()) -> None:
    """Set a document's state (applied, parked, held, ignored); a parked one waits for any of `keys`, and a held one for
    a person or any of them."""
    tx.execute(document.update().where(document.c.id == document_id).values(state=state, reason=reason))
    tx.execute(parked_key.delete().where(parked_key.c.document_id == document_id))
    if state in {"parked", "held"} and keys:
        tx.execute(parked_key.insert(), [{"document_id": document_id, "key": key} for key in dict.fromkeys(keys)])


def revise(tx: Transaction, document_id: int, body: Inbound) -> None:
    """Put another reading of the same bytes in the place of a document's first one: a code has got its meaning."""
    first = sa.case((document.c.first_body == "", document.c.body), else_=document.c.first_body)
    changed = document.update().where(document.c.id == document_id)
    tx.execute(changed.values(first_body=first, body=body.model_dump_json()))


def parked_for(snapshot: Snapshot, keys: Sequence[str]) -> list[int]:
    """Documents parked for any of `keys`, in order of arrival."""
    if not keys:
        return []
    found = snapshot.execute(
        sa.select(parked_key.c.document_id)
        .where(parked_key.c.key.in_(keys))
        .distinct()
        .order_by(parked_key.c.document_id)
    )
    return [int(row[0]) for row in found]


def parked_keys(snapshot: Snapshot, document_id: int) -> list[str]:
    """What a document is parked for."""
    query = sa.select(parked_key.c.key).where(parked_key.c.document_id == document_id).order_by(parked_key.c.key)
    return [str(key) for key in snapshot.execute(query).scalars()]


def get(snapshot: Snapshot, document_id: int) -> StoredDocument | None:
    """One document; None if there is no such document."""
    row = snapshot.execute(sa.select(document).where(document.c.id == document_id)).one_or_none()
    return None if row is None else _stored(row)


def of_kind(snapshot: Snapshot, kind: str) -> list[StoredDocument]:
    """The documents of a kind, oldest first."""
    query = sa.select(document).where(document.c.kind == kind).order_by(document.c.id)
    return [_stored(row) for row in snapshot.execute(query)]


def _stored(row: sa.Row[tuple[object, ...]]) -> StoredDocument:
    return StoredDocument(
        id=row.id,
        intake_id=row.intake_id,
        set_id=row.set_id,
        partner=row.partner,
        stage=row.stage,
        state=row.state,
        reason=row.reason,
        at=row.at,
        body=_INBOUND.validate_json(row.body),
    )


def intakes_of(snapshot: Snapshot, document_ids: Sequence[int]) -> list[int]:
    """The intakes that these documents came in, each once, in order."""
    query = sa.select(document.c.intake_id).where(document.c.id.in_(document_ids), document.c.intake_id.is_not(None))
    return [int(number) for number in snapshot.execute(query.distinct().order_by(document.c.intake_id)).scalars()]


def count(snapshot: Snapshot) -> int:
    """How many documents there are."""
    return int(snapshot.execute(sa.select(sa.func.count()).select_from(document)).scalar_one())


def of_intake(snapshot: Snapshot, intake_id: int) -> list[Inbound]:
    """The documents of a received file, as they were read, in its order."""
    query = sa.select(document.c.body).where(document.c.intake_id == intake_id).order_by(document.c.ordinal)
    return [_INBOUND.validate_json(body) for body in snapshot.execute(query).scalars()]


def anything_parked(snapshot: Snapshot) -> bool:
    """Does any document wait for another one?"""
    return snapshot.execute(sa.select(parked_key.c.document_id).limit(1)).first() is not None


def link_return(tx: Transaction, return_no: str, document_id: int) -> None:
    """Remember that a document touched a return; twice is once."""
    tx.execute(
        insert(tx, return_document).on_conflict_do_nothing(), {"return_no": return_no, "document_id": document_id}
    )
