"""Silence is never success: broken promises about returns and documents that wait too long become Holds."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.rebuild import rebuild
from gateway.store.people import requests
from gateway.store.tables import document, return_
from tests.gateway.sweep.promises import ask, holds_of
from tests.gateway.whole_gateway import DAY, HOUR, Whole


def test_a_document_parked_too_long_is_a_hold_that_its_match_resolves(whole: Whole) -> None:
    whole.reference_data()
    whole.drop("northgate", "856-shipment.edi")
    whole.work()
    parked = whole.rows(sa.select(document.c.id).where(document.c.state == "parked"))
    assert len(parked) == 1
    whole.work(4 * DAY)
    found = holds_of(whole, "parked_too_long")
    assert [hold["document_id"] for hold in found] == [parked[0]["id"]]
    whole.drop("northgate", "180-requests.edi")
    whole.work(HOUR)
    assert whole.rows(sa.select(document.c.id).where(document.c.state == "parked")) == []
    assert holds_of(whole, "parked_too_long") == []


def test_a_parked_document_can_be_discarded(whole: Whole) -> None:
    whole.reference_data()
    whole.drop("northgate", "856-shipment.edi")
    whole.work()
    whole.work(4 * DAY)
    number = holds_of(whole, "parked_too_long")[0]["id"]
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
    ask(whole)
    whole.atlas_answers()
    whole.drop("northgate", "856-shipment.edi")
    whole.work(HOUR)
    whole.work(30 * DAY)
    (overdue,) = holds_of(whole, "receipt_overdue")
    assert (overdue["owner"], overdue["return_no"], overdue["line_no"]) == ("warehouse", "R000001", "1, 2")
    assert overdue["message"].startswith("return R000001, line 1, 2 of northgate is on its way since")
    stored = whole.rows(sa.select(return_.c.blocked_at, return_.c.blocked_on).where(return_.c.return_no == "R000001"))
    assert stored == [{"blocked_at": "receipt", "blocked_on": "warehouse"}]
    whole.drop("harbor", "944-receipt.edi")
    whole.work(HOUR)
    (short,) = holds_of(whole, "short_received")
    with whole.engine.store.write() as tx:
        requests.add(
            tx, "resolve", {"hold": short["id"], "decision": "close_short"}, actor="ana", at=overdue["opened_at"]
        )
    whole.work(HOUR)
    assert holds_of(whole, "receipt_overdue") == []
    assert whole.verify() == []
    with whole.engine.store.read() as snapshot:
        assert rebuild(snapshot).differences == []


def test_a_broken_promise_can_be_dismissed(whole: Whole) -> None:
    ask(whole)
    whole.drop("northgate", "856-shipment.edi")
    whole.work(HOUR)
    whole.work(30 * DAY)
    number = holds_of(whole, "receipt_overdue")[0]["id"]
    with whole.engine.store.write() as tx:
        requests.add(tx, "resolve", {"hold": number, "decision": "dismiss"}, actor="ana", at="2025-04-14T10:00:00Z")
    whole.work(HOUR)
    assert holds_of(whole, "receipt_overdue") == []
    with whole.engine.store.read() as snapshot:
        assert rebuild(snapshot).differences == []


def test_an_authorization_that_nobody_uses_lapses_by_itself(whole: Whole) -> None:
    ask(whole)
    whole.work(40 * DAY)
    query = sa.select(return_.c.status, return_.c.blocked_at).where(return_.c.return_no == "R000001")
    assert whole.rows(query) == [{"status": "expired", "blocked_at": "erp"}]
    assert whole.verify() == []
    with whole.engine.store.read() as snapshot:
        assert rebuild(snapshot).differences == []
