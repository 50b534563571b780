"""Histories that are odd but possible: what was cancelled, answered, refused or changed stays so, whatever comes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gateway.holds import hold_class
from gateway.returns import (
    CannotResolve,
    Policy,
    balances,
    blocked_at,
    net_postings,
    overdue_parked,
    status_of,
)
from gateway.returns.entry.parked import ParkedDocument
from gateway.returns.money.reconciliation import reconcile
from gateway.returns.policy import Rule
from tests.gateway.returns.builders import DAY, cancellation, code, inspection, orders, receipt, ref, request, shipment
from tests.gateway.returns.shell import ROLES, Shell, stored
from translators.canonical import CarrierEvent, Code, Item, Reference, RequestLine, ReturnRequest

POLICY = Policy(warehouse="harbor", erp="atlas")


def _shell(policy: Policy = POLICY) -> Shell:
    shell = Shell(policy=policy)
    shell.receive(orders("SO1", A=20, B=20), "atlas")
    return shell


def _refuse(shell: Shell, kind: str) -> None:
    keys = shell.ship_batches()
    shell.post(keys, refuse=[k for k in keys if shell.one().postings[k].kind == kind])


def test_orders_that_come_after_a_cancellation_do_not_bring_the_request_back() -> None:
    shell = Shell(policy=POLICY)
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    shell.receive(cancellation("CX1", "RTV1"), "northgate")
    shell.receive(orders("SO1", A=20), "atlas")
    assert status_of(shell.one(), shell.now) == "cancelled"
    assert balances(shell.one(), "1").authorized == 0
    assert list(shell.one().postings) == []
    assert [(answer.decision, answer.rma) for _, answer in shell.answers] == [("cancelled", "")]


@pytest.mark.parametrize("change_first", [True, False])
def test_an_inspection_of_a_cancelled_request_waits_whichever_version_was_cancelled(change_first: bool) -> None:
    shell = _shell()
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    last = [request("RTV1", {"B": 2}, purpose="change"), request("RTV1", {}, purpose="cancel")]
    for document in last if change_first else reversed(last):
        shell.receive(document, "northgate")
    number = shell.receive(inspection("IN1", "RTV1", [("B", 2, "restock")]), "harbor")
    assert shell.states[number] == ("parked", "waits_for_receipt")
    assert shell.one().open_holds() == []


def test_what_is_asked_about_goods_of_a_cancelled_request_does_not_approve_it() -> None:
    shell = Shell(policy=POLICY)
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    shell.receive(cancellation("CX1", "RTV1"), "northgate")
    unknown = receipt("WR1", "RTV1", {"A": 3}, {"A": 1})
    exception = unknown.lines[0].exceptions[0].model_copy(update={"condition": Code(raw="Q9")})
    line = unknown.lines[0].model_copy(update={"exceptions": (exception,)})
    shell.receive(unknown.model_copy(update={"lines": (line,)}), "harbor")
    with pytest.raises(CannotResolve, match="not about a request that waits"):
        shell.answer("R000001", "crosswalk_missing", "approve")
    assert balances(shell.one(), "1").authorized == 0


def test_two_replacements_of_one_day_that_wait_for_a_receipt_come_to_rest() -> None:
    shell = _shell()
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    for quantity in (2, 1):
        again = inspection("IN1", "RTV1", [("A", quantity, "restock")], purpose="replace")
        number = shell.receive(again.model_copy(update={"issued_on": DAY}), "harbor")
    assert [shell.states[number - 1][0], shell.states[number]] == ["ignored", ("parked", "waits_for_receipt")]
    shell.receive(receipt("WR1", "RTV1", {"A": 3}), "harbor")
    assert balances(shell.one(), "1").dispositioned == 1


def test_the_older_of_two_changes_of_one_day_sent_again_is_a_duplicate() -> None:
    shell = _shell()
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    for quantity in (4, 5):
        shell.receive(request("RTV1", {"A": quantity}, purpose="change"), "northgate")
    number = shell.receive(request("RTV1", {"A": 4}, purpose="change"), "northgate")
    assert shell.states[number] == ("ignored", "superseded")
    assert balances(shell.one(), "1").authorized == 5
    assert stored(shell.one()) == shell.one()
    later = request("RTV1", {"A": 4}, purpose="change").model_copy(update={"issued_on": date(2025, 3, 4)})
    shell.receive(later, "northgate")
    assert balances(shell.one(), "1").authorized == 4


def test_a_posting_that_is_given_up_takes_along_what_needs_it() -> None:
    shell = _shell()
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    _refuse(shell, "return_order")
    shell.receive(receipt("WR1", "RTV1", {"A": 3}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 3, "restock")]), "harbor")
    assert shell.run_erp() == 0
    shell.answer("R000001", "erp_refused", "drop_posting")
    assert shell.run_erp() == 0
    assert {p.state for p in shell.one().postings.values()} == {"void"}
    assert (status_of(shell.one(), shell.now), blocked_at(shell.one(), shell.now)) == ("closed", None)


def test_news_of_a_parcel_that_come_before_its_shipment_notice_are_kept_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROLES, "swift", "carrier")
    shell = _shell()
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    event = CarrierEvent(
        number="EV1", tracking="1ZSH1", event="delivered", at="2025-03-05T10:00:00Z", references=ref("RTV1")
    )
    event = event.model_copy(update={"references": (Reference(kind="rma", value="RMA-000001"),)})
    number = shell.receive(event, "swift")
    assert shell.states[number] == ("parked", "no_such_parcel")
    parked = ParkedDocument(number, "swift", "carrier_event", "EV1", "no_such_parcel", shell.now.replace(year=2024))
    assert overdue_parked([parked], POLICY, shell.now) == []
    shell.receive(shipment("SH1", "RTV1", {"A": 3}), "northgate")
    assert shell.states[number] == ("applied", "")
    assert shell.one().consignments[0].last_event == "delivered"
    shell.receive(shipment("SH1", "RTV1", {"A": 2}, purpose="replace"), "northgate")
    assert [each.last_event for each in shell.one().consignments] == ["delivered"]


def test_a_request_that_waits_for_an_answer_cannot_be_dismissed() -> None:
    shell = Shell(policy=POLICY)
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    assert not hold_class("eligibility_review").can_be_dismissed
    with pytest.raises(CannotResolve, match="dismiss does not answer eligibility_review: approve, deny do"):
        shell.answer("R000001", "eligibility_review", "dismiss")
    shell = _shell()
    unknown = request("RTV1", {"A": 3})
    lines = tuple(line.model_copy(update={"reason": code("")}) for line in unknown.lines)
    lines = tuple(line.model_copy(update={"reason": line.reason.model_copy(update={"raw": "ZZ"})}) for line in lines)
    shell.receive(unknown.model_copy(update={"lines": lines}), "northgate")
    with pytest.raises(CannotResolve, match="the partner waits for an answer"):
        shell.answer("R000001", "crosswalk_missing", "dismiss")
    assert [h.class_ for h in shell.one().open_holds()] == ["crosswalk_missing"]


def test_a_change_of_what_a_person_approved_is_asked_about_anew() -> None:
    shell = _shell(Policy(rules=(Rule(check="over_limit", outcome="hold", quantity=Decimal(5)),)))
    shell.receive(request("RTV1", {"A": 6}), "northgate")
    shell.answer("R000001", "eligibility_review", "approve")
    shell.receive(request("RTV1", {"A": 9}, purpose="change"), "northgate")
    assert [h.class_ for h in shell.one().open_holds()] == ["eligibility_review"]
    blocked = blocked_at(shell.one(), shell.now)
    assert blocked is not None
    assert blocked.stage == "eligibility"
    shell.answer("R000001", "eligibility_review", "approve")
    assert balances(shell.one(), "1").authorized == 9


def test_goods_that_come_although_they_might_be_kept_wait_like_others() -> None:
    shell = _shell()
    line = RequestLine(line_no="1", item=Item(sku="A"), quantity=Decimal(2), disposition=code("keep"))
    shell.receive(ReturnRequest(number="RTV1", issued_on=DAY, order_number="SO1", lines=(line,)), "northgate")
    shell.run_erp()
    assert blocked_at(shell.one(), shell.now) is None
    shell.receive(receipt("WR1", "RTV1", {"A": 2}), "harbor")
    shell.run_erp()
    blocked = blocked_at(shell.one(), shell.now)
    assert blocked is not None
    assert (blocked.stage, blocked.why) == ("inspection", "2 received, not inspected")


def test_a_replacement_by_outcome_is_settled_and_not_a_credit_beyond_what_is_due() -> None:
    shell = _shell()
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 3}), "harbor")
    outcomes = [("A", 1, "replace"), ("A", 1, "repair"), ("A", 1, "restock")]
    shell.receive(inspection("IN1", "RTV1", outcomes), "harbor")
    while keys := [k for k in shell.ship_batches() if "-CR-" not in k]:
        shell.post(keys)
    assert balances(shell.one(), "1").credited == 1
    assert shell.one().clocks["credit"].state == "running"
    differences = {(row.difference, int(row.quantity)) for row in reconcile([shell.one()], POLICY)}
    assert ("credit_not_posted", 1) in differences
    shell.post(["R000001-1-CR-0-1"])
    assert shell.one().clocks["credit"].state == "met"
    assert [row.difference for row in reconcile([shell.one()], POLICY)] == [
        "matched",
        "outcome_open",
    ]  # one is being repaired


@pytest.mark.parametrize("posted_first", [True, False])
def test_a_changed_reason_changes_the_money_whatever_came_first(posted_first: bool) -> None:
    shell = _shell(Policy(settlement="in_advance", restocking_fee={"unwanted": Decimal(15)}))
    shell.receive(request("RTV1", {"A": 2}, reason="unwanted"), "northgate")
    if posted_first:
        shell.run_erp()
    changed = request("RTV1", {"A": 2}, purpose="change", reason="defective")
    shell.receive(changed.model_copy(update={"issued_on": date(2025, 3, 4)}), "northgate")
    shell.run_erp()
    assert net_postings(shell.one())["1", "credit_request", "0"] == (Decimal(2), Decimal("39.98"))
    assert balances(shell.one(), "1").credited == 2


@pytest.mark.parametrize("notice_first", [True, False])
def test_goods_that_name_a_request_go_to_no_other_return(notice_first: bool) -> None:
    """Both requests return the same item of the same purchase order, and the notice of the second may come first."""
    shell = _shell()
    shell.receive(request("RTV1", {"A": 3}), "northgate")
    second = request("RTV2", {"A": 2})
    purchase = (Reference(kind="purchase_order", value="PO-SO1"),)
    notice = shipment("SH2", "RTV2", {"A": 2}).model_copy(update={"references": (*ref("RTV2"), *purchase)})
    for document in (notice, second) if notice_first else (second, notice):
        shell.receive(document, "northgate")
    shipped = {r.request_number: int(balances(r, "1").shipped) for r in shell.returns.values()}
    assert shipped == {"RTV1": 0, "RTV2": 2}
