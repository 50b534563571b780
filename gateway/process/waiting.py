"""The stage itself: take waiting intakes, have them translated in the parser process, settle each."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.clock import instant
from gateway.disk import read_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.isolation import Abnormal, Job, ParserEnded
from gateway.logs import logger
from gateway.process import x12_file
from gateway.process.admit import duplicates
from gateway.process.erp_result_file import same_answer
from gateway.process.work import Processing
from gateway.store.files import intakes
from gateway.store.files.intakes import Intake
from gateway.store.system import faults
from translators.findings import found
from translators.translation import Translation

# Attempts that are recorded in one commit before any of them starts: a file that kills us is noticed afterwards.
GROUP = 64
# A file that ended its parser process twice is poison: it fails, and the others go on.
ATTEMPTS = 2
# What a mistake in our own code raises. Troubles of the world are GatewayErrors and stop the stage instead.
BUGS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)

log = logger("gateway.process")


def process_waiting(work: Processing) -> int:
    """Bring every intake that waits to a terminal state (or a Hold); returns how many there were."""
    done = 0
    while True:
        with work.store.read() as snapshot:
            waiting = intakes.in_state(snapshot, "received", GROUP)
        if not waiting:
            return done
        work.parser.ensure()
        waiting = _record_attempts(work, waiting)
        by_id = {each.id: each for each in waiting}
        again: list[Intake] = []
        for job, outcome in work.parser.translate_in_parts(_jobs(work, waiting, again)):
            if isinstance(outcome, Abnormal):
                _abnormal(work, by_id[job.key], outcome)
            else:
                _settle(work, by_id[job.key], outcome)
        # The first of two equal files may have been in this very group: only now is its acknowledgment there.
        for each in again:
            duplicates.settle_duplicate(work, each)
        done += len(waiting)


def _settle(work: Processing, intake: Intake, translation: Translation) -> None:
    """Settle one intake. A bug of ours that it meets is that intake's failure, rolled back, and nobody else's."""
    try:
        x12_file.settle_intake(work, intake, translation, work.parser.rest())
    except ParserEnded as trouble:
        _abnormal(work, intake, trouble.abnormal)
    except BUGS as bug:
        log.error("intake.failed", intake_id=intake.id, partner=intake.partner, exc_info=bug)
        with work.store.write() as tx:
            x12_file.fail(tx, intake, "internal_error", f"{type(bug).__name__}: {bug}", work.clock.now())


def _record_attempts(work: Processing, waiting: list[Intake]) -> list[Intake]:
    """Count an attempt for each; those that ended their parser too often fail here."""
    left: list[Intake] = []
    with work.store.write() as tx:
        for each in waiting:
            partner = work.book.get(each.partner)
            read_by = partner.config_hash if partner else ""
            if intakes.count_attempt(tx, each.id, read_by, work.version) <= ATTEMPTS:
                left.append(each)
                continue
            detail = "The parser process ended or ran out of time on this file, twice."
            x12_file.fail(tx, each, "poison", detail, work.clock.now())
    return left


def _jobs(work: Processing, waiting: list[Intake], again: list[Intake]) -> Iterator[Job]:
    """What the parser must do. An intake of an unknown partner is settled here; the same bytes again go to `again`."""
    for each in waiting:
        partner = work.book.partners.get(each.partner)
        if partner is None:
            x12_file.quarantine_unknown_partner(work, each)
            continue
        limit = partner.collect.max_bytes or work.book.house.limits.max_file_bytes
        if each.size > limit:
            x12_file.quarantine(work, each, [found("too_large", f"The file is larger than the limit of {limit} bytes")])
            continue
        first = duplicates.first_of(work, each)
        if first is not None and same_answer(first, each, partner):
            again.append(each)
            continue
        data = _bytes_of(work, each)
        if data is not None:
            yield Job(each.id, data, each.name, partner.profile, work.profile_version(partner))


def _bytes_of(work: Processing, intake: Intake) -> bytes | None:
    """The archived bytes, verified; None after a Fault: the intake waits until the archive is repaired."""
    at = instant(work.clock.now())
    try:
        data = read_archive(work.home, intake.sha256)
    except (ArchiveMissing, ArchiveCorrupt) as trouble:
        with work.store.write() as tx:
            faults.raise_(tx, trouble, subject=intake.sha256, at=at)
            x12_file.fail(tx, intake, trouble.code, str(trouble), work.clock.now())
        return None
    return data


def _abnormal(work: Processing, intake: Intake, outcome: Abnormal) -> None:
    """The parser did not survive the file. The attempt is counted; after the last one the intake fails."""
    if intake.attempts + 1 < ATTEMPTS:
        return
    with work.store.write() as tx:
        x12_file.fail(tx, intake, "poison", f"{outcome.reason}: {outcome.detail}", work.clock.now())
