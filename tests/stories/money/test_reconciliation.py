"""What reconciliation says of goods that nobody works on, and that every unit and cent of it is told once."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.commands.reports.reconciling import RowFilter, print_reconciliation
from gateway.returns import Policy, as_csv, close_period, reconcile
from gateway.returns.money.due import credit_amount
from gateway.returns.money.reconciliation import as_excel, changed_since, totals
from gateway.returns.money.reconciliation.figures import figures
from tests.gateway.returns.builders import orders, receipt, request
from tests.gateway.returns.histories import History, arrivals, histories, play
from tests.gateway.returns.shell import Shell
from tests.homes import DAY, HOUR, GatewayAtWork

POLICY = Policy(warehouse="harbor", erp="atlas")


def received() -> Shell:
    """Four of six authorized came, and the ERP has booked them."""
    shell = Shell(policy=POLICY)
    shell.receive(orders("SO1", A=10), "atlas")
    shell.receive(request("RTV1", {"A": 6}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 4}), "harbor")
    return shell


def test_goods_that_nobody_inspects_for_three_weeks_are_open_with_their_age_and_money() -> None:
    shell = received()
    shell.run_erp()
    rows = reconcile([shell.one()], POLICY, shell.now + timedelta(days=21))
    told = [(row.class_, row.difference, int(row.quantity), str(row.amount), row.owner) for row in rows]
    assert told == [
        ("open", "not_inspected", 4, "79.96", "warehouse"),
        ("open", "awaiting_goods", 2, "0", "partner"),
    ]
    assert rows[0].age_days in {21, 22}
    (of,) = totals(rows)
    assert (of.partner, str(of.accrued)) == ("northgate", "79.96")
    assert not of.credited
    assert not of.exposure


def test_a_receipt_that_the_erp_refuses_or_is_silent_about_is_one_row_with_the_credit_it_stops() -> None:
    shell = received()
    shell.post(shell.ship_batches())
    shell.ship_batches()
    rows = {row.difference: (int(row.quantity), str(row.amount)) for row in reconcile([shell.one()], POLICY)}
    assert rows == {"posting_unconfirmed": (4, "79.96"), "awaiting_goods": (2, "0")}
    for posting in shell.one().postings.values():
        posting.state = "refused" if posting.state in {"batched", "delivered"} else posting.state
    rows = {row.difference: (int(row.quantity), str(row.amount)) for row in reconcile([shell.one()], POLICY)}
    assert rows == {"posting_refused": (4, "79.96"), "awaiting_goods": (2, "0")}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), data=st.data())
def test_every_unit_and_every_cent_is_in_one_row(history: History, data: st.DataObject) -> None:
    shell = play(history, data.draw(arrivals(history)))
    for return_ in shell.returns.values():
        rows = reconcile([return_], shell.policy)
        for line in return_.lines.values():
            found = figures(return_, line, history.policy)
            of_line = [row for row in rows if row.line_no == line.line_no and not row.supplier]
            assert len({row.difference for row in of_line}) == len(of_line)
            assert sum(row.quantity for row in of_line) == found.about
            assert all(row.quantity > 0 or row.difference == "matched" for row in of_line)
            if line.unit_price is not None:
                low, high = (
                    credit_amount(return_, line, units, history.policy) or Decimal(0)
                    for units in (found.credited, max(found.credited, found.creditable))
                )
                accrued = sum(of.accrued for of in totals(of_line))
                assert 0 <= accrued <= high - low
        sums = totals(rows)
        lines = [row for row in rows if not row.supplier]
        assert sum(sum(of.quantity.values()) for of in sums) == sum(row.quantity for row in lines)
        assert sum(sum(of.amount.values()) for of in sums) == sum(row.amount or 0 for row in lines)


def test_a_workbook_has_numbers_days_and_texts_that_are_no_formulas() -> None:
    shell = received()
    return_ = shell.one()
    rows = [replace(row, sku="=1+1") for row in reconcile([return_], POLICY, shell.now)]
    book = openpyxl.load_workbook(io.BytesIO(as_excel(rows)))
    sheet = book["Rows"]
    cells = {str(title.value): cell for title, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["sku"].value, cells["sku"].data_type) == ("=1+1", "s")
    assert (cells["quantity"].data_type, cells["last_on"].data_type) == ("n", "d")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", sheet.dimensions)
    totals_ = [[cell.value for cell in row] for row in book["Totals"]]
    assert dict(zip(totals_[0], totals_[1], strict=True))["accrued"] == 79.96


def test_a_month_closed_before_rows_had_classes_shows_only_what_the_parties_changed() -> None:
    shell = received()
    rows = reconcile([shell.one()], POLICY)
    names = as_csv(rows).split("\r\n")[0].split(",")
    keep = names.index("class_")
    old = "\r\n".join(",".join(line.split(",")[:keep]) for line in as_csv(rows).split("\r\n"))
    closed = close_period("2025-03", rows, "2025-04-01T00:00:00.000000Z")
    before = type(closed)(closed.name, closed.closed_at, old, "", closed.rows, closed.differences)
    older = reconcile([shell.one()], POLICY, shell.now + timedelta(days=90))
    assert changed_since(before, older) == changed_since(closed, older) == []
    shell.run_erp()
    (change,) = changed_since(before, reconcile([shell.one()], POLICY))
    assert "erp_received" in change.columns


def test_the_command_prints_age_and_totals_and_writes_the_workbook(gateway: GatewayAtWork, tmp_path: Path) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    gateway.atlas_answers()
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(HOUR)
    gateway.atlas_answers()
    gateway.work(21 * DAY)
    gateway.engine.close()
    printed: list[str] = []
    workbook = tmp_path / "march.xlsx"
    asked = RowFilter("2025-03", "northgate")
    assert print_reconciliation(gateway.root, None, asked, printed.append, workbook, gateway.clock) == 0
    text = "".join(printed)
    (line,) = [line for line in text.splitlines() if " not_inspected " in line and "MS-1001" in line]
    assert " open " in line
    assert line.split("338.00 USD")[1].split()[:2] == ["21", "warehouse"]
    assert "northgate USD: " in text
    assert ", accrued " in text
    assert openpyxl.load_workbook(workbook).sheetnames == ["Rows", "Totals"]
    printed.clear()
    assert print_reconciliation(gateway.root, None, RowFilter(partner="nobody"), printed.append) == 0
    assert printed[0] == "no returns yet\n"
