"""Commands that look at a home and change nothing but a closed month: `status`, `verify`, `rebuild`, `reconcile`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from gateway.cli.options import FILE, home_of, home_option, user

# A day as people write it: 2025-03-14.
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@home_option
def status(as_json: bool, home: Path | None) -> int:
    """Counts per stage, open holds, overdue clocks, pending dispatches."""
    from gateway.commands.reports.status import print_status

    return print_status(home_of(home), as_json, sys.stdout.write)


@click.command()
@home_option
def verify(home: Path | None) -> int:
    """Every invariant, store against archive and outbox; exit 0 only if all hold."""
    from gateway.commands.reports.verifying import verify_home

    return verify_home(home_of(home), sys.stdout.write)


@click.command()
@click.option(
    "--check",
    is_flag=True,
    required=True,
    help="Only compare: nothing is changed (the only way there is).",
)
@home_option
def rebuild(check: bool, home: Path | None) -> int:
    """Decide everything that is stored again, in memory, and compare; exit 0 only if all comes out as it is stored."""
    from gateway.commands.reports.rebuilding import check_rebuild

    del check
    return check_rebuild(home_of(home), sys.stdout.write)


@click.command()
@click.option("--csv", type=FILE, help="Write the whole comparison to this CSV file too.")
@click.option("--xlsx", type=FILE, help="Write the comparison and its totals to this Excel workbook too.")
@click.option("--partner", default="", help="Only the returns of this partner.")
@click.option("--from", "first", type=DAY, help="Only lines whose last movement was on this day or later (UTC).")
@click.option("--to", "last", type=DAY, help="Only lines whose last movement was on this day or before (UTC).")
@click.option("--period", default="", help="Only the returns opened in this month, such as 2025-03.")
@click.option("--close", default="", help="Freeze the result of this month; it can be closed once.")
@home_option
def reconcile(
    csv: Path | None,
    xlsx: Path | None,
    partner: str,
    first: datetime | None,
    last: datetime | None,
    period: str,
    close: str,
    home: Path | None,
) -> int:
    """Partner, warehouse and ERP views of the same returns; the differences, as a table, CSV and Excel."""
    from gateway.commands.reports.reconciling import RowFilter, close_period, print_reconciliation

    if close:
        return close_period(home_of(home), close, user(), sys.stdout.write)
    asked = RowFilter(period, partner, first.date() if first else None, last.date() if last else None)
    return print_reconciliation(home_of(home), csv, asked, sys.stdout.write, xlsx)
