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
from tests.gateway.whole_gateway import DAY, HOUR, Whole

AFTER = 401 * DAY


class Died(BaseException):
    """The process ends here."""


def _kept(whole: Whole) -> set[str]:
    return set(archived_sha256s(whole.engine.home))


def _resolve_everything(whole: Whole) -> None:
    with whole.engine.store.write() as tx:
        for row in tx.execute(sa.select(hold.c.id, hold.c["class"]).where(hold.c.state == "open")).all():
            requests.add(
                tx, "resolve", {"hold": row.id, "decision": "dismiss"}, actor="ana", at="2025-03-14T10:00:00.000000Z"
            )
    whole.work()


def test_reference_data_that_nothing_touches_goes_after_its_time(whole: Whole) -> None:
    whole.reference_data()
    whole.work(399 * DAY)
    assert len(_kept(whole)) == 2
    whole.work(2 * DAY)
    assert _kept(whole) == set()
    rows = whole.rows(sa.select(intake.c.state, intake.c.sha256, intake.c.bytes_removed_at))
    assert all(row["state"] == "processed" and row["sha256"] and row["bytes_removed_at"] for row in rows)
    assert whole.verify() == []


def test_what_an_open_return_needs_stays(whole: Whole) -> None:
    whole.reference_data()
    whole.drop("northgate", "180-requests.edi")
    whole.work()
    needed = whole.rows(sa.select(intake.c.sha256).where(intake.c.partner == "northgate"))[0]["sha256"]
    whole.work(AFTER)
    assert _kept(whole) == {needed}
    answer = whole.rows(sa.select(dispatch).where(dispatch.c.kind == "return_answer"))[0]
    assert answer["bytes"] is not None and answer["ack_state"] == "awaiting"
    assert whole.verify() == []


def test_a_quarantined_file_stays_until_its_hold_is_resolved(whole: Whole) -> None:
    whole.put("northgate", "junk.bin", b"\xff\x00junk" * 30)
    whole.work()
    whole.work(AFTER)
    assert len(_kept(whole)) == 1
    _resolve_everything(whole)
    whole.work(DAY)
    assert _kept(whole) == set()
    assert whole.verify() == []


def test_the_same_bytes_again_keep_them_for_the_newer_file(whole: Whole) -> None:
    whole.drop("atlas", "orders.csv")
    whole.work()
    whole.work(300 * DAY)
    whole.drop("atlas", "orders.csv", "again.csv")  # held: was it meant twice?
    whole.work()
    whole.work(102 * DAY)
    assert len(_kept(whole)) == 1
    assert whole.verify() == []


def test_removed_bytes_are_no_mystery(whole: Whole) -> None:
    whole.reference_data()
    whole.work(AFTER)
    with whole.engine.store.write() as tx:
        number = requests.add(tx, "replay", {"intake": 1}, actor="ana", at="2026-05-01T00:00:00.000000Z")
    whole.work()
    outcome = whole.rows(sa.select(request.c.state, request.c.outcome).where(request.c.id == number))[0]
    assert outcome["state"] == "refused" and "were removed" in outcome["outcome"]
    browser = Browser(create_app(whole.engine.store, whole.engine.home, whole.engine.configuration.book))
    assert "were removed at" in browser.page("/files/in/1")
    answer = browser.get("/files/in/1/raw")
    assert answer.status_code == 404 and "were removed at" in answer.text


def test_a_crash_between_mark_and_unlink_is_finished_the_next_time(whole: Whole) -> None:
    whole.reference_data()
    whole.clock.advance(AFTER)

    def die(point: str) -> None:
        if point == "retention.marked":
            raise Died

    install_hook(die)
    try:
        with pytest.raises(Died):
            whole.engine.tick()
    finally:
        install_hook(None)
    assert len(_kept(whole)) == 2
    assert whole.verify() == []
    whole.work(DAY)
    assert _kept(whole) == set()
    assert whole.verify() == []


def test_bytes_that_come_back_are_kept_anew(whole: Whole) -> None:
    whole.drop("atlas", "orders.csv")
    whole.work()
    whole.work(AFTER)
    assert _kept(whole) == set()
    whole.drop("atlas", "orders.csv", "orders-new.csv")
    whole.work(HOUR)
    newest = whole.rows(sa.select(intake).order_by(intake.c.id.desc()))[0]
    assert archive_path(whole.engine.home, newest["sha256"]).is_file()
    assert whole.verify() == []
