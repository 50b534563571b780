"""What a portal asks beside a request: eligibility as the real decision, its own orders, its own returns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from gateway.isolation import Parser
from gateway.store.tables import document, intake, request, return_
from tests.gateway.process.requests.test_api_returns import TOKEN, Portal, asked
from tests.homes import AFTERNOON, GatewayAtWork, at_work


@pytest.fixture
def portal(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, lasting_parser: Parser) -> Iterator[Portal]:
    """Cedar's portal at a gateway that knows the ERP's orders."""
    monkeypatch.setenv("CEDAR_TOKEN", TOKEN)
    monkeypatch.setenv("NORTHGATE_TOKEN", "another-one")
    with at_work(tmp_path / "home", AFTERNOON, parser=lasting_parser) as gateway:
        gateway.write("cedar", '\n[api]\ntoken = { env = "CEDAR_TOKEN" }\n')
        gateway.edit("northgate", "[identity]", '[api]\ntoken = { env = "NORTHGATE_TOKEN" }\n\n[identity]')
        gateway.reference_data()
        with Portal(gateway) as portal:
            yield portal


def eligible(portal: Portal, body: Any, token: str = TOKEN) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return portal.send("POST", "/api/v1/eligibility", content, authorization=f"Bearer {token}")


def get(portal: Portal, path: str, token: str = TOKEN) -> httpx.Response:
    return portal.send("GET", path, authorization=f"Bearer {token}")


def rows(gateway: GatewayAtWork) -> list[int]:
    with gateway.engine.store.read() as snapshot:
        tables = (document, intake, request, return_)
        return [int(snapshot.scalar(sa.select(sa.func.count()).select_from(table)) or 0) for table in tables]


def test_eligibility_is_the_decision_that_the_request_then_gets_and_keeps_nothing(portal: Portal) -> None:
    before = rows(portal.gateway)
    said = eligible(portal, asked())
    assert said.status_code == 200
    assert rows(portal.gateway) == before
    assert eligible(portal, asked()).json() == said.json()
    real = portal.post(asked()).json()
    assert said.json()["decision"] == real["decision"] == "authorized"
    without_credit = [{name: line[name] for name in line if name != "credit"} for line in said.json()["lines"]]
    assert without_credit == real["lines"]
    again = eligible(portal, asked("WEB-2", lines=[{**asked()["lines"][0], "quantity": "9999"}])).json()
    assert again["decision"] != "authorized"


def test_a_correction_does_not_count_against_itself_and_a_repetition_is_named(portal: Portal) -> None:
    line = {**asked()["lines"][0], "quantity": "4"}
    portal.post(asked(lines=[line]))
    said = eligible(portal, asked(lines=[line], purpose="replace", note="corrected")).json()
    real = portal.post(asked(lines=[line], purpose="replace", note="corrected"), key="k2").json()
    assert [told["authorized"] for told in said["lines"]] == [told["authorized"] for told in real["lines"]]
    assert eligible(portal, asked(lines=[line])).status_code == 409


def test_what_a_person_must_decide_is_said_to_be_pending(portal: Portal) -> None:
    said = eligible(portal, asked(purchase_order="NO-SUCH")).json()
    assert (said["state"], said["decision"]) == ("pending", "pending")


def test_eligibility_says_the_money(portal: Portal) -> None:
    said = eligible(portal, asked()).json()
    (line,) = said["lines"]
    assert said["currency"] == "USD"
    assert float(line["credit"]) > 0
    assert "rma" not in said


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        ({"number": "X", "lines": []}, 422),
        (asked(lines=[{"line_no": "1", "item": {"sku": "A"}, "quantity": "-1"}]), 422),
        (asked(colour="red"), 422),
        (b"x" * 1_000_001, 413),
    ],
)
def test_eligibility_of_what_is_no_request_is_refused(portal: Portal, body: Any, status: int) -> None:
    before = rows(portal.gateway)
    said = eligible(portal, body)
    assert said.status_code == status
    assert rows(portal.gateway) == before


def test_nobody_asks_without_a_token(portal: Portal) -> None:
    for method, path in (("POST", "/api/v1/eligibility"), ("GET", "/api/v1/orders/1"), ("GET", "/api/v1/returns/find")):
        assert portal.send(method, path, b"{}").status_code == 401
        assert portal.send(method, path, b"{}", authorization="Bearer wrong").status_code == 401


def test_an_order_tells_what_came_back_of_it(portal: Portal) -> None:
    mine = get(portal, "/api/v1/orders/SO-700101", token="another-one").json()
    assert (mine["customer"], mine["currency"]) == ("C-10010", "USD")
    drill = mine["lines"][0]
    assert (drill["sku"], drill["quantity"], drill["taken_back"], drill["left"]) == ("MS-1001", "12", "0", "12")
    portal.gateway.drop("northgate", "180-requests.edi")
    portal.gateway.work()
    drill = get(portal, "/api/v1/orders/SO-700101", token="another-one").json()["lines"][0]
    assert (drill["taken_back"], drill["left"]) == ("4", "8")


def test_an_order_of_somebody_else_is_not_there(portal: Portal) -> None:
    assert get(portal, "/api/v1/orders/SO-700101").status_code == 404
    assert get(portal, "/api/v1/orders/NONE", token="another-one").status_code == 404


def test_returns_are_found_by_any_number_and_only_ones_own(portal: Portal) -> None:
    portal.gateway.drop("northgate", "180-requests.edi")
    portal.gateway.work()
    for query in (
        "rma=RMA-000001",
        "request=NR250314-01",
        "order=SO-700101",
        "purchase_order=NG-PO-55010",
        "return=R000001",
    ):
        found = get(portal, f"/api/v1/returns/find?{query}", token="another-one").json()
        assert [told["return_no"] for told in found["returns"]] == ["R000001"], query
        assert get(portal, f"/api/v1/returns/find?{query}").json() == {"returns": [], "next": ""}
    none = get(portal, "/api/v1/returns/find?rma=RMA-000001&order=OTHER", token="another-one").json()
    assert none["returns"] == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("colour=red", "colour"),
        ("rma=1&rma=2", "rma"),
        ("limit=0&rma=1", "limit"),
        ("limit=x&rma=1", "limit"),
        (f"limit={'9' * 5000}&rma=1", "limit"),
        ("", "number"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(portal: Portal, query: str, named: str) -> None:
    said = get(portal, f"/api/v1/returns/find?{query}")
    assert said.status_code == 422
    assert named in said.json()["error"]
