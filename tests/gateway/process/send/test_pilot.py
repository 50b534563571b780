"""Stage pilot: real traffic is decided, and what it causes waits for a person; the end of the pilot lets it go."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from gateway.clock import instant
from gateway.rebuild import rebuild
from gateway.store.people import requests
from gateway.store.tables import dispatch, document, event, hold, posting, request, return_
from tests.gateway.whole_gateway import HOUR, Whole


def _pilot(whole: Whole, partner: str) -> None:
    whole.edit(partner, 'stage = "live"', 'stage = "pilot"')


def _asked(whole: Whole) -> None:
    whole.reference_data()
    whole.drop("northgate", "180-requests.edi")
    whole.work()


def _holds(whole: Whole) -> list[dict[str, Any]]:
    query = sa.select(hold).where(hold.c["class"] == "pilot_release", hold.c.state == "open").order_by(hold.c.id)
    return whole.rows(query)


def _resolve(whole: Whole, number: int, decision: str) -> tuple[str, str]:
    body = {"hold": number, "decision": decision}
    with whole.engine.store.write() as tx:
        request_id = requests.add(tx, "resolve", body, actor="ann", at=instant(whole.clock.now()))
    whole.work()
    (row,) = whole.rows(sa.select(request.c.state, request.c.outcome).where(request.c.id == request_id))
    return str(row["state"]), str(row["outcome"])


def _kinds_sent(whole: Whole) -> set[str]:
    return {str(row["kind"]) for row in whole.rows(sa.select(dispatch.c.kind).where(dispatch.c.state == "delivered"))}


def _all_right(whole: Whole) -> None:
    assert whole.verify() == []
    with whole.engine.store.read() as snapshot:
        assert list(rebuild(snapshot).differences) == []


def test_what_a_pilot_causes_is_prepared_and_waits(whole: Whole) -> None:
    _pilot(whole, "northgate")
    _asked(whole)
    assert {
        row["stage"] for row in whole.rows(sa.select(document.c.stage).where(document.c.kind == "return_request"))
    } == {"pilot"}
    assert {row["stage"] for row in whole.rows(sa.select(return_.c.stage))} == {"live"}
    assert _kinds_sent(whole) == {"acknowledgment"}
    held = whole.rows(sa.select(dispatch.c.kind, dispatch.c.state).where(dispatch.c.kind != "acknowledgment"))
    assert held == [{"kind": "expected_receipt", "state": "held"}, {"kind": "return_answer", "state": "held"}]
    assert {row["state"] for row in whole.rows(sa.select(posting.c.state))} == {"ready"}
    reasons = [(row["owner"], row["partner"], row["message"].split(" (")[0]) for row in _holds(whole)]
    assert reasons == [
        ("it", "northgate", "The expected receipt for harbor"),
        ("it", "northgate", "The return answer for northgate"),
        ("it", "northgate", "Postings for atlas are ready and wait: northgate is in stage pilot"),
    ]
    assert _holds(whole)[2]["return_no"] == "R000001"
    whole.work(24 * HOUR)
    assert _kinds_sent(whole) == {"acknowledgment"}
    _all_right(whole)


def test_one_after_the_other_is_released(whole: Whole) -> None:
    _pilot(whole, "northgate")
    _asked(whole)
    expected, answer, postings = _holds(whole)
    assert _resolve(whole, answer["id"], "release")[0] == "done"
    assert _kinds_sent(whole) == {"acknowledgment", "return_answer"}
    assert _resolve(whole, postings["id"], "release") == ("done", "2 postings of R000001 released")
    assert "erp_batch" in _kinds_sent(whole)
    released = whole.rows(sa.select(event.c.actor, event.c.subject).where(event.c.message == "released"))
    assert {row["actor"] for row in released} == {"ann"}
    assert len(released) == 2
    assert _resolve(whole, expected["id"], "void")[0] == "done"
    assert "expected_receipt" not in _kinds_sent(whole)
    assert _holds(whole) == []
    # What the return causes next waits again: its goods come, the ERP has booked the orders.
    whole.atlas_answers()
    whole.drop("harbor", "944-receipt.edi")
    whole.work(HOUR)
    (reopened,) = [row for row in _holds(whole) if row["return_no"] == "R000001"]
    assert reopened["id"] == postings["id"]
    ready = whole.rows(sa.select(posting.c.kind).where(posting.c.state == "ready"))
    assert {row["kind"] for row in ready} == {"goods_receipt"}
    _all_right(whole)


@pytest.mark.parametrize("decision", ["dismiss", "done", "send_again"])
def test_postings_are_released_or_wait(whole: Whole, decision: str) -> None:
    _pilot(whole, "northgate")
    _asked(whole)
    state, outcome = _resolve(whole, _holds(whole)[2]["id"], decision)
    assert state == "refused"
    assert "resolve with `release`" in outcome
    assert len(_holds(whole)) == 3


def test_postings_are_voided_and_what_needs_them_with_them(whole: Whole) -> None:
    _pilot(whole, "northgate")
    _asked(whole)
    hold_id = _holds(whole)[2]["id"]
    assert _resolve(whole, hold_id, "void") == ("done", "2 postings of R000001 void")
    assert _resolve(whole, hold_id, "void") == ("refused", f"hold {hold_id} is already resolved: void")
    events = whole.rows(sa.select(event.c.actor, event.c.to_state).where(event.c.subject.like("posting:R000001%RO%")))
    assert events.count({"actor": "ann", "to_state": "void"}) == 2
    whole.drop("northgate", "856-shipment.edi")
    whole.drop("harbor", "944-receipt.edi")
    whole.edit("northgate", 'stage = "pilot"', 'stage = "live"')
    whole.work(HOUR)
    postings = whole.rows(sa.select(posting.c.kind, posting.c.state).where(posting.c.return_no == "R000001"))
    assert {row["kind"] for row in postings} >= {"return_order", "goods_receipt"}
    assert {row["state"] for row in postings} == {"void"}
    assert "erp_batch" not in _kinds_sent(whole)
    _all_right(whole)


def test_what_is_voided_later_is_what_waits_then(whole: Whole) -> None:
    _pilot(whole, "northgate")
    _asked(whole)
    assert _resolve(whole, _holds(whole)[2]["id"], "release")[0] == "done"
    whole.atlas_answers()
    whole.drop("harbor", "944-receipt.edi")
    whole.work()
    (waits,) = [row for row in _holds(whole) if "Postings" in row["message"]]
    assert _resolve(whole, waits["id"], "void") == ("done", "3 postings of R000001 void")
    states = whole.rows(sa.select(posting.c.kind, posting.c.state).distinct().where(posting.c.return_no == "R000001"))
    assert {(row["kind"], row["state"]) for row in states} == {("return_order", "posted"), ("goods_receipt", "void")}
    _all_right(whole)


def test_the_end_of_the_pilot_lets_everything_go(whole: Whole) -> None:
    _pilot(whole, "northgate")
    _asked(whole)
    whole.edit("northgate", 'stage = "pilot"', 'stage = "live"')
    whole.work(HOUR)
    assert _kinds_sent(whole) == {"acknowledgment", "return_answer", "expected_receipt", "erp_batch"}
    ended = whole.rows(sa.select(hold.c.resolution, hold.c.state).where(hold.c["class"] == "pilot_release"))
    assert ended == [{"resolution": "the pilot has ended", "state": "resolved"}] * 3
    _all_right(whole)


def test_others_are_not_kept_back_by_somebody_elses_pilot(whole: Whole) -> None:
    _pilot(whole, "northgate")
    _asked(whole)
    whole.drop("cedar", "requests.csv")
    whole.work(HOUR)
    assert len(_holds(whole)) == 3
    sent = whole.rows(
        sa.select(return_.c.partner, posting.c.state)
        .distinct()
        .join(posting, posting.c.return_no == return_.c.return_no)
    )
    assert {(row["partner"], row["state"]) for row in sent} == {("northgate", "ready"), ("cedar", "delivered")}
    assert "expected_receipt" in _kinds_sent(whole)


def test_a_pilot_warehouse_keeps_back_what_its_receipts_cause(whole: Whole) -> None:
    _asked(whole)
    whole.drop("northgate", "856-shipment.edi")
    whole.atlas_answers()
    whole.write("harbor", '\n[stages]\nreceipt = "pilot"\n')
    whole.drop("harbor", "944-receipt.edi")
    whole.work(HOUR)
    (waits,) = _holds(whole)
    assert waits["return_no"] == "R000001"
    assert "harbor is in stage pilot" in waits["message"]
    assert {row["kind"] for row in whole.rows(sa.select(posting.c.kind).where(posting.c.state == "ready"))} == {
        "goods_receipt"
    }
    assert _resolve(whole, waits["id"], "release")[0] == "done"
    assert not whole.rows(sa.select(posting.c.kind).where(posting.c.state == "ready"))
    _all_right(whole)


def test_an_erp_in_pilot_gets_what_is_released(whole: Whole) -> None:
    whole.write("atlas", '\n[stages]\nerp_batch = "pilot"\n')
    _asked(whole)
    assert "return_answer" in _kinds_sent(whole)
    assert "erp_batch" not in _kinds_sent(whole)
    (waits,) = _holds(whole)
    assert "atlas is in stage pilot" in waits["message"]
    assert _resolve(whole, waits["id"], "release")[0] == "done"
    assert "erp_batch" in _kinds_sent(whole)


def test_send_now_does_not_release(whole: Whole) -> None:
    _pilot(whole, "northgate")
    _asked(whole)
    with whole.engine.store.write() as tx:
        body = {"destination": "atlas"}
        request_id = requests.add(tx, requests.SEND_NOW, body, actor="ann", at=instant(whole.clock.now()))
    whole.work()
    (row,) = whole.rows(sa.select(request.c.outcome).where(request.c.id == request_id))
    assert row["outcome"] == "nothing was ready for atlas; 2 postings in a pilot wait to be released"
    assert "erp_batch" not in _kinds_sent(whole)


def test_test_traffic_is_no_pilot_traffic(whole: Whole) -> None:
    _pilot(whole, "northgate")
    data = (whole.root / "partners/northgate/samples/180-requests.edi").read_bytes().replace(b"*P*>~", b"*T*>~", 1)
    whole.put("northgate", "test.edi", data)
    whole.work()
    assert [row["class"] for row in whole.rows(sa.select(hold.c["class"]))] == ["test_in_live"]
