"""One canonical document, field by field, each with the place in the file that it was read from."""

from __future__ import annotations

from typing import TypedDict

from gateway.store.read import documents
from gateway.store.read.documents import DocumentColumns
from gateway.web.page import Page
from gateway.web.sources import NotHere, PageSources
from gateway.web.views.list_filters import Id

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
"""A value that JSON knows."""


class Field(TypedDict):
    """One value of a document: its path ("lines.0.item.sku"), and where it was read (the document's provenance)."""

    path: str
    value: Json
    source: Json


class DocumentData(TypedDict):
    """`document`: the row of the store; `fields`: its values as a flat list; `body`: its JSON."""

    as_of: str
    document: DocumentColumns
    fields: list[Field]
    returns: list[str]
    body: Json


def read_document(sources: PageSources, document_id: Id) -> DocumentData:
    """One canonical document. Raises NotHere for a number that no document has."""
    with sources.store.read() as snapshot:
        stored = documents.one_document(snapshot, document_id)
        if stored is None:
            raise NotHere(f"There is no document {document_id}.")
        body = stored.body
        provenance = body.pop("provenance", {})
        return {
            "as_of": sources.as_of(),
            "document": stored.columns,
            "fields": _fields(body, provenance),
            "returns": documents.returns_of(snapshot, document_id),
            "body": body,
        }


def _fields(value: Json, provenance: dict[str, Json], path: str = "", around: Json = None) -> list[Field]:
    """A value as a flat list of fields. Empty fields are left out.

    A field without a source of its own has that of the nearest part around it.
    """
    source = provenance.get(path, around)
    if isinstance(value, dict):
        parts = [(f"{path}.{key}" if path else key, part) for key, part in value.items()]
    elif isinstance(value, list):
        parts = [(f"{path}.{number}", part) for number, part in enumerate(value)]
    else:
        return [] if value is None or value == "" else [{"path": path, "value": value, "source": source}]
    return [field for name, part in parts for field in _fields(part, provenance, name, source)]


PAGE = Page("/documents/{document_id}", "Document", "document.html", read_document, under="Files")
