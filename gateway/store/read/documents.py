"""Canonical documents: one of them, those of a file's sets, and the returns that they touched."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, TypedDict, cast

import sqlalchemy as sa

from gateway.store.database import Snapshot
from gateway.store.read.rows import records
from gateway.store.tables import document, intake, return_document, set_

MOST_DOCUMENTS = 1000  # of one file, on one page


class DocumentOfFile(TypedDict):
    """A document as the page of its file lists it, with the numbers of the returns that it touched."""

    id: int
    set_id: int | None
    kind: str
    number: str
    state: str
    reason: str
    returns: list[str]


class DocumentColumns(TypedDict):
    """A document's columns but its body, with its file and its set; None without them."""

    id: int
    intake_id: int | None
    set_id: int | None
    ordinal: int
    partner: str
    kind: str
    number: str
    first_body: str
    stage: str
    state: str
    reason: str
    at: str
    file: str | None
    set: str | None
    set_number: str | None


class DocumentOfPage(NamedTuple):
    """A document for its page; `body` is its canonical form as JSON data."""

    columns: DocumentColumns
    body: dict[str, Any]


class _Listed(TypedDict):
    id: int
    set_id: int | None
    kind: str
    number: str
    state: str
    reason: str


class _Link(TypedDict):
    return_no: str
    document_id: int


def of_sets(snapshot: Snapshot, set_ids: list[int]) -> list[DocumentOfFile]:
    """The documents that these sets carried, in the order they were read."""
    return _listed(snapshot, document.c.set_id.in_(set_ids)) if set_ids else []


def without_set(snapshot: Snapshot, intake_id: int) -> list[DocumentOfFile]:
    """Documents of the file that belong to none of its sets."""
    return _listed(snapshot, document.c.intake_id == intake_id, document.c.set_id.is_(None))


def _listed(snapshot: Snapshot, *conditions: sa.ColumnElement[bool]) -> list[DocumentOfFile]:
    columns = [document.c[name] for name in _Listed.__annotations__]
    query = sa.select(*columns).where(*conditions).order_by(document.c.id).limit(MOST_DOCUMENTS)
    rows = records(snapshot, query, _Listed)
    returns: dict[int, list[str]] = {}
    links = sa.select(return_document).where(return_document.c.document_id.in_([row["id"] for row in rows]))
    for link in records(snapshot, links.order_by(return_document.c.return_no), _Link):
        returns.setdefault(link["document_id"], []).append(link["return_no"])
    return [{**row, "returns": returns.get(row["id"], [])} for row in rows]


def one_document(snapshot: Snapshot, document_id: int) -> DocumentOfPage | None:
    """One canonical document with its file and set; None if there is no such document."""
    query = (
        sa.select(
            document, intake.c.name.label("file"), set_.c.set_id.label("set"), set_.c.control_number.label("set_number")
        )
        .outerjoin(intake, intake.c.id == document.c.intake_id)
        .outerjoin(set_, set_.c.id == document.c.set_id)
        .where(document.c.id == document_id)
    )
    row = snapshot.execute(query).mappings().one_or_none()
    if row is None:
        return None
    columns = {name: value for name, value in row.items() if name != "body"}
    return DocumentOfPage(cast(DocumentColumns, columns), json.loads(row["body"]))


def returns_of(snapshot: Snapshot, document_id: int) -> list[str]:
    """Numbers of the returns that a document touched, in order."""
    query = sa.select(return_document.c.return_no).where(return_document.c.document_id == document_id)
    return [str(number) for number in snapshot.execute(query.order_by(return_document.c.return_no)).scalars()]
