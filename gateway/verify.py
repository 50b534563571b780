"""Every invariant, store against archive and outbox. One oracle for tests and for production.

A violation is one line that names the row or file. Nothing is changed, whatever is found.

The gateway may be at work meanwhile: the store is looked at as of one moment, the disk before and after it. So what
lies in the outbox is noted before (it was committed as staged before it lay there), and bytes that are missing
afterwards are asked for again (retention commits a mark before it removes them).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from gateway.clock import instant, parse_instant
from gateway.disk import archived_sha256s, staged_path, verify_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.home import Home
from gateway.returns import SaleItem, check_invariants, status_of
from gateway.store import Snapshot, Store
from gateway.store.files import intakes
from gateway.store.returns import returns
from gateway.store.tables import (
    acknowledgment,
    counter,
    dispatch,
    document,
    event,
    functional_group,
    hold,
    intake,
    interchange,
    parked_key,
    posting,
    taken_back,
)

RETURNS_AT_ONCE = 200
# A row that is not terminal may be this old before it must have a Hold: the longest time one tick may take.
STUCK = timedelta(hours=1)


@dataclass(slots=True)
class VerifyReport:
    """`checked`: what was looked at, with counts; `violations`: what is not as it must be."""

    checked: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


def verify(store: Store, home: Home) -> VerifyReport:
    """Check everything; the report has no violations if the gateway's promises hold."""
    report = VerifyReport()
    report.violations += [f"database: {line}" for line in store.check()]
    report.checked.append("the database's own consistency check")
    lying = _lying(home)
    with store.read() as snapshot:
        look = Look(snapshot, home, store, lying)
        for name, check in CHECKS.items():
            count = 0
            for problem in check(look):
                if problem is None:
                    count += 1
                else:
                    report.violations.append(f"{name}: {problem}")
            report.checked.append(f"{name} ({count})")
    return report


@dataclass(frozen=True, slots=True)
class Look:
    """What the checks look at: the store as of one moment, and the disk. `lying`: partner and name of what lay in the
    outbox before that moment.
    """

    snapshot: Snapshot
    home: Home
    store: Store
    lying: frozenset[tuple[str, str]]

    def removed_since(self, table: sa.Table, row_id: int) -> bool:
        """Whether retention has removed the bytes of this row since that moment."""
        with self.store.read() as later:
            return bool(later.scalar(sa.select(table.c.bytes_removed_at).where(table.c.id == row_id)))


def _lying(home: Home) -> frozenset[tuple[str, str]]:
    return frozenset((path.parent.name, path.name) for path in home.outbox.glob("*/*") if path.is_file())


# A check yields None for each thing that is right and a line for each that is not.
Check = Callable[[Look], Iterator[str | None]]


def _archive(look: Look) -> Iterator[str | None]:
    """No byte lost: every intake's bytes are in the archive and match their hash (I1), until retention removed them."""
    verified: dict[str, str | None] = {}
    query = sa.select(intake.c.id, intake.c.sha256, intake.c.size).where(intake.c.bytes_removed_at == "")
    for row in look.snapshot.execute(query.order_by(intake.c.id)):
        if row.sha256 not in verified:
            verified[row.sha256] = _blob_problem(look.home, row.sha256, row.size)
        problem = verified[row.sha256]
        if problem and look.removed_since(intake, row.id):
            problem = None
        yield None if problem is None else f"intake {row.id}: {problem}"


def _blob_problem(home: Home, sha256: str, size: int) -> str | None:
    try:
        found = verify_archive(home, sha256)
    except (ArchiveMissing, ArchiveCorrupt) as trouble:
        return str(trouble)
    return None if found == size else f"{found} bytes instead of {size}"


def _archive_is_whole(look: Look) -> Iterator[str | None]:
    """Every other archived file matches its name too: payloads of dispatches, files of a crash before its commit."""
    known = set(look.snapshot.execute(sa.select(intake.c.sha256)).scalars())
    for sha256 in archived_sha256s(look.home):
        if sha256 in known:
            continue
        try:
            verify_archive(look.home, sha256)
        except ArchiveMissing:
            continue  # retention removed it after it was listed; whether somebody needs it is the check of its row
        except ArchiveCorrupt as trouble:
            yield str(trouble)
        else:
            yield None


def _intake_states(look: Look) -> Iterator[str | None]:
    """One state of the machine each; nothing stuck silently (I2, I3)."""
    newest = look.snapshot.execute(sa.select(sa.func.max(event.c.at))).scalar() or ""
    limit = instant(parse_instant(newest) - STUCK) if newest else ""
    held = set(look.snapshot.execute(sa.select(hold.c.intake_id).where(hold.c.state == "open")).scalars())
    # What became of a replayed one is its child's to say.
    replayed = sa.select(intake.c.replay_of).where(intake.c.replay_of.is_not(None))
    held |= set(look.snapshot.execute(replayed).scalars())
    for row in look.snapshot.execute(sa.select(intake.c.id, intake.c.state, intake.c.received_at)):
        if row.state not in intakes.STATES:
            yield f"intake {row.id} is in no known state: {row.state!r}"
        elif row.state in intakes.WAITING and row.id not in held:
            yield f"intake {row.id} is {row.state} without an open Hold"
        elif row.state == "received" and row.received_at < limit and row.id not in held:
            yield f"intake {row.id} waits since {row.received_at} without an open Hold"
        else:
            yield None


def _acknowledged(look: Look) -> Iterator[str | None]:
    """No group is acknowledged twice, none that must not be (I5): functional acknowledgments answer nothing."""
    query = (
        sa.select(functional_group.c.id, functional_group.c.functional_id, interchange.c.verdict)
        .join(interchange, interchange.c.id == functional_group.c.interchange_id)
        .order_by(functional_group.c.id)
    )
    answered = {
        str(subject): int(count)
        for subject, count in look.snapshot.execute(
            sa.select(acknowledgment.c.subject, sa.func.count()).group_by(acknowledgment.c.subject)
        )
    }
    for row in look.snapshot.execute(query):
        count = answered.get(f"group:{row.id}", 0)
        if row.functional_id == "FA" and count:
            yield f"group {row.id} holds acknowledgments and was acknowledged"
        elif count > 1:
            yield f"group {row.id} was acknowledged {count} times"
        else:
            yield None


def _control_numbers(look: Look) -> Iterator[str | None]:
    """Interchange control numbers we used: 1..n for each partner, without hole or repeat (I6)."""
    query = sa.select(dispatch.c.partner, dispatch.c.control_number).where(
        dispatch.c.control_number != "", dispatch.c.set_id != "", ~dispatch.c.dedupe_key.startswith("again:")
    )
    used: dict[str, list[int]] = {}
    for row in look.snapshot.execute(query):
        used.setdefault(str(row.partner), []).append(int(row.control_number))
    allotted = {
        str(row.name).removeprefix("isa:"): row
        for row in look.snapshot.execute(sa.select(counter).where(counter.c.name.startswith("isa:")))
    }
    for partner, numbers in used.items():
        last = allotted.get(partner)
        if len(set(numbers)) != len(numbers) and (last is None or last.epoch == 0):
            yield f"{partner}: a control number was used twice"
        elif last is None or (last.epoch == 0 and sorted(numbers) != list(range(1, last.n + 1))):
            yield f"{partner}: {len(numbers)} control numbers used, {last.n if last else 0} allotted"
        else:
            yield None


def _dispatches(look: Look) -> Iterator[str | None]:
    """What we send is what was stored: bytes match their hash, and so do the files still in the outbox (I7)."""
    for row in look.snapshot.execute(sa.select(dispatch).order_by(dispatch.c.id)).mappings():
        if row["bytes_removed_at"]:
            problem = None
        elif row["bytes"] is None:
            problem = _blob_problem(look.home, row["sha256"], row["size"])
            if problem and look.removed_since(dispatch, row["id"]):
                problem = None
        else:
            whole = hashlib.sha256(row["bytes"]).hexdigest() == row["sha256"] and len(row["bytes"]) == row["size"]
            problem = None if whole else "the stored bytes do not match their hash"
        problem = problem or _published_problem(look, row)
        yield None if problem is None else f"dispatch {row['id']} {row['name']}: {problem}"


def _taken_back(look: Look) -> Iterator[str | None]:
    """The sums of what returns take back of each sale are the sums of the returns."""
    summed: dict[SaleItem, Decimal] = {}
    numbers = returns.all_numbers(look.snapshot)
    for start in range(0, len(numbers), RETURNS_AT_ONCE):
        for loaded in returns.load(look.snapshot, numbers[start : start + RETURNS_AT_ONCE]).values():
            for item, quantity in loaded.taken.items():
                summed[item] = summed.get(item, Decimal(0)) + quantity
    stored = {
        (str(row.sale), str(row.item), str(row.order_line)): Decimal(row.quantity)
        for row in look.snapshot.execute(sa.select(taken_back))
    }
    for item in sorted(summed.keys() | stored.keys()):
        kept, right = stored.get(item, Decimal(0)), summed.get(item, Decimal(0))
        yield None if kept == right else f"{' '.join(item)}: {kept} is stored, the returns take back {right}"


def _published_problem(look: Look, row: sa.RowMapping) -> str | None:
    """What is wrong with the file in the outbox; one that is not there any more was taken, which is right."""
    if row["channel"] != "folder" or (row["partner"], row["name"]) not in look.lying:
        return None
    published = look.home.outbox / row["partner"] / row["name"]
    try:
        ours = hashlib.sha256(published.read_bytes()).hexdigest() == row["sha256"]
    except FileNotFoundError:
        return None  # taken while we looked
    except OSError as error:
        return f"{published} cannot be read: {error.strerror}"
    if row["state"] == "delivered" and not ours:
        return f"{published} differs from what was sent"
    # A file of this name that is not ours was there first: publishing will find it, and make it a Hold.
    if row["state"] == "pending" and row["attempts"] == 0 and ours and not staged_path(look.home, row["id"]).exists():
        return f"{published} is there before it was sent"
    return None


def _returns(look: Look) -> Iterator[str | None]:
    """The ledger's invariants hold for every return, and the stored status is the derived one."""
    numbers = returns.all_numbers(look.snapshot)
    for start in range(0, len(numbers), RETURNS_AT_ONCE):
        for number, loaded in returns.load(look.snapshot, numbers[start : start + RETURNS_AT_ONCE]).items():
            problems = check_invariants(loaded.aggregate)
            # As of then: an authorization that has lapsed since is one as long as nothing has looked at it.
            derived = status_of(loaded.aggregate, parse_instant(loaded.changed_at))
            if derived != loaded.status:
                problems.append(f"its status is {derived}, stored is {loaded.status}")
            yield from (f"return {number}: {problem}" for problem in problems) if problems else [None]


def _postings(look: Look) -> Iterator[str | None]:
    """A posting that left us is in the batch it says, whose file exists; a posted one has its ERP document."""
    batches = set(look.snapshot.execute(sa.select(dispatch.c.batch_id).where(dispatch.c.batch_id != "")).scalars())
    for row in look.snapshot.execute(
        sa.select(posting.c.key, posting.c.state, posting.c.batch_id, posting.c.erp_document)
    ):
        if row.state in {"batched", "delivered"} and row.batch_id not in batches:
            yield f"posting {row.key} is {row.state} in batch {row.batch_id!r}, which has no file"
        elif row.state == "posted" and not row.erp_document:
            yield f"posting {row.key} is posted without an ERP document"
        else:
            yield None


def _parked(look: Look) -> Iterator[str | None]:
    """A parked document waits for something: it has keys, or it would wait for ever."""
    waiting = set(look.snapshot.execute(sa.select(parked_key.c.document_id).distinct()).scalars())
    for row in look.snapshot.execute(sa.select(document.c.id, document.c.state).where(document.c.state == "parked")):
        yield None if row.id in waiting else f"document {row.id} is parked and waits for nothing"


CHECKS: dict[str, Check] = {
    "archived bytes of every intake": _archive,
    "other archived files": _archive_is_whole,
    "intakes in one known state, none stuck": _intake_states,
    "groups acknowledged once": _acknowledged,
    "control numbers without hole or repeat": _control_numbers,
    "dispatched bytes and outbox": _dispatches,
    "returns and their ledgers": _returns,
    "sums of what is taken back": _taken_back,
    "postings in their batches": _postings,
    "parked documents": _parked,
}
