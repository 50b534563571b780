"""Sent files: the list, and everything that belongs to one of them."""

from __future__ import annotations

from typing import TypedDict

import sqlalchemy as sa

from gateway.store.database import Snapshot
from gateway.store.read.rows import FilePage, files_page, one, records, values
from gateway.store.read.table_rows import AttemptRow, DispatchRow
from gateway.store.tables import (
    acknowledgment,
    dispatch,
    dispatch_attempt,
    functional_group,
    interchange,
    posting,
)

ROWS = 300  # of attempts, acknowledged groups, postings … on one page

COLUMNS = [column for column in dispatch.c if column.name != "bytes"]


class AcknowledgedEnvelope(TypedDict):
    """A group or an interchange (`kind`) that a dispatch acknowledges, and the file it came in."""

    kind: str
    control_number: str
    verdict: str
    intake_id: int


class CarriedPosting(TypedDict):
    """A posting as the page of its import file lists it."""

    key: str
    return_no: str
    line_no: str
    kind: str
    state: str
    row_no: int | None
    erp_document: str
    error_text: str


def sent(snapshot: Snapshot, page: FilePage) -> tuple[list[DispatchRow], int]:
    """One page of sent files without their bytes, the newest first, and how many there are in all (to a limit)."""
    return files_page(snapshot, dispatch, COLUMNS, page, DispatchRow)


def choices(snapshot: Snapshot) -> dict[str, list[str]]:
    """What the filters may be set to."""
    return {"partner": values(snapshot, dispatch.c.partner), "state": values(snapshot, dispatch.c.state)}


def answers_to(snapshot: Snapshot, intake_id: int) -> list[DispatchRow]:
    """The files we sent because of a received one, acknowledgments first."""
    query = sa.select(*COLUMNS).where(dispatch.c.intake_id == intake_id)
    order = sa.case((dispatch.c.kind == "acknowledgment", 0), else_=1)
    return records(snapshot, query.order_by(order, dispatch.c.id).limit(ROWS), DispatchRow)


def dispatch_row(snapshot: Snapshot, dispatch_id: int) -> DispatchRow | None:
    """One sent file without its bytes; None if there is no such file."""
    return one(snapshot, sa.select(*COLUMNS).where(dispatch.c.id == dispatch_id), DispatchRow)


def dispatch_bytes(snapshot: Snapshot, dispatch_id: int) -> bytes | None:
    """The bytes kept in the row; None if they lie in the archive."""
    kept = snapshot.scalar(sa.select(dispatch.c.bytes).where(dispatch.c.id == dispatch_id))
    return None if kept is None else bytes(kept)


def attempts(snapshot: Snapshot, dispatch_id: int) -> list[AttemptRow]:
    """The last attempts to deliver a dispatch, oldest first."""
    query = sa.select(dispatch_attempt).where(dispatch_attempt.c.dispatch_id == dispatch_id)
    return records(snapshot, query.order_by(dispatch_attempt.c.id.desc()).limit(ROWS), AttemptRow)[::-1]


def acknowledges(snapshot: Snapshot, dispatch_id: int) -> list[AcknowledgedEnvelope]:
    """The interchanges and groups that a dispatch acknowledges."""
    subjects = snapshot.execute(
        sa.select(acknowledgment.c.subject).where(acknowledgment.c.dispatch_id == dispatch_id).limit(ROWS)
    ).scalars()
    ids: dict[str, list[int]] = {"ta1": [], "group": []}
    for subject in subjects:
        kind, _, number = subject.partition(":")
        ids.setdefault(kind, []).append(int(number))
    of_interchange = sa.select(
        sa.literal("interchange").label("kind"),
        interchange.c.control_number,
        interchange.c.verdict,
        interchange.c.intake_id,
    ).where(interchange.c.id.in_(ids["ta1"]))
    of_group = (
        sa.select(
            sa.literal("group").label("kind"),
            functional_group.c.control_number,
            functional_group.c.verdict,
            interchange.c.intake_id,
        )
        .join(interchange, interchange.c.id == functional_group.c.interchange_id)
        .where(functional_group.c.id.in_(ids["group"]))
    )
    return records(snapshot, of_interchange, AcknowledgedEnvelope) + records(snapshot, of_group, AcknowledgedEnvelope)


def batch_postings(snapshot: Snapshot, batch_id: str) -> list[CarriedPosting]:
    """The postings that an ERP import file carries, in the order of its rows."""
    if not batch_id:
        return []
    columns = [posting.c[name] for name in CarriedPosting.__annotations__]
    query = sa.select(*columns).where(posting.c.batch_id == batch_id).order_by(posting.c.row_no).limit(ROWS)
    return records(snapshot, query, CarriedPosting)
