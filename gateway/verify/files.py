"""The checks of received and sent files: their bytes, states, acknowledgments and control numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from gateway.clock import instant, parse_instant
from gateway.disk import archived_sha256s, staged_path, verify_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.store.files import dispatches, intakes
from gateway.store.read import invariants
from gateway.store.read.invariants import SentFile
from gateway.store.system import counters
from gateway.verify.compared import Comparison, archive_problem

# A row that is not terminal may be this old before it must have a Hold: the longest time one tick may take.
STUCK = timedelta(hours=1)


def archived_intakes(compared: Comparison) -> Iterator[str | None]:
    """No byte lost: every intake's bytes are in the archive and match their hash (I1), until retention removed them."""
    verified: dict[str, str | None] = {}
    for intake in invariants.archived_intakes(compared.snapshot):
        if intake.sha256 not in verified:
            verified[intake.sha256] = archive_problem(compared.home, intake.sha256, intake.size)
        problem = verified[intake.sha256]
        if problem and compared.now(intakes.bytes_removed, intake.id):
            problem = None
        yield None if problem is None else f"intake {intake.id}: {problem}"


def other_archived_files(compared: Comparison) -> Iterator[str | None]:
    """Every other archived file matches its name too: payloads of dispatches, files of a crash before its commit."""
    known = invariants.intake_hashes(compared.snapshot)
    for sha256 in archived_sha256s(compared.home):
        if sha256 in known:
            continue
        try:
            verify_archive(compared.home, sha256)
        except ArchiveMissing:
            continue  # retention removed it after it was listed; whether somebody needs it is the check of its row
        except ArchiveCorrupt as trouble:
            yield str(trouble)
        else:
            yield None


def intake_states(compared: Comparison) -> Iterator[str | None]:
    """One state of the machine each; nothing stuck silently (I2, I3)."""
    newest = invariants.newest_event_at(compared.snapshot)
    limit = instant(parse_instant(newest) - STUCK) if newest else ""
    explained = invariants.explained_intakes(compared.snapshot)
    for intake in invariants.intake_states(compared.snapshot):
        if intake.state not in intakes.STATES:
            yield f"intake {intake.id} is in no known state: {intake.state!r}"
        elif intake.state in intakes.WAITING and intake.id not in explained:
            yield f"intake {intake.id} is {intake.state} without an open Hold"
        elif intake.state == "received" and intake.received_at < limit and intake.id not in explained:
            yield f"intake {intake.id} waits since {intake.received_at} without an open Hold"
        else:
            yield None


def acknowledged_groups(compared: Comparison) -> Iterator[str | None]:
    """No group is acknowledged twice, none that must not be (I5): functional acknowledgments answer nothing."""
    counts = invariants.acknowledgments_by_subject(compared.snapshot)
    for group in invariants.received_groups(compared.snapshot):
        count = counts.get(f"group:{group.id}", 0)
        if group.functional_id == "FA" and count:
            yield f"group {group.id} holds acknowledgments and was acknowledged"
        elif count > 1:
            yield f"group {group.id} was acknowledged {count} times"
        else:
            yield None


def control_numbers(compared: Comparison) -> Iterator[str | None]:
    """Interchange control numbers we used: 1..n for each partner, without hole or repeat (I6)."""
    allotted = counters.with_prefix(compared.snapshot, "isa:")
    for partner, numbers in invariants.used_control_numbers(compared.snapshot).items():
        last = allotted.get(partner)
        if len(set(numbers)) != len(numbers) and (last is None or last.epoch == 0):
            yield f"{partner}: a control number was used twice"
        elif last is None or (last.epoch == 0 and sorted(numbers) != list(range(1, last.n + 1))):
            yield f"{partner}: {len(numbers)} control numbers used, {last.n if last else 0} allotted"
        else:
            yield None


def dispatched_files(compared: Comparison) -> Iterator[str | None]:
    """What we send is what was stored: bytes match their hash, and so do the files still in the outbox (I7)."""
    for file in invariants.sent_files(compared.snapshot):
        problem = _stored_problem(compared, file) or _published_problem(compared, file)
        yield None if problem is None else f"dispatch {file.id} {file.name}: {problem}"


def _stored_problem(compared: Comparison, file: SentFile) -> str | None:
    """What is wrong with the bytes in the row or in the archive; those that retention removed are rightly gone."""
    if file.bytes_removed_at:
        return None
    if file.data is None:
        problem = archive_problem(compared.home, file.sha256, file.size)
        return None if problem and compared.now(dispatches.bytes_removed, file.id) else problem
    whole = hashlib.sha256(file.data).hexdigest() == file.sha256 and len(file.data) == file.size
    return None if whole else "the stored bytes do not match their hash"


def _published_problem(compared: Comparison, file: SentFile) -> str | None:
    """What is wrong with the file in the outbox; one that is not there any more was taken, which is right."""
    if file.channel != "folder" or (file.partner, file.name) not in compared.in_outbox:
        return None
    published = compared.home.outbox / file.partner / file.name
    try:
        ours = hashlib.sha256(published.read_bytes()).hexdigest() == file.sha256
    except FileNotFoundError:
        return None  # taken while we looked
    except OSError as error:
        return f"{published} cannot be read: {error.strerror}"
    if file.state == "delivered" and not ours:
        return f"{published} differs from what was sent"
    # A file of this name that is not ours was there first: publishing will find it, and make it a Hold.
    if file.state == "pending" and file.attempts == 0 and ours and not staged_path(compared.home, file.id).exists():
        return f"{published} is there before it was sent"
    return None
