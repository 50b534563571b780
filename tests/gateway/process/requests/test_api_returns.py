"""Returns by JSON: the same rules, an answer at once, and nothing lost or done twice."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from gateway.clock import SystemClock
from gateway.faults import DiskFull
from gateway.store.tables import dispatch, document, hold, intake, request, return_
from gateway.web import create_app
from tests.homes import HOUR, GatewayAtWork

TOKEN = "cedar-token-for-tests"


class Portal:
    """Cedar's portal: posts to the API of a gateway that ticks when it is woken."""

    def __init__(self, gateway: GatewayAtWork, ticking: bool = True) -> None:
        self.gateway = gateway
        self.bell = threading.Event()
        self.stopping = threading.Event()
        engine = gateway.engine
        self.app = create_app(
            engine.store, engine.home, lambda: engine.configuration.book, SystemClock(), wake=self.bell.set
        )
        self.thread = threading.Thread(target=self._tick) if ticking else None

    def _tick(self) -> None:
        while not self.stopping.is_set():
            self.bell.wait()
            self.bell.clear()
            self.gateway.engine.tick()

    def __enter__(self) -> Portal:
        if self.thread:
            self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.bell.set()
        if self.thread:
            self.thread.join()

    def send(self, method: str, path: str, content: bytes = b"", **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(
                    method, path, content=content, headers={k.replace("_", "-"): v for k, v in headers.items()}
                )

        return asyncio.run(ask())

    def post(self, body: Any, key: str = "k1", token: str = TOKEN) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send("POST", "/api/v1/returns", content, authorization=f"Bearer {token}", idempotency_key=key)


def asked(number: str = "WEB-1", **more: Any) -> dict[str, Any]:
    line = {"line_no": "1", "item": {"gtin": "400101001003"}, "quantity": "1", "reason": {"raw": "DEF"}}
    return {"number": number, "issued_on": "2025-03-14", "purchase_order": "CH-8841", "lines": [line]} | more


@pytest.fixture
def prepared(gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch) -> GatewayAtWork:
    monkeypatch.setenv("CEDAR_TOKEN", TOKEN)
    monkeypatch.setenv("NORTHGATE_TOKEN", "another-one")
    gateway.write("cedar", '\n[api]\ntoken = { env = "CEDAR_TOKEN" }\n')
    gateway.write("northgate", '\n[api]\ntoken = { env = "NORTHGATE_TOKEN" }\n')
    gateway.reference_data()
    return gateway


@pytest.fixture
def portal(prepared: GatewayAtWork) -> Iterator[Portal]:
    with Portal(prepared) as portal:
        yield portal


def test_a_request_that_the_rules_decide_is_answered_at_once(portal: Portal) -> None:
    answer = portal.post(asked())
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["decision"], body["rma"], body["return_no"]) == ("authorized", "RMA-000001", "R000001")
    assert body["lines"] == [
        {
            "line_no": "1",
            "sku": "MS-1001",
            "requested": "1",
            "authorized": "1",
            "unit": "EA",
            "decision": "authorized",
            "reason": "",
            "text": "",
            "instruction": "return",
        }
    ]
    gateway = portal.gateway
    assert gateway.rows(
        sa.select(intake.c.source, intake.c.format, intake.c.state).where(intake.c.partner == "cedar")
    ) == [{"source": "api", "format": "json", "state": "processed"}]
    kinds = {row["kind"] for row in gateway.rows(sa.select(dispatch.c.kind))}
    assert {"return_answer", "expected_receipt"} <= kinds  # the files go out all the same
    assert gateway.verify() == []


def test_the_same_key_and_body_is_the_same_answer_and_nothing_new(portal: Portal) -> None:
    first, second = portal.post(asked()), portal.post(asked())
    assert second.status_code == 200 and second.json() == first.json()
    assert len(portal.gateway.rows(sa.select(return_.c.return_no))) == 1
    assert len(portal.gateway.rows(sa.select(request.c.id))) == 1


def test_the_same_key_with_another_body_is_refused(portal: Portal) -> None:
    portal.post(asked())
    answer = portal.post(asked("WEB-2"))
    assert answer.status_code == 409 and "Idempotency-Key" in answer.json()["error"]
    assert len(portal.gateway.rows(sa.select(return_.c.return_no))) == 1


def test_the_same_request_under_another_key_is_the_same_return(portal: Portal) -> None:
    first, second = portal.post(asked()), portal.post(asked(), key="k2")
    assert second.status_code == 200
    assert second.json()["return_no"] == first.json()["return_no"]
    assert portal.gateway.rows(sa.select(hold.c.id)) == []


def test_the_same_number_with_other_content_is_a_conflict(portal: Portal) -> None:
    portal.post(asked())
    other = asked()
    other["lines"][0]["quantity"] = "2"
    answer = portal.post(other, key="k2")
    assert answer.status_code == 409 and "other content" in answer.json()["error"]


def test_what_a_person_must_decide_is_answered_later(portal: Portal) -> None:
    unknown = asked()
    unknown["lines"][0]["reason"] = {"raw": "NO-SUCH-REASON"}
    answer = portal.post(unknown)
    assert answer.status_code == 202
    body = answer.json()
    assert body["decision"] == "pending"
    later = portal.send("GET", body["status_url"], authorization=f"Bearer {TOKEN}")
    assert later.status_code == 202 and later.json()["decision"] == "pending"
    assert portal.send("GET", body["status_url"], authorization="Bearer another-one").status_code == 404
    assert portal.send("GET", body["status_url"]).status_code == 401


def test_a_denial_is_an_answer_too(portal: Portal) -> None:
    late = asked()
    late["lines"][0]["item"] = {"sku": "MS-1006"}
    answer = portal.post(late)
    assert answer.status_code == 200
    assert (answer.json()["decision"], answer.json()["lines"][0]["reason"]) == ("denied", "not_on_order")


def test_nobody_posts_without_a_token_of_theirs(portal: Portal) -> None:
    for headers in (
        {},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer"},
    ):
        answer = portal.send("POST", "/api/v1/returns", json.dumps(asked()).encode(), idempotency_key="k", **headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert portal.gateway.rows(sa.select(request.c.id)) == []


def test_a_return_belongs_to_the_partner_of_the_token(portal: Portal) -> None:
    portal.post(asked(), token="another-one")
    assert {row["partner"] for row in portal.gateway.rows(sa.select(return_.c.partner))} == {"northgate"}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (asked(colour="red"), "colour"),
        (asked(lines=[]), "lines"),
        (asked(""), "number"),
        (asked(provenance={"number": {"segment": "BGN"}}), "provenance"),
        (asked(purpose="notice"), "purpose"),
        (asked(lines=[{"line_no": "1", "item": {"sku": "A"}, "quantity": "0"}]), "lines.0.quantity"),
        (asked(lines=[{"line_no": "1", "item": {}, "quantity": "1"}]), "lines.0.item"),
        (asked(lines=[{"line_no": "1", "item": {"skuu": "A"}, "quantity": "1"}]), "lines.0.item.skuu"),
        (asked(lines=[{"line_no": "1", "item": {"sku": "A"}, "quantity": "many"}]), "lines.0.quantity"),
        (asked(lines=[{"line_no": "1", "item": {"sku": "A"}, "quantity": "1e50000000"}]), "lines.0.quantity"),
        (asked(lines=[{"line_no": "1", "item": {"sku": "A"}, "quantity": "1e-19"}]), "lines.0.quantity"),
        (
            asked(lines=[{"line_no": "1", "item": {"other": [["UK", "\x00"]]}, "quantity": "1"}]),
            "lines.0.item.other.0.1",
        ),
        (asked("W\nEB"), "number"),
        (asked(note="two\nlines\x00"), "note"),
        (b"{", ""),
        (b"[1]", ""),
        (b"\xff\xfe", ""),
    ],
)
def test_what_is_wrong_is_said_with_its_place(portal: Portal, body: Any, place: str) -> None:
    answer = portal.post(body)
    assert answer.status_code == 422
    assert place in {trouble["place"] for trouble in answer.json()["places"]}
    assert portal.gateway.rows(sa.select(request.c.id)) == []


def test_words_for_people_may_have_several_lines(portal: Portal) -> None:
    assert portal.post(asked(note="It broke.\nTwice.")).status_code == 200


@pytest.mark.parametrize("quantity", ["1e17", "123456789012345.678", "0.00000000000000001", "1.00"])
def test_numbers_have_as_many_digits_as_everywhere(portal: Portal, quantity: str) -> None:
    assert portal.post(asked(lines=[{"line_no": "1", "item": {"sku": "A"}, "quantity": quantity}])).status_code != 422


def test_keys_and_sizes_have_limits(portal: Portal) -> None:
    assert portal.post(asked(), key="").status_code == 400
    assert portal.post(asked(), key="x" * 201).status_code == 400
    assert portal.post(b"{" + b" " * 1_000_001).status_code == 413


def test_a_full_disk_is_said_and_nothing_is_kept(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise DiskFull("The store cannot grow.")

    with monkeypatch.context() as patched:
        patched.setattr("gateway.store.people.api_returns.ask", full)
        answer = portal.post(asked())
    assert answer.status_code == 503 and "no room" in answer.json()["message"]
    assert portal.post(asked()).status_code == 200


def test_without_a_running_gateway_the_request_is_kept(prepared: GatewayAtWork) -> None:
    with Portal(prepared, ticking=False) as portal:
        answer = portal.post(asked())
        assert answer.status_code == 202 and answer.json()["state"] == "accepted"
        prepared.work(HOUR)
        later = portal.send("GET", answer.json()["status_url"], authorization=f"Bearer {TOKEN}")
        assert later.status_code == 200 and later.json()["decision"] == "authorized"
        assert portal.post(asked()).json() == later.json()


def test_a_replay_of_its_bytes_changes_nothing(portal: Portal) -> None:
    from gateway.store.people import requests

    portal.post(asked())
    gateway = portal.gateway
    number = gateway.rows(sa.select(intake.c.id).where(intake.c.source == "api"))[0]["id"]
    with gateway.engine.store.write() as tx:
        requests.add(tx, "replay", {"intake": number}, actor="ana", at="2025-03-14T10:00:00.000000Z")
    gateway.work()
    assert len(gateway.rows(sa.select(return_.c.return_no))) == 1
    states = [
        row["state"] for row in gateway.rows(sa.select(document.c.state).where(document.c.kind == "return_request"))
    ]
    assert states == ["applied", "ignored"]
    assert gateway.verify() == []
