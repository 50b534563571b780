"""What an ERP says about a batch by the folder into which it moved our import file.

The folder is the answer: the file in a result folder below the partner's inbox, `ProcessingErrors__<file>` in the
inbox, or an SFTP folder of that name. A `.Status` file beside it says the same in a word, and why. What is not answered
stays open; where folder and status contradict each other, a person is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gateway.disk import read_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.holds import HoldSubject, new_hold
from gateway.process.admit.moved_file import STATUS, MovedFile, moved_file_of
from gateway.process.decide.erp_references import batch_of
from gateway.process.received_file import FileStep
from gateway.store.files import intakes
from gateway.store.files.intakes import Intake
from gateway.store.people import holds
from translators.canonical import ErpResult
from translators.erp.read.results import Outcome, whole_file_result
from translators.erp.read.status_file import Status, read_status

LARGEST_STATUS = 256 * 1024  # bytes; a status file is a few lines


class FolderVerdict(NamedTuple):
    """What is known now about the batch: `text` says it for people, `code` is the ERP's word for it."""

    outcome: Outcome
    text: str
    code: str


class _Seen(NamedTuple):
    """A file or marker of the same batch that came earlier, out of a folder with the same outcome."""

    file: MovedFile
    intake: Intake


def verdict_of(step: FileStep, file: MovedFile) -> FolderVerdict:
    """What the folder says about the batch, with the other files and markers that came and the status file's words."""
    seen = _seen(step, file)
    status = _status(step, file, seen)
    text = f"{file.name} is in {file.folder}"
    if status is not None:
        text += f": {status.state}" + (f": {status.words}" if status.words else "")
    code = status.state if status is not None and status.outcome == "refused" else file.folder
    names = {(other.file.name, other.file.marker) for other in seen}
    judge = _in_error_folder if file.outcome == "refused" else _in_other_folder
    outcome, remark = judge(file, names, status)
    return FolderVerdict(outcome, text + remark, code)


def result_for_batch(step: FileStep, file: MovedFile, verdict: FolderVerdict) -> ErpResult | None:
    """The verdict as a result for every posting of the batch; None while there is none."""
    batch = batch_of(step.tx, step.partner, file.batch_id)
    if batch is not None and verdict.outcome == "posted":
        return whole_file_result(batch[0], "posted", document=("IMPORT_FILE", file.files[0]))
    if batch is not None and verdict.outcome == "refused":
        return whole_file_result(batch[0], "refused", verdict.code, verdict.text)
    return None


def hold_contradiction(step: FileStep, file: MovedFile, verdict: FolderVerdict) -> None:
    """Ask a person: the folder says one thing, what lies beside the file another."""
    key = f"erp_result_unclear:{step.partner.id}:{file.name}"
    subject = HoldSubject(partner=step.partner.id, intake_id=step.intake.id)
    new = new_hold("erp_result_unclear", key, subject, verdict=verdict.text, batch=file.batch_id)
    holds.open_(step.tx, new, step.at)


def _file_is_there(file: MovedFile, names: set[tuple[str, str]]) -> bool:
    """Whether the import file itself came out of the folder, not only a marker."""
    return not file.marker or (file.name, "") in names


def _in_error_folder(file: MovedFile, names: set[tuple[str, str]], status: Status | None) -> tuple[Outcome, str]:
    """In a folder for errors: refused, unless something beside the file says otherwise. A marker alone is no answer,
    but a status that tells of an error is."""
    present = _file_is_there(file, names)
    markers = [file.marker, *(marker for name, marker in names if name == file.name)]
    if present and any(marker.casefold() == ".success" for marker in markers):
        return "unclear", ", with a marker that says it succeeded"
    if present and status is not None and status.outcome == "posted":
        return "unclear", ", which is no error"
    status_refuses = status is not None and status.outcome == "refused"
    return ("waiting" if file.marker and not status_refuses else "refused"), ""


def _in_other_folder(file: MovedFile, names: set[tuple[str, str]], status: Status | None) -> tuple[Outcome, str]:
    """In any other folder: posted when all files of the batch are in a folder that says so."""
    if file.outcome == "posted" and _file_is_there(file, names) and status is not None and status.outcome == "refused":
        return "unclear", ", which is no success"
    if file.outcome != "posted" or file.marker:
        return "waiting", "; no answer about its postings yet"
    # A control file is never imported: the ERP only looks at it.
    data_files = [name for name in file.files if not name.endswith(".ctl")]
    missing = [name for name in data_files if name != file.name and (name, "") not in names]
    if missing:
        return "waiting", f"; {', '.join(missing)} of the same batch is not there yet"
    return "posted", ""


def _seen(step: FileStep, file: MovedFile) -> list[_Seen]:
    """The files and markers of this batch that came out of folders with the same outcome, oldest first."""
    seen: list[_Seen] = []
    for name in file.files:
        for intake in intakes.named_like(step.tx, step.partner.id, name):
            other = moved_file_of(step.tx, intake, step.partner) if intake.id != step.intake.id else None
            if other is not None and other.outcome == file.outcome:
                seen.append(_Seen(other, intake))
    return seen


def _status(step: FileStep, file: MovedFile, seen: Sequence[_Seen]) -> Status | None:
    """What the status file of this import file says, the one that came last; None if there is none, or none to read."""
    status_files = [
        other.intake for other in seen if other.file.name == file.name and other.file.marker.casefold() == STATUS
    ]
    if file.marker.casefold() == STATUS:
        status_files.append(step.intake)
    results = step.partner.results
    for intake in reversed(status_files):
        if intake.size > LARGEST_STATUS:
            continue
        try:
            data = read_archive(step.work.home, intake.sha256)
        except (ArchiveMissing, ArchiveCorrupt):
            continue  # old bytes that retention removed; a damaged archive is a Fault of its own
        status = read_status(data, results.by_state(), results.reasons())
        if status is not None:
            return status
    return None
