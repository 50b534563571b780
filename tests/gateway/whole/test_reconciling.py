"""The three views of the same returns are compared; a month that is closed stays as it was closed."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from gateway.commands.reports.reconciling import RowFilter, close_period, print_reconciliation, reconcile_home
from gateway.store.returns import periods
from gateway.store.returns.periods import Months
from tests.homes import DAY, HOUR, GatewayAtWork


def _through_receipt(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    gateway.atlas_answers()
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work(HOUR)
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(DAY)


def _differences(gateway: GatewayAtWork) -> set[tuple[str, str, str, str]]:
    with gateway.engine.store.read() as snapshot:
        rows = reconcile_home(snapshot, gateway.engine.configuration.policy)
    return {(row["sku"], row["difference"], row["quantity"], row["amount"]) for row in rows}


def test_differences_follow_the_goods_to_the_erp_and_disappear(gateway: GatewayAtWork) -> None:
    _through_receipt(gateway)
    assert ("MS-1001", "posting_unconfirmed", "4", "338.00 USD") in _differences(gateway)
    assert ("MS-1003", "shipped_not_received", "1", "27.90 USD") in _differences(gateway)
    assert ("MS-1007", "received_not_authorized", "1", "") in _differences(gateway)
    gateway.atlas_answers()
    gateway.drop("harbor", "inspection.csv")
    gateway.work(HOUR)
    assert ("MS-1001", "posting_unconfirmed", "4", "338.00 USD") in _differences(gateway)
    gateway.atlas_answers()
    gateway.atlas_answers()
    assert {row for row in _differences(gateway) if row[0] == "MS-1001"} == {("MS-1001", "matched", "", "")}


def test_a_closed_period_is_frozen_closed_once_and_later_changes_are_said(
    gateway: GatewayAtWork, tmp_path: Path
) -> None:
    _through_receipt(gateway)
    engine = gateway.engine
    root = gateway.root
    engine.close()
    printed: list[str] = []
    assert close_period(root, "2025-03", "ana", printed.append) == 0
    assert close_period(root, "2025-03", "ana", printed.append) == 1
    assert "closed at" in printed[-1]
    assert close_period(root, "2999-01", "ana", printed.append) == 1
    assert "not over" in printed[-1]
    assert close_period(root, "march", "ana", printed.append) == 2
    frozen = tmp_path / "frozen.csv"
    assert print_reconciliation(root, frozen, RowFilter("2025-03"), printed.append) == 0
    gateway.engine = type(engine).open(engine.home, gateway.clock)
    with gateway.engine:
        gateway.atlas_answers()
    printed.clear()
    second = tmp_path / "again.csv"
    assert print_reconciliation(root, second, RowFilter("2025-03"), printed.append) == 0
    assert second.read_bytes() == frozen.read_bytes()
    digest = hashlib.sha256(frozen.read_bytes()).hexdigest()
    assert digest in "".join(printed)
    assert "changed_since_close" in "".join(printed)
    assert "posting_unconfirmed 4; now matched" not in "".join(printed)
    assert "closed in 2025-03 with posting_unconfirmed 4" in "".join(printed)
    with frozen.open(newline="", encoding="utf-8") as file:
        assert {row["difference"] for row in csv.DictReader(file)} >= {"matched", "posting_unconfirmed"}


def test_a_month_begins_at_midnight_where_the_house_is(gateway: GatewayAtWork) -> None:
    months = Months(gateway.engine.house_policy.calendar.zone)
    first, after = months.bounds("2025-12")
    assert (first.hour, after.year, after.month, after.day) == (0, 2026, 1, 1)
    for wrong in ("2025-13", "2025-00", "25-01", "2025-1", "2025", "x"):
        with pytest.raises(ValueError, match="no month"):
            months.bounds(wrong)


def test_only_the_returns_of_the_month_count(gateway: GatewayAtWork) -> None:
    _through_receipt(gateway)
    months = Months(gateway.engine.house_policy.calendar.zone)
    with gateway.engine.store.read() as snapshot:
        assert list(periods.rows_of(snapshot, gateway.engine.configuration.policy, months.bounds("2025-02"))) == []
        assert list(periods.rows_of(snapshot, gateway.engine.configuration.policy, months.bounds("2025-03")))
