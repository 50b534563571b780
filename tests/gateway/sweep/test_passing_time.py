"""Silence is never success: broken promises about returns and documents that wait too long become Holds."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.rebuild import rebuild
from gateway.store.people import requests
from gateway.store.tables import document, return_
from tests.gateway.sweep.promises import ask, holds_of
from tests.homes import DAY, HOUR, GatewayAtWork


def test_a_document_parked_too_long_is_a_hold_that_its_match_resolves(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work()
    parked = gateway.rows(sa.select(document.c.id).where(document.c.state == "parked"))
    assert len(parked) == 1
    gateway.work(4 * DAY)
    found = holds_of(gateway, "parked_too_long")
    assert [hold["document_id"] for hold in found] == [parked[0]["id"]]
    gateway.drop("northgate", "180-requests.edi")
    gateway.work(HOUR)
    assert gateway.rows(sa.select(document.c.id).where(document.c.state == "parked")) == []
    assert holds_of(gateway, "parked_too_long") == []


def test_a_parked_document_can_be_discarded(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work()
    gateway.work(4 * DAY)
    number = holds_of(gateway, "parked_too_long")[0]["id"]
    with gateway.engine.store.write() as tx:
        requests.add(
            tx, "resolve", {"hold": number, "decision": "discard"}, actor="ana", at="2025-03-18T10:00:00.000000Z"
        )
    gateway.work(HOUR)
    assert gateway.rows(sa.select(document.c.state, document.c.reason).where(document.c.kind == "shipment")) == [
        {"state": "ignored", "reason": "discarded by ana"}
    ]
    assert gateway.verify() == []


def test_a_promise_on_a_return_that_is_broken_is_a_hold_of_its_owner(gateway: GatewayAtWork) -> None:
    ask(gateway)
    gateway.atlas_answers()
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work(HOUR)
    gateway.work(30 * DAY)
    (overdue,) = holds_of(gateway, "receipt_overdue")
    assert (overdue["owner"], overdue["return_no"], overdue["line_no"]) == ("warehouse", "R000001", "1, 2")
    assert overdue["message"].startswith("return R000001, line 1, 2 of northgate is on its way since")
    stored = gateway.rows(sa.select(return_.c.blocked_at, return_.c.blocked_on).where(return_.c.return_no == "R000001"))
    assert stored == [{"blocked_at": "receipt", "blocked_on": "warehouse"}]
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(HOUR)
    (short,) = holds_of(gateway, "short_received")
    with gateway.engine.store.write() as tx:
        requests.add(
            tx, "resolve", {"hold": short["id"], "decision": "close_short"}, actor="ana", at=overdue["opened_at"]
        )
    gateway.work(HOUR)
    assert holds_of(gateway, "receipt_overdue") == []
    assert gateway.verify() == []
    with gateway.engine.store.read() as snapshot:
        assert rebuild(snapshot).differences == []


def test_a_broken_promise_can_be_dismissed(gateway: GatewayAtWork) -> None:
    ask(gateway)
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work(HOUR)
    gateway.work(30 * DAY)
    number = holds_of(gateway, "receipt_overdue")[0]["id"]
    with gateway.engine.store.write() as tx:
        requests.add(tx, "resolve", {"hold": number, "decision": "dismiss"}, actor="ana", at="2025-04-14T10:00:00Z")
    gateway.work(HOUR)
    assert holds_of(gateway, "receipt_overdue") == []
    with gateway.engine.store.read() as snapshot:
        assert rebuild(snapshot).differences == []


def test_an_authorization_that_nobody_uses_lapses_by_itself(gateway: GatewayAtWork) -> None:
    ask(gateway)
    gateway.work(40 * DAY)
    query = sa.select(return_.c.status, return_.c.blocked_at).where(return_.c.return_no == "R000001")
    assert gateway.rows(query) == [{"status": "expired", "blocked_at": "erp"}]
    assert gateway.verify() == []
    with gateway.engine.store.read() as snapshot:
        assert rebuild(snapshot).differences == []
