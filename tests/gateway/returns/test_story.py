"""The main story at the level of the domain: request, shipment, receipt, inspection, ERP results."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.returns import Policy, balances, blocked_at, net_postings, status_of
from tests.gateway.returns.builders import inspection, orders, receipt, request, shipment
from tests.gateway.returns.shell import Shell

POLICY = Policy(warehouse="harbor", erp="atlas")


@pytest.fixture(params=[False, True], ids=["in memory", "through the store"])
def shell(request: pytest.FixtureRequest) -> Shell:
    shell = Shell(policy=POLICY, through_store=request.param)
    shell.receive(orders("SO1", A=10, B=4), "atlas")
    return shell


def states(shell: Shell) -> dict[str, str]:
    return {key: p.state for r in shell.returns.values() for key, p in r.postings.items()}


def test_a_fine_request_is_authorized_answered_announced_and_posted(shell: Shell) -> None:
    number = shell.receive(request("RTV100", {"A": 10, "B": 4}), "northgate")
    return_ = shell.one()
    assert shell.states[number] == ("applied", "")
    assert return_.rma == "RMA-000001"
    assert status_of(return_) == "authorized"
    ((partner, answer),) = shell.answers
    assert (partner, answer.decision, answer.rma) == ("northgate", "authorized", "RMA-000001")
    assert [a.authorized for a in answer.lines] == [Decimal(10), Decimal(4)]
    ((warehouse, expected),) = shell.expected
    assert warehouse == "harbor"
    assert [line.quantity for line in expected.lines] == [Decimal(10), Decimal(4)]
    assert states(shell) == {"R000001-1-RO-0-1": "ready", "R000001-2-RO-0-1": "ready"}
    blocked = blocked_at(return_, shell.now)
    assert blocked is not None
    assert (blocked.stage, blocked.who) == ("shipment", "partner")


def test_a_late_request_is_denied_with_its_reason_and_nothing_else(shell: Shell) -> None:
    shell.receive(orders("SO2", "2024-06-01", A=10), "atlas")
    shell.receive(request("RTV101", {"A": 1}, order="SO2"), "northgate")
    return_ = shell.one()
    assert status_of(return_) == "rejected"
    ((_, answer),) = shell.answers
    assert (answer.decision, answer.reason, answer.rma) == ("denied", "outside_window", "")
    assert not return_.postings and not return_.movements and not shell.expected
    assert blocked_at(return_, shell.now) is None


def test_the_whole_way_to_posted(shell: Shell) -> None:
    shell.receive(request("RTV100", {"A": 10, "B": 4}), "northgate")
    shell.receive(shipment("SH1", "RTV100", {"A": 10, "B": 4}), "northgate")
    assert status_of(shell.one()) == "awaiting_goods"
    (parcel,) = shell.one().consignments
    assert (parcel.carrier, parcel.tracking, parcel.cartons) == ("UPSN", ("1ZSH1",), ("00123456789012345675",))
    assert balances(shell.one(), "1").in_transit == 10

    assert shell.run_erp() == 2
    shell.receive(receipt("WR1", "RTV100", {"A": 10, "B": 3, "Z9": 2}, {"A": 1}), "harbor")
    return_ = shell.one()
    (unexpected,) = [h for h in return_.open_holds() if h.class_ == "unexpected_item"]
    assert "2 of Z9" in unexpected.message
    (short,) = [h for h in return_.open_holds() if h.class_ == "short_received"]
    assert short.line_no == "2"
    assert balances(return_, "1").by_condition == {"good": Decimal(9), "damaged": Decimal(1)}
    assert status_of(return_) == "partially_received"
    ready = {k for k, s in states(shell).items() if s == "ready"}
    assert ready == {"R000001-1-GR-good-1", "R000001-1-GR-damaged-1", "R000001-2-GR-good-1"}

    shell.receive(inspection("IN1", "RTV100", [("A", 9, "restock"), ("A", 1, "scrap")]), "harbor")
    return_ = shell.one()
    assert balances(return_, "1").by_disposition == {"restock": Decimal(9), "scrap": Decimal(1)}
    assert states(shell)["R000001-1-IM-restock-1"] == "waiting"
    assert return_.postings["R000001-1-IM-restock-1"].waits_for in ready
    credit = return_.postings["R000001-1-CR-0-1"]
    assert (credit.state, credit.quantity, credit.amount) == ("waiting", Decimal(10), Decimal("199.90"))

    keys = shell.ship_batches()
    shell.post(keys, refuse=["R000001-2-GR-good-1"])
    return_ = shell.one()
    assert states(shell)["R000001-1-IM-restock-1"] == "ready"
    (refused,) = [h for h in return_.open_holds() if h.class_ == "erp_refused"]
    assert "period is closed" in refused.message
    assert refused.owner == "it"
    shell.run_erp()
    assert states(shell)["R000001-1-CR-0-1"] == "posted"
    assert balances(shell.one(), "1").credited == 10
    assert shell.one().postings["R000001-1-SC-scrap-1"].erp_document

    shell.answer("R000001", "erp_refused", "retry_posting")
    shell.answer("R000001", "short_received", "close_short")
    shell.answer("R000001", "unexpected_item", "reject")
    shell.receive(inspection("IN2", "RTV100", [("B", 3, "restock")]), "harbor")
    shell.run_erp()
    assert status_of(shell.one()) == "closed_short"
    assert blocked_at(shell.one(), shell.now) is None
    assert shell.one().open_holds() == []
    assert set(states(shell).values()) == {"posted"}


def test_a_receipt_before_its_request_waits_for_it(shell: Shell) -> None:
    early = shell.receive(receipt("WR1", "RTV100", {"A": 2}), "harbor")
    assert shell.states[early] == ("parked", "no_match")
    shell.receive(request("RTV100", {"A": 2}), "northgate")
    assert shell.states[early] == ("applied", "")
    assert balances(shell.one(), "1").received == 2


def test_an_inspection_beyond_what_came_waits_for_the_rest(shell: Shell) -> None:
    shell.receive(request("RTV100", {"A": 10}), "northgate")
    shell.receive(receipt("WR1", "RTV100", {"A": 4}), "harbor")
    early = shell.receive(inspection("IN1", "RTV100", [("A", 6, "restock")]), "harbor")
    assert shell.states[early] == ("parked", "waits_for_receipt")
    assert balances(shell.one(), "1").inspected == 0
    shell.receive(receipt("WR2", "RTV100", {"A": 6}), "harbor")
    assert shell.states[early] == ("applied", "")
    assert balances(shell.one(), "1").inspected == 6
    assert shell.one().open_holds() == []


def test_the_same_number_again_identical_different_replaced_cancelled(shell: Shell) -> None:
    shell.receive(request("RTV100", {"A": 10}), "northgate")
    shell.receive(receipt("WR1", "RTV100", {"A": 4}), "harbor")
    again = shell.receive(receipt("WR1", "RTV100", {"A": 4}), "harbor")
    assert shell.states[again] == ("ignored", "duplicate")
    other = shell.receive(receipt("WR1", "RTV100", {"A": 5}), "harbor")
    assert shell.states[other] == ("held", "duplicate_differs")
    assert balances(shell.one(), "1").received == 4
    shell.receive(receipt("WR1", "RTV100", {"A": 7}, purpose="replace"), "harbor")
    assert balances(shell.one(), "1").received == 7
    reversal = next(m for m in shell.one().movements if m.reverses)
    assert shell.one().movements[reversal.reverses - 1].quantity == 4 if reversal.reverses else False
    shell.receive(receipt("WR1", "RTV100", {}, purpose="cancel"), "harbor")
    assert balances(shell.one(), "1").received == 0
    assert {slot[1] for slot in net_postings(shell.one())} == {"return_order"}


def test_the_same_request_again_is_no_second_return(shell: Shell) -> None:
    shell.receive(request("RTV100", {"A": 10}), "northgate")
    again = shell.receive(request("RTV100", {"A": 10}), "northgate")
    assert shell.states[again] == ("ignored", "duplicate")
    assert len(shell.returns) == 1
    assert len(shell.answers) == 1


def test_unannounced_goods_become_a_line_when_a_person_accepts_them(shell: Shell) -> None:
    shell.receive(request("RTV100", {"A": 10}), "northgate")
    shell.receive(receipt("WR1", "RTV100", {"A": 10, "Z9": 2}), "harbor")
    shell.answer("R000001", "unexpected_item", "accept_unexpected")
    b = balances(shell.one(), "2")
    assert [b.authorized, b.received, b.over] == [2, 2, 0]
    assert shell.one().open_holds() == []
