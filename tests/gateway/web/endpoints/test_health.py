"""What machines ask: metrics, alive, ready."""

from __future__ import annotations

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from gateway.clock import FixedClock
from gateway.partners import PartnerBook
from gateway.partners.model import House, Limits
from gateway.web import create_app
from tests.gateway.web.browser import Browser
from tests.gateway.web.conftest import opened
from tests.gateway.web.moments import NOW


def _samples(text: str) -> dict[tuple[str, frozenset[str]], float]:
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_count_what_the_store_has(browser: Browser) -> None:
    answer = browser.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = _samples(answer.text)
    assert found["returns_gateway_intakes", frozenset({"failed"})] == 1
    assert found["returns_gateway_holds_open", frozenset({"erp_refused", "finance"})] == 1
    assert found["returns_gateway_faults_open", frozenset({"host_key_changed", "page"})] == 1
    assert found["returns_gateway_returns_blocked", frozenset({"receipt"})] == 1
    assert found["returns_gateway_clocks_overdue", frozenset()] == 1
    assert found["returns_gateway_dispatches", frozenset({"delivered"})] == 6


def test_metrics_of_an_empty_store_are_metrics(empty: Browser) -> None:
    assert _samples(empty.get("/metrics").text)["returns_gateway_clocks_overdue", frozenset()] == 0


def test_alive_follows_the_heartbeat(tmp_path: Path) -> None:
    beats = [1.0]
    store, home = opened(tmp_path)
    with store:
        reader = Browser(create_app(store, home, clock=FixedClock(NOW), heartbeat=lambda: beats[0]))
        assert reader.get("/livez").text == "alive\n"
        beats[0] = 3600.0
        assert reader.get("/livez").status_code == 503


def test_ready_says_what_is_missing(tmp_path: Path) -> None:
    store, home = opened(tmp_path)
    with store:
        reader = Browser(create_app(store, home, clock=FixedClock(NOW)))
        assert reader.get("/readyz").text == "ready\n"
        home.outbox_staging.rmdir()
        home.outbox.rmdir()
        answer = reader.get("/readyz")
        assert answer.status_code == 503
        assert answer.text == "not ready: outbox\n"


def test_ready_needs_as_much_room_as_the_house_wants(tmp_path: Path) -> None:
    store, home = opened(tmp_path)
    wanted = House(limits=Limits(min_free_disk_mb=10**9))
    with store:
        reader = Browser(create_app(store, home, PartnerBook.of({}, wanted), FixedClock(NOW)))
        assert reader.get("/readyz").text == "not ready: disk space\n"
