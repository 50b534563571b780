"""Returns by API as rows: asked once per idempotency key, answered with what the gateway decided."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from gateway.returns import Return, answer_line
from gateway.returns.request.answers import overall
from gateway.store.database import Snapshot, Transaction
from gateway.store.people import requests
from gateway.store.people.requests import Request
from gateway.store.returns import pilots, returns
from gateway.store.tables import document, intake, request
from translators.canonical import AnswerLine

KIND = "api_return"
# What a request without an answer of its own is told: it is kept, and somebody looks at it.
KEPT = {"state": "accepted", "message": "The request is kept and will be answered; ask again at its status URL."}


def ask(tx: Transaction, partner: str, key: str, data: bytes, at: str) -> Request | None:
    """Leave a request for a return, or find the one that this idempotency key left before.

    None if that one had another body: a key stands for one request.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    body = {"partner": partner, "sha256": sha256, "data": data.decode("utf-8")}
    number = requests.add(tx, KIND, body, actor=partner, at=at, dedupe_key=f"api:{partner}:{key}")
    found = requests.get(tx, number)
    if found is None or found.body["sha256"] != sha256:
        return None
    return found


def of_partner(snapshot: Snapshot, request_id: int, partner: str) -> Request | None:
    """A request that this partner left; None for anybody else's."""
    found = requests.get(snapshot, request_id)
    return found if found is not None and found.kind == KIND and found.body.get("partner") == partner else None


def answer_of(snapshot: Snapshot, asked: Request) -> tuple[int, dict[str, Any]]:
    """HTTP status and body for a request as it stands. What was decided once is said the same way for ever."""
    if asked.state in {"open", "taken"}:
        return 202, dict(KEPT)
    if asked.state == "refused":
        return 409, {"error": asked.outcome}
    said = json.loads(asked.outcome)
    if said["status"] != 202:
        return int(said["status"]), dict(said["answer"])
    return decided(snapshot, int(asked.body["intake"]), asked.body["partner"])


def decided(snapshot: Snapshot, intake_id: int, partner: str) -> tuple[int, dict[str, Any]]:
    """What came of the request in an intake: 200 with the decision, 202 while there is none, else what is wrong."""
    state = snapshot.execute(sa.select(intake.c.state).where(intake.c.id == intake_id)).scalar_one()
    query = sa.select(document.c.number, document.c.state, document.c.reason).where(document.c.intake_id == intake_id)
    row = snapshot.execute(query).first()
    if row is None:
        return (422 if state == "rejected" else 202), dict(KEPT)
    if row.reason == "duplicate_differs":
        words = f"request {row.number} was made before with other content; a correction has the purpose `replace`"
        return 409, {"error": words}
    loaded = returns.load(snapshot, returns.find(snapshot, [f"request:{partner}:{row.number}"]))
    mine = [each.aggregate for each in loaded.values() if each.aggregate.partner == partner]
    if row.state == "parked" or len(mine) != 1:
        return 202, dict(KEPT)
    if pilots.holds_return(snapshot, mine[0].return_no):
        return 202, dict(KEPT)
    said = decision_json(mine[0])
    return (202 if said["decision"] == "pending" else 200), said


def decision_json(aggregate: Return) -> dict[str, Any]:
    """The decision about a return, line by line, as the API says it."""
    decision = "cancelled" if aggregate.cancelled else overall(aggregate)
    return {
        "state": "pending" if decision == "pending" else "decided",
        "number": aggregate.request_number,
        "return_no": aggregate.return_no,
        "rma": aggregate.rma,
        "decision": decision,
        "expires_on": aggregate.expires_on,
        "correlation_id": aggregate.correlation_id,
        "lines": [_line(answer_line(aggregate, line), line.sku) for line in aggregate.lines.values() if not line.added],
    }


def _line(said: AnswerLine, sku: str) -> dict[str, str]:
    """One line of the answer, as the files of answers say it too."""
    return {
        "line_no": said.line_no,
        "sku": sku,
        "requested": f"{said.requested:f}",
        "authorized": f"{said.authorized:f}",
        "unit": said.unit,
        "decision": said.decision,
        "reason": said.reason,
        "text": said.text,
        "instruction": said.instruction,
    }


def waiting(snapshot: Snapshot) -> bool:
    """Is there any request for a return that nobody has taken yet?"""
    query = sa.select(request.c.id).where(request.c.state == "open", request.c.kind == KIND)
    return snapshot.execute(query.limit(1)).first() is not None
