"""Received files: recorded once per claim, then moved to one terminal state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.faults import StateMoved
from gateway.store.database import Snapshot, Transaction, columns_of, insert
from gateway.store.system import events
from gateway.store.system.events import NewEvent
from gateway.store.tables import intake

TERMINAL = frozenset({"processed", "partial", "rejected", "duplicate", "quarantined"})
# `held` waits for a person's answer and `failed` for a replay: neither is terminal, neither moves by itself.
WAITING = frozenset({"held", "failed"})
# `source` of what came by POST instead of as a file.
API = "api"
STATES = TERMINAL | WAITING | {"received"}


@dataclass(frozen=True, slots=True)
class NewIntake:
    """One received file whose bytes are already in the archive."""

    claim: str
    partner: str
    name: str
    size: int
    sha256: str
    source: str = ""
    state: str = "received"
    reason: str = ""
    detail: str = ""
    replay_of: int | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """One row of the table `intake`."""

    id: int
    claim: str
    partner: str
    source: str
    name: str
    size: int
    sha256: str
    format: str
    state: str
    reason: str
    detail: str
    config_hash: str
    config_version: str
    attempts: int
    duplicate_of: int | None
    replay_of: int | None
    received_at: str
    finished_at: str
    bytes_removed_at: str


_COLUMNS = columns_of(intake, Intake)


def record(tx: Transaction, new: NewIntake, at: str) -> int:
    """Write the row of a received file → its id; the id of the existing row if the claim is known already."""
    return record_many(tx, [new], at).ids[0]


@dataclass(frozen=True, slots=True)
class RecordedIntakes:
    """What became of a batch, in its order: ids, the hashes of their rows, and which ids are new."""

    ids: list[int]
    sha256s: list[str]
    new: frozenset[int]


def record_many(tx: Transaction, batch: Sequence[NewIntake], at: str) -> RecordedIntakes:
    """As `record`, for a batch, in its order. A claim that is known keeps its row and writes no event."""
    if not batch:
        return RecordedIntakes([], [], frozenset())
    statement = (
        insert(tx, intake).on_conflict_do_nothing(index_elements=["claim"]).returning(intake.c.claim, intake.c.id)
    )
    inserted = {str(claim): int(id_) for claim, id_ in tx.execute(statement, [_row(new, at) for new in batch])}
    events.add_many(
        tx,
        [
            NewEvent(f"intake:{inserted[new.claim]}", to_state=new.state, message=new.detail or new.reason)
            for new in batch
            if new.claim in inserted
        ],
        at,
    )
    found = {new.claim: (inserted[new.claim], new.sha256) for new in batch if new.claim in inserted}
    known = sa.select(intake.c.claim, intake.c.id, intake.c.sha256).where(
        intake.c.claim.in_([new.claim for new in batch if new.claim not in inserted])
    )
    found |= {str(claim): (int(id_), str(sha256)) for claim, id_, sha256 in tx.execute(known)}
    rows_found = [found[new.claim] for new in batch]
    return RecordedIntakes([id_ for id_, _ in rows_found], [sha for _, sha in rows_found], frozenset(inserted.values()))


def _row(new: NewIntake, moment: str) -> dict[str, object]:
    return {
        "claim": new.claim,
        "partner": new.partner,
        "source": new.source,
        "name": new.name,
        "size": new.size,
        "sha256": new.sha256,
        "state": new.state,
        "reason": new.reason,
        "detail": new.detail,
        "replay_of": new.replay_of,
        "received_at": moment,
        "finished_at": moment if new.state in TERMINAL else "",
    }


@dataclass(frozen=True, slots=True)
class NewState:
    """The state that an intake moves to, the message of the event, and columns that change too (None: they stay)."""

    state: str
    message: str = ""
    reason: str | None = None
    detail: str | None = None
    format: str | None = None
    duplicate_of: int | None = None


def move(
    tx: Transaction,
    intake_id: int,
    from_states: str | Collection[str],
    new: NewState,
    *,
    at: str,
    actor: str = "gateway",
) -> None:
    """Move an intake to another state and write the event.

    Raises StateMoved if it is in none of `from_states`, ValueError for a state that does not exist.
    """
    origins = {from_states} if isinstance(from_states, str) else set(from_states)
    if new.state not in STATES:
        raise ValueError(f"no intake state {new.state!r}")
    before = tx.scalar(sa.select(intake.c.state).where(intake.c.id == intake_id).with_for_update())
    if before not in origins:
        raise StateMoved(f"It is {before}, not {' or '.join(sorted(origins))}.", subject=f"intake:{intake_id}")
    values: dict[str, object] = {"state": new.state, "finished_at": at if new.state in TERMINAL else ""}
    optional = {
        "reason": new.reason,
        "detail": new.detail,
        "format": new.format,
        "duplicate_of": new.duplicate_of,
    }
    values |= {column: value for column, value in optional.items() if value is not None}
    tx.execute(intake.update().where(intake.c.id == intake_id).values(**values))
    subject = f"intake:{intake_id}"
    events.add(tx, NewEvent(subject, new.state, before, message=new.message, actor=actor), at)


def count_attempt(tx: Transaction, intake_id: int, config_hash: str = "", config_version: str = "") -> int:
    """Note that processing begins, committed before it does: a file that kills us is noticed → how often now.

    `config_hash` is the content of the partner's folder that reads it, `config_version` the whole configuration.
    """
    read_by = {"config_hash": config_hash, "config_version": config_version}
    updated = tx.execute(
        intake.update()
        .where(intake.c.id == intake_id)
        .values(attempts=intake.c.attempts + 1, **read_by)
        .returning(intake.c.attempts)
    ).scalar()
    if updated is None:
        raise StateMoved("There is no such intake.", subject=f"intake:{intake_id}")
    return int(updated)


def get(snapshot: Snapshot, intake_id: int) -> Intake | None:
    """One intake; None if there is no such intake."""
    row = snapshot.execute(sa.select(*_COLUMNS).where(intake.c.id == intake_id)).one_or_none()
    return None if row is None else Intake(*row)


def bytes_removed(snapshot: Snapshot, intake_id: int) -> bool:
    """Whether retention has removed the archived bytes of this intake."""
    return bool(snapshot.scalar(sa.select(intake.c.bytes_removed_at).where(intake.c.id == intake_id)))


def known_claims(snapshot: Snapshot, claims: Collection[str]) -> set[str]:
    """Those of these claims that have a row."""
    return set(snapshot.execute(sa.select(intake.c.claim).where(intake.c.claim.in_(claims))).scalars())


def in_state(snapshot: Snapshot, state: str, limit: int = 1000, after: int = 0) -> list[Intake]:
    """Intakes in this state in the order they came, at most `limit`, with ids above `after`."""
    query = sa.select(*_COLUMNS).where(intake.c.state == state, intake.c.id > after).order_by(intake.c.id).limit(limit)
    return [Intake(*row) for row in snapshot.execute(query)]


def with_sha256(snapshot: Snapshot, partner: str, sha256: str) -> list[Intake]:
    """Every intake of this partner with these bytes, oldest first."""
    query = sa.select(*_COLUMNS).where(intake.c.sha256 == sha256, intake.c.partner == partner).order_by(intake.c.id)
    return [Intake(*row) for row in snapshot.execute(query)]


def named_like(snapshot: Snapshot, partner: str, name: str) -> list[Intake]:
    """Intakes of this partner whose names hold `name`, oldest first."""
    query = sa.select(*_COLUMNS).where(intake.c.partner == partner, intake.c.name.contains(name, autoescape=True))
    return [Intake(*row) for row in snapshot.execute(query.order_by(intake.c.id))]


def latest_read(snapshot: Snapshot, partner: str, limit: int, max_bytes: int) -> tuple[list[Intake], int]:
    """The latest files of a partner that were read as files and whose bytes are there, newest first, none larger than
    `max_bytes`; and how many there are of them altogether. The same bytes again are not another file.
    """
    was_read = sa.and_(
        intake.c.partner == partner,
        intake.c.state.in_(("processed", "partial", "rejected")),
        intake.c.source != API,
        intake.c.replay_of.is_(None),
        intake.c.bytes_removed_at == "",
        intake.c.size <= max_bytes,
    )
    newest = sa.select(*_COLUMNS).where(was_read).order_by(intake.c.id.desc()).limit(limit)
    total = snapshot.execute(sa.select(sa.func.count()).where(was_read)).scalar_one()
    return [Intake(*row) for row in snapshot.execute(newest)], int(total)


def counts(snapshot: Snapshot) -> dict[str, int]:
    """How many intakes are in each state."""
    rows = snapshot.execute(sa.select(intake.c.state, sa.func.count()).group_by(intake.c.state))
    return {str(state): int(count) for state, count in rows}
