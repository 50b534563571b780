"""Interchanges, groups and sets as received: one row each, written once by the stage that processed them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction
from gateway.store.tables import functional_group, intake, interchange, set_
from translators.findings import Finding
from translators.translation import GroupResult, InterchangeResult, SetResult

# Built once: building a statement costs more than running it.
_ADD_INTERCHANGE = interchange.insert().returning(interchange.c.id)
_ADD_GROUP = functional_group.insert().returning(functional_group.c.id)
_ADD_SET = set_.insert().returning(set_.c.id)


@dataclass(frozen=True, slots=True)
class NewInterchange:
    """One ISA…IEA, the `ordinal`-th of its intake, counted from 0.

    `dedupe_key` (None for a rejected one) makes a second of the same control number impossible. `held`: it was not
    processed, whatever its verdict by the standard.
    """

    intake_id: int
    ordinal: int
    partner: str
    result: InterchangeResult
    dedupe_key: str | None
    held: bool = False


def findings_json(findings: Iterable[Finding]) -> str:
    """Findings as the JSON text that the findings columns hold."""
    return json.dumps([finding.as_json() for finding in findings], ensure_ascii=False)


def add(tx: Transaction, new: NewInterchange, at: str) -> int:
    """Write the row of an interchange → its id. Raises IntegrityError if its dedupe key was used before."""
    result = new.result
    row = {
        "intake_id": new.intake_id,
        "ordinal": new.ordinal,
        "partner": new.partner,
        "control_number": result.control_number,
        "sender": result.sender.strip(),
        "receiver": result.receiver.strip(),
        "version": result.version,
        "usage": result.usage,
        "verdict": "held" if new.held else result.verdict,
        "dedupe_key": new.dedupe_key,
        "findings": findings_json(result.findings),
        "at": at,
    }
    return int(tx.execute(_ADD_INTERCHANGE, row).scalar_one())


def intake_with(snapshot: Snapshot, dedupe_key: str) -> int | None:
    """The intake whose interchange already used this control number, or whose flat file this batch; None if none."""
    query = sa.select(interchange.c.intake_id).where(interchange.c.dedupe_key == dedupe_key)
    found = snapshot.execute(query).scalar()
    return None if found is None else int(found)


def verdict_of(snapshot: Snapshot, intake_id: int, ordinal: int) -> str | None:
    """The verdict stored for an intake's n-th interchange; None if it is not in the store (yet)."""
    query = sa.select(interchange.c.verdict).where(interchange.c.intake_id == intake_id)
    verdict = snapshot.execute(query.where(interchange.c.ordinal == ordinal)).scalar()
    return None if verdict is None else str(verdict)


def ids_of_bytes(snapshot: Snapshot, partner: str, sha256: str, ordinal: int) -> list[int]:
    """The n-th interchange of these bytes, as often as they were processed: first and replayed."""
    query = sa.select(interchange.c.id).join(intake, intake.c.id == interchange.c.intake_id)
    query = query.where(intake.c.partner == partner, intake.c.sha256 == sha256, interchange.c.ordinal == ordinal)
    return [int(number) for number in snapshot.execute(query).scalars()]


def took_effect(snapshot: Snapshot, intake_id: int) -> bool:
    """Was any interchange of this intake processed, and not held?"""
    query = sa.select(interchange.c.id).where(interchange.c.intake_id == intake_id, interchange.c.verdict != "held")
    return snapshot.execute(query.limit(1)).first() is not None


def add_declared_batch(tx: Transaction, intake_id: int, partner: str, batch: str, dedupe_key: str, at: str) -> None:
    """A flat file's declared batch, in the place an interchange has: a second file of the same batch is known by it."""
    row = interchange.insert().values(
        intake_id=intake_id, ordinal=0, partner=partner, control_number=batch, dedupe_key=dedupe_key, verdict="", at=at
    )
    tx.execute(row)


def add_group(tx: Transaction, interchange_id: int, ordinal: int, result: GroupResult) -> int:
    """Write the row of a functional group, the `ordinal`-th of its interchange, counted from 0 → its id."""
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
    """Write the row of a set (`group_id` None: a group of flat rows), the `ordinal`-th of its file → its id."""
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


def settled_sets(snapshot: Snapshot, intake_id: int) -> int:
    """How many sets of a flat file are in the store: where settling it goes on after a crash."""
    query = sa.select(sa.func.count()).where(set_.c.intake_id == intake_id, set_.c.group_id.is_(None))
    return int(snapshot.execute(query).scalar_one())
