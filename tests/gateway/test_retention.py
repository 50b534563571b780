"""Old payloads go when nothing needs them, and only then; everything that is known about them stays."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gateway.disk import archive_path, archived_sha256s
from gateway.faults import install_hook
from gateway.store.people import requests
from gateway.store.tables import dispatch, hold, intake, request
from gateway.web import create_app
from tests.gateway.web.browser import Browser
from tests.homes import DAY, HOUR, GatewayAtWork

AFTER = 401 * DAY


class Died(BaseException):
    """The process ends here."""


def _kept(gateway: GatewayAtWork) -> set[str]:
    return set(archived_sha256s(gateway.engine.home))


def _resolve_everything(gateway: GatewayAtWork) -> None:
    with gateway.engine.store.write() as tx:
        for row in tx.execute(sa.select(hold.c.id, hold.c["class"]).where(hold.c.state == "open")).all():
            requests.add(
                tx, "resolve", {"hold": row.id, "decision": "dismiss"}, actor="ana", at="2025-03-14T10:00:00.000000Z"
            )
    gateway.work()


def test_reference_data_that_nothing_touches_goes_after_its_time(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.work(399 * DAY)
    assert len(_kept(gateway)) == 2
    gateway.work(2 * DAY)
    assert _kept(gateway) == set()
    rows = gateway.rows(sa.select(intake.c.state, intake.c.sha256, intake.c.bytes_removed_at))
    assert all(row["state"] == "processed" and row["sha256"] and row["bytes_removed_at"] for row in rows)
    assert gateway.verify() == []


def test_what_an_open_return_needs_stays(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    needed = gateway.rows(sa.select(intake.c.sha256).where(intake.c.partner == "northgate"))[0]["sha256"]
    gateway.work(AFTER)
    assert _kept(gateway) == {needed}
    answer = gateway.rows(sa.select(dispatch).where(dispatch.c.kind == "return_answer"))[0]
    assert answer["bytes"] is not None and answer["ack_state"] == "awaiting"
    assert gateway.verify() == []


def test_a_quarantined_file_stays_until_its_hold_is_resolved(gateway: GatewayAtWork) -> None:
    gateway.put("northgate", "junk.bin", b"\xff\x00junk" * 30)
    gateway.work()
    gateway.work(AFTER)
    assert len(_kept(gateway)) == 1
    _resolve_everything(gateway)
    gateway.work(DAY)
    assert _kept(gateway) == set()
    assert gateway.verify() == []


def test_the_same_bytes_again_keep_them_for_the_newer_file(gateway: GatewayAtWork) -> None:
    gateway.drop("atlas", "orders.csv")
    gateway.work()
    gateway.work(300 * DAY)
    gateway.drop("atlas", "orders.csv", "again.csv")  # held: was it meant twice?
    gateway.work()
    gateway.work(102 * DAY)
    assert len(_kept(gateway)) == 1
    assert gateway.verify() == []


def test_removed_bytes_are_no_mystery(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.work(AFTER)
    with gateway.engine.store.write() as tx:
        number = requests.add(tx, "replay", {"intake": 1}, actor="ana", at="2026-05-01T00:00:00.000000Z")
    gateway.work()
    outcome = gateway.rows(sa.select(request.c.state, request.c.outcome).where(request.c.id == number))[0]
    assert outcome["state"] == "refused" and "were removed" in outcome["outcome"]
    browser = Browser(create_app(gateway.engine.store, gateway.engine.home, gateway.engine.configuration.book))
    assert "were removed at" in browser.page("/files/in/1")
    answer = browser.get("/files/in/1/raw")
    assert answer.status_code == 404 and "were removed at" in answer.text


def test_a_crash_between_mark_and_unlink_is_finished_the_next_time(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.clock.advance(AFTER)

    def die(point: str) -> None:
        if point == "retention.marked":
            raise Died

    install_hook(die)
    try:
        with pytest.raises(Died):
            gateway.engine.tick()
    finally:
        install_hook(None)
    assert len(_kept(gateway)) == 2
    assert gateway.verify() == []
    gateway.work(DAY)
    assert _kept(gateway) == set()
    assert gateway.verify() == []


def test_bytes_that_come_back_are_kept_anew(gateway: GatewayAtWork) -> None:
    gateway.drop("atlas", "orders.csv")
    gateway.work()
    gateway.work(AFTER)
    assert _kept(gateway) == set()
    gateway.drop("atlas", "orders.csv", "orders-new.csv")
    gateway.work(HOUR)
    newest = gateway.rows(sa.select(intake).order_by(intake.c.id.desc()))[0]
    assert archive_path(gateway.engine.home, newest["sha256"]).is_file()
    assert gateway.verify() == []
