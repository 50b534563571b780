"""Waiting intakes: each is translated in the parser process and goes the way of its kind of file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gateway.clock import instant
from gateway.disk import read_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.isolation import AbnormalEnd, Job, ParserEnded
from gateway.logs import logger
from gateway.partners import Partner
from gateway.process.admit.duplicates import earlier_intake_of, end_duplicate
from gateway.process.admit.moved_file import find_moved_file, same_answer
from gateway.process.admit.quarantine import fail_intake, quarantine, quarantine_unknown_partner
from gateway.process.erp_result_file import process_moved_file
from gateway.process.flat_file import process_flat_file
from gateway.process.received_file import ReceivedFile
from gateway.process.work import Processing
from gateway.process.x12_file import process_x12_file
from gateway.store.files import intakes
from gateway.store.files.intakes import Intake
from gateway.store.system import faults
from translators.findings import new_finding
from translators.translation import Translation

# Attempts that are recorded in one commit before any of them starts: a file that kills us is noticed afterwards.
GROUP = 64
# A file that ended its parser process twice is poison: it fails, and the others go on.
ATTEMPTS = 2
# What a mistake in our own code raises. Troubles of the world are GatewayErrors and stop the stage instead.
BUGS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)

log = logger("gateway.process")


def process_waiting(work: Processing) -> int:
    """Bring every intake that waits to a terminal state (or a Hold) → how many there were."""
    done = 0
    while True:
        with work.store.read() as snapshot:
            waiting = intakes.in_state(snapshot, "received", GROUP)
        if not waiting:
            return done
        work.parser.ensure()
        waiting = _record_attempts(work, waiting)
        by_id = {intake.id: intake for intake in waiting}
        duplicates: list[ReceivedFile] = []
        for job, outcome in work.parser.translate_in_parts(_jobs(work, waiting, duplicates)):
            if isinstance(outcome, AbnormalEnd):
                _note_abnormal(work, by_id[job.key], outcome)
            else:
                _process(work, by_id[job.key], outcome)
        # The first of two equal files may have been in this very group: only now is its acknowledgment there.
        for file in duplicates:
            end_duplicate(file)
        done += len(waiting)


def process_intake(
    work: Processing, intake: Intake, translation: Translation, rest: Iterable[Translation] = ()
) -> None:
    """Bring one translated intake to its terminal state (or a Hold), by the way of its kind of file.

    `rest` are the parts of a long flat file that follow. Raises ParserEnded where they cannot be had.
    """
    partner = work.book.partners[intake.partner]
    file = ReceivedFile(work, intake, partner)
    moved = find_moved_file(work, intake, partner)
    if moved is not None:
        process_moved_file(file, moved)
    elif translation.interchanges:
        process_x12_file(file, translation)
    elif translation.sets or _says_nothing(translation):
        process_flat_file(file, translation, rest)
    else:
        quarantine(work, intake, translation.findings, translation.format)


def _says_nothing(translation: Translation) -> bool:
    """A flat file with nothing wrong, all of whose rows its layout passes over (statuses of what is on its way)."""
    return bool(translation.layout) and not any(finding.severity == "error" for finding in translation.findings)


def _process(work: Processing, intake: Intake, translation: Translation) -> None:
    """Process one intake. A bug of ours that it meets is that intake's failure, rolled back, and nobody else's."""
    try:
        process_intake(work, intake, translation, work.parser.rest())
    except ParserEnded as trouble:
        _note_abnormal(work, intake, trouble.abnormal)
    except BUGS as bug:
        log.error("intake.failed", intake_id=intake.id, partner=intake.partner, exc_info=bug)
        with work.store.write() as tx:
            fail_intake(tx, intake, "internal_error", f"{type(bug).__name__}: {bug}", work.clock.now())


def _record_attempts(work: Processing, waiting: list[Intake]) -> list[Intake]:
    """Count an attempt for each; those that ended their parser too often fail here. Returns the others."""
    left: list[Intake] = []
    with work.store.write() as tx:
        for intake in waiting:
            partner = work.book.get(intake.partner)
            read_by = partner.config_hash if partner else ""
            if intakes.count_attempt(tx, intake.id, read_by, work.version) <= ATTEMPTS:
                left.append(intake)
                continue
            detail = "The parser process ended or ran out of time on this file, twice."
            fail_intake(tx, intake, "poison", detail, work.clock.now())
    return left


def _jobs(work: Processing, waiting: list[Intake], duplicates: list[ReceivedFile]) -> Iterator[Job]:
    """What the parser must do. Intakes that cannot be read end here; the same bytes again go to `duplicates`."""
    for intake in waiting:
        partner = work.book.partners.get(intake.partner)
        if partner is None:
            quarantine_unknown_partner(work, intake)
            continue
        limit = partner.collect.max_bytes or work.book.house.limits.max_file_bytes
        if intake.size > limit:
            too_large = new_finding("too_large", f"The file is larger than the limit of {limit} bytes")
            quarantine(work, intake, [too_large])
            continue
        if _is_duplicate(work, intake, partner):
            duplicates.append(ReceivedFile(work, intake, partner))
            continue
        data = _bytes_of(work, intake)
        if data is not None:
            yield Job(intake.id, data, intake.name, partner.profile, work.profile_version(partner))


def _is_duplicate(work: Processing, intake: Intake, partner: Partner) -> bool:
    first = earlier_intake_of(work, intake)
    return first is not None and same_answer(first, intake, partner)


def _bytes_of(work: Processing, intake: Intake) -> bytes | None:
    """The archived bytes, verified; None after a Fault: the intake has failed until the archive is repaired."""
    try:
        return read_archive(work.home, intake.sha256)
    except (ArchiveMissing, ArchiveCorrupt) as trouble:
        now = work.clock.now()
        with work.store.write() as tx:
            faults.raise_(tx, trouble, subject=intake.sha256, at=instant(now))
            fail_intake(tx, intake, trouble.code, str(trouble), now)
        return None


def _note_abnormal(work: Processing, intake: Intake, outcome: AbnormalEnd) -> None:
    """The parser did not survive the file. The attempt is counted; after the last one the intake fails."""
    if intake.attempts + 1 < ATTEMPTS:
        return
    with work.store.write() as tx:
        fail_intake(tx, intake, "poison", f"{outcome.reason}: {outcome.detail}", work.clock.now())
