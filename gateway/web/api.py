"""`POST /api/v1/returns`: a partner asks to return goods by JSON and has the decision at once, where the rules decide.

The page does not decide: it leaves the request as a row, wakes the gateway and waits a moment for what comes of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.faults import SecretUnusable
from gateway.partners import Partner
from gateway.store.people import api_returns
from gateway.store.people.requests import Request as Asked
from gateway.web.reading import From, Reading
from translators.json_request import read_json_request

ADDRESS = "/api/v1/returns"
MAX_BYTES = 1_000_000
WAIT_SECONDS = 2.0
LOOK_SECONDS = 0.02

Wake = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of what the API says."""

    status: int
    body: dict[str, Any]

    def response(self) -> JSONResponse:
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else {}
        return JSONResponse(self.body, status_code=self.status, headers=headers)


def router(wake: Wake) -> APIRouter:
    """The routes. `wake` tells the gateway that there is something to do."""
    made = APIRouter()

    async def post_return(
        request: Request,
        reading: From,
        authorization: Annotated[str, Header(max_length=1000)] = "",
        idempotency_key: Annotated[str, Header(max_length=1000)] = "",
    ) -> JSONResponse:
        partner = await run_in_threadpool(partner_of, reading, authorization)
        if partner is None:
            return Answer(401, {"error": "a bearer token of a partner must be shown"}).response()
        if not (0 < len(idempotency_key) <= 200 and idempotency_key.isascii() and idempotency_key.isprintable()):
            return Answer(
                400, {"error": "Idempotency-Key must be there: 1 to 200 printable ASCII characters"}
            ).response()
        data = await _body(request)
        if data is None:
            return Answer(413, {"error": f"a request has at most {MAX_BYTES} bytes"}).response()
        answer = await run_in_threadpool(ask, reading, wake, partner, idempotency_key, data)
        return answer.response()

    def get_request(
        reading: From,
        request_id: Annotated[int, Path(ge=0, le=2**53)],
        authorization: Annotated[str, Header(max_length=1000)] = "",
    ) -> JSONResponse:
        partner = partner_of(reading, authorization)
        if partner is None:
            return Answer(401, {"error": "a bearer token of a partner must be shown"}).response()
        with reading.store.read() as snapshot:
            asked = api_returns.of_partner(snapshot, request_id, partner.id)
            if asked is None:
                return Answer(404, {"error": f"there is no request {request_id} of yours"}).response()
            return _told(*api_returns.answer_of(snapshot, asked), request_id).response()

    made.add_api_route(ADDRESS, post_return, methods=["POST"])
    made.add_api_route(f"{ADDRESS}/requests/{{request_id}}", get_request, methods=["GET"])
    return made


def partner_of(reading: Reading, authorization: str) -> Partner | None:
    """The one partner whose `[api] token` is shown as `Bearer …`; None if none has it. Takes equally long for any."""
    scheme, _, shown = authorization.partition(" ")
    book = reading.book()
    if scheme.lower() != "bearer" or not shown.strip() or book is None:
        return None
    digest = sha256(shown.strip().encode()).digest()
    found = [each for each in book if hmac.compare_digest(_token_digest(each), digest)]
    return found[0] if len(found) == 1 else None


def _token_digest(partner: Partner) -> bytes:
    if partner.api.token is None:
        return b""
    try:
        return sha256(partner.api.token.resolve().encode()).digest()
    except SecretUnusable:
        return b""  # nobody can show a token that we cannot read


async def _body(request: Request) -> bytes | None:
    """The body, or None if it is larger than MAX_BYTES: the rest of it is not read."""
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > MAX_BYTES:
            return None
    return bytes(data)


def ask(reading: Reading, wake: Wake, partner: Partner, key: str, data: bytes) -> Answer:
    """Check the body, leave the request and wait a moment → what to answer."""
    request, troubles = read_json_request(data, partner.profile)
    if request is None:
        places = [{"place": each.place, "message": each.message} for each in troubles]
        return Answer(422, {"error": "the request is not as it must be", "places": places})
    with reading.store.write() as tx:
        asked = api_returns.ask(tx, partner.id, key, data, reading.as_of())
    if asked is None:
        return Answer(409, {"error": "this Idempotency-Key was used for another request"})
    wake()
    return _wait(reading, asked)


def _wait(reading: Reading, asked: Asked) -> Answer:
    clock = reading.clock
    until = clock.monotonic() + WAIT_SECONDS
    while True:
        with reading.store.read() as snapshot:
            now = api_returns.of_partner(snapshot, asked.id, asked.body["partner"]) or asked
            if now.state not in {"open", "taken"} or clock.monotonic() >= until:
                return _told(*api_returns.answer_of(snapshot, now), asked.id)
        clock.sleep(LOOK_SECONDS)


def _told(status: int, body: dict[str, Any], request_id: int) -> Answer:
    return Answer(status, body | {"status_url": f"{ADDRESS}/requests/{request_id}"})
