"""What every response says to the browser, and what is not served."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.clock import FixedClock
from gateway.web import create_app
from gateway.web.security_headers import HEADERS
from tests.gateway.web.browser import Browser
from tests.gateway.web.conftest import opened
from tests.gateway.web.moments import NOW


@pytest.mark.parametrize(
    "path", ("/", "/returns", "/nowhere", "/files/in/x", "/api/v1/overview", "/metrics", "/livez", "/readyz")
)
def test_every_answer_carries_the_security_headers(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    for name, value in HEADERS:
        assert answer.headers[name] == value


def test_our_own_style_sheet_and_mark_are_served(browser: Browser) -> None:
    style = browser.get("/static/page.css")
    assert style.headers["content-type"].startswith("text/css")
    assert style.headers["cache-control"] == "no-cache"
    assert browser.get("/static/mark.svg").headers["content-type"] == "image/svg+xml"
    assert browser.get("/static/../app.py").status_code == 404
    assert browser.get("/static/%2e%2e/app.py").status_code == 404


def test_the_interface_is_not_described_to_strangers(browser: Browser) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert browser.get(path).status_code == 404


def test_a_failure_of_ours_is_a_page_without_our_insides(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of /home/gateway")

    monkeypatch.setattr("gateway.store.read.overview.faults", broken)
    for path in ("/", "/api/v1/overview"):
        answer = browser.get(path)
        assert answer.status_code == 500
        assert "under the reference" in answer.text
        assert "secret" not in answer.text
        assert answer.headers["content-security-policy"]


def test_a_store_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    store, home = opened(tmp_path)
    with store:
        with store.write() as tx:
            tx.exec_driver_sql('ALTER TABLE "hold" RENAME TO "elsewhere"')
        reader = Browser(create_app(store, home, clock=FixedClock(NOW)))
        answer = reader.get("/holds")
        assert answer.status_code == 503
        assert "The store cannot be used now" in answer.text


def test_only_the_names_it_was_given_are_answered(tmp_path: Path) -> None:
    store, home = opened(tmp_path)
    with store:
        reader = Browser(create_app(store, home, hosts=["127.0.0.1", "localhost"]))
        assert reader.get("/livez").status_code == 200
        refused = reader.get("/livez", host="rebound.example")
        assert refused.status_code == 400
        assert refused.headers["content-security-policy"]
