"""Received files: the list, and everything that belongs to one of them."""

from __future__ import annotations

from typing import TypedDict

import sqlalchemy as sa

from gateway.store.database import Snapshot
from gateway.store.read import documents
from gateway.store.read.documents import DocumentOfFile
from gateway.store.read.rows import (
    FilePage,
    FindingRow,
    counts,
    files_page,
    findings_of,
    one,
    records,
    values,
)
from gateway.store.read.table_rows import IntakeRow
from gateway.store.tables import functional_group, intake, interchange, set_

SETS = 100  # sets on one page of a file
ROWS = 300  # interchanges and groups on one page


class RelatedIntake(TypedDict):
    """A later file with the same bytes."""

    id: int
    state: str
    received_at: str
    duplicate_of: int | None
    replay_of: int | None


class _GroupColumns(TypedDict):
    id: int
    interchange_id: int
    ordinal: int
    functional_id: str
    control_number: str
    version: str
    verdict: str


class _GroupRow(_GroupColumns):
    findings: str


class GroupOfFile(_GroupColumns):
    """A functional group with its findings, and its sets counted by verdict."""

    findings: list[FindingRow]
    verdicts: dict[str, int]


class _InterchangeColumns(TypedDict):
    id: int
    intake_id: int
    ordinal: int
    partner: str
    control_number: str
    sender: str
    receiver: str
    version: str
    usage: str
    verdict: str
    dedupe_key: str | None
    at: str


class _InterchangeRow(_InterchangeColumns):
    findings: str


class InterchangeOfFile(_InterchangeColumns):
    """An interchange with its findings and groups."""

    findings: list[FindingRow]
    groups: list[GroupOfFile]


class _SetColumns(TypedDict):
    id: int
    intake_id: int
    group_id: int | None
    ordinal: int
    set_id: str
    control_number: str
    segment_count: int
    verdict: str
    group_control_number: str | None


class _SetRow(_SetColumns):
    findings: str


class SetOfFile(_SetColumns):
    """A set with its findings and documents."""

    findings: list[FindingRow]
    documents: list[DocumentOfFile]


def received(snapshot: Snapshot, page: FilePage) -> tuple[list[IntakeRow], int]:
    """One page of received files, the newest first, and how many there are in all (counted to a limit)."""
    return files_page(snapshot, intake, list(intake.c), page, IntakeRow)


def choices(snapshot: Snapshot) -> dict[str, list[str]]:
    """What the filters may be set to."""
    return {"partner": values(snapshot, intake.c.partner), "state": values(snapshot, intake.c.state)}


def intake_row(snapshot: Snapshot, intake_id: int) -> IntakeRow | None:
    """One received file; None if there is no such file."""
    return one(snapshot, sa.select(intake).where(intake.c.id == intake_id), IntakeRow)


def related_intakes(snapshot: Snapshot, intake_id: int, sha256: str) -> list[RelatedIntake]:
    """Later files that are duplicates or replays of this one: they have its bytes."""
    columns = [intake.c[name] for name in RelatedIntake.__annotations__]
    related = sa.or_(intake.c.duplicate_of == intake_id, intake.c.replay_of == intake_id)
    query = sa.select(*columns).where(intake.c.sha256 == sha256, related)
    return records(snapshot, query.order_by(intake.c.id).limit(50), RelatedIntake)


def interchanges(snapshot: Snapshot, intake_id: int) -> list[InterchangeOfFile]:
    """The envelope: interchanges, each with its groups, each group with its sets counted by verdict."""
    of_file = sa.select(interchange).where(interchange.c.intake_id == intake_id)
    rows = records(snapshot, of_file.order_by(interchange.c.ordinal).limit(ROWS), _InterchangeRow)
    groups = _groups(snapshot, intake_id, [row["id"] for row in rows])
    return [
        {
            **row,
            "findings": findings_of(row["findings"]),
            "groups": [group for group in groups if group["interchange_id"] == row["id"]],
        }
        for row in rows
    ]


def _groups(snapshot: Snapshot, intake_id: int, interchange_ids: list[int]) -> list[GroupOfFile]:
    query = sa.select(functional_group).where(functional_group.c.interchange_id.in_(interchange_ids))
    ordered = query.order_by(functional_group.c.interchange_id, functional_group.c.ordinal)
    by_group = _verdicts_by_group(snapshot, intake_id)
    return [
        {**row, "findings": findings_of(row["findings"]), "verdicts": by_group.get(row["id"], {})}
        for row in records(snapshot, ordered.limit(ROWS), _GroupRow)
    ]


def _verdicts_by_group(snapshot: Snapshot, intake_id: int) -> dict[int, dict[str, int]]:
    query = (
        sa.select(set_.c.group_id, set_.c.verdict, sa.func.count())
        .where(set_.c.intake_id == intake_id, set_.c.group_id.is_not(None))
        .group_by(set_.c.group_id, set_.c.verdict)
        .order_by(set_.c.verdict)
    )
    by_group: dict[int, dict[str, int]] = {}
    for group_id, verdict, count in snapshot.execute(query):
        by_group.setdefault(group_id, {})[verdict] = int(count)
    return by_group


def sets(snapshot: Snapshot, intake_id: int, after: int) -> tuple[list[SetOfFile], int | None]:
    """A page of the file's sets with their findings and documents, and after which ordinal the next page begins."""
    of_file = sa.select(set_, functional_group.c.control_number.label("group_control_number")).outerjoin(
        functional_group, functional_group.c.id == set_.c.group_id
    )
    query = of_file.where(set_.c.intake_id == intake_id, set_.c.ordinal > after)
    rows = records(snapshot, query.order_by(set_.c.ordinal).limit(SETS + 1), _SetRow)
    of_page = rows[:SETS]
    carried = documents.of_sets(snapshot, [row["id"] for row in of_page])
    found: list[SetOfFile] = [
        {
            **row,
            "findings": findings_of(row["findings"]),
            "documents": [document for document in carried if document["set_id"] == row["id"]],
        }
        for row in of_page
    ]
    return found, of_page[-1]["ordinal"] if len(rows) > SETS else None


def verdicts(snapshot: Snapshot, intake_id: int) -> dict[str, int]:
    """The file's sets counted by verdict."""
    return counts(snapshot, set_.c.verdict, set_.c.intake_id == intake_id)


def row_findings(snapshot: Snapshot, intake_id: int) -> list[FindingRow]:
    """The findings of a flat file's groups of rows; their position is the row."""
    query = sa.select(set_.c.findings).where(
        set_.c.intake_id == intake_id, set_.c.group_id.is_(None), set_.c.findings != "[]"
    )
    texts = snapshot.execute(query.order_by(set_.c.ordinal).limit(ROWS)).scalars()
    return [finding for text in texts for finding in findings_of(text)]
