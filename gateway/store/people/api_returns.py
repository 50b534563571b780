"""Returns by API as rows: asked once per idempotency key, answered with what the gateway decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import NamedTuple, TypedDict

import sqlalchemy as sa

from gateway.returns import Return
from gateway.returns.request.answers import answer_lines, overall
from gateway.store.database import Snapshot, Transaction
from gateway.store.people import requests
from gateway.store.people.requests import Request
from gateway.store.returns import pilots, returns
from gateway.store.tables import document, intake, request
from translators.canonical import AnswerLine

KIND = "api_return"


class DecidedLine(TypedDict):
    """One line of a decision; quantities as decimals in text."""

    line_no: str
    sku: str
    requested: str
    authorized: str
    unit: str
    decision: str
    reason: str
    text: str
    instruction: str


class DecidedReturn(TypedDict):
    """The decision about a return; `state` is "decided", or "pending" while a person decides a line."""

    state: str
    number: str
    return_no: str
    rma: str
    decision: str
    expires_on: str
    correlation_id: str
    lines: list[DecidedLine]


class ApiAnswer(NamedTuple):
    """What a request by API is told: the HTTP status and the JSON body."""

    status: int
    body: Mapping[str, object]


# What a request without an answer of its own is told: it is kept, and somebody looks at it.
_KEPT_MESSAGE = "The request is kept and will be answered; ask again at its status URL."


def _kept(status: int = 202) -> ApiAnswer:
    return ApiAnswer(status, {"state": "accepted", "message": _KEPT_MESSAGE})


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


def answer_of(snapshot: Snapshot, asked: Request) -> ApiAnswer:
    """The answer to a request as it stands. What was decided once is answered the same way for ever."""
    if asked.state in {"open", "taken"}:
        return _kept()
    if asked.state == "refused":
        return ApiAnswer(409, {"error": asked.outcome})
    stored = json.loads(asked.outcome)
    if stored["status"] != 202:
        return ApiAnswer(int(stored["status"]), stored["answer"])
    return decided(snapshot, int(asked.body["intake"]), asked.body["partner"])


def decided(snapshot: Snapshot, intake_id: int, partner: str) -> ApiAnswer:
    """What came of the request in an intake: 200 with the decision, 202 while there is none, else what is wrong."""
    state = snapshot.execute(sa.select(intake.c.state).where(intake.c.id == intake_id)).scalar_one()
    query = sa.select(document.c.number, document.c.state, document.c.reason).where(document.c.intake_id == intake_id)
    row = snapshot.execute(query).first()
    if row is None:
        return _kept(422 if state == "rejected" else 202)
    if row.reason == "duplicate_differs":
        message = f"request {row.number} was made before with other content; a correction has the purpose `replace`"
        return ApiAnswer(409, {"error": message})
    loaded = returns.load(snapshot, returns.find(snapshot, [f"request:{partner}:{row.number}"]))
    own = [stored.aggregate for stored in loaded.values() if stored.aggregate.partner == partner]
    if row.state == "parked" or len(own) != 1:
        return _kept()
    (return_,) = own
    if pilots.holds_return(snapshot, return_.return_no):
        return _kept()
    decision = decision_json(return_)
    return ApiAnswer(202 if decision["decision"] == "pending" else 200, {**decision})


def decision_json(aggregate: Return) -> DecidedReturn:
    """The decision about a return, line by line, as the API says it."""
    decision = overall(aggregate)
    return {
        "state": "pending" if decision == "pending" else "decided",
        "number": aggregate.request_number,
        "return_no": aggregate.return_no,
        "rma": aggregate.rma,
        "decision": decision,
        "expires_on": aggregate.expires_on,
        "correlation_id": aggregate.correlation_id,
        "lines": [_line(line) for line in answer_lines(aggregate)],
    }


def _line(line: AnswerLine) -> DecidedLine:
    """One line of the answer, as the files of answers say it too."""
    return {
        "line_no": line.line_no,
        "sku": next(iter(line.item.ids()), ""),
        "requested": f"{line.requested:f}",
        "authorized": f"{line.authorized:f}",
        "unit": line.unit,
        "decision": line.decision,
        "reason": line.reason,
        "text": line.text,
        "instruction": line.instruction,
    }


def waiting(snapshot: Snapshot) -> bool:
    """Is there any request for a return that nobody has taken yet?"""
    query = sa.select(request.c.id).where(request.c.state == "open", request.c.kind == KIND)
    return snapshot.execute(query.limit(1)).first() is not None
