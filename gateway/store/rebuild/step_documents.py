"""The documents that a step decided, as they are stored, and their copies in the scratch database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict, cast

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction
from gateway.store.tables import document

# Documents of one step that are in memory at a time.
AT_ONCE = 200


class DocumentRow(TypedDict):
    """One row of the table `document`; `body` and `first_body` are JSON text."""

    id: int
    intake_id: int | None
    set_id: int | None
    ordinal: int
    partner: str
    kind: str
    number: str
    body: str
    first_body: str
    stage: str
    state: str
    reason: str
    at: str


def in_range(
    snapshot: Snapshot, intake_id: int | None, first: int, last: int, *, without: str
) -> Iterator[list[DocumentRow]]:
    """The documents of an intake with ids from `first` to `last`, a few at a time, without those of one kind."""
    after = first - 1
    while True:
        query = sa.select(document).where(
            document.c.intake_id == intake_id, document.c.id > after, document.c.id <= last, document.c.kind != without
        )
        page = _page(snapshot, query.order_by(document.c.id).limit(AT_ONCE))
        if not page:
            return
        yield page
        after = page[-1]["id"]


def with_ids(snapshot: Snapshot, intake_id: int | None, document_ids: Sequence[int]) -> Iterator[list[DocumentRow]]:
    """Those of these documents that came in an intake, by id, a few at a time."""
    for start in range(0, len(document_ids), AT_ONCE):
        query = sa.select(document).where(document.c.id.in_(document_ids[start : start + AT_ONCE]))
        page = _page(snapshot, query.where(document.c.intake_id == intake_id).order_by(document.c.id))
        if page:
            yield page


def _page(snapshot: Snapshot, query: sa.Select[tuple[object, ...]]) -> list[DocumentRow]:
    return [cast(DocumentRow, dict(row)) for row in snapshot.execute(query).mappings()]


def ids_of_kind(snapshot: Snapshot, kind: str) -> list[int]:
    """The ids of all documents of a kind."""
    return [
        int(number) for number in snapshot.execute(sa.select(document.c.id).where(document.c.kind == kind)).scalars()
    ]


def copy_as_first_read(scratch: Transaction, rows: Iterable[DocumentRow]) -> list[DocumentRow]:
    """Put documents into the scratch database as they were before anything was decided → the copies."""
    copies: list[DocumentRow] = [
        {**row, "body": row["first_body"] or row["body"], "first_body": "", "state": "applied", "reason": ""}
        for row in rows
    ]
    scratch.execute(document.insert(), copies)
    return copies
