"""What the command line or the web asks of the running process. A row is the request; the next tick does the work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.faults import StateMoved
from gateway.store.database import Snapshot, Transaction, insert
from gateway.store.system import events
from gateway.store.system.events import NewEvent
from gateway.store.tables import request

# The kind of request that sends at once what is ready for an ERP; its body names the `destination`.
SEND_NOW = "send_now"


@dataclass(frozen=True, slots=True)
class Request:
    """One row of the table `request`, its body read."""

    id: int
    kind: str
    dedupe_key: str | None
    body: dict[str, Any]
    actor: str
    state: str
    outcome: str
    created_at: str
    finished_at: str


def add(
    tx: Transaction, kind: str, body: Mapping[str, object], *, actor: str, at: str, dedupe_key: str | None = None
) -> int:
    """Leave a request → its id; the id of the one that is there already if its `dedupe_key` was used before."""
    values = {
        "kind": kind,
        "body": json.dumps(body, sort_keys=True),
        "actor": actor,
        "created_at": at,
        "dedupe_key": dedupe_key,
    }
    statement = insert(tx, request).values(**values).on_conflict_do_nothing(index_elements=["dedupe_key"])
    request_id = tx.execute(statement.returning(request.c.id)).scalar()
    if request_id is None:
        return int(tx.execute(sa.select(request.c.id).where(request.c.dedupe_key == dedupe_key)).scalar_one())
    events.add(tx, NewEvent(f"request:{request_id}", "open", message=kind, actor=actor), at)
    return int(request_id)


def open_(snapshot: Snapshot, limit: int = 100, kind: str = "") -> list[Request]:
    """Requests that nobody has answered yet, oldest first: those of a kind, or all but those to send now, which are
    answered where files are written."""
    of_kind = request.c.kind == kind if kind else request.c.kind != SEND_NOW
    query = sa.select(request).where(request.c.state == "open", of_kind).order_by(request.c.id).limit(limit)
    return [_request(row) for row in snapshot.execute(query)]


def get(snapshot: Snapshot, request_id: int) -> Request | None:
    """One request, whoever has answered it; None if there is no such request."""
    row = snapshot.execute(sa.select(request).where(request.c.id == request_id)).one_or_none()
    return None if row is None else _request(row)


def take(tx: Transaction, request_id: int, body: Mapping[str, object]) -> None:
    """Note that an open request is under way: it is answered when its intake is. Raises StateMoved if it was not."""
    moved = tx.execute(
        request.update()
        .where(request.c.id == request_id, request.c.state == "open")
        .values(state="taken", body=json.dumps(body, sort_keys=True))
    )
    if moved.rowcount != 1:
        raise StateMoved("It is not open.", subject=f"request:{request_id}")


def taken(snapshot: Snapshot, limit: int = 1000) -> list[Request]:
    """Requests that are under way, oldest first."""
    query = sa.select(request).where(request.c.state == "taken").order_by(request.c.id).limit(limit)
    return [_request(row) for row in snapshot.execute(query)]


def finish(tx: Transaction, request_id: int, outcome: str, *, at: str, state: str = "done") -> None:
    """Close a request as `done` or `refused`, with what came of it. Raises StateMoved if it is closed already."""
    moved = tx.execute(
        request.update()
        .where(request.c.id == request_id, request.c.state.in_(("open", "taken")))
        .values(state=state, outcome=outcome, finished_at=at)
    )
    if moved.rowcount != 1:
        raise StateMoved("It is not open.", subject=f"request:{request_id}")
    events.add(tx, NewEvent(f"request:{request_id}", state, "open", message=outcome), at)


def _request(row: sa.Row[Any]) -> Request:
    return Request(**{**row._mapping, "body": json.loads(row.body)})
