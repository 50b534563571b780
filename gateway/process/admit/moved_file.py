"""Files that an ERP moved: our own import file again, out of a result folder, and what lies beside it there."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.partners import Partner
from gateway.process.work import Processing
from gateway.store import Snapshot
from gateway.store.files import dispatches
from gateway.store.files.intakes import Intake
from translators.erp.read.results import Outcome, folder_outcome, moved_file

STATUS = ".status"
MARKERS = (".success", STATUS, ".error")  # what the scheduler puts beside a file, any case


@dataclass(frozen=True, slots=True)
class MovedFile:
    """One of our import files (or the marker beside it) in a result folder of the ERP."""

    folder: str
    name: str  # the import file's
    marker: str  # "" for the file itself
    batch_id: str
    files: tuple[str, ...]  # all files of the batch
    outcome: Outcome  # what the folder says


def moved_file_of(snapshot: Snapshot, intake: Intake, partner: Partner) -> MovedFile | None:
    """What an intake of an ERP says by the folder it was in; None for any other intake."""
    folders = partner.results.by_folder()
    place = moved_file(intake.name, intake.source, folders)
    if place is None:
        return None
    folder, name = place
    stem, dot, last = name.rpartition(".")
    marker = f"{dot}{last}" if f".{last.casefold()}" in MARKERS else ""
    name = stem if marker else name
    batch = dispatches.batch_of_file(snapshot, partner.id, name)
    if batch is None:
        return None
    return MovedFile(folder, name, marker, batch[0], tuple(batch[1]), folder_outcome(folder, (), folders))


def find_moved_file(work: Processing, intake: Intake, partner: Partner) -> MovedFile | None:
    """As `moved_file_of`, from the store; None for a partner that is no ERP."""
    if partner.role != "erp":
        return None
    with work.store.read() as snapshot:
        return moved_file_of(snapshot, intake, partner)


def same_answer(first: Intake, second: Intake, partner: Partner) -> bool:
    """Whether two intakes with the same bytes say the same: out of another result folder they are another answer."""
    folders = partner.results.by_folder()
    before, now = moved_file(first.name, first.source, folders), moved_file(second.name, second.source, folders)
    if before is None or now is None:
        return True
    return folder_outcome(before[0], (), folders) == folder_outcome(now[0], (), folders)
