"""Files that an ERP moved: our own import file again, out of a result folder, and what lies beside it there.

The folder is the answer: the file in a result folder below the partner's inbox, `ProcessingErrors__<file>` in the
inbox, or an SFTP folder of that name. A `.Status` file beside it says the same in a word, and why. What is not answered
stays open; where folder and status contradict each other, a person is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.clock import instant
from gateway.disk import read_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.holds import HoldSubject, new_hold
from gateway.partners import Partner
from gateway.process.decide.application import Application
from gateway.process.decide.erp_references import batch_of
from gateway.process.work import Processing
from gateway.store import Snapshot, Transaction
from gateway.store.files import dispatches, documents, intakes
from gateway.store.files.intakes import Intake
from gateway.store.people import holds
from gateway.store.system import steps
from translators.canonical import ErpResult
from translators.erp.read.results import Outcome, folder_outcome, moved_file, whole_file_result
from translators.erp.read.status_file import Status, read_status

STATUS = ".status"
MARKERS = (".success", STATUS, ".error")  # what the scheduler puts beside a file, any case
LARGEST_STATUS = 256 * 1024  # bytes; a status file is a few lines


@dataclass(frozen=True, slots=True)
class Moved:
    """One of our import files (or the marker beside it) in a result folder of the ERP."""

    folder: str
    name: str  # the import file's
    marker: str  # "" for the file itself
    batch_id: str
    files: tuple[str, ...]  # all files of the batch
    outcome: Outcome  # what the folder says


def moved(snapshot: Snapshot, intake: Intake, partner: Partner) -> Moved | None:
    """What an intake of an ERP says by the folder it was in; None for any other intake."""
    folders = partner.results.by_folder()
    where = moved_file(intake.name, intake.source, folders)
    if where is None:
        return None
    folder, name = where
    stem, dot, last = name.rpartition(".")
    marker = f"{dot}{last}" if f".{last.casefold()}" in MARKERS else ""
    name = stem if marker else name
    batch = dispatches.batch_of_file(snapshot, partner.id, name)
    if batch is None:
        return None
    return Moved(folder, name, marker, batch[0], tuple(batch[1]), folder_outcome(folder, (), folders))


def moved_of(work: Processing, intake: Intake, partner: Partner) -> Moved | None:
    """As `moved`, from the store."""
    with work.store.read() as snapshot:
        return moved(snapshot, intake, partner)


def same_answer(first: Intake, again: Intake, partner: Partner) -> bool:
    """The same bytes out of another result folder are another answer, no duplicate."""
    folders = partner.results.by_folder()
    before, now = moved_file(first.name, first.source, folders), moved_file(again.name, again.source, folders)
    if before is None or now is None:
        return True
    return folder_outcome(before[0], (), folders) == folder_outcome(now[0], (), folders)


def settle_moved(work: Processing, intake: Intake, partner: Partner, file: Moved) -> None:
    """Apply what a result folder says to every posting of the batch; a contradiction opens a Hold."""
    now = work.clock.now()
    at = instant(now)
    with work.store.write() as tx:
        seen = _seen(tx, intake, partner, file)
        verdict = _verdict(
            file, {(each.name, each.marker) for each, _ in seen}, _said(work, intake, partner, file, seen)
        )
        if verdict.outcome == "unclear":
            _ask(tx, intake, partner, file, verdict, at)
        body = _answer(tx, partner, file, verdict)
        if body is not None:
            document_id = documents.add_document(
                tx, intake.id, None, 0, partner.id, body, at, partner.stage_of(body.kind)
            )
            application = Application.of(work, tx, now)
            application.note(steps.DOCUMENTS, {"intake": intake.id, "first": document_id, "last": document_id})
            application.apply(document_id, body, partner.id, partner.role, intake.id)
            application.finish(work.home, str(intake.id), intake.id)
        intakes.move(tx, intake.id, "received", "processed", at=at, message=verdict.words, format_="moved")


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is known now about the batch, in words; `code` is the ERP's word for it."""

    outcome: Outcome
    words: str
    code: str


def _answer(tx: Snapshot, partner: Partner, file: Moved, verdict: _Verdict) -> ErpResult | None:
    """The outcome as a result for every posting of the batch; None while there is none."""
    book = batch_of(tx, partner, file.batch_id)
    if book is not None and verdict.outcome == "posted":
        return whole_file_result(book[0], "posted", document=("IMPORT_FILE", file.files[0]))
    if book is not None and verdict.outcome == "refused":
        return whole_file_result(book[0], "refused", verdict.code, verdict.words)
    return None


def _verdict(file: Moved, seen: set[tuple[str, str]], said: Status | None) -> _Verdict:
    """What the folder says about the batch, with the other files and markers that were seen and the status's words."""
    where = f"{file.name} is in {file.folder}"
    if said is not None:
        where += f": {said.state}" + (f": {said.words}" if said.words else "")
    code = said.state if said is not None and said.outcome == "refused" else file.folder
    present = not file.marker or (file.name, "") in seen
    outcome, more = (
        _refused(file, seen, said, present) if file.outcome == "refused" else _good(file, seen, said, present)
    )
    return _Verdict(outcome, where + more, code)


def _refused(file: Moved, seen: set[tuple[str, str]], said: Status | None, present: bool) -> tuple[Outcome, str]:
    """In a folder for errors: refused, unless something beside it says otherwise. A marker alone is no answer, but a
    status that tells of an error is."""
    markers = [file.marker, *(marker for name, marker in seen if name == file.name)]
    if present and any(each.casefold() == ".success" for each in markers):
        return "unclear", ", with a marker that says it succeeded"
    if present and said is not None and said.outcome == "posted":
        return "unclear", ", which is no error"
    told = said is not None and said.outcome == "refused"
    return ("waiting" if file.marker and not told else "refused"), ""


def _good(file: Moved, seen: set[tuple[str, str]], said: Status | None, present: bool) -> tuple[Outcome, str]:
    """In any other folder: posted when all files of the batch are in a folder that says so."""
    if file.outcome == "posted" and present and said is not None and said.outcome == "refused":
        return "unclear", ", which is no success"
    if file.outcome != "posted" or file.marker:
        return "waiting", "; no answer about its postings yet"
    missing = [each for each in _data_files(file) if each != file.name and (each, "") not in seen]
    if missing:
        return "waiting", f"; {', '.join(missing)} of the same batch is not there yet"
    return "posted", ""


def _data_files(file: Moved) -> list[str]:
    """The batch's files that an ERP imports: a control file is only looked at."""
    return [each for each in file.files if not each.endswith(".ctl")]


def _seen(tx: Snapshot, intake: Intake, partner: Partner, file: Moved) -> list[tuple[Moved, Intake]]:
    """The files and markers of this batch that came out of folders with the same outcome, oldest first."""
    found: list[tuple[Moved, Intake]] = []
    for name in file.files:
        for other_intake in intakes.named_like(tx, partner.id, name):
            other = moved(tx, other_intake, partner) if other_intake.id != intake.id else None
            if other is not None and other.outcome == file.outcome:
                found.append((other, other_intake))
    return found


def _said(
    work: Processing, intake: Intake, partner: Partner, file: Moved, seen: Sequence[tuple[Moved, Intake]]
) -> Status | None:
    """What the status file of this import file says, the one that came last; None if there is none, or none to read."""
    beside = [each for other, each in seen if other.name == file.name and other.marker.casefold() == STATUS]
    if file.marker.casefold() == STATUS:
        beside.append(intake)
    for each in reversed(beside):
        if each.size > LARGEST_STATUS:
            continue
        try:
            data = read_archive(work.home, each.sha256)
        except (ArchiveMissing, ArchiveCorrupt):
            continue  # old bytes that retention removed; a damaged archive is a Fault of its own
        status = read_status(data, partner.results.by_state(), partner.results.reasons())
        if status is not None:
            return status
    return None


def _ask(tx: Transaction, intake: Intake, partner: Partner, file: Moved, verdict: _Verdict, at: str) -> None:
    key = f"erp_result_unclear:{partner.id}:{file.name}"
    subject = HoldSubject(partner=partner.id, intake_id=intake.id)
    holds.open_(tx, new_hold("erp_result_unclear", key, subject, verdict=verdict.words, batch=file.batch_id), at)
