"""Silence is never success: what is owed and does not come becomes a Hold, and resolves itself when it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gateway.demo.replies import Replies
from gateway.rebuild import rebuild
from gateway.store.people import requests
from gateway.store.tables import document, due, hold, return_
from tests.gateway.whole_gateway import DAY, HOUR, Whole


def _holds(whole: Whole, class_: str, state: str = "open") -> list[dict[str, Any]]:
    return whole.rows(sa.select(hold).where(hold.c["class"] == class_, hold.c.state == state))


def _clock(whole: Whole, key: str) -> dict[str, Any]:
    return whole.rows(sa.select(due).where(due.c.key == key))[0]


def _asked(whole: Whole) -> None:
    whole.reference_data()
    whole.drop("northgate", "180-requests.edi")
    whole.work()


def test_an_acknowledgment_that_does_not_come_is_a_hold_until_it_comes(whole: Whole) -> None:
    _asked(whole)
    running = whole.rows(sa.select(due).where(due.c["class"] == "acknowledgment"))
    assert {(row["partner"], row["state"]) for row in running} == {("northgate", "running"), ("harbor", "running")}
    # 24 business hours from Friday 9:30: Friday 8.5 in Chicago's calendar, then Monday and Tuesday.
    assert running[0]["due_at"] > "2025-03-17"
    whole.work(5 * DAY)
    overdue = _holds(whole, "acknowledgment_overdue")
    assert {row["partner"] for row in overdue} == {"northgate", "harbor"}
    assert all(row["owner"] == "partner" and "has not acknowledged" in row["message"] for row in overdue)
    Replies(whole.root).send()
    whole.work(HOUR)
    assert _holds(whole, "acknowledgment_overdue") == []
    assert {row["resolved_by"] for row in _holds(whole, "acknowledgment_overdue", "resolved")} == {"gateway"}
    assert {row["state"] for row in whole.rows(sa.select(due).where(due.c["class"] == "acknowledgment"))} == {"met"}
    assert whole.verify() == []


def test_no_clock_runs_for_a_partner_that_never_acknowledges(whole: Whole) -> None:
    whole.edit("northgate", "acknowledgment_hours = 24", "acknowledgment_hours = 0")
    _asked(whole)
    assert {row["partner"] for row in whole.rows(sa.select(due).where(due.c["class"] == "acknowledgment"))} == {
        "harbor"
    }


def test_an_import_file_that_the_erp_leaves_lying_is_a_hold_until_it_is_taken(whole: Whole) -> None:
    _asked(whole)
    whole.work(3 * DAY)
    held = _holds(whole, "pickup_overdue")
    assert [(row["owner"], row["partner"]) for row in held] == [("it", "atlas")]
    for file in (whole.root / "outbox/atlas").iterdir():
        file.unlink()
    whole.work(HOUR)
    assert _holds(whole, "pickup_overdue") == []
    assert _clock(whole, "pickup:ATLAS-000001")["state"] == "met"


def test_an_import_file_that_is_answered_need_not_be_taken(whole: Whole) -> None:
    _asked(whole)
    whole.atlas_answers()
    whole.work(3 * DAY)
    assert _holds(whole, "pickup_overdue") == []
    assert _holds(whole, "erp_result_overdue") == []


def test_an_erp_that_says_nothing_is_a_hold(whole: Whole) -> None:
    _asked(whole)
    whole.work(5 * DAY)
    assert [row["partner"] for row in _holds(whole, "erp_result_overdue")] == ["atlas"]
    whole.atlas_answers()
    whole.work(HOUR)
    assert _holds(whole, "erp_result_overdue") == []


def test_a_silent_partner_is_a_hold_until_its_next_file(whole: Whole) -> None:
    whole.write("cedar", "\n[clocks]\nsilence_hours = 9\n")
    whole.work(HOUR)
    whole.work(4 * DAY)
    assert [row["partner"] for row in _holds(whole, "partner_silent")] == ["cedar"]
    whole.drop("cedar", "requests.csv")
    whole.work(HOUR)
    assert _holds(whole, "partner_silent") == []
    assert _clock(whole, "silence:cedar")["state"] == "running"
    whole.work(4 * DAY)
    assert len(_holds(whole, "partner_silent")) == 1


def test_an_idle_gateway_writes_nothing(whole: Whole) -> None:
    _asked(whole)
    whole.work(HOUR)
    database = whole.engine.store.file
    assert database is not None

    def size() -> tuple[int, int]:
        wal = Path(f"{database}-wal")
        return database.stat().st_mtime_ns, wal.stat().st_size if wal.exists() else 0

    whole.engine.tick()
    before = size()
    whole.engine.tick()
    assert size() == before


def test_a_document_parked_too_long_is_a_hold_that_its_match_resolves(whole: Whole) -> None:
    whole.reference_data()
    whole.drop("northgate", "856-shipment.edi")
    whole.work()
    parked = whole.rows(sa.select(document.c.id).where(document.c.state == "parked"))
    assert len(parked) == 1
    whole.work(4 * DAY)
    held = _holds(whole, "parked_too_long")
    assert [row["document_id"] for row in held] == [parked[0]["id"]]
    whole.drop("northgate", "180-requests.edi")
    whole.work(HOUR)
    assert whole.rows(sa.select(document.c.id).where(document.c.state == "parked")) == []
    assert _holds(whole, "parked_too_long") == []


def test_a_parked_document_can_be_discarded(whole: Whole) -> None:
    whole.reference_data()
    whole.drop("northgate", "856-shipment.edi")
    whole.work()
    whole.work(4 * DAY)
    number = _holds(whole, "parked_too_long")[0]["id"]
    with whole.engine.store.write() as tx:
        requests.add(
            tx, "resolve", {"hold": number, "decision": "discard"}, actor="ana", at="2025-03-18T10:00:00.000000Z"
        )
    whole.work(HOUR)
    assert whole.rows(sa.select(document.c.state, document.c.reason).where(document.c.kind == "shipment")) == [
        {"state": "ignored", "reason": "discarded by ana"}
    ]
    assert whole.verify() == []


def test_a_promise_on_a_return_that_is_broken_is_a_hold_of_its_owner(whole: Whole) -> None:
    _asked(whole)
    whole.atlas_answers()
    whole.drop("northgate", "856-shipment.edi")
    whole.work(HOUR)
    whole.work(30 * DAY)
    (overdue,) = _holds(whole, "receipt_overdue")
    assert (overdue["owner"], overdue["return_no"], overdue["line_no"]) == ("warehouse", "R000001", "1, 2")
    assert overdue["message"].startswith("return R000001, line 1, 2 of northgate is on its way since")
    stored = whole.rows(sa.select(return_.c.blocked_at, return_.c.blocked_on).where(return_.c.return_no == "R000001"))
    assert stored == [{"blocked_at": "receipt", "blocked_on": "warehouse"}]
    whole.drop("harbor", "944-receipt.edi")
    whole.work(HOUR)
    (short,) = _holds(whole, "short_received")
    with whole.engine.store.write() as tx:
        requests.add(
            tx, "resolve", {"hold": short["id"], "decision": "close_short"}, actor="ana", at=overdue["opened_at"]
        )
    whole.work(HOUR)
    assert _holds(whole, "receipt_overdue") == []
    assert whole.verify() == []
    with whole.engine.store.read() as snapshot:
        assert rebuild(snapshot).differences == []


def test_a_broken_promise_can_be_dismissed(whole: Whole) -> None:
    _asked(whole)
    whole.drop("northgate", "856-shipment.edi")
    whole.work(HOUR)
    whole.work(30 * DAY)
    number = _holds(whole, "receipt_overdue")[0]["id"]
    with whole.engine.store.write() as tx:
        requests.add(tx, "resolve", {"hold": number, "decision": "dismiss"}, actor="ana", at="2025-04-14T10:00:00Z")
    whole.work(HOUR)
    assert _holds(whole, "receipt_overdue") == []
    with whole.engine.store.read() as snapshot:
        assert rebuild(snapshot).differences == []


def test_an_authorization_that_nobody_uses_lapses_by_itself(whole: Whole) -> None:
    _asked(whole)
    whole.work(40 * DAY)
    query = sa.select(return_.c.status, return_.c.blocked_at).where(return_.c.return_no == "R000001")
    assert whole.rows(query) == [{"status": "expired", "blocked_at": "erp"}]
    assert whole.verify() == []
    with whole.engine.store.read() as snapshot:
        assert rebuild(snapshot).differences == []
