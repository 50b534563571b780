"""`GET /api/v1/events`: the feed of business events, read from a place on.

A partner's token shows the events of its own returns, of the kinds that partners are told. The house's token
(`[events] token` of `_house/partner.toml`) shows all; where the house has none, the feed is as open as the status page.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse

from gateway.faults import SecretUnusable
from gateway.returns.events import EventName, cloud_event, json_schema, names_for_partners, short_name
from gateway.settings import SecretRef
from gateway.store.feed import business_events
from gateway.store.feed.business_events import EventFilter
from gateway.web.endpoints.returns_api import NOT_AUTHENTICATED, authenticated_partner
from gateway.web.sources import PageSources, Sources

ADDRESS = "/api/v1/events"
MOST = 1000
DEFAULT_LIMIT = 100
PARAMETERS = ("after", "limit", "type", "return", "partner", "stage")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: a partner, or the house ("")."""

    partner: str = ""


class WrongParameter(ValueError):
    """A parameter of the address that cannot be read; the message names it."""


def events_api_router() -> APIRouter:
    """The routes of the feed and of its schema."""
    router = APIRouter()

    def get_events(
        request: Request, sources: PageSources, authorization: Annotated[str, Header(max_length=1000)] = ""
    ) -> JSONResponse:
        reader = reader_of(sources, authorization)
        if reader is None:
            headers = {"WWW-Authenticate": "Bearer"}
            return JSONResponse({"error": NOT_AUTHENTICATED}, status_code=401, headers=headers)
        try:
            wanted = _query(request.query_params.multi_items(), reader)
        except WrongParameter as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=422)
        return JSONResponse(_page(sources, wanted))

    def get_schema() -> JSONResponse:
        return JSONResponse(json_schema(), media_type="application/schema+json")

    router.add_api_route(ADDRESS, get_events, methods=["GET"])
    router.add_api_route(f"{ADDRESS}/schema", get_schema, methods=["GET"])
    return router


def reader_of(sources: Sources, authorization: str) -> Reader | None:
    """Who asks, by the token that is shown; None for a wrong one, or none where one is needed."""
    book = sources.book()
    token = book.house.events.token if book is not None else None
    if not authorization:
        return Reader() if token is None else None
    if token is not None and _shows(token, authorization):
        return Reader()
    partner = authenticated_partner(sources, authorization)
    return None if partner is None else Reader(partner.id)


def _shows(token: SecretRef, authorization: str) -> bool:
    scheme, _, shown = authorization.partition(" ")
    try:
        wanted = sha256(token.resolve().encode()).digest()
    except SecretUnusable:
        return False  # nobody can show a token that we cannot read
    return scheme.lower() == "bearer" and hmac.compare_digest(wanted, sha256(shown.strip().encode()).digest())


def _query(items: list[tuple[str, str]], reader: Reader) -> EventFilter:
    asked: dict[str, list[str]] = {}
    for name, value in items:
        asked.setdefault(name, []).append(value)
    unknown = [name for name in asked if name not in PARAMETERS]
    if unknown:
        raise WrongParameter(f"unknown parameter {unknown[0]}; there are {', '.join(PARAMETERS)}")
    twice = [name for name, values in asked.items() if len(values) > 1 and name not in ("type", "partner")]
    if twice:
        raise WrongParameter(f"{twice[0]} is given twice")
    stage = asked.get("stage", [""])[0]
    if stage not in ("", "live", "test"):
        raise WrongParameter("stage is live or test")
    return EventFilter(
        after=_number(asked, "after", 0, 0, 2**53),
        limit=_number(asked, "limit", DEFAULT_LIMIT, 1, MOST),
        names=_names(asked.get("type", []), reader),
        partners=_partners(asked.get("partner", []), reader),
        return_no=asked.get("return", [""])[0],
        stage=stage,
    )


def _number(asked: Mapping[str, list[str]], name: str, default: int, least: int, most: int) -> int:
    text = asked.get(name, [str(default)])[0]
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and least <= int(text) <= most):
        raise WrongParameter(f"{name} is a whole number from {least} to {most}")
    return int(text)


def _names(types: list[str], reader: Reader) -> list[EventName] | None:
    """The kinds that are asked for, of those that the reader may be told; None for all."""
    names: list[EventName] = []
    for text in types:
        name = short_name(text)
        if name is None:
            raise WrongParameter(f"there is no type {text[:100]}; {ADDRESS}/schema has all")
        names.append(name)
    if not reader.partner:
        return names or None
    allowed = names_for_partners()
    return [name for name in names if name in allowed] if names else list(allowed)


def _partners(partners: list[str], reader: Reader) -> list[str] | None:
    if not reader.partner:
        return partners or None
    return [reader.partner] if not partners or reader.partner in partners else []


def _page(sources: Sources, wanted: EventFilter) -> dict[str, object]:
    """The next events, and where to go on: behind the last of them, or at the end of the feed where that is all."""
    book = sources.book()
    source = book.house.events.source if book is not None else "urn:returns-gateway"
    with sources.store.read() as snapshot:
        events = business_events.matching(snapshot, wanted)
        head = business_events.last_seq(snapshot)
    is_all = len(events) < wanted.limit
    return {
        "events": [cloud_event(event, source) for event in events],
        "next": max(head, wanted.after) if is_all else events[-1].seq,
        "more": not is_all,
    }
