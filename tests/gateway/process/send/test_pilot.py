"""Stage pilot: real traffic is decided, and what it causes waits for a person; the end of the pilot lets it go."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from gateway.clock import instant
from gateway.rebuild import rebuild
from gateway.store.people import requests
from gateway.store.tables import dispatch, document, event, hold, posting, request, return_
from tests.homes import HOUR, GatewayAtWork


def _pilot(gateway: GatewayAtWork, partner: str) -> None:
    gateway.edit(partner, 'stage = "live"', 'stage = "pilot"')


def _asked(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()


def _holds(gateway: GatewayAtWork) -> list[dict[str, Any]]:
    query = sa.select(hold).where(hold.c["class"] == "pilot_release", hold.c.state == "open").order_by(hold.c.id)
    return gateway.rows(query)


def _resolve(gateway: GatewayAtWork, number: int, decision: str) -> tuple[str, str]:
    body = {"hold": number, "decision": decision}
    with gateway.engine.store.write() as tx:
        request_id = requests.add(tx, "resolve", body, actor="ann", at=instant(gateway.clock.now()))
    gateway.work()
    (row,) = gateway.rows(sa.select(request.c.state, request.c.outcome).where(request.c.id == request_id))
    return str(row["state"]), str(row["outcome"])


def _kinds_sent(gateway: GatewayAtWork) -> set[str]:
    return {str(row["kind"]) for row in gateway.rows(sa.select(dispatch.c.kind).where(dispatch.c.state == "delivered"))}


def _all_right(gateway: GatewayAtWork) -> None:
    assert gateway.verify() == []
    with gateway.engine.store.read() as snapshot:
        assert list(rebuild(snapshot).differences) == []


def test_what_a_pilot_causes_is_prepared_and_waits(gateway: GatewayAtWork) -> None:
    _pilot(gateway, "northgate")
    _asked(gateway)
    assert {
        row["stage"] for row in gateway.rows(sa.select(document.c.stage).where(document.c.kind == "return_request"))
    } == {"pilot"}
    assert {row["stage"] for row in gateway.rows(sa.select(return_.c.stage))} == {"live"}
    assert _kinds_sent(gateway) == {"acknowledgment"}
    held = gateway.rows(sa.select(dispatch.c.kind, dispatch.c.state).where(dispatch.c.kind != "acknowledgment"))
    assert held == [{"kind": "expected_receipt", "state": "held"}, {"kind": "return_answer", "state": "held"}]
    assert {row["state"] for row in gateway.rows(sa.select(posting.c.state))} == {"ready"}
    reasons = [(row["owner"], row["partner"], row["message"].split(" (")[0]) for row in _holds(gateway)]
    assert reasons == [
        ("it", "northgate", "The expected receipt for harbor"),
        ("it", "northgate", "The return answer for northgate"),
        ("it", "northgate", "Postings for atlas are ready and wait: northgate is in stage pilot"),
    ]
    assert _holds(gateway)[2]["return_no"] == "R000001"
    gateway.work(24 * HOUR)
    assert _kinds_sent(gateway) == {"acknowledgment"}
    _all_right(gateway)


def test_one_after_the_other_is_released(gateway: GatewayAtWork) -> None:
    _pilot(gateway, "northgate")
    _asked(gateway)
    expected, answer, postings = _holds(gateway)
    assert _resolve(gateway, answer["id"], "release")[0] == "done"
    assert _kinds_sent(gateway) == {"acknowledgment", "return_answer"}
    assert _resolve(gateway, postings["id"], "release") == ("done", "2 postings of R000001 released")
    assert "erp_batch" in _kinds_sent(gateway)
    released = gateway.rows(sa.select(event.c.actor, event.c.subject).where(event.c.message == "released"))
    assert {row["actor"] for row in released} == {"ann"}
    assert len(released) == 2
    assert _resolve(gateway, expected["id"], "void")[0] == "done"
    assert "expected_receipt" not in _kinds_sent(gateway)
    assert _holds(gateway) == []
    # What the return causes next waits again: its goods come, the ERP has booked the orders.
    gateway.atlas_answers()
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(HOUR)
    (reopened,) = [row for row in _holds(gateway) if row["return_no"] == "R000001"]
    assert reopened["id"] == postings["id"]
    ready = gateway.rows(sa.select(posting.c.kind).where(posting.c.state == "ready"))
    assert {row["kind"] for row in ready} == {"goods_receipt"}
    _all_right(gateway)


@pytest.mark.parametrize("decision", ["dismiss", "done", "send_again"])
def test_postings_are_released_or_wait(gateway: GatewayAtWork, decision: str) -> None:
    _pilot(gateway, "northgate")
    _asked(gateway)
    state, outcome = _resolve(gateway, _holds(gateway)[2]["id"], decision)
    assert state == "refused"
    assert "resolve with `release`" in outcome
    assert len(_holds(gateway)) == 3


def test_postings_are_voided_and_what_needs_them_with_them(gateway: GatewayAtWork) -> None:
    _pilot(gateway, "northgate")
    _asked(gateway)
    hold_id = _holds(gateway)[2]["id"]
    assert _resolve(gateway, hold_id, "void") == ("done", "2 postings of R000001 void")
    assert _resolve(gateway, hold_id, "void") == ("refused", f"hold {hold_id} is already resolved: void")
    events = gateway.rows(sa.select(event.c.actor, event.c.to_state).where(event.c.subject.like("posting:R000001%RO%")))
    assert events.count({"actor": "ann", "to_state": "void"}) == 2
    gateway.drop("northgate", "856-shipment.edi")
    gateway.drop("harbor", "944-receipt.edi")
    gateway.edit("northgate", 'stage = "pilot"', 'stage = "live"')
    gateway.work(HOUR)
    postings = gateway.rows(sa.select(posting.c.kind, posting.c.state).where(posting.c.return_no == "R000001"))
    assert {row["kind"] for row in postings} >= {"return_order", "goods_receipt"}
    assert {row["state"] for row in postings} == {"void"}
    assert "erp_batch" not in _kinds_sent(gateway)
    _all_right(gateway)


def test_what_is_voided_later_is_what_waits_then(gateway: GatewayAtWork) -> None:
    _pilot(gateway, "northgate")
    _asked(gateway)
    assert _resolve(gateway, _holds(gateway)[2]["id"], "release")[0] == "done"
    gateway.atlas_answers()
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work()
    (waits,) = [row for row in _holds(gateway) if "Postings" in row["message"]]
    assert _resolve(gateway, waits["id"], "void") == ("done", "3 postings of R000001 void")
    states = gateway.rows(sa.select(posting.c.kind, posting.c.state).distinct().where(posting.c.return_no == "R000001"))
    assert {(row["kind"], row["state"]) for row in states} == {("return_order", "posted"), ("goods_receipt", "void")}
    _all_right(gateway)


def test_the_end_of_the_pilot_lets_everything_go(gateway: GatewayAtWork) -> None:
    _pilot(gateway, "northgate")
    _asked(gateway)
    gateway.edit("northgate", 'stage = "pilot"', 'stage = "live"')
    gateway.work(HOUR)
    assert _kinds_sent(gateway) == {"acknowledgment", "return_answer", "expected_receipt", "erp_batch"}
    ended = gateway.rows(sa.select(hold.c.resolution, hold.c.state).where(hold.c["class"] == "pilot_release"))
    assert ended == [{"resolution": "the pilot has ended", "state": "resolved"}] * 3
    _all_right(gateway)


def test_others_are_not_kept_back_by_somebody_elses_pilot(gateway: GatewayAtWork) -> None:
    _pilot(gateway, "northgate")
    _asked(gateway)
    gateway.drop("cedar", "requests.csv")
    gateway.work(HOUR)
    assert len(_holds(gateway)) == 3
    sent = gateway.rows(
        sa.select(return_.c.partner, posting.c.state)
        .distinct()
        .join(posting, posting.c.return_no == return_.c.return_no)
    )
    assert {(row["partner"], row["state"]) for row in sent} == {("northgate", "ready"), ("cedar", "delivered")}
    assert "expected_receipt" in _kinds_sent(gateway)


def test_a_pilot_warehouse_keeps_back_what_its_receipts_cause(gateway: GatewayAtWork) -> None:
    _asked(gateway)
    gateway.drop("northgate", "856-shipment.edi")
    gateway.atlas_answers()
    gateway.write("harbor", '\n[stages]\nreceipt = "pilot"\n')
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(HOUR)
    (waits,) = _holds(gateway)
    assert waits["return_no"] == "R000001"
    assert "harbor is in stage pilot" in waits["message"]
    assert {row["kind"] for row in gateway.rows(sa.select(posting.c.kind).where(posting.c.state == "ready"))} == {
        "goods_receipt"
    }
    assert _resolve(gateway, waits["id"], "release")[0] == "done"
    assert not gateway.rows(sa.select(posting.c.kind).where(posting.c.state == "ready"))
    _all_right(gateway)


def test_an_erp_in_pilot_gets_what_is_released(gateway: GatewayAtWork) -> None:
    gateway.write("atlas", '\n[stages]\nerp_batch = "pilot"\n')
    _asked(gateway)
    assert "return_answer" in _kinds_sent(gateway)
    assert "erp_batch" not in _kinds_sent(gateway)
    (waits,) = _holds(gateway)
    assert "atlas is in stage pilot" in waits["message"]
    assert _resolve(gateway, waits["id"], "release")[0] == "done"
    assert "erp_batch" in _kinds_sent(gateway)


def test_send_now_does_not_release(gateway: GatewayAtWork) -> None:
    _pilot(gateway, "northgate")
    _asked(gateway)
    with gateway.engine.store.write() as tx:
        body = {"destination": "atlas"}
        request_id = requests.add(tx, requests.SEND_NOW, body, actor="ann", at=instant(gateway.clock.now()))
    gateway.work()
    (row,) = gateway.rows(sa.select(request.c.outcome).where(request.c.id == request_id))
    assert row["outcome"] == "nothing was ready for atlas; 2 postings in a pilot wait to be released"
    assert "erp_batch" not in _kinds_sent(gateway)


def test_test_traffic_is_no_pilot_traffic(gateway: GatewayAtWork) -> None:
    _pilot(gateway, "northgate")
    data = (gateway.root / "partners/northgate/samples/180-requests.edi").read_bytes().replace(b"*P*>~", b"*T*>~", 1)
    gateway.put("northgate", "test.edi", data)
    gateway.work()
    assert [row["class"] for row in gateway.rows(sa.select(hold.c["class"]))] == ["test_in_live"]
