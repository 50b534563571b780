"""Every page is there on an empty store and after a full story, says what it must, and escapes what it shows."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fastapi.responses import HTMLResponse

from gateway.web.pages import PAGES
from gateway.web.rendering import Templates
from tests.gateway.web.browser import Browser
from tests.gateway.web.rows import HOSTILE

# Pages whose address has no parameter, and others with a filter.
LISTS = (
    *(page.address for page in PAGES if "{" not in page.address),
    "/files?direction=sent",
    "/holds?state=all",
)
DETAILS = (
    *(f"/returns/R00000{n}" for n in range(1, 5)),
    *(f"/files/in/{n}" for n in range(1, 10)),
    *(f"/files/out/{n}" for n in range(1, 9)),
    *(f"/documents/{n}" for n in range(1, 7)),
)
UNKNOWN = ("/returns/R999999", "/files/in/999", "/files/out/999", "/documents/999", "/files/in/999/raw", "/nowhere")


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_there_before_anything_has_happened(empty: Browser, path: str) -> None:
    page = empty.page(path)
    assert "<h1>" in page
    assert "None" not in page


@pytest.mark.parametrize("path", LISTS + DETAILS)
def test_every_page_is_there_after_the_story_and_obeys_nothing_in_it(browser: Browser, path: str) -> None:
    page = browser.page(path)
    assert page.count("<h1") == 1
    assert "<script" not in page.lower()
    assert "\u202e" not in page
    assert not re.search(r"<[^>]*\son\w+=", page)
    assert 'style="' not in page


def test_hostile_strings_are_shown_as_they_are_written(browser: Browser) -> None:
    shown = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"
    for path in ("/", "/holds", "/returns/R000001", "/files", "/files/in/1", "/files/out/8", "/documents/1"):
        assert shown in browser.page(path), path
    assert "&lt;script&gt;alert(1)&lt;/script&gt;‹U+202E›fdp.exe" in browser.page("/files")
    assert HOSTILE in browser.json("/api/v1/files/out/8")["file"]["name"]


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_does_not_exist_is_a_page_that_says_so(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "<h1>Not here</h1>" in answer.text
    if "/raw" not in path:
        twin = browser.get(f"/api/v1{path}")
        assert twin.status_code == 404
        assert twin.json()["status"] == 404


@pytest.mark.parametrize(
    "path", ("/files/in/x", "/returns?size=201", "/returns?size=0", f"/returns?q={'x' * 101}", "/files?before=-1")
)
def test_an_impossible_question_is_answered_with_what_is_wrong_with_it(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 400
    assert "This cannot be asked" in answer.text
    assert browser.get(f"/api/v1{path}").status_code == 400


def test_only_reading_is_possible(browser: Browser) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert browser.get("/returns", method).status_code == 405
    assert browser.get("/", "HEAD").status_code == 200


def _twin(path: str) -> str:
    return "/api/v1/overview" if path == "/" else f"/api/v1{path}"


@pytest.mark.parametrize("path", LISTS + DETAILS)
def test_each_page_has_a_twin_with_the_same_data(browser: Browser, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    render = Templates.render_page

    def record(self: Templates, *args: Any) -> HTMLResponse:
        shown.append(args[3])
        return render(self, *args)

    monkeypatch.setattr(Templates, "render_page", record)
    page, data = browser.page(path), browser.json(_twin(path))
    assert json.loads(json.dumps(shown)) == [data]
    assert data["as_of"] == "2025-03-17T09:00:00.000000Z"
    assert f'href="{_twin(path).replace("&", "&amp;")}"' in page


# --- what the pages say


def test_the_overview_says_what_is_blocked_and_why(browser: Browser) -> None:
    data = browser.json("/api/v1/overview")
    assert data["attention"] == {
        "faults": 1,
        "holds": 3,
        "overdue": 1,
        "failed_files": 1,
        "refused_postings": 1,
        "sent_and_rejected": 1,
    }
    assert [(hold["class"], hold["owner"], hold["count"]) for hold in data["holds"]] == [
        ("unexpected_item", "customer_service", 1),
        ("meant_twice", "partner", 1),
        ("erp_refused", "finance", 1),
    ]
    waiting = {stage["stage"]: stage["count"] for stage in data["blocked"] if stage["count"]}
    assert waiting == {"shipment": 1, "receipt": 1}
    assert [clock["key"] for clock in data["overdue"]] == ["ack:2", "erp:R000001"]
    assert data["returns"] == {"authorized": 1, "closed": 1, "partially_received": 1, "rejected": 1}
    page = browser.page("/")
    assert "3 things wait for a person, 5 things are wrong" in page
    assert "host key changed" in page
    assert "Do not connect." in page


def test_an_empty_overview_says_that_nothing_waits(empty: Browser) -> None:
    assert "Nothing waits for a person" in empty.page("/")


def test_a_return_says_where_its_goods_are_and_what_it_waits_for(browser: Browser) -> None:
    data = browser.json("/api/v1/returns/R000001")
    first = data["lines"][0]
    quantities = {
        name: first["balances"][name]
        for name in ("authorized", "shipped", "received", "inspected", "dispositioned", "credited")
    }
    assert quantities == {
        "authorized": "4",
        "shipped": "4",
        "received": "3",
        "inspected": "2",
        "dispositioned": "2",
        "credited": "0",
    }
    assert first["balances"]["by_condition"] == {"damaged": "1", "good": "2"}
    assert {open_quantity["what"]: open_quantity["quantity"] for open_quantity in first["open"]} == {
        "in transit": "1",
        "not inspected": "1",
        "to credit": "2",
    }
    assert data["waits_for"]["stage"] == "receipt"
    assert data["waits_for"]["who"] == "customer_service"
    assert data["waits_for"]["since"] == "2025-03-15T17:40:00.000000Z"
    assert [(posting["kind"], posting["dispatch_id"]) for posting in data["postings"]] == [
        ("return_order", 4),
        ("goods_receipt", 4),
        ("inventory_move", None),
        ("scrap", None),
        ("credit_request", None),
    ]
    assert [dispatch["id"] for dispatch in data["dispatches"]] == [2, 3, 4, 7]
    assert [document["id"] for document in data["documents"]] == [1, 4, 5]
    assert len(data["timeline"]) == 5
    page = browser.page("/returns/R000001")
    assert "RO-100881" in page
    assert "Cost centre 4711 is locked" in page


def test_a_denied_return_is_called_denied(browser: Browser) -> None:
    page = browser.page("/returns/R000002")
    assert ">denied</span>" in page
    assert "It waits for nothing." in page
    assert "rejected" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["R000004", "R000003", "R000002", "R000001"]),
        ("partner=cedar", ["R000004", "R000003"]),
        ("status=closed", ["R000004"]),
        ("blocked_at=shipment", ["R000003"]),
        ("q=rma-000001", ["R000001"]),
        ("q=ng-88", ["R000002", "R000001"]),
        ("q=%25", []),
        ("size=2", ["R000004", "R000003"]),
        ("size=2&before=R000003", ["R000002", "R000001"]),
        ("partner=nobody", []),
    ],
)
def test_returns_are_found_by_what_is_asked(browser: Browser, query: str, found: list[str]) -> None:
    data = browser.json(f"/api/v1/returns?{query}")
    assert [return_["return_no"] for return_ in data["returns"]] == found
    assert browser.page(f"/returns?{query}").count('<td class="tight"><a href="/returns/R') == len(found)


def test_the_next_page_keeps_the_filter(browser: Browser) -> None:
    assert 'href="/returns?before=R000004&amp;partner=cedar&amp;size=1"' in browser.page(
        "/returns?partner=cedar&size=1"
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=failed", [7]),
        ("partner=cedar", [8, 2]),
        ("q=0314", [6, 1]),
        ("size=2&before=4", [3, 2]),
        ("direction=sent&state=held", [8]),
        ("direction=sent&partner=harbor", [6, 3]),
    ],
)
def test_files_are_found_by_what_is_asked(browser: Browser, query: str, found: list[int]) -> None:
    assert [file["id"] for file in browser.json(f"/api/v1/files?{query}")["files"]] == found


def test_holds_are_found_by_what_is_asked_and_say_how_to_answer(browser: Browser) -> None:
    assert [hold["id"] for hold in browser.json("/api/v1/holds?class=erp_refused")["holds"]] == [2]
    assert [hold["state"] for hold in browser.json("/api/v1/holds?state=resolved")["holds"]] == ["resolved"]
    assert len(browser.json("/api/v1/holds?state=all&size=2")["holds"]) == 2
    assert browser.json("/api/v1/holds?state=all&size=2&after=2")["holds"][0]["id"] == 3
    assert "resolve 1 " in browser.page("/holds")


def test_a_document_names_the_place_of_its_fields(browser: Browser) -> None:
    fields = {field["path"]: field for field in browser.json("/api/v1/documents/1")["fields"]}
    assert fields["number"]["source"]["segment"] == "BGN"
    assert fields["lines.0.quantity"]["value"] == "4"
    assert fields["lines.0.quantity"]["source"]["segment"] == "BLI"
    assert "BGN02" in browser.page("/documents/1")


def test_the_page_reloads_only_when_asked(browser: Browser) -> None:
    assert "http-equiv" not in browser.page("/")
    assert '<meta http-equiv="refresh" content="30">' in browser.page("/?refresh=1")
