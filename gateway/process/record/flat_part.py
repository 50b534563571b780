"""A part of a flat file as received: its sets and their documents, in the store."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.process.received_file import FileStep, ReceivedFile
from gateway.process.record.documents import DocumentNumbers, RecordedDocument, record_documents
from gateway.store.files import interchanges
from translators.translation import SetResult


def recorded_sets(file: ReceivedFile) -> int:
    """How many sets of the file are in the store: more than none after a crash."""
    with file.work.store.read() as snapshot:
        return interchanges.settled_sets(snapshot, file.intake.id)


def record_part(
    step: FileStep, sets: Sequence[SetResult], first_set: int, recorded_before: int, numbers: DocumentNumbers
) -> list[RecordedDocument]:
    """Record the sets of a part → the documents of those that are not rejected.

    `first_set` is the place of the part's first set in the file; sets before `recorded_before` are there already.
    """
    recorded: list[RecordedDocument] = []
    for place, rows in enumerate(sets, start=first_set):
        if place < recorded_before:
            numbers.skip(rows.documents)
            continue
        set_id = interchanges.add_set(step.tx, step.intake.id, None, place, rows)
        if rows.verdict != "rejected":
            recorded += record_documents(step, set_id, rows.documents, numbers)
    return recorded
