"""Returns: the list, and everything that belongs to one of them."""

from __future__ import annotations

import json

import sqlalchemy as sa

from gateway.store import Snapshot
from gateway.store.read.overview import IS_BLOCKED, STAGES
from gateway.store.read.rows import Record, contains, count_up_to, one, records, values
from gateway.store.tables import (
    dispatch,
    document,
    due,
    event,
    hold,
    intake,
    movement,
    posting,
    return_,
    return_document,
)

# A literal, not a parameter: only so does the database see that its partial index has all of them.
IS_BATCH = dispatch.c.batch_id != sa.text("''")
ROWS = 500  # of movements, postings, events … on one page


def listed(
    snapshot: Snapshot, *, partner: str, status: str, blocked_at: str, text: str, before: str, size: int
) -> tuple[list[Record], int]:
    """One page of returns, the newest number first, and how many there are in all (counted to a limit)."""
    columns = [column for column in return_.c if column.name not in ("body", "version", "told", "told_version")]
    wanted = sa.select(*columns)
    for column, value in (("partner", partner), ("status", status), ("blocked_at", blocked_at)):
        if value:
            wanted = wanted.where(return_.c[column] == value)
    if blocked_at:
        wanted = wanted.where(IS_BLOCKED)
    if text:
        known = return_.alias("known")  # apart, so that the index of numbers is read instead of whole returns
        numbers = known.c.return_no + " " + known.c.rma + " " + known.c.request_number
        fits = contains(numbers, text)
        wanted = wanted.where(return_.c.return_no.in_(sa.select(known.c.return_no).where(fits)))
    total = count_up_to(snapshot, wanted)
    if before:
        wanted = wanted.where(return_.c.return_no < before)
    return records(snapshot, wanted.order_by(return_.c.return_no.desc()).limit(size)), total


def choices(snapshot: Snapshot) -> dict[str, list[str]]:
    """What the filters may be set to."""
    return {
        "partner": values(snapshot, return_.c.partner),
        "status": values(snapshot, return_.c.status),
        "blocked_at": list(STAGES),
    }


def row(snapshot: Snapshot, return_no: str) -> Record | None:
    return one(snapshot, sa.select(return_).where(return_.c.return_no == return_no))


def movements(snapshot: Snapshot, return_no: str) -> list[Record]:
    """The ledger in order, each movement with the file its document came in."""
    wanted = (
        sa.select(movement, document.c.kind.label("document_kind"), document.c.number, document.c.intake_id)
        .outerjoin(document, document.c.id == movement.c.document_id)
        .where(movement.c.return_no == return_no)
        .order_by(movement.c.seq)
        .limit(ROWS)
    )
    return records(snapshot, wanted)


def postings(snapshot: Snapshot, return_no: str) -> list[Record]:
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
    wanted = (
        sa.select(posting, dispatch.c.id.label("dispatch_id"), dispatch.c.name.label("dispatch_name"))
        .outerjoin(first, first.c.batch_id == posting.c.batch_id)
        .outerjoin(dispatch, dispatch.c.id == first.c.id)
        .where(mine)
        .order_by(posting.c.created_at, posting.c.key)
        .limit(ROWS)
    )
    found = []
    for each in records(snapshot, wanted):
        body = json.loads(each["body"])
        body.pop("row", None)
        found.append(each | {"body": body})
    return sorted(found, key=lambda each: int(each["body"].get("seq", 0)))


def documents(snapshot: Snapshot, return_no: str) -> list[Record]:
    """The documents that touched the return, in the order they came, without their bodies."""
    columns = [document.c[n] for n in ("id", "kind", "number", "partner", "state", "reason", "at", "intake_id")]
    wanted = (
        sa.select(*columns, intake.c.name.label("file"))
        .join(return_document, return_document.c.document_id == document.c.id)
        .outerjoin(intake, intake.c.id == document.c.intake_id)
        .where(return_document.c.return_no == return_no)
        .order_by(document.c.id)
        .limit(ROWS)
    )
    return records(snapshot, wanted)


def dispatches(snapshot: Snapshot, return_no: str) -> list[Record]:
    """The files we sent about the return: its own, and the batches that carry its postings."""
    columns = [column for column in dispatch.c if column.name != "bytes"]
    batches = sa.select(posting.c.batch_id).where(posting.c.return_no == return_no, posting.c.batch_id != "")
    own = sa.select(dispatch.c.id).where(dispatch.c.return_no == return_no)
    carrying = sa.select(dispatch.c.id).where(IS_BATCH, dispatch.c.batch_id.in_(batches))
    wanted = sa.select(*columns).where(dispatch.c.id.in_(own.union(carrying)))
    return records(snapshot, wanted.order_by(dispatch.c.id).limit(ROWS))


def clocks(snapshot: Snapshot, return_no: str) -> list[Record]:
    return records(snapshot, sa.select(due).where(due.c.return_no == return_no).order_by(due.c.due_at, due.c.key))


def timeline(snapshot: Snapshot, return_no: str) -> list[Record]:
    """The last events of the return, oldest first."""
    last = sa.select(event).where(event.c.return_no == return_no).order_by(event.c.id.desc()).limit(ROWS)
    return records(snapshot, last)[::-1]


def stored_parts(snapshot: Snapshot, return_no: str) -> tuple[list[Record], list[Record], list[Record]]:
    """The movements, postings and holds of the aggregate, all of them, as they are stored."""
    return (
        records(snapshot, sa.select(movement).where(movement.c.return_no == return_no)),
        records(snapshot, sa.select(posting).where(posting.c.return_no == return_no)),
        records(snapshot, sa.select(hold).where(hold.c.return_no == return_no)),
    )
