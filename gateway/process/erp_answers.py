"""Answers of an ERP that name no single posting: batches, row numbers, IDocs and RMAs, and files that it moved.

A moved file is our own import file again, out of a result folder (Recurring Integrations Scheduler). The folder is the
answer: `ProcessingErrors__<file>` in the inbox, or an SFTP folder of that name. What is not answered stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.clock import instant
from gateway.partners import Partner
from gateway.returns.serial import row_of
from gateway.store import Snapshot, Transaction, dispatches, documents, holds, intakes, postings, steps
from gateway.store.intakes import Intake
from translators.canonical import ErpBatch, ErpResult, ErpResultRow
from translators.erp.profile import ErpProfile, ErpProfileError, named_profile
from translators.erp.results import Outcome, docnum_parts, folder_outcome, moved_file, spread, whole_file_result

if TYPE_CHECKING:
    from gateway.process.stage import Processing

MARKERS = (".success", ".status", ".error")  # what the scheduler puts beside a file, any case


def spread_over_postings(tx: Snapshot, body: ErpResult, partner: Partner) -> ErpResult:
    """A result as the ERP gave it → the same with a row for each posting that it speaks of.

    Rows with a key of ours stay as they are; so do rows that name nothing we know, which the domain holds.
    """
    known = postings.known_keys(tx, [row.idempotency_key for row in body.rows if row.idempotency_key])
    if all(row.idempotency_key in known for row in body.rows):
        return body
    books = _Books(tx, partner)
    rows: list[ErpResultRow] = []
    for row in body.rows:
        said = None if row.idempotency_key in known else books.of(row, body.number)
        if said is None:
            rows.append(row)
        else:
            rows += spread(ErpResult(number=body.number, rows=(row,)), *said).rows
    return body.model_copy(update={"rows": tuple(rows)})


class _Books:
    """The batches that one result speaks of, each fetched once."""

    def __init__(self, tx: Snapshot, partner: Partner) -> None:
        self._tx = tx
        self._partner = partner
        self._known: dict[str, tuple[ErpBatch, ErpProfile] | None] = {}

    def of(self, row: ErpResultRow, batch_id: str) -> tuple[ErpBatch, ErpProfile] | None:
        """The batch that a row is about: of its IDoc number, of the file, or the one that waits for that return."""
        key = row.idempotency_key
        parts = docnum_parts(key)
        if parts is not None:
            return self._batch(f"{self._partner.id.upper()}-{parts[0]:06}")
        if batch_id:
            return self._batch(batch_id)
        found = postings.unanswered_batch_with(self._tx, self._partner.id, key) if key else ""
        return self._batch(found) if found else None

    def _batch(self, batch_id: str) -> tuple[ErpBatch, ErpProfile] | None:
        if batch_id not in self._known:
            self._known[batch_id] = _batch_of(self._tx, self._partner, batch_id)
        return self._known[batch_id]


def _batch_of(tx: Snapshot, partner: Partner, batch_id: str) -> tuple[ErpBatch, ErpProfile] | None:
    """A batch as its file had it; None if there is none, or its profile is gone."""
    held = postings.batched(tx, batch_id, partner.id)
    wire = partner.writes("erp_batch", held.kind) if held else None
    sequence = batch_id.rpartition("-")[2]
    if held is None or wire is None or not (sequence.isascii() and sequence.isdigit()):
        return None
    try:
        profile = named_profile(wire.name, partner.profile.layouts)
    except (ErpProfileError, KeyError):
        return None  # the rows stay as the ERP gave them: answers to nothing we know, which a person sees
    batch = ErpBatch(
        batch_id=batch_id,
        destination=partner.id,
        posting_kind=held.kind,
        created_at="",
        sequence=int(sequence),
        rows=tuple(row_of(body, row_no) for row_no, body in held.rows),
    )
    return batch, profile


# --- moved files


@dataclass(frozen=True, slots=True)
class Moved:
    """One of our import files (or the marker beside it) in a result folder of the ERP."""

    folder: str
    name: str  # the import file's
    marker: str  # "" for the file itself
    batch_id: str
    files: tuple[str, ...]  # all files of the batch

    @property
    def outcome(self) -> Outcome:
        return folder_outcome(self.folder)


def moved(snapshot: Snapshot, intake: Intake, partner: Partner) -> Moved | None:
    """What an intake of an ERP says by the folder it was in; None for any other intake."""
    where = moved_file(intake.name, intake.source)
    if where is None:
        return None
    folder, name = where
    stem, dot, last = name.rpartition(".")
    marker = f"{dot}{last}" if f".{last.casefold()}" in MARKERS else ""
    name = stem if marker else name
    batch = dispatches.batch_of_file(snapshot, partner.id, name)
    return Moved(folder, name, marker, batch[0], tuple(batch[1])) if batch else None


def moved_of(work: Processing, intake: Intake, partner: Partner) -> Moved | None:
    """As `moved`, from the store."""
    with work.store.read() as snapshot:
        return moved(snapshot, intake, partner)


def same_answer(first: Intake, again: Intake) -> bool:
    """The same bytes out of another result folder are another answer, no duplicate."""
    before, now = moved_file(first.name, first.source), moved_file(again.name, again.source)
    return before is None or now is None or folder_outcome(before[0]) == folder_outcome(now[0])


def settle_moved(work: Processing, intake: Intake, partner: Partner, file: Moved) -> None:
    """Apply what a result folder says to every posting of the batch; a contradiction opens a Hold."""
    now = work.clock.now()
    at = instant(now)
    with work.store.write() as tx:
        seen = _seen(tx, intake, partner, file)
        outcome, words = _verdict(file, seen)
        if outcome == "unclear":
            _ask(tx, intake, partner, file, at)
        body = _answer(tx, partner, file, outcome, words)
        if body is not None:
            document_id = documents.add_document(
                tx, intake.id, None, 0, partner.id, body, at, partner.stage_of(body.kind)
            )
            application = work.application(tx, now)
            application.note(steps.DOCUMENTS, {"intake": intake.id, "first": document_id, "last": document_id})
            application.apply(document_id, body, partner.id, partner.role, intake.id)
            application.finish(work.home, str(intake.id), intake.id)
        intakes.move(tx, intake.id, "received", "processed", at=at, message=words, format_="moved")


def _answer(tx: Snapshot, partner: Partner, file: Moved, outcome: Outcome, words: str) -> ErpResult | None:
    """The outcome as a result for every posting of the batch; None while there is none."""
    book = _batch_of(tx, partner, file.batch_id)
    if book is not None and outcome == "posted":
        return whole_file_result(book[0], "posted", document=("IMPORT_FILE", file.files[0]))
    if book is not None and outcome == "refused":
        return whole_file_result(book[0], "refused", file.folder, words)
    return None


def _verdict(file: Moved, seen: set[tuple[str, str]]) -> tuple[Outcome, str]:
    """What the folder says about the batch, with the other files and markers that were seen, in words."""
    where = f"{file.name} is in {file.folder}"
    if file.outcome == "refused":
        markers = [file.marker, *(marker for name, marker in seen if name == file.name and marker)]
        present = not file.marker or (file.name, "") in seen
        if present and folder_outcome(file.folder, markers) == "unclear":
            return "unclear", f"{where}, with a marker that says it succeeded"
        return ("waiting" if file.marker else "refused"), where
    if file.outcome != "posted" or file.marker:
        return "waiting", f"{where}: no answer about its postings yet"
    missing = [each for each in _data_files(file) if each != file.name and (each, "") not in seen]
    if missing:
        return "waiting", f"{where}; {', '.join(missing)} of the same batch is not there yet"
    return "posted", where


def _data_files(file: Moved) -> list[str]:
    """The batch's files that an ERP imports: a control file is only looked at."""
    return [each for each in file.files if not each.endswith(".ctl")]


def _seen(tx: Snapshot, intake: Intake, partner: Partner, file: Moved) -> set[tuple[str, str]]:
    """(file, marker) of this batch that came out of folders with the same outcome before."""
    found: set[tuple[str, str]] = set()
    for name in file.files:
        for earlier in intakes.named_like(tx, partner.id, name):
            other = moved(tx, earlier, partner) if earlier.id != intake.id else None
            if other is not None and other.outcome == file.outcome:
                found.add((other.name, other.marker))
    return found


def _ask(tx: Transaction, intake: Intake, partner: Partner, file: Moved, at: str) -> None:
    holds.open_(
        tx,
        f"erp_result_unclear:{partner.id}:{file.name}",
        "erp_result_unclear",
        "it",
        message=f"{file.name} (batch {file.batch_id}) lies in {file.folder} of {partner.id} with a marker that says it "
        "succeeded: its postings are neither posted nor refused.",
        next_action=f"Look in {partner.id} whether batch {file.batch_id} is there. Put a result file (generic-result) "
        f"into inbox/{partner.id} that says so, then resolve with `done`.",
        at=at,
        partner=partner.id,
        intake_id=intake.id,
    )
