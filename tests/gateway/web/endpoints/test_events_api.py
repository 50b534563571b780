"""The feed by API: read from a place on, by the house or by a partner; what is asked wrongly is a 422."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.returns.events import BusinessEvent, EventName, json_schema
from gateway.store.feed import business_events
from gateway.store.feed.business_events import EventSubject
from gateway.web import create_app
from tests.gateway.files import AT
from tests.gateway.web.browser import Browser
from tests.homes import GatewayAtWork, InlineParser, at_work

ADDRESS = "/api/v1/events"
NAMES: tuple[EventName, ...] = ("requested", "held", "received", "posted", "credited")


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GatewayAtWork]:
    """Five events of a return of northgate, one of a test of cedar."""
    monkeypatch.setenv("NORTHGATE_TOKEN", "northgate-token")
    monkeypatch.setenv("HOUSE_TOKEN", "house-token")
    with at_work(tmp_path / "home", parser=InlineParser()) as gateway:
        gateway.write("northgate", '\n[api]\ntoken = { env = "NORTHGATE_TOKEN" }\n')
        with gateway.engine.store.write() as tx:
            subject = EventSubject("R000001", "northgate", "R1ABC")
            business_events.append(tx, subject, [BusinessEvent(name, {"rma": "RMA-1"}) for name in NAMES], AT)
            business_events.append(
                tx, EventSubject("R000002", "cedar", stage="test"), [BusinessEvent("closed", {})], AT
            )
        yield gateway


def _ask(gateway: GatewayAtWork, query: str = "", token: str = "") -> tuple[int, Any]:
    engine = gateway.engine
    app = create_app(engine.store, engine.home, lambda: engine.configuration.book, engine.clock)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = Browser(app).get(ADDRESS + query, **headers)
    return answer.status_code, answer.json()


def _ids(answer: tuple[int, Any]) -> list[str]:
    status, body = answer
    assert status == 200, body
    return [event["id"] for event in body["events"]]


def test_the_feed_is_read_page_by_page_without_end(gateway: GatewayAtWork) -> None:
    after, read = 0, []
    while True:
        status, body = _ask(gateway, f"?after={after}&limit=4")
        assert status == 200
        read += [event["id"] for event in body["events"]]
        after = body["next"]
        if not body["more"]:
            break
    assert (read, after) == (["1", "2", "3", "4", "5", "6"], 6)
    assert _ask(gateway, "?after=6") == (200, {"events": [], "next": 6, "more": False})


def test_a_narrowed_reader_goes_on_at_the_end_of_the_feed(gateway: GatewayAtWork) -> None:
    status, body = _ask(gateway, "?type=received")
    assert (status, _ids((status, body)), body["next"]) == (200, ["3"], 6)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("?type=received&type=credited", ["3", "5"]),
        ("?type=returns-gateway.return.credited.v1", ["5"]),
        ("?return=R000002", ["6"]),
        ("?return=R9", []),
        ("?partner=northgate&after=3", ["4", "5"]),
        ("?stage=test", ["6"]),
        ("?stage=live&limit=1", ["1"]),
    ],
)
def test_what_is_asked_for(gateway: GatewayAtWork, query: str, ids: list[str]) -> None:
    assert _ids(_ask(gateway, query)) == ids


@pytest.mark.parametrize(
    "query",
    [
        "?before=3",
        "?after=-1",
        "?after=x",
        "?after=1.5",
        "?after=",
        "?after=99999999999999999999999",
        "?limit=0",
        "?limit=1001",
        "?limit=5&limit=6",
        "?type=nothing",
        "?type=",
        "?stage=pilot",
        "?return=R1&return=R2",
        "?after=%D9%A3",
    ],
)
def test_what_is_asked_wrongly(gateway: GatewayAtWork, query: str) -> None:
    status, body = _ask(gateway, query)
    assert status == 422
    assert body["error"]


def test_a_partner_sees_its_own_returns_and_what_partners_are_told(gateway: GatewayAtWork) -> None:
    token = "northgate-token"
    assert _ids(_ask(gateway, token=token)) == ["1", "3", "5"]
    assert _ids(_ask(gateway, "?type=held", token)) == []
    assert _ids(_ask(gateway, "?partner=cedar", token)) == []
    assert _ids(_ask(gateway, "?return=R000002", token)) == []


def test_a_wrong_token_shows_nothing(gateway: GatewayAtWork) -> None:
    status, body = _ask(gateway, token="wrong")
    assert (status, "events" in body) == (401, False)


def test_with_a_token_of_the_house_the_feed_is_closed_without_it(gateway: GatewayAtWork) -> None:
    gateway.write("_house", '\n[events]\ntoken = { env = "HOUSE_TOKEN" }\nsource = "urn:us"\n')
    assert _ask(gateway)[0] == 401
    status, body = _ask(gateway, token="house-token")
    assert (status, len(body["events"]), body["events"][0]["source"]) == (200, 6, "urn:us")
    assert _ids(_ask(gateway, token="northgate-token")) == ["1", "3", "5"]


def test_a_house_token_that_cannot_be_read_opens_nothing(
    gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.write("_house", '\n[events]\ntoken = { env = "HOUSE_TOKEN" }\n')
    monkeypatch.delenv("HOUSE_TOKEN")
    assert _ask(gateway)[0] == 401
    assert _ask(gateway, token="house-token")[0] == 401


def test_the_schema_is_there(gateway: GatewayAtWork) -> None:
    assert _ask(gateway, "/schema") == (200, json.loads(json.dumps(json_schema())))
