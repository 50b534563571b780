"""Postings that a person voids: never sent, counted as settled, and nothing waits for them for ever."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.returns import (
    CannotResolve,
    Policy,
    balances,
    blocked_at,
    check_invariants,
    net_postings,
    status_of,
    void_postings,
)
from gateway.returns.money.reconciliation import reconcile
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.shell import Shell
from translators.canonical import ErpResult, ErpResultRow

RO = "R000001-1-RO-0-1"
POLICY = Policy.model_validate(
    {
        "erp": "atlas",
        "settlement": "after_receipt",
        "clocks": {"credit": {"due_hours": 8}},
        "reverse_posted_up_to": {"credit_request": "any", "goods_receipt": "any"},
    }
)


def authorized() -> Shell:
    shell = Shell(policy=POLICY, through_store=True)
    shell.receive(orders("SO1", A=10, B=10), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")
    return shell


def void(shell: Shell, *keys: str, why: str = "") -> None:
    shell.now += timedelta(minutes=1)
    outcome = void_postings(shell.one(), keys, "ann", shell.now, shell.policy, why=why)
    shell._keep(outcome)


def states(shell: Shell) -> dict[str, str]:
    return {p.key.removeprefix("R000001-1-"): p.state for p in shell.one().postings.values()}


def test_what_later_needs_a_voided_posting_is_void_with_it() -> None:
    shell = authorized()
    void(shell, RO, why="keyed in by hand")
    assert shell.one().postings[RO].error_text == "void by ann: keyed in by hand"
    assert ("R000001", f"ann voided return_order {RO}: it is never sent") in shell.notes
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    assert states(shell) == {"RO-0-1": "void", "GR-good-1": "void", "CR-0-1": "void"}
    assert shell.one().postings["R000001-1-GR-good-1"].error_text == f"void with the return_order {RO}, which it needs"
    shell.receive(inspection("IN1", "RTV1", [("A", 10, "restock")]), "harbor")
    assert set(states(shell).values()) == {"void"}
    assert shell.run_erp() == 0
    assert status_of(shell.one()) == "closed"
    assert blocked_at(shell.one(), shell.now) is None
    assert net_postings(shell.one()) == {}


def test_what_already_waits_for_it_is_void_at_once() -> None:
    shell = authorized()
    shell.receive(receipt("WR1", "RTV1", {"A": 4}), "harbor")
    assert states(shell) == {"RO-0-1": "ready", "GR-good-1": "waiting", "CR-0-1": "waiting"}
    void(shell, RO)
    assert set(states(shell).values()) == {"void"}


def test_a_voided_part_lets_the_rest_go() -> None:
    shell = authorized()
    shell.post(shell.ship_batches())
    shell.receive(receipt("WR1", "RTV1", {"A": 4}), "harbor")
    void(shell, "R000001-1-GR-good-1")
    assert states(shell)["CR-0-1"] == "void"
    shell.receive(receipt("WR2", "RTV1", {"A": 6}), "harbor")
    shell.run_erp()
    assert states(shell)["GR-good-2"] == states(shell)["CR-0-2"] == "posted"
    assert balances(shell.one(), "1").credited == 6


def test_no_credit_is_owed_for_what_is_settled_outside() -> None:
    shell = authorized()
    shell.post(shell.ship_batches())
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    assert shell.one().clocks["credit"].state == "running"
    shell.post(shell.ship_batches())
    void(shell, "R000001-1-CR-0-1")
    assert shell.one().clocks["credit"].state == "met"


def test_reconciliation_says_what_is_settled_outside() -> None:
    shell = authorized()
    void(shell, RO)
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 10, "restock")]), "harbor")
    rows = [(row.difference, row.quantity) for row in reconcile([shell.one()], POLICY)]
    assert rows == [("settled_outside", Decimal(10))]


def test_less_of_what_was_voided_stays_void() -> None:
    """A corrected receipt takes part of it back: neither that nor the rest becomes an instruction to the ERP."""
    shell = authorized()
    shell.post(shell.ship_batches())
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    void(shell, "R000001-1-GR-good-1")
    shell.receive(receipt("WR1", "RTV1", {"A": 4}, purpose="replace"), "harbor")
    assert states(shell)["GR-good-1"] == "cancelled"
    assert states(shell)["GR-good-2"] == "void"
    assert shell.one().postings["R000001-1-GR-good-2"].quantity == 4
    assert shell.run_erp() == 0
    shell.receive(receipt("WR1", "RTV1", {}, purpose="cancel"), "harbor")
    assert states(shell)["GR-good-2"] == "cancelled"
    assert check_invariants(shell.one()) == []


def test_a_reversal_behind_a_voided_one_is_void_with_it() -> None:
    shell = authorized()
    shell.run_erp()
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    shell.run_erp()
    shell.receive(receipt("WR1", "RTV1", {}, purpose="cancel"), "harbor")
    void(shell, "R000001-1-CR-0-2")
    assert states(shell)["GR-good-2"] == "void"
    assert shell.run_erp() == 0


def test_what_the_erp_reports_of_it_after_all_counts() -> None:
    """A person entered it in the ERP, and its result file says so under our key."""
    shell = authorized()
    void(shell, RO)
    row = ErpResultRow(idempotency_key=RO, status="posted", erp_document="60001")
    shell.receive(ErpResult(number="B1", rows=(row,)), "atlas")
    assert states(shell)["RO-0-1"] == "posted"
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    shell.run_erp()
    assert set(states(shell).values()) == {"posted"}


def test_what_has_left_us_cannot_be_voided() -> None:
    shell = authorized()
    shell.ship_batches()
    with pytest.raises(CannotResolve, match="is delivered: only what has not left us"):
        void(shell, RO)
    assert states(shell) == {"RO-0-1": "delivered"}


def test_what_needs_a_dropped_posting_is_void_with_it() -> None:
    shell = authorized()
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    shell.post(shell.ship_batches(), refuse=[RO])
    shell.answer("R000001", "erp_refused", "drop_posting")
    assert set(states(shell).values()) == {"void"}
    assert blocked_at(shell.one(), shell.now) is not None  # the goods are not inspected
    shell.receive(inspection("IN1", "RTV1", [("A", 10, "restock")]), "harbor")
    assert status_of(shell.one()) == "closed"


def test_what_waits_for_a_dismissed_refusal_says_so() -> None:
    shell = authorized()
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 10, "restock")]), "harbor")
    shell.post(shell.ship_batches(), refuse=[RO])
    shell.answer("R000001", "erp_refused", "dismiss")
    blocked = blocked_at(shell.one(), shell.now)
    assert blocked is not None
    assert blocked.why == "goods_receipt waits for the return_order, which was refused: M7021 period is closed"
    assert (blocked.who, blocked.next_action) == ("erp", f"post {RO} and report the result")
