"""Returns: the list, and everything that belongs to one of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple, TypedDict

import sqlalchemy as sa

from gateway.store.database import Snapshot
from gateway.store.read.overview import IS_BLOCKED, STAGES
from gateway.store.read.rows import contains, count_up_to, one, records, values
from gateway.store.read.sent import COLUMNS as SENT_COLUMNS
from gateway.store.read.table_rows import (
    DispatchRow,
    DueRow,
    HoldRow,
    MovementRow,
    PostingColumns,
    PostingRow,
    ReturnColumns,
    ReturnRow,
)
from gateway.store.tables import dispatch, document, due, hold, intake, movement, posting, return_, return_document

# A literal, not a parameter: the database must see that its partial index has all of these rows.
IS_BATCH = dispatch.c.batch_id != sa.text("''")
ROWS = 500  # of movements, postings, documents … on one page


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """Which returns a list shows: of a partner, in a status, blocked at a stage, with a text in a number of theirs
    ("" for any), `size` of them.

    `before` is the return number that the page begins below; "" for the first page.
    """

    partner: str = ""
    status: str = ""
    blocked_at: str = ""
    text: str = ""
    before: str = ""
    size: int = 50


class MovementOfReturn(MovementRow):
    """A movement with the document behind it; None where there is none."""

    document_kind: str | None
    number: str | None
    intake_id: int | None


class _CarriedPosting(PostingRow):
    dispatch_id: int | None
    dispatch_name: str | None


class PostingOfReturn(PostingColumns):
    """A posting with the file that carries it; `body` as JSON data, without the import row in it."""

    body: dict[str, Any]
    dispatch_id: int | None
    dispatch_name: str | None


class DocumentOfReturn(TypedDict):
    """A document as the page of a return lists it, with its file."""

    id: int
    kind: str
    number: str
    partner: str
    state: str
    reason: str
    at: str
    intake_id: int | None
    file: str | None


class StoredRows(NamedTuple):
    """The rows of an aggregate beside its body."""

    movements: list[MovementRow]
    postings: list[PostingRow]
    holds: list[HoldRow]


def listed(snapshot: Snapshot, page: ReturnPage) -> tuple[list[ReturnColumns], int]:
    """One page of returns, the newest number first, and how many there are in all (counted to a limit)."""
    columns = [column for column in return_.c if column.name in ReturnColumns.__annotations__]
    query = sa.select(*columns)
    for column, value in (("partner", page.partner), ("status", page.status), ("blocked_at", page.blocked_at)):
        if value:
            query = query.where(return_.c[column] == value)
    if page.blocked_at:
        query = query.where(IS_BLOCKED)
    if page.text:
        known = return_.alias("known")  # apart, so that the index of numbers is read instead of whole returns
        numbers = known.c.return_no + " " + known.c.rma + " " + known.c.request_number
        fits = contains(numbers, page.text)
        query = query.where(return_.c.return_no.in_(sa.select(known.c.return_no).where(fits)))
    total = count_up_to(snapshot, query)
    if page.before:
        query = query.where(return_.c.return_no < page.before)
    return records(snapshot, query.order_by(return_.c.return_no.desc()).limit(page.size), ReturnColumns), total


def choices(snapshot: Snapshot) -> dict[str, list[str]]:
    """What the filters may be set to."""
    return {
        "partner": values(snapshot, return_.c.partner),
        "status": values(snapshot, return_.c.status),
        "blocked_at": list(STAGES),
    }


def row(snapshot: Snapshot, return_no: str) -> ReturnRow | None:
    """The row of a return; None for a number that no return has."""
    return one(snapshot, sa.select(return_).where(return_.c.return_no == return_no), ReturnRow)


def movements(snapshot: Snapshot, return_no: str) -> list[MovementOfReturn]:
    """The ledger in order, each movement with the file its document came in."""
    query = (
        sa.select(movement, document.c.kind.label("document_kind"), document.c.number, document.c.intake_id)
        .outerjoin(document, document.c.id == movement.c.document_id)
        .where(movement.c.return_no == return_no)
        .order_by(movement.c.seq)
        .limit(ROWS)
    )
    return records(snapshot, query, MovementOfReturn)


def postings(snapshot: Snapshot, return_no: str) -> list[PostingOfReturn]:
    """Postings with the file that carries them; `body` as data, without the import row in it.

    A batch may be several files (its rows, then a control file): the first one has the rows.
    """
    mine = posting.c.return_no == return_no
    first = (
        sa.select(dispatch.c.batch_id, sa.func.min(dispatch.c.id).label("id"))
        .where(IS_BATCH, dispatch.c.batch_id.in_(sa.select(posting.c.batch_id).where(mine)))
        .group_by(dispatch.c.batch_id)
        .subquery()
    )
    query = (
        sa.select(posting, dispatch.c.id.label("dispatch_id"), dispatch.c.name.label("dispatch_name"))
        .outerjoin(first, first.c.batch_id == posting.c.batch_id)
        .outerjoin(dispatch, dispatch.c.id == first.c.id)
        .where(mine)
        .order_by(posting.c.created_at, posting.c.key)
        .limit(ROWS)
    )
    found: list[PostingOfReturn] = []
    for carried in records(snapshot, query, _CarriedPosting):
        body = json.loads(carried["body"])
        body.pop("row", None)
        found.append({**carried, "body": body})
    return sorted(found, key=lambda carried: int(carried["body"].get("seq", 0)))


def documents(snapshot: Snapshot, return_no: str) -> list[DocumentOfReturn]:
    """The documents that touched the return, in the order they came, without their bodies."""
    columns = [document.c[n] for n in ("id", "kind", "number", "partner", "state", "reason", "at", "intake_id")]
    query = (
        sa.select(*columns, intake.c.name.label("file"))
        .join(return_document, return_document.c.document_id == document.c.id)
        .outerjoin(intake, intake.c.id == document.c.intake_id)
        .where(return_document.c.return_no == return_no)
        .order_by(document.c.id)
        .limit(ROWS)
    )
    return records(snapshot, query, DocumentOfReturn)


def dispatches(snapshot: Snapshot, return_no: str) -> list[DispatchRow]:
    """The files we sent about the return: its own, and the batches that carry its postings."""
    batches = sa.select(posting.c.batch_id).where(posting.c.return_no == return_no, posting.c.batch_id != "")
    own = sa.select(dispatch.c.id).where(dispatch.c.return_no == return_no)
    carrying = sa.select(dispatch.c.id).where(IS_BATCH, dispatch.c.batch_id.in_(batches))
    query = sa.select(*SENT_COLUMNS).where(dispatch.c.id.in_(own.union(carrying)))
    return records(snapshot, query.order_by(dispatch.c.id).limit(ROWS), DispatchRow)


def clocks(snapshot: Snapshot, return_no: str) -> list[DueRow]:
    """The clocks of a return, by when they are due."""
    query = sa.select(due).where(due.c.return_no == return_no).order_by(due.c.due_at, due.c.key)
    return records(snapshot, query, DueRow)


def stored_rows(snapshot: Snapshot, return_no: str) -> StoredRows:
    """The movements, postings and Holds of the aggregate, all of them, as they are stored."""
    return StoredRows(
        records(snapshot, sa.select(movement).where(movement.c.return_no == return_no), MovementRow),
        records(snapshot, sa.select(posting).where(posting.c.return_no == return_no), PostingRow),
        records(snapshot, sa.select(hold).where(hold.c.return_no == return_no), HoldRow),
    )
