"""Postings on their way: ready → batched → delivered. What the ERP answers is the domain's to apply.

Moves are guarded by their origin, so that a posting never goes out twice; each leaves an event.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.faults import StateMoved
from gateway.returns import UNRENDERABLE
from gateway.returns.model import PostingState
from gateway.store.database import Snapshot, Transaction
from gateway.store.feed import business_events
from gateway.store.returns.pilots import NO_PILOTS, Pilots, posting_waits
from gateway.store.system import events, steps
from gateway.store.tables import dispatch, due, event, posting, return_

# What the events of these moves say, so that they are told from those that a decision makes.
BATCHED = "batch "
DELIVERED = "the import file is where the ERP takes it"
REFUSED_HERE = "no import file can carry it: "
RETRIED = "to be written again"


@dataclass(frozen=True, slots=True)
class ReadyPosting:
    """A posting that may go out: its key, its return and its stored body."""

    key: str
    return_no: str
    body: str
    created_at: str


@dataclass(frozen=True, slots=True)
class BatchedPostings:
    """The postings of one batch as its file had them: (row number, stored body), in row order."""

    batch_id: str
    destination: str
    kind: str
    rows: tuple[tuple[int, str], ...]


def batched(snapshot: Snapshot, batch_id: str, destination: str) -> BatchedPostings | None:
    """A batch that went to this ERP; None if there is no such batch."""
    query = (
        sa.select(posting.c.kind, posting.c.row_no, posting.c.body)
        .where(posting.c.batch_id == batch_id, posting.c.destination == destination, posting.c.row_no.is_not(None))
        .order_by(posting.c.row_no)
    )
    found = snapshot.execute(query).all()
    rows = tuple((int(row_no), str(body)) for _, row_no, body in found)
    return BatchedPostings(batch_id, destination, str(found[0].kind), rows) if found else None


def unanswered(snapshot: Snapshot, destination: str) -> dict[str, set[str]]:
    """The batches of this ERP that wait for its answer, in order, each with the keys of the postings that wait."""
    waiting = posting.c.state.in_(("batched", "delivered"))
    query = sa.select(posting.c.batch_id, posting.c.key).where(posting.c.destination == destination, waiting)
    found: dict[str, set[str]] = {}
    for batch_id, key in snapshot.execute(query.order_by(posting.c.batch_id)):
        found.setdefault(str(batch_id), set()).add(str(key))
    return found


def latest_batches(snapshot: Snapshot, destination: str, limit: int) -> list[str]:
    """The latest batches of this ERP, the newest first."""
    query = sa.select(posting.c.batch_id).where(posting.c.destination == destination, posting.c.batch_id != "")
    newest = query.group_by(posting.c.batch_id).order_by(sa.func.max(posting.c.changed_at).desc(), posting.c.batch_id)
    return [str(row[0]) for row in snapshot.execute(newest.limit(limit))]


def known_keys(snapshot: Snapshot, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that are postings of ours."""
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        known.update(
            snapshot.execute(sa.select(posting.c.key).where(posting.c.key.in_(keys[start : start + 500]))).scalars()
        )
    return known


def booked_as(snapshot: Snapshot, destination: str, erp_document: str) -> list[tuple[str, str]]:
    """Key and body of the postings that an ERP booked as this document of its own, in the order of their keys."""
    query = (
        sa.select(posting.c.key, posting.c.body)
        .where(posting.c.destination == destination, posting.c.erp_document == erp_document)
        .order_by(posting.c.key)
    )
    return [(str(row[0]), str(row[1])) for row in snapshot.execute(query)]


def batches_of(snapshot: Snapshot, keys: Sequence[str]) -> dict[str, str]:
    """The batch that each of these postings went into last, where it went into one."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), 500):
        query = sa.select(posting.c.key, posting.c.batch_id).where(posting.c.key.in_(keys[start : start + 500]))
        found |= {str(key): str(batch) for key, batch in snapshot.execute(query) if batch}
    return found


def destinations(
    snapshot: Snapshot, tests: Collection[str] = (), pilots: Pilots = NO_PILOTS
) -> list[tuple[str, str, int, str]]:
    """(ERP, posting kind, count, oldest `created_at`) of everything that is ready and may go out.

    Postings of test returns go to the ERPs named in `tests` only, which are in stage test themselves; what `pilots`
    keep back goes nowhere.
    """
    query = (
        sa.select(posting.c.destination, posting.c.kind, sa.func.count(), sa.func.min(posting.c.created_at))
        .where(posting.c.state == "ready", _may_go(tests), ~posting_waits(pilots))
        .group_by(posting.c.destination, posting.c.kind)
        .order_by(posting.c.destination, posting.c.kind)
    )
    return [(str(row[0]), str(row[1]), int(row[2]), str(row[3])) for row in snapshot.execute(query)]


def _may_go(tests: Collection[str]) -> sa.ColumnElement[bool]:
    test = sa.exists().where(return_.c.return_no == posting.c.return_no, return_.c.stage == "test")
    return sa.or_(posting.c.destination.in_(sorted(tests)), ~test)


def of_tests(snapshot: Snapshot, tests: Collection[str] = ()) -> list[tuple[str, int]]:
    """(partner, count) of ready postings that stay here because their returns are tests."""
    query = (
        sa.select(return_.c.partner, sa.func.count())
        .join(posting, posting.c.return_no == return_.c.return_no)
        .where(posting.c.state == "ready", return_.c.stage == "test", posting.c.destination.not_in(sorted(tests)))
        .group_by(return_.c.partner)
        .order_by(return_.c.partner)
    )
    return [(str(partner), int(count)) for partner, count in snapshot.execute(query)]


def ready(
    snapshot: Snapshot,
    destination: str,
    kind: str,
    limit: int,
    tests: Collection[str] = (),
    pilots: Pilots = NO_PILOTS,
) -> list[ReadyPosting]:
    """Postings of one kind that are ready for one ERP and may go there, oldest first."""
    query = (
        sa.select(posting.c.key, posting.c.return_no, posting.c.body, posting.c.created_at)
        .where(posting.c.state == "ready", posting.c.destination == destination, posting.c.kind == kind)
        .where(_may_go(tests), ~posting_waits(pilots))
        .order_by(posting.c.created_at, posting.c.key)
        .limit(limit)
    )
    return [ReadyPosting(str(r[0]), str(r[1]), str(r[2]), str(r[3])) for r in snapshot.execute(query)]


def batches_since(snapshot: Snapshot, destination: str, at: str) -> dict[str, int]:
    """The batches that were written for an ERP at this instant or later, each with its number of postings."""
    query = (
        sa.select(posting.c.batch_id, sa.func.count())
        .where(posting.c.destination == destination, posting.c.batch_id != "", posting.c.changed_at >= at)
        .where(posting.c.state.in_(("batched", "delivered")))
        .group_by(posting.c.batch_id)
        .order_by(posting.c.batch_id)
    )
    return {str(batch): int(count) for batch, count in snapshot.execute(query)}


def kept_back(snapshot: Snapshot, destination: str, pilots: Pilots) -> int:
    """How many ready postings for an ERP wait for a release, in a pilot."""
    if not pilots:
        return 0
    query = sa.select(sa.func.count()).where(posting.c.destination == destination, posting.c.state == "ready")
    return int(snapshot.execute(query.where(posting_waits(pilots))).scalar_one())


def waiting_for(snapshot: Snapshot, destination: str) -> int:
    """How many postings for an ERP wait for its results about others."""
    query = sa.select(sa.func.count()).where(posting.c.destination == destination, posting.c.state == "waiting")
    return int(snapshot.execute(query).scalar_one())


def mark_batched(tx: Transaction, postings: Sequence[ReadyPosting], batch_id: str, at: str) -> None:
    """ready → batched, with the row number in the file. Raises `StateMoved` if one is not ready any more."""
    for row_no, row in enumerate(postings, start=1):
        moved = tx.execute(
            posting.update()
            .where(posting.c.key == row.key, posting.c.state == "ready")
            .values(state="batched", batch_id=batch_id, row_no=row_no, changed_at=at)
        )
        if moved.rowcount != 1:
            raise StateMoved(f"posting {row.key} is not ready", subject=row.key)
    _events(tx, [(row.key, row.return_no) for row in postings], "ready", "batched", BATCHED + batch_id, at)
    steps.note(tx, steps.BATCHED, at, {"batch": batch_id, "postings": [row.key for row in postings]})


def follow_deliveries(tx: Transaction, at: str) -> list[str]:
    """batched → delivered for every batch whose file is delivered; returns the numbers of the returns concerned."""
    gone = sa.select(dispatch.c.batch_id).where(
        dispatch.c.kind == "erp_batch", dispatch.c.state == "delivered", dispatch.c.batch_id == posting.c.batch_id
    )
    waiting = sa.select(posting.c.batch_id).where(posting.c.state == "batched", sa.exists(gone)).distinct()
    return mark_delivered(tx, sorted(str(batch_id) for batch_id in tx.execute(waiting).scalars()), at)


def mark_delivered(tx: Transaction, batches: Sequence[str], at: str) -> list[str]:
    """batched → delivered for the postings of these batches; returns the numbers of the returns concerned."""
    if not batches:
        return []
    moved = tx.execute(
        posting.update()
        .where(posting.c.state == "batched", posting.c.batch_id.in_(batches))
        .values(state="delivered", changed_at=at)
        .returning(posting.c.key, posting.c.return_no)
    ).all()
    pairs = [(str(key), str(number)) for key, number in moved]
    _events(tx, pairs, "batched", "delivered", DELIVERED, at)
    steps.note(tx, steps.DELIVERED, at, {"batches": list(batches)})
    return sorted({number for _, number in pairs})


def refuse(tx: Transaction, row: ReadyPosting, code: str, words: str, at: str) -> None:
    """ready → refused, by ourselves: no import file can carry it."""
    moved = tx.execute(
        posting.update()
        .where(posting.c.key == row.key, posting.c.state == "ready")
        .values(state="refused", error_code=code, error_text=words, changed_at=at)
    )
    if moved.rowcount != 1:
        raise StateMoved(f"posting {row.key} is not ready", subject=row.key)
    _events(tx, [(row.key, row.return_no)], "ready", "refused", REFUSED_HERE + words, at)
    steps.note(tx, steps.REFUSED, at, {"posting": row.key, "code": code, "words": words})


def write_again(tx: Transaction, key: str, at: str) -> str:
    """refused by ourselves → ready, after its value or the profile was corrected; returns its return. StateMoved."""
    as_before = {"state": "ready", "error_code": "", "error_text": "", "changed_at": at}
    moved = tx.execute(
        posting.update()
        .where(posting.c.key == key, posting.c.state == "refused", posting.c.error_code == UNRENDERABLE)
        .values(**as_before)
        .returning(posting.c.return_no)
    ).scalar()
    if moved is None:
        raise StateMoved("It is not one that no import file could carry.", subject=f"posting:{key}")
    _events(tx, [(key, str(moved))], "refused", "ready", RETRIED, at)
    steps.note(tx, steps.RETRIED, at, {"posting": key})
    return str(moved)


def number_rows(tx: Transaction, row_numbers: Mapping[str, int]) -> None:
    """Give postings the row numbers that they have in their import file, by key."""
    for key, row_no in row_numbers.items():
        tx.execute(posting.update().where(posting.c.key == key).values(row_no=row_no))


def any_batched_twice(snapshot: Snapshot, return_nos: Sequence[str]) -> bool:
    """Whether any posting of these returns was in more than one batch."""
    is_batched = (event.c.return_no.in_(return_nos), event.c.to_state == "batched")
    query = sa.select(event.c.subject).where(*is_batched, event.c.subject.startswith("posting:"))
    twice = query.group_by(event.c.subject).having(sa.func.count() > 1).limit(1)
    return snapshot.execute(twice).first() is not None


def ready_of(snapshot: Snapshot, keys: Sequence[str]) -> list[ReadyPosting]:
    """These postings, in this order, as they may go out; those that are not there are left out."""
    found: dict[str, ReadyPosting] = {}
    for start in range(0, len(keys), 500):
        query = sa.select(posting.c.key, posting.c.return_no, posting.c.body, posting.c.created_at)
        rows = snapshot.execute(query.where(posting.c.key.in_(keys[start : start + 500])))
        found |= {str(r[0]): ReadyPosting(str(r[0]), str(r[1]), str(r[2]), str(r[3])) for r in rows}
    return [found[key] for key in keys if key in found]


def has_news(snapshot: Snapshot) -> bool:
    """Is there anything that `follow_deliveries`, `batches_awaiting` or `batches_answered` would change?"""
    batched = sa.select(posting.c.key).where(posting.c.state == "batched").limit(1)
    running = sa.select(due.c.key).where(due.c["class"] == "erp_result", due.c.stopped_at == "").limit(1)
    return snapshot.execute(batched).first() is not None or snapshot.execute(running).first() is not None


def batches_awaiting(snapshot: Snapshot) -> list[tuple[str, str]]:
    """(batch, ERP) of every delivered batch that has postings without an answer and no clock yet."""
    query = (
        sa.select(posting.c.batch_id, posting.c.destination)
        .where(posting.c.state == "delivered", ~sa.exists().where(due.c.key == "erp_result:" + posting.c.batch_id))
        .distinct()
    )
    return [(str(row[0]), str(row[1])) for row in snapshot.execute(query)]


def batches_answered(snapshot: Snapshot) -> list[str]:
    """Batches whose clock runs although none of their postings waits for an answer any more."""
    waiting = sa.exists().where(posting.c.batch_id == due.c.subject, posting.c.state.in_(("batched", "delivered")))
    query = sa.select(due.c.subject).where(due.c["class"] == "erp_result", due.c.stopped_at == "", ~waiting)
    return [str(row[0]) for row in snapshot.execute(query)]


def _events(
    tx: Transaction, moved: Sequence[tuple[str, str]], origin: str, state: PostingState, message: str, at: str
) -> None:
    business_events.append_postings(tx, [key for key, _ in moved], state, at)
    changes = [events.NewEvent(f"posting:{key}", state, origin, message, number) for key, number in moved]
    events.add_many(tx, changes, at)
