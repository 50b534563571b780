"""The canonical documents of a received file, as rows that are to be decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gateway.process.received_file import FileStep
from gateway.store.files import documents
from gateway.store.files.documents import NewDocument
from translators.canonical import Inbound


class RecordedDocument(NamedTuple):
    """A canonical document and the id of its row."""

    id: int
    body: Inbound


class DocumentNumbers:
    """The places of a file's documents, counted from its start: the same after a crash as without one."""

    def __init__(self) -> None:
        self._next = 0

    def take(self) -> int:
        """The place of the next document."""
        number = self._next
        self._next += 1
        return number

    def skip(self, recorded: Iterable[Inbound]) -> None:
        """Pass over documents that are in the store already."""
        self._next += sum(1 for _ in recorded)


def record_documents(
    step: FileStep, set_id: int | None, bodies: Iterable[Inbound], numbers: DocumentNumbers
) -> list[RecordedDocument]:
    """Add the documents of one set, or of none (`set_id` None) → the documents with the ids of their rows."""
    tx, intake_id, partner, at = step.tx, step.intake.id, step.partner, step.at
    return [
        RecordedDocument(
            documents.add(
                tx, NewDocument(intake_id, set_id, numbers.take(), partner.id, body, partner.stage_of(body.kind)), at
            ),
            body,
        )
        for body in bodies
    ]
