"""Received and sent files: the lists, one file of each kind, its bytes, and the documents read from it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query

from gateway.store import Snapshot
from gateway.store.read import documents as document_query
from gateway.store.read import events as event_query
from gateway.store.read import holds as hold_query
from gateway.store.read import received as received_query
from gateway.store.read import sent as sent_query
from gateway.store.read.rows import FilePage
from gateway.store.read.table_rows import DispatchRow, IntakeRow
from gateway.web.content import archived, explained
from gateway.web.reading import Data, From, NotHere
from gateway.web.views.filters import FileFilter, SetPage
from gateway.web.views.holds import with_answers

Id = Annotated[int, Path(ge=0, le=2**53)]


def files(reading: From, asked: Annotated[FileFilter, Query()]) -> Data:
    """One page of received or sent files."""
    with reading.store.read() as snapshot:
        rows, total, choices = _listed(snapshot, asked)
        more = len(rows) == asked.size
        return {
            "as_of": reading.as_of(),
            "asked": asked.asked(),
            "narrowed": asked.narrowed(),
            "direction": asked.direction,
            "choices": choices,
            "total": total,
            "files": rows,
            "next": rows[-1]["id"] if more else None,
        }


def _listed(
    snapshot: Snapshot, asked: FileFilter
) -> tuple[list[DispatchRow] | list[IntakeRow], int, dict[str, list[str]]]:
    """The rows of the page, how many files there are in all, and what the filters may be set to."""
    page = FilePage(asked.partner, asked.state, asked.q, asked.before, asked.size)
    if asked.direction == "sent":
        return *sent_query.sent(snapshot, page), sent_query.choices(snapshot)
    return *received_query.received(snapshot, page), received_query.choices(snapshot)


def received_file(reading: From, intake_id: Id, asked: Annotated[SetPage, Query()]) -> Data:
    """One received file: facts, envelope, sets and findings, documents, answers, and its bytes explained."""
    with reading.store.read() as snapshot:
        row = received_query.intake_row(snapshot, intake_id)
        if row is None:
            raise NotHere(f"There is no received file {intake_id}.")
        sets, next_set = received_query.sets(snapshot, intake_id, asked.after)
        data = {
            "as_of": reading.as_of(),
            "file": row,
            "related": received_query.related_intakes(snapshot, intake_id, row["sha256"]),
            "interchanges": received_query.interchanges(snapshot, intake_id),
            "sets": sets,
            "verdicts": received_query.verdicts(snapshot, intake_id),
            "next_set": next_set,
            "loose_documents": document_query.without_set(snapshot, intake_id),
            "answers": sent_query.answers_to(snapshot, intake_id),
            "holds": with_answers(hold_query.of_intake(snapshot, intake_id)),
            "history": event_query.history(snapshot, f"intake:{intake_id}"),
        }
        findings = received_query.row_findings(snapshot, intake_id)
    content = archived(reading, row["sha256"], row["size"], removed_at=row["bytes_removed_at"])
    return data | {"content": explained(reading, content, row["partner"], row["size"], asked.line, findings)}


def sent_file(reading: From, dispatch_id: Id, asked: Annotated[SetPage, Query()]) -> Data:
    """One sent file: facts, attempts, proof, what it acknowledges or carries, and its bytes explained."""
    with reading.store.read() as snapshot:
        row = sent_query.dispatch_row(snapshot, dispatch_id)
        if row is None:
            raise NotHere(f"There is no sent file {dispatch_id}.")
        kept = sent_query.dispatch_bytes(snapshot, dispatch_id)
        data = {
            "as_of": reading.as_of(),
            "file": row,
            "attempts": sent_query.attempts(snapshot, dispatch_id),
            "acknowledges": sent_query.acknowledges(snapshot, dispatch_id),
            "postings": sent_query.batch_postings(snapshot, row["batch_id"]),
            "history": event_query.history(snapshot, f"dispatch:{dispatch_id}"),
        }
    content = archived(reading, row["sha256"], row["size"], kept, row["bytes_removed_at"])
    return data | {"content": explained(reading, content, row["partner"], row["size"], asked.line, ours=True)}


def document(reading: From, document_id: Id) -> Data:
    """One canonical document, field by field, each with the place in the file it came from."""
    with reading.store.read() as snapshot:
        stored = document_query.one_document(snapshot, document_id)
        if stored is None:
            raise NotHere(f"There is no document {document_id}.")
        sources = stored.body.pop("provenance", {})
        return {
            "as_of": reading.as_of(),
            "document": stored.columns,
            "fields": _fields(stored.body, sources),
            "returns": document_query.returns_of(snapshot, document_id),
            "body": stored.body,
        }


def _fields(value: Any, sources: dict[str, Any], path: str = "", near: Any = None) -> list[Data]:
    """A document as a flat list: path ("lines.0.item.sku"), value, where it came from. Empty fields are left out.

    A field without a source of its own has that of the nearest part around it.
    """
    near = sources.get(path, near)
    if isinstance(value, dict):
        parts = [(f"{path}.{key}" if path else key, part) for key, part in value.items()]
    elif isinstance(value, list):
        parts = [(f"{path}.{number}", part) for number, part in enumerate(value)]
    else:
        return [] if value is None or value == "" else [{"path": path, "value": value, "source": near}]
    return [each for name, part in parts for each in _fields(part, sources, name, near)]
