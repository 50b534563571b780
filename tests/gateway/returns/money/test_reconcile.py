"""Reconciliation: agreement is one row, each disagreement one more, and a closed period is frozen."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from gateway.returns import DIFFERENCES, Policy, as_csv, close_period
from gateway.returns.items.required import REQUIRED, missing_at
from gateway.returns.money.due import left_to_settle
from gateway.returns.money.reconciliation import reconcile
from tests.gateway.returns.builders import inspection, orders, receipt, request, shipment
from tests.gateway.returns.shell import Shell


def shell_until(stage: str) -> Shell:
    shell = Shell(policy=Policy(warehouse="harbor", erp="atlas"))
    shell.receive(orders("SO1", A=10), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")
    shell.receive(shipment("SH1", "RTV1", {"A": 10}), "northgate")
    if stage == "shipped":
        return shell
    shell.receive(receipt("WR1", "RTV1", {"A": 8 if stage == "short" else 10}), "harbor")
    outcome = "quarantine" if stage == "quarantined" else "restock"
    shell.receive(inspection("IN1", "RTV1", [("A", 8, outcome)]), "harbor")
    if stage != "unposted":
        shell.run_erp()
    if stage == "done":
        shell.receive(inspection("IN2", "RTV1", [("A", 2, "restock")]), "harbor")
        shell.run_erp()
    return shell


def found(stage: str) -> dict[str, int]:
    shell = shell_until(stage)
    return {row.difference: int(row.quantity) for row in reconcile(shell.returns.values(), shell.policy)}


def test_every_view_is_compared() -> None:
    assert found("done") == {"matched": 10}
    assert found("shipped") == {"shipped_not_received": 10}
    assert found("short") == {"matched": 8, "shipped_not_received": 2}
    assert found("unposted") == {"received_not_posted": 10}
    assert found("quarantined") == {"not_inspected": 2, "outcome_open": 8}
    assert set(DIFFERENCES) >= {"credit_beyond_due", "posted_not_received", "received_not_authorized"}


def test_the_table_and_the_period() -> None:
    shell = shell_until("unposted")
    rows = reconcile(shell.returns.values(), shell.policy)
    table = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert [(r["difference"], r["quantity"], r["amount"], r["currency"]) for r in table] == [
        ("received_not_posted", "10", "199.90", "USD"),
    ]
    march = close_period("2025-03", rows, "2025-04-01T00:00:00.000000Z")
    assert (march.rows, march.differences) == (1, 1)
    shell.run_erp()
    later = close_period("2025-03", reconcile(shell.returns.values(), shell.policy), march.closed_at)
    assert later.sha256 != march.sha256


def test_fields_are_asked_for_when_their_stage_is_reached() -> None:
    return_ = shell_until("done").one()
    line = return_.lines["1"]
    assert [missing_at(stage, return_, line) for stage in REQUIRED if missing_at(stage, return_, line)] == []
    line.unit_price, return_.customer = None, ""
    assert missing_at("credited", return_, line) == ("customer", "unit_price")


def test_credit_that_is_missing_is_told_in_the_money_that_is_asked_for() -> None:
    policy = Policy(restocking_fee={"unwanted": Decimal(15)}, freight_allowance=Decimal("0.50"), tax_percent=Decimal(8))
    shell = Shell(policy=policy)
    shell.receive(orders("SO1", A=10), "atlas")
    shell.receive(request("RTV1", {"A": 10}, reason="unwanted"), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 4, "restock")]), "harbor")
    shell.run_erp()
    shell.receive(inspection("IN2", "RTV1", [("A", 2, "restock"), ("A", 4, "quarantine")]), "harbor")
    rows = {row.difference: row for row in reconcile([shell.one()], policy)}
    six, four = (Decimal(n) * (Decimal("19.99") * Decimal("0.85") + Decimal("0.50")) * Decimal("1.08") for n in (6, 4))
    cents = Decimal("0.01")
    assert rows["credit_not_posted"].quantity == 2
    assert rows["credit_not_posted"].amount == six.quantize(cents) - four.quantize(cents)
    assert left_to_settle(shell.one(), shell.one().lines["1"], policy) == 2
