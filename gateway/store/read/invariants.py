"""The rows that `verify` looks at, of every area; the long ones are read one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from gateway.store.database import Snapshot, columns_of
from gateway.store.tables import (
    acknowledgment,
    dispatch,
    document,
    event,
    functional_group,
    hold,
    intake,
    parked_key,
    posting,
)


class ArchivedIntake(NamedTuple):
    """A received file whose bytes must be in the archive."""

    id: int
    sha256: str
    size: int


class IntakeState(NamedTuple):
    """A received file, its state and since when it is known."""

    id: int
    state: str
    received_at: str


class ReceivedGroup(NamedTuple):
    """A functional group as it was received; `functional_id` is GS01."""

    id: int
    functional_id: str


class SentFile(NamedTuple):
    """An outbound file; `data` is None if its bytes are in the archive."""

    id: int
    partner: str
    channel: str
    name: str
    size: int
    sha256: str
    data: bytes | None
    state: str
    attempts: int
    bytes_removed_at: str


class PostingState(NamedTuple):
    """A posting, its state, and what it must have there: a batch, or a document of the ERP."""

    key: str
    state: str
    batch_id: str
    erp_document: str


def archived_intakes(snapshot: Snapshot) -> Iterator[ArchivedIntake]:
    """Every intake whose bytes retention has not removed, by id."""
    query = sa.select(intake.c.id, intake.c.sha256, intake.c.size).where(intake.c.bytes_removed_at == "")
    for row in snapshot.execute(query.order_by(intake.c.id)):
        yield ArchivedIntake(*row)


def intake_hashes(snapshot: Snapshot) -> set[str]:
    """The SHA-256 of every intake, in hexadecimal."""
    return set(snapshot.execute(sa.select(intake.c.sha256)).scalars())


def intake_states(snapshot: Snapshot) -> Iterator[IntakeState]:
    """Every intake with its state."""
    for row in snapshot.execute(sa.select(intake.c.id, intake.c.state, intake.c.received_at)):
        yield IntakeState(*row)


def explained_intakes(snapshot: Snapshot) -> set[int]:
    """The intakes that may wait: an open Hold is about them, or they were replayed, and the replay says the rest."""
    held = sa.select(hold.c.intake_id).where(hold.c.state == "open", hold.c.intake_id.is_not(None))
    replayed = sa.select(intake.c.replay_of).where(intake.c.replay_of.is_not(None))
    return {*snapshot.execute(held).scalars(), *snapshot.execute(replayed).scalars()}


def newest_event_at(snapshot: Snapshot) -> str:
    """The instant of the last change of state; "" if there was none."""
    return snapshot.execute(sa.select(sa.func.max(event.c.at))).scalar() or ""


def received_groups(snapshot: Snapshot) -> Iterator[ReceivedGroup]:
    """Every functional group, by id."""
    query = sa.select(functional_group.c.id, functional_group.c.functional_id).order_by(functional_group.c.id)
    for row in snapshot.execute(query):
        yield ReceivedGroup(*row)


def acknowledgments_by_subject(snapshot: Snapshot) -> dict[str, int]:
    """How often each group ("group:12") and interchange ("ta1:5") was acknowledged, where it was."""
    query = sa.select(acknowledgment.c.subject, sa.func.count()).group_by(acknowledgment.c.subject)
    return {str(subject): int(count) for subject, count in snapshot.execute(query)}


def used_control_numbers(snapshot: Snapshot) -> dict[str, list[int]]:
    """The interchange control numbers of what we sent to each partner; a file that was sent again has its first one."""
    query = sa.select(dispatch.c.partner, dispatch.c.control_number).where(
        dispatch.c.control_number != "", dispatch.c.set_id != "", ~dispatch.c.dedupe_key.startswith("again:")
    )
    used: dict[str, list[int]] = {}
    for partner, number in snapshot.execute(query):
        used.setdefault(str(partner), []).append(int(number))
    return used


def sent_files(snapshot: Snapshot) -> Iterator[SentFile]:
    """Every outbound file, by id."""
    for row in snapshot.execute(sa.select(*columns_of(dispatch, SentFile)).order_by(dispatch.c.id)):
        yield SentFile(*row)


def batches_with_a_file(snapshot: Snapshot) -> set[str]:
    """The batches that have an import file."""
    return set(snapshot.execute(sa.select(dispatch.c.batch_id).where(dispatch.c.batch_id != "")).scalars())


def posting_states(snapshot: Snapshot) -> Iterator[PostingState]:
    """Every posting with its state."""
    for row in snapshot.execute(sa.select(*columns_of(posting, PostingState))):
        yield PostingState(*row)


def parked_documents(snapshot: Snapshot) -> list[int]:
    """The ids of the documents that are parked."""
    return list(snapshot.execute(sa.select(document.c.id).where(document.c.state == "parked")).scalars())


def documents_with_keys(snapshot: Snapshot) -> set[int]:
    """The ids of the documents that wait for a number that a return may learn."""
    return set(snapshot.execute(sa.select(parked_key.c.document_id).distinct()).scalars())
