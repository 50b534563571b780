"""Interchanges, groups, sets and documents as received: one row each, written once by the stage that processed them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from gateway.store.database import Snapshot, Transaction, insert
from gateway.store.tables import document, functional_group, intake, interchange, parked_key, return_document, set_
from translators.canonical import Inbound
from translators.findings import Finding
from translators.translation import GroupResult, InterchangeResult, SetResult

_INBOUND: TypeAdapter[Inbound] = TypeAdapter(Inbound)

# Built once: building a statement costs more than running it.
_ADD_INTERCHANGE = interchange.insert().returning(interchange.c.id)
_ADD_GROUP = functional_group.insert().returning(functional_group.c.id)
_ADD_SET = set_.insert().returning(set_.c.id)
_ADD_DOCUMENT = document.insert().returning(document.c.id)


def findings_json(findings: Iterable[Finding]) -> str:
    """Findings as the JSON text that the findings columns hold."""
    return json.dumps([each.as_json() for each in findings], ensure_ascii=False)


def add_interchange(
    tx: Transaction,
    intake_id: int,
    ordinal: int,
    partner: str,
    result: InterchangeResult,
    dedupe_key: str | None,
    at: str,
    *,
    held: bool = False,
) -> int:
    """One ISA…IEA. `dedupe_key` (None for a rejected one) makes a second of the same control number impossible.

    `held`: it was not processed, whatever its verdict by the standard.
    """
    row = {
        "intake_id": intake_id,
        "ordinal": ordinal,
        "partner": partner,
        "control_number": result.control_number,
        "sender": result.sender.strip(),
        "receiver": result.receiver.strip(),
        "version": result.version,
        "usage": result.usage,
        "verdict": "held" if held else result.verdict,
        "dedupe_key": dedupe_key,
        "findings": findings_json(result.findings),
        "at": at,
    }
    return int(tx.execute(_ADD_INTERCHANGE, row).scalar_one())


def interchange_with(conn: Snapshot, dedupe_key: str) -> sa.Row[Any] | None:
    """The interchange that already used this control number, if any."""
    return conn.execute(sa.select(interchange).where(interchange.c.dedupe_key == dedupe_key)).first()


def interchange_of(conn: Snapshot, intake_id: int, ordinal: int) -> str | None:
    """The verdict stored for an intake's n-th interchange; None if it is not in the store (yet)."""
    query = sa.select(interchange.c.verdict).where(interchange.c.intake_id == intake_id)
    verdict = conn.execute(query.where(interchange.c.ordinal == ordinal)).scalar()
    return None if verdict is None else str(verdict)


def interchanges_of_bytes(conn: Snapshot, partner: str, sha256: str, ordinal: int) -> list[int]:
    """The n-th interchange of these bytes, as often as they were processed: first and replayed."""
    query = sa.select(interchange.c.id).join(intake, intake.c.id == interchange.c.intake_id)
    query = query.where(intake.c.partner == partner, intake.c.sha256 == sha256, interchange.c.ordinal == ordinal)
    return [int(each) for each in conn.execute(query).scalars()]


def took_effect(conn: Snapshot, intake_id: int) -> bool:
    """Was any interchange of this intake processed, and not held?"""
    query = sa.select(interchange.c.id).where(interchange.c.intake_id == intake_id, interchange.c.verdict != "held")
    return conn.execute(query.limit(1)).first() is not None


def add_declared_batch(tx: Transaction, intake_id: int, partner: str, batch: str, dedupe_key: str, at: str) -> None:
    """A flat file's declared batch, in the place an interchange has: a second file of the same batch is known by it."""
    row = interchange.insert().values(
        intake_id=intake_id, ordinal=0, partner=partner, control_number=batch, dedupe_key=dedupe_key, verdict="", at=at
    )
    tx.execute(row)


def add_group(tx: Transaction, interchange_id: int, ordinal: int, result: GroupResult) -> int:
    row = {
        "interchange_id": interchange_id,
        "ordinal": ordinal,
        "functional_id": result.functional_id,
        "control_number": result.control_number,
        "version": result.version,
        "verdict": result.verdict,
        "findings": findings_json(result.findings),
    }
    return int(tx.execute(_ADD_GROUP, row).scalar_one())


def add_set(tx: Transaction, intake_id: int, group_id: int | None, ordinal: int, result: SetResult) -> int:
    row = {
        "intake_id": intake_id,
        "group_id": group_id,
        "ordinal": ordinal,
        "set_id": result.set_id,
        "control_number": result.control_number,
        "segment_count": result.segment_count,
        "verdict": result.verdict,
        "findings": findings_json(result.findings),
    }
    return int(tx.execute(_ADD_SET, row).scalar_one())


def settled_sets(conn: Snapshot, intake_id: int) -> int:
    """How many sets of a flat file are in the store: where settling it goes on after a crash."""
    query = sa.select(sa.func.count()).where(set_.c.intake_id == intake_id, set_.c.group_id.is_(None))
    return int(conn.execute(query).scalar_one())


def add_document(
    tx: Transaction,
    intake_id: int,
    set_row: int | None,
    ordinal: int,
    partner: str,
    body: Inbound,
    at: str,
    stage: str = "live",
) -> int:
    """One canonical message, state `applied` until the domain says otherwise. `stage`: of its kind, as it came."""
    row = {
        "intake_id": intake_id,
        "set_id": set_row,
        "ordinal": ordinal,
        "partner": partner,
        "kind": body.kind,
        "number": body.number,
        "body": body.model_dump_json(exclude_defaults=False),
        "stage": stage,
        "at": at,
    }
    return int(tx.execute(_ADD_DOCUMENT, row).scalar_one())


def settle(tx: Transaction, document_id: int, state: str, reason: str, keys: Sequence[str] = ()) -> None:
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


def parked_for(conn: Snapshot, keys: Sequence[str]) -> list[int]:
    """Documents parked for any of `keys`, in order of arrival."""
    if not keys:
        return []
    found = conn.execute(
        sa.select(parked_key.c.document_id)
        .where(parked_key.c.key.in_(keys))
        .distinct()
        .order_by(parked_key.c.document_id)
    )
    return [int(row[0]) for row in found]


def parked_keys(conn: Snapshot, document_id: int) -> list[str]:
    """What a document is parked for."""
    query = sa.select(parked_key.c.key).where(parked_key.c.document_id == document_id).order_by(parked_key.c.key)
    return [str(key) for key in conn.execute(query).scalars()]


def body_of(row: sa.Row[Any]) -> Inbound:
    """The canonical document of a `document` row."""
    return _INBOUND.validate_json(row.body)


def get(conn: Snapshot, document_id: int) -> sa.Row[Any] | None:
    """A document row with the intake it came in (name, received_at, partner)."""
    return conn.execute(
        sa.select(document, intake.c.received_at.label("received_at"), intake.c.name.label("intake_name"))
        .outerjoin(intake, intake.c.id == document.c.intake_id)
        .where(document.c.id == document_id)
    ).first()


def count(conn: Snapshot) -> int:
    """How many documents there are."""
    return int(conn.execute(sa.select(sa.func.count()).select_from(document)).scalar_one())


def of_intake(conn: Snapshot, intake_id: int) -> list[Inbound]:
    """The documents of a received file, as they were read, in its order."""
    query = sa.select(document.c.body).where(document.c.intake_id == intake_id).order_by(document.c.ordinal)
    return [_INBOUND.validate_json(body) for body in conn.execute(query).scalars()]


def anything_parked(conn: Snapshot) -> bool:
    """Does any document wait for another one?"""
    return conn.execute(sa.select(parked_key.c.document_id).limit(1)).first() is not None


def link_return(tx: Transaction, return_no: str, document_id: int) -> None:
    """Remember that a document touched a return; twice is once."""
    tx.execute(
        insert(tx, return_document).on_conflict_do_nothing(), {"return_no": return_no, "document_id": document_id}
    )
