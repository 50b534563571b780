"""The rows that a return is stored as: what `json_form` makes, and the store writes as it is. Quantities are text."""

from __future__ import annotations

from typing import TypedDict

from gateway.returns.model import MovementKind, PostingKind, PostingState


class MovementRow(TypedDict):
    """One movement: its columns but the return's number."""

    seq: int
    line_no: str
    kind: MovementKind
    quantity: str
    code: str
    split: str
    source: str
    document_id: int | None
    reverses: int | None
    at: str


class PostingColumns(TypedDict):
    """What of a posting has columns of its own, so that the store can look for it."""

    key: str
    line_no: str
    kind: PostingKind
    split: str
    n: int
    destination: str
    state: PostingState
    waits_for: str
    erp_document_type: str
    erp_document: str
    error_code: str
    error_text: str
    created_at: str
    changed_at: str


class StoredPosting(PostingColumns):
    """One posting. `body`: the rest of it as JSON, with `row`, the fields of its PostingRow but `row_no`."""

    return_no: str
    body: str


HoldColumns = TypedDict(
    "HoldColumns",
    {
        "key": str,
        "owner": str,
        "partner": str,
        "line_no": str,
        "document_id": int | None,
        "posting_key": str,
        "message": str,
        "next_action": str,
        "state": str,
        "resolution": str,
        "resolved_by": str,
        "opened_at": str,
        "resolved_at": str,
        "class": str,
        "return_no": str,
    },
)


class PackedReturn(TypedDict):
    """A return as rows. `body`: header, lines, claims and clocks as JSON; `keys`: what it is known by, sorted."""

    body: str
    keys: list[str]
    movements: list[MovementRow]
    postings: list[StoredPosting]
    holds: list[HoldColumns]
