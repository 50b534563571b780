"""The rows of tables as pages and their JSON twins show them: a dict with one key a column.

Instants are UTC ISO 8601 text, quantities decimal text, as the tables keep them; "" stands for nothing.
"""

from __future__ import annotations

from typing import TypedDict


class IntakeRow(TypedDict):
    """One received file."""

    id: int
    claim: str
    partner: str
    source: str
    name: str
    size: int
    sha256: str
    format: str
    state: str
    reason: str
    detail: str
    config_hash: str
    config_version: str
    attempts: int
    duplicate_of: int | None
    replay_of: int | None
    received_at: str
    finished_at: str
    bytes_removed_at: str


class DispatchRow(TypedDict):
    """A sent file without its bytes."""

    id: int
    dedupe_key: str
    partner: str
    kind: str
    channel: str
    name: str
    size: int
    sha256: str
    set_id: str
    control_number: str
    return_no: str
    intake_id: int | None
    batch_id: str
    state: str
    attempts: int
    next_attempt_at: str
    error: str
    proof: str
    ack_state: str
    created_at: str
    delivered_at: str
    bytes_removed_at: str


class AttemptRow(TypedDict):
    """One attempt to deliver a dispatch."""

    id: int
    dispatch_id: int
    at: str
    outcome: str
    detail: str


HoldRow = TypedDict(
    "HoldRow",
    {
        "id": int,
        "key": str,
        "class": str,
        "owner": str,
        "partner": str,
        "return_no": str,
        "line_no": str,
        "intake_id": int | None,
        "document_id": int | None,
        "posting_key": str,
        "message": str,
        "next_action": str,
        "state": str,
        "resolution": str,
        "resolved_by": str,
        "opened_at": str,
        "resolved_at": str,
    },
)

FaultRow = TypedDict(
    "FaultRow",
    {
        "id": int,
        "key": str,
        "class": str,
        "severity": str,
        "subject": str,
        "message": str,
        "remedy": str,
        "since": str,
        "last_seen": str,
        "cleared_at": str,
        "count": int,
    },
)

DueRow = TypedDict(
    "DueRow",
    {
        "key": str,
        "class": str,
        "partner": str,
        "return_no": str,
        "subject": str,
        "state": str,
        "started_at": str,
        "warn_at": str,
        "due_at": str,
        "stopped_at": str,
    },
)


class EventRow(TypedDict):
    """One change of state."""

    id: int
    at: str
    actor: str
    subject: str
    return_no: str
    from_state: str
    to_state: str
    message: str


class MovementRow(TypedDict):
    """One movement of a line's quantity ledger."""

    return_no: str
    seq: int
    line_no: str
    kind: str
    quantity: str
    code: str
    split: str
    source: str
    document_id: int | None
    reverses: int | None
    at: str


class PostingColumns(TypedDict):
    """The columns of a posting but its body."""

    key: str
    return_no: str
    line_no: str
    kind: str
    split: str
    n: int
    destination: str
    state: str
    waits_for: str
    batch_id: str
    row_no: int | None
    released: str
    erp_document_type: str
    erp_document: str
    error_code: str
    error_text: str
    created_at: str
    changed_at: str


class PostingRow(PostingColumns):
    """A posting; `body` is JSON text."""

    body: str


class ReturnColumns(TypedDict):
    """The columns of a return that lists show."""

    return_no: str
    partner: str
    stage: str
    rma: str
    request_number: str
    correlation_id: str
    status: str
    blocked_at: str
    blocked_since: str
    blocked_on: str
    opened_at: str
    changed_at: str
    closed_at: str
    expires_on: str


class ReturnRow(ReturnColumns):
    """A whole row of a return; `body` is the JSON text of the aggregate without its rows."""

    body: str
    version: int
    told_version: int
    told: str
