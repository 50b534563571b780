"""`POST /api/v1/returns`: a partner asks to return goods by JSON and has the decision at once, where the rules decide.

The page does not decide: it leaves the request as a row, wakes the gateway and waits a moment for what comes of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.faults import SecretUnusable
from gateway.partners import Partner
from gateway.store import Snapshot
from gateway.store.people import api_returns
from gateway.store.people.requests import Request as StoredRequest
from gateway.web.sources import PageSources, Sources
from translators.json_request import read_json_request

ADDRESS = "/api/v1/returns"
MAX_BYTES = 1_000_000
WAIT_SECONDS = 2.0
LOOK_SECONDS = 0.02

Wake = Callable[[], None]

NOT_AUTHENTICATED = "a bearer token of a partner must be shown"
NO_KEY = "Idempotency-Key must be there: 1 to 200 printable ASCII characters"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON body of what the API says."""

    status: int
    body: Mapping[str, object]

    def response(self) -> JSONResponse:
        """The answer as an HTTP response; a 401 names the scheme that is expected."""
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else {}
        return JSONResponse(self.body, status_code=self.status, headers=headers)


def returns_api_router(wake: Wake) -> APIRouter:
    """The routes. `wake` tells the gateway that there is something to do."""
    router = APIRouter()

    async def post_return(
        request: Request,
        sources: PageSources,
        authorization: Annotated[str, Header(max_length=1000)] = "",
        idempotency_key: Annotated[str, Header(max_length=1000)] = "",
    ) -> JSONResponse:
        partner = await run_in_threadpool(authenticated_partner, sources, authorization)
        if partner is None:
            return Answer(401, {"error": NOT_AUTHENTICATED}).response()
        if not (0 < len(idempotency_key) <= 200 and idempotency_key.isascii() and idempotency_key.isprintable()):
            return Answer(400, {"error": NO_KEY}).response()
        data = await limited_body(request)
        if data is None:
            return Answer(413, {"error": f"a request has at most {MAX_BYTES} bytes"}).response()
        answer = await run_in_threadpool(request_return, sources, wake, partner, idempotency_key, data)
        return answer.response()

    def get_request(
        sources: PageSources,
        request_id: Annotated[int, Path(ge=0, le=2**53)],
        authorization: Annotated[str, Header(max_length=1000)] = "",
    ) -> JSONResponse:
        partner = authenticated_partner(sources, authorization)
        if partner is None:
            return Answer(401, {"error": NOT_AUTHENTICATED}).response()
        with sources.store.read() as snapshot:
            stored = api_returns.of_partner(snapshot, request_id, partner.id)
            if stored is None:
                return Answer(404, {"error": f"there is no request {request_id} of yours"}).response()
            return _answer(snapshot, stored).response()

    router.add_api_route(ADDRESS, post_return, methods=["POST"])
    router.add_api_route(f"{ADDRESS}/requests/{{request_id}}", get_request, methods=["GET"])
    return router


def authenticated_partner(sources: Sources, authorization: str) -> Partner | None:
    """The one partner whose `[api] token` is shown as `Bearer …`; None if none has it. Takes equally long for any."""
    scheme, _, shown = authorization.partition(" ")
    book = sources.book()
    if scheme.lower() != "bearer" or not shown.strip() or book is None:
        return None
    digest = sha256(shown.strip().encode()).digest()
    owners = [partner for partner in book if hmac.compare_digest(_token_digest(partner), digest)]
    return owners[0] if len(owners) == 1 else None


def _token_digest(partner: Partner) -> bytes:
    if partner.api.token is None:
        return b""
    try:
        return sha256(partner.api.token.resolve().encode()).digest()
    except SecretUnusable:
        return b""  # nobody can show a token that we cannot read


async def limited_body(request: Request) -> bytes | None:
    """The body, or None if it is larger than MAX_BYTES: the rest of it is not read."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_BYTES:
            return None
    return bytes(data)


def request_return(sources: Sources, wake: Wake, partner: Partner, key: str, data: bytes) -> Answer:
    """Check the body, leave the request and wait a moment → what to answer."""
    request, troubles = read_json_request(data, partner.profile)
    if request is None:
        places = [{"place": trouble.place, "message": trouble.message} for trouble in troubles]
        return Answer(422, {"error": "the request is not as it must be", "places": places})
    with sources.store.write() as tx:
        stored = api_returns.ask(tx, partner.id, key, data, sources.as_of())
    if stored is None:
        return Answer(409, {"error": "this Idempotency-Key was used for another request"})
    wake()
    return _wait_for_decision(sources, stored)


def _wait_for_decision(sources: Sources, stored: StoredRequest) -> Answer:
    """The answer as soon as the gateway has decided, or after WAIT_SECONDS that the request is kept."""
    clock = sources.clock
    until = clock.monotonic() + WAIT_SECONDS
    while True:
        with sources.store.read() as snapshot:
            current = api_returns.of_partner(snapshot, stored.id, stored.body["partner"]) or stored
            if current.state not in {"open", "taken"} or clock.monotonic() >= until:
                return _answer(snapshot, current)
        clock.sleep(LOOK_SECONDS)


def _answer(snapshot: Snapshot, stored: StoredRequest) -> Answer:
    status, body = api_returns.answer_of(snapshot, stored)
    return Answer(status, {**body, "status_url": f"{ADDRESS}/requests/{stored.id}"})
