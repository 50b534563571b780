"""Received and sent files: the lists, and everything that belongs to one of them."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.store import Snapshot
from gateway.store.read.rows import (
    Record,
    contains,
    count_up_to,
    counts,
    decoded_findings,
    findings,
    one,
    records,
    values,
)
from gateway.store.tables import (
    acknowledgment,
    dispatch,
    dispatch_attempt,
    document,
    event,
    functional_group,
    intake,
    interchange,
    posting,
    return_document,
    set_,
)

SETS = 100  # sets on one page of a file
ROWS = 300

_SENT = [column for column in dispatch.c if column.name != "bytes"]


def received(
    snapshot: Snapshot, *, partner: str, state: str, text: str, before: int, size: int
) -> tuple[list[Record], int]:
    """One page of received files, the newest first, and how many there are in all (counted to a limit)."""
    wanted = sa.select(intake)
    if partner:
        wanted = wanted.where(intake.c.partner == partner)
    if state:
        wanted = wanted.where(intake.c.state == state)
    if text:
        wanted = wanted.where(contains(intake.c.name, text))
    total = count_up_to(snapshot, wanted)
    if before:
        wanted = wanted.where(intake.c.id < before)
    return records(snapshot, wanted.order_by(intake.c.id.desc()).limit(size)), total


def sent(
    snapshot: Snapshot, *, partner: str, state: str, text: str, before: int, size: int
) -> tuple[list[Record], int]:
    """One page of sent files without their bytes, the newest first, and how many there are in all."""
    wanted = sa.select(*_SENT)
    if partner:
        wanted = wanted.where(dispatch.c.partner == partner)
    if state:
        wanted = wanted.where(dispatch.c.state == state)
    if text:
        wanted = wanted.where(contains(dispatch.c.name, text))
    total = count_up_to(snapshot, wanted)
    if before:
        wanted = wanted.where(dispatch.c.id < before)
    return records(snapshot, wanted.order_by(dispatch.c.id.desc()).limit(size)), total


def choices(snapshot: Snapshot, direction: str) -> dict[str, list[str]]:
    """What the filters may be set to."""
    table = dispatch if direction == "sent" else intake
    return {name: values(snapshot, table.c[name]) for name in ("partner", "state")}


def intake_row(snapshot: Snapshot, intake_id: int) -> Record | None:
    return one(snapshot, sa.select(intake).where(intake.c.id == intake_id))


def related_intakes(snapshot: Snapshot, intake_id: int, sha256: str) -> list[Record]:
    """Later files that are duplicates or replays of this one: they have its bytes."""
    columns = [intake.c[name] for name in ("id", "state", "received_at", "duplicate_of", "replay_of")]
    related = sa.or_(intake.c.duplicate_of == intake_id, intake.c.replay_of == intake_id)
    wanted = sa.select(*columns).where(intake.c.sha256 == sha256, related)
    return records(snapshot, wanted.order_by(intake.c.id).limit(50))


def interchanges(snapshot: Snapshot, intake_id: int) -> list[Record]:
    """The envelope: interchanges, each with its groups, each group with its sets counted by verdict."""
    found = decoded_findings(
        records(
            snapshot,
            sa.select(interchange)
            .where(interchange.c.intake_id == intake_id)
            .order_by(interchange.c.ordinal)
            .limit(ROWS),
        )
    )
    groups = decoded_findings(
        records(
            snapshot,
            sa.select(functional_group)
            .where(functional_group.c.interchange_id.in_([each["id"] for each in found]))
            .order_by(functional_group.c.interchange_id, functional_group.c.ordinal)
            .limit(ROWS),
        )
    )
    verdicts = _verdicts_by_group(snapshot, intake_id)
    for group in groups:
        group["verdicts"] = verdicts.get(group["id"], {})
    return [each | {"groups": [g for g in groups if g["interchange_id"] == each["id"]]} for each in found]


def _verdicts_by_group(snapshot: Snapshot, intake_id: int) -> dict[int, dict[str, int]]:
    wanted = (
        sa.select(set_.c.group_id, set_.c.verdict, sa.func.count())
        .where(set_.c.intake_id == intake_id, set_.c.group_id.is_not(None))
        .group_by(set_.c.group_id, set_.c.verdict)
        .order_by(set_.c.verdict)
    )
    found: dict[int, dict[str, int]] = {}
    for group_id, verdict, count in snapshot.execute(wanted):
        found.setdefault(group_id, {})[verdict] = int(count)
    return found


def sets(snapshot: Snapshot, intake_id: int, after: int) -> tuple[list[Record], int | None]:
    """A page of the file's sets with their findings and documents, and after which ordinal the next page begins."""
    mine = sa.select(set_, functional_group.c.control_number.label("group_control_number")).outerjoin(
        functional_group, functional_group.c.id == set_.c.group_id
    )
    mine = mine.where(set_.c.intake_id == intake_id)
    page = mine.where(set_.c.ordinal > after).order_by(set_.c.ordinal).limit(SETS + 1)
    rows = records(snapshot, page)
    found = decoded_findings(rows[:SETS])
    ids = [each["id"] for each in found]
    documents = _documents(snapshot, document.c.set_id.in_(ids)) if ids else []
    for each in found:
        each["documents"] = [d for d in documents if d["set_id"] == each["id"]]
    return found, found[-1]["ordinal"] if len(rows) > SETS else None


def verdicts(snapshot: Snapshot, intake_id: int) -> dict[str, int]:
    """The file's sets counted by verdict."""
    return counts(snapshot, set_.c.verdict, set_.c.intake_id == intake_id)


def row_findings(snapshot: Snapshot, intake_id: int) -> list[Record]:
    """The findings of a flat file's groups of rows; their position is the row."""
    wanted = sa.select(set_.c.findings).where(
        set_.c.intake_id == intake_id, set_.c.group_id.is_(None), set_.c.findings != "[]"
    )
    texts = snapshot.execute(wanted.order_by(set_.c.ordinal).limit(ROWS)).scalars()
    return [finding for text in texts for finding in findings(text)]


def loose_documents(snapshot: Snapshot, intake_id: int) -> list[Record]:
    """Documents of the file that belong to none of its sets."""
    return _documents(snapshot, document.c.intake_id == intake_id, document.c.set_id.is_(None))


def _documents(snapshot: Snapshot, *conditions: sa.ColumnElement[bool]) -> list[Record]:
    columns = [document.c[name] for name in ("id", "set_id", "kind", "number", "state", "reason")]
    wanted = sa.select(*columns).where(*conditions).order_by(document.c.id).limit(SETS * 10)
    found = records(snapshot, wanted)
    returns: dict[int, list[str]] = {}
    links = sa.select(return_document).where(return_document.c.document_id.in_([d["id"] for d in found]))
    for link in records(snapshot, links.order_by(return_document.c.return_no)):
        returns.setdefault(link["document_id"], []).append(link["return_no"])
    return [each | {"returns": returns.get(each["id"], [])} for each in found]


def answers_to(snapshot: Snapshot, intake_id: int) -> list[Record]:
    """The files we sent because of this one, acknowledgments first."""
    wanted = sa.select(*_SENT).where(dispatch.c.intake_id == intake_id)
    order = sa.case((dispatch.c.kind == "acknowledgment", 0), else_=1)
    return records(snapshot, wanted.order_by(order, dispatch.c.id).limit(ROWS))


def dispatch_row(snapshot: Snapshot, dispatch_id: int) -> Record | None:
    return one(snapshot, sa.select(*_SENT).where(dispatch.c.id == dispatch_id))


def dispatch_bytes(snapshot: Snapshot, dispatch_id: int) -> bytes | None:
    """The bytes kept in the row; None if they lie in the archive."""
    kept = snapshot.scalar(sa.select(dispatch.c.bytes).where(dispatch.c.id == dispatch_id))
    return None if kept is None else bytes(kept)


def attempts(snapshot: Snapshot, dispatch_id: int) -> list[Record]:
    wanted = sa.select(dispatch_attempt).where(dispatch_attempt.c.dispatch_id == dispatch_id)
    return records(snapshot, wanted.order_by(dispatch_attempt.c.id.desc()).limit(ROWS))[::-1]


def acknowledges(snapshot: Snapshot, dispatch_id: int) -> list[Record]:
    """What a dispatch acknowledges: "group" or "interchange", its control number, and the file it came in."""
    subjects = snapshot.execute(
        sa.select(acknowledgment.c.subject).where(acknowledgment.c.dispatch_id == dispatch_id).limit(ROWS)
    ).scalars()
    found: dict[str, list[int]] = {"ta1": [], "group": []}
    for subject in subjects:
        kind, _, number = subject.partition(":")
        found.setdefault(kind, []).append(int(number))
    of_interchange = sa.select(
        sa.literal("interchange").label("kind"),
        interchange.c.control_number,
        interchange.c.verdict,
        interchange.c.intake_id,
    ).where(interchange.c.id.in_(found["ta1"]))
    of_group = (
        sa.select(
            sa.literal("group").label("kind"),
            functional_group.c.control_number,
            functional_group.c.verdict,
            interchange.c.intake_id,
        )
        .join(interchange, interchange.c.id == functional_group.c.interchange_id)
        .where(functional_group.c.id.in_(found["group"]))
    )
    return records(snapshot, of_interchange) + records(snapshot, of_group)


def batch_postings(snapshot: Snapshot, batch_id: str) -> list[Record]:
    """The postings that an ERP import file carries, in the order of its rows."""
    columns = [
        posting.c[name]
        for name in ("key", "return_no", "line_no", "kind", "state", "row_no", "erp_document", "error_text")
    ]
    wanted = sa.select(*columns).where(posting.c.batch_id == batch_id).order_by(posting.c.row_no).limit(ROWS)
    return records(snapshot, wanted) if batch_id else []


def history(snapshot: Snapshot, subject: str) -> list[Record]:
    """The last events of one thing, oldest first."""
    last = sa.select(event).where(event.c.subject == subject).order_by(event.c.id.desc()).limit(ROWS)
    return records(snapshot, last)[::-1]


def document_row(snapshot: Snapshot, document_id: int) -> Record | None:
    """One canonical document with its file; `body` is JSON text."""
    wanted = (
        sa.select(
            document, intake.c.name.label("file"), set_.c.set_id.label("set"), set_.c.control_number.label("set_number")
        )
        .outerjoin(intake, intake.c.id == document.c.intake_id)
        .outerjoin(set_, set_.c.id == document.c.set_id)
        .where(document.c.id == document_id)
    )
    return one(snapshot, wanted)


def returns_of(snapshot: Snapshot, document_id: int) -> list[str]:
    wanted = sa.select(return_document.c.return_no).where(return_document.c.document_id == document_id)
    return [str(number) for number in snapshot.execute(wanted.order_by(return_document.c.return_no)).scalars()]
