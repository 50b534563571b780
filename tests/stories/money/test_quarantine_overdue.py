"""Goods stay in quarantine longer than promised: a Hold asks, and its answer moves them on."""

from __future__ import annotations

from typing import Any

from gateway.commands.resolving import named_values
from gateway.store.people import requests
from gateway.store.tables import hold, return_
from tests.homes import GatewayAtWork

TWO_WEEKS = 14 * 24 * 3600


def answer(gateway: GatewayAtWork, hold_id: int, decision: str, *choices: str) -> dict[str, Any]:
    """A person answers a Hold; the request as it was carried out."""
    body: dict[str, object] = {"hold": hold_id, "decision": decision, "choose": named_values(choices)[0]}
    with gateway.engine.store.write() as tx:
        requests.add(tx, "resolve", body, actor="ann", at="2025-04-02T15:00:00.000000Z")
    gateway.work()
    (row,) = gateway.rows(hold, hold.c.id == hold_id)
    return row


def test_goods_that_stay_too_long_in_quarantine_are_asked_about(gateway: GatewayAtWork) -> None:
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work()
    sample = gateway.sample("harbor", "inspection.csv")
    gateway.put("harbor", "inspection-1.csv", sample.replace(b",D,SC,SCRAP,Housing cracked", b",D,QU,CAGE,Odd"))
    gateway.work()
    gateway.work(TWO_WEEKS)
    overdue = [row for row in gateway.rows(hold, hold.c.state == "open") if row["class"] == "next_outcome_overdue"]
    (asked,) = overdue
    assert (asked["key"], asked["line_no"]) == ("overdue:next_outcome:quarantine:R000001", "1")
    assert "has goods in quarantine since" in asked["message"]
    answered = answer(gateway, asked["id"], "dispose", "scrap=1")
    assert (answered["state"], answered["resolved_by"]) == ("resolved", "ann")
    (stored,) = gateway.rows(return_, return_.c.return_no == "R000001")
    assert '"quarantine>scrap"' in stored["body"]
    assert "quarantine" not in stored["status"]
