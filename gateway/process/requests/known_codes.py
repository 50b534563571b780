"""A code has got its meaning: the documents that waited for it are read again from the archive, and decided again.

Only the meaning of what waited comes from the second reading; every other field of a document stays as it was first
read, because the ledger already stands on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gateway.clock import instant
from gateway.disk import read_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.isolation import Job
from gateway.partners import Partner, PartnersError, UnknownPartner, load_partner
from gateway.partners.code_tables import NAMES, HeldCode, deciding_codes, with_names_of
from gateway.process.decide import steps
from gateway.process.decide.application import Application
from gateway.process.work import Processing
from gateway.store import Snapshot, Transaction
from gateway.store.files import documents, intakes
from gateway.store.files.intakes import Intake
from gateway.store.people import requests
from gateway.store.people.requests import Request
from gateway.store.returns.codes import WaitingCode, waiting_codes
from translators.canonical import Inbound, Inspection, Receipt, ReturnRequest
from translators.translation import Translation

RERUN_CODES = "rerun_codes"


class CannotRerun(Exception):
    """The documents cannot be read again as things stand; the message says why."""


class CodeKey(NamedTuple):
    """What a request to rerun a code names: whose word it is, in which table, and the word itself."""

    partner: str
    table: str
    theirs: str

    @classmethod
    def of(cls, request: Request) -> CodeKey:
        """The code that a request is about."""
        return cls(*(str(request.body[name]) for name in cls._fields))


@dataclass(frozen=True, slots=True)
class CodeReadings:
    """What a request to rerun a code found: the code, and the files of its documents read with the codes of now."""

    key: CodeKey
    waiting: WaitingCode | None
    files: dict[int, Translation]


def ask_for_known_codes(tx: Transaction, work: Processing) -> int:
    """Ask for a rerun of every waiting code that the configuration now has a meaning for: somebody edited its table.

    Returns how many requests that makes; a code that has an open one gets no second.
    """
    added = 0
    open_bodies = [request.body for request in requests.open_(tx, limit=10_000) if request.kind == RERUN_CODES]
    for code in waiting_codes(tx, work.book, work.policies):
        body = {"partner": code.partner, "table": code.table, "theirs": code.theirs}
        ours = work.book[code.partner].profile.crosswalk(code.table).ours(code.theirs)
        is_known = bool(ours and ours != code.read_as) or _counted_now(code, work)
        if is_known and body not in open_bodies:
            requests.add(tx, RERUN_CODES, body, actor="gateway", at=instant(work.clock.now()))
            added += 1
    return added


def _counted_now(waiting: WaitingCode, work: Processing) -> bool:
    """Does some policy say by now how many of another unit the waiting one is?"""
    if waiting.word != "unit":
        return False
    return any(waiting.theirs in work.policies(name).counted for name in ("", *work.book.partners))


def read_again(work: Processing, request: Request) -> CodeReadings:
    """Translate the archived files of the documents that wait for a code, with the partner's folder as it is now.

    Outside any transaction: a large file takes its time. Raises CannotRerun.
    """
    key = CodeKey.of(request)
    try:
        partner = load_partner(key.partner, work.home.partners)
    except (PartnersError, UnknownPartner) as trouble:
        raise CannotRerun(f"partners/{key.partner} cannot be used: {trouble}") from trouble
    with work.store.read() as snapshot:
        waiting = _find(snapshot, work, key)
        files = _files_of(snapshot, waiting.documents if waiting else [])
    return CodeReadings(key, waiting, dict(_translated(work, partner, files)))


def _find(snapshot: Snapshot, work: Processing, key: CodeKey) -> WaitingCode | None:
    codes = waiting_codes(snapshot, work.book, work.policies)
    return next((code for code in codes if (code.partner, code.table, code.theirs) == key), None)


def _files_of(snapshot: Snapshot, document_ids: list[int]) -> list[Intake]:
    ids = documents.intakes_of(snapshot, document_ids)
    return [intake for intake in (intakes.get(snapshot, intake_id) for intake_id in ids) if intake is not None]


def _translated(work: Processing, partner: Partner, files: list[Intake]) -> Iterator[tuple[int, Translation]]:
    jobs = []
    for intake in files:
        try:
            data = read_archive(work.home, intake.sha256)
        except (ArchiveMissing, ArchiveCorrupt) as trouble:
            raise CannotRerun(f"intake {intake.id} cannot be read again: {trouble}") from trouble
        jobs.append(Job(intake.id, data, intake.name, partner.profile, work.profile_version(partner)))
    for job, outcome in work.parser.translate(jobs):
        if not isinstance(outcome, Translation):
            raise CannotRerun(f"intake {job.key} cannot be read again: {outcome.reason}: {outcome.detail}")
        yield job.key, outcome


def rerun_documents(tx: Transaction, work: Processing, request: Request, readings: CodeReadings) -> str:
    """Decide the documents again with what their codes mean now → what came of it. Raises CannotRerun."""
    partner, table, theirs = readings.key
    if readings.waiting is None:
        return f"{partner} {table} {theirs}: no line waits for it"
    now = work.clock.now()
    done = 0
    application = Application.of(work, tx, now, request.actor)
    for document_id in readings.waiting.documents:
        document = documents.get(tx, document_id)
        if document is None or document.intake_id is None or document.intake_id not in readings.files:
            continue
        after = _with_codes_of(document.body, readings.files[document.intake_id], readings.waiting)
        if after is None or (after == document.body and not _counted_now(readings.waiting, work)):
            continue
        why = f"read again: {table} {theirs} has a meaning now"
        steps.decide_reading(application, work.book[partner], document_id, after, why)
        done += 1
    if not done:
        raise CannotRerun(
            f"{partner} {table} {theirs} still has no meaning on the day of the documents that wait for it"
        )
    application.finish(work.home, f"{RERUN_CODES}:{request.id}")
    return f"{partner} {table} {theirs}: {done} document{'s' * (done != 1)} decided again"


def _with_codes_of(before: Inbound, translation: Translation, waiting: WaitingCode) -> Inbound | None:
    """The document with what its second reading says the code means; None if that reading has no such document."""
    codes = [(held.line, held.code.raw) for held in deciding_codes(before)]
    for fresh in translation.documents():
        if fresh.kind == before.kind and fresh.number == before.number:
            if waiting.word in NAMES:
                return with_names_of(before, fresh, waiting.word, waiting.theirs)
            meanings = list(deciding_codes(fresh))
            if [(held.line, held.code.raw) for held in meanings] == codes:
                return _meant(before, meanings, waiting)
    return None


def _meant(before: Inbound, meanings: list[HeldCode], waiting: WaitingCode) -> Inbound:
    """`before` with the new meaning at each deciding code that waits for it; what was understood stays."""
    codes = iter(
        now.code if _waits(old, waiting) else old.code
        for old, now in zip(deciding_codes(before), meanings, strict=True)
    )
    if isinstance(before, ReturnRequest):
        requested = tuple(line.model_copy(update={"reason": next(codes)}) for line in before.lines)
        return before.model_copy(update={"lines": requested})
    if isinstance(before, Inspection):
        inspected = tuple(line.model_copy(update={"disposition": next(codes)}) for line in before.lines)
        return before.model_copy(update={"lines": inspected})
    if isinstance(before, Receipt):
        received = tuple(
            line.model_copy(
                update={
                    "exceptions": tuple(
                        exception.model_copy(update={"condition": next(codes)}) for exception in line.exceptions
                    )
                }
            )
            for line in before.lines
        )
        return before.model_copy(update={"lines": received})
    return before


def _waits(held: HeldCode, waiting: WaitingCode) -> bool:
    return held.code.raw == waiting.theirs and held.code.canonical in ("", waiting.read_as)
