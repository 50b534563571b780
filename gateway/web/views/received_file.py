"""One received file: what it is, what was read from it, what followed, and its bytes explained."""

from __future__ import annotations

from typing import Annotated, TypedDict

from fastapi import Query

from gateway.store.read import documents, events, holds, received, sent
from gateway.store.read.documents import DocumentOfFile
from gateway.store.read.received import InterchangeOfFile, RelatedIntake, SetOfFile
from gateway.store.read.table_rows import DispatchRow, EventRow, IntakeRow
from gateway.web.display.file_content import ExplainedFile, archived_bytes, explain_file
from gateway.web.page import Page
from gateway.web.sources import NotHere, PageSources
from gateway.web.views.answerable_holds import AnswerableHold, with_answers
from gateway.web.views.list_filters import Id, SetPage


class _StoredFacts(TypedDict):
    """`related`: later files with the same bytes. `verdicts`: sets counted by verdict. `next_set`: the ordinal after
    which further sets follow. `loose_documents`: those that belong to no set. `answers`: files we sent because of it.
    """

    as_of: str
    file: IntakeRow
    related: list[RelatedIntake]
    interchanges: list[InterchangeOfFile]
    sets: list[SetOfFile]
    verdicts: dict[str, int]
    next_set: int | None
    loose_documents: list[DocumentOfFile]
    answers: list[DispatchRow]
    holds: list[AnswerableHold]
    history: list[EventRow]


class ReceivedFileData(_StoredFacts):
    """What the store knows of the file, and its bytes explained."""

    content: ExplainedFile


def read_received_file(sources: PageSources, intake_id: Id, part: Annotated[SetPage, Query()]) -> ReceivedFileData:
    """One received file: facts, envelope, sets and findings, documents, answers, and its bytes explained.

    Raises NotHere for a number that no received file has.
    """
    with sources.store.read() as snapshot:
        row = received.intake_row(snapshot, intake_id)
        if row is None:
            raise NotHere(f"There is no received file {intake_id}.")
        findings = received.row_findings(snapshot, intake_id)
        sets, next_set = received.sets(snapshot, intake_id, part.after)
        facts: _StoredFacts = {
            "as_of": sources.as_of(),
            "file": row,
            "related": received.related_intakes(snapshot, intake_id, row["sha256"]),
            "interchanges": received.interchanges(snapshot, intake_id),
            "sets": sets,
            "verdicts": received.verdicts(snapshot, intake_id),
            "next_set": next_set,
            "loose_documents": documents.without_set(snapshot, intake_id),
            "answers": sent.answers_to(snapshot, intake_id),
            "holds": with_answers(holds.of_intake(snapshot, intake_id)),
            "history": events.history(snapshot, f"intake:{intake_id}"),
        }
    data = archived_bytes(sources, row["sha256"], row["size"], removed_at=row["bytes_removed_at"])
    content = explain_file(sources, data, row["partner"], row["size"], part.line, findings)
    return {**facts, "content": content}


PAGE = Page("/files/in/{intake_id}", "Received file", "file_in.html", read_received_file, under="Files")
