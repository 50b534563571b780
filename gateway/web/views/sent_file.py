"""One sent file: what it is, how its delivery went, what it carries, and its bytes explained."""

from __future__ import annotations

from typing import Annotated, TypedDict

from fastapi import Query

from gateway.store.read import events, sent
from gateway.store.read.sent import AcknowledgedEnvelope, CarriedPosting
from gateway.store.read.table_rows import AttemptRow, DispatchRow, EventRow
from gateway.web.display.file_content import ExplainedFile, archived_bytes, explain_file
from gateway.web.page import Page
from gateway.web.sources import NotHere, PageSources
from gateway.web.views.list_filters import Id, SetPage


class _StoredFacts(TypedDict):
    """`acknowledges`: the interchanges and groups that it answers. `postings`: those that an ERP import carries."""

    as_of: str
    file: DispatchRow
    attempts: list[AttemptRow]
    acknowledges: list[AcknowledgedEnvelope]
    postings: list[CarriedPosting]
    history: list[EventRow]


class SentFileData(_StoredFacts):
    """What the store knows of the file, and its bytes explained."""

    content: ExplainedFile


def read_sent_file(sources: PageSources, dispatch_id: Id, part: Annotated[SetPage, Query()]) -> SentFileData:
    """One sent file: facts, attempts, proof, what it acknowledges or carries, and its bytes explained.

    Raises NotHere for a number that no sent file has.
    """
    with sources.store.read() as snapshot:
        row = sent.dispatch_row(snapshot, dispatch_id)
        if row is None:
            raise NotHere(f"There is no sent file {dispatch_id}.")
        stored = sent.dispatch_bytes(snapshot, dispatch_id)
        facts: _StoredFacts = {
            "as_of": sources.as_of(),
            "file": row,
            "attempts": sent.attempts(snapshot, dispatch_id),
            "acknowledges": sent.acknowledges(snapshot, dispatch_id),
            "postings": sent.batch_postings(snapshot, row["batch_id"]),
            "history": events.history(snapshot, f"dispatch:{dispatch_id}"),
        }
    data = archived_bytes(sources, row["sha256"], row["size"], stored, row["bytes_removed_at"])
    content = explain_file(sources, data, row["partner"], row["size"], part.line, ours=True)
    return {**facts, "content": content}


PAGE = Page("/files/out/{dispatch_id}", "Sent file", "file_out.html", read_sent_file, under="Files")
