"""`reconcile`: what the partner says, what the warehouse got and what the ERP booked, side by side, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from gateway.commands import Write
from gateway.commands.open_home import open_to_read
from gateway.commands.requesting import leave_request
from gateway.configuration import Configuration, read_configuration
from gateway.home import Home
from gateway.returns import DIFFERENCES, Policies, as_csv
from gateway.returns.money.reconcile import Period, Row, changed_since
from gateway.store import Snapshot
from gateway.store.returns import periods
from gateway.store.returns.periods import Months

COLUMNS = ("return_no", "line_no", "sku", "partner", "warehouse", "erp", "difference", "quantity", "amount", "words")
NO_MONTH = 2


def print_reconciliation(root: Path, file: Path | None, period: str, write: Write) -> int:
    """The comparison as a table, and as CSV into `file`; of one month's returns if `period` names one.

    A closed month shows its frozen result, and what has changed about its lines since. Exit 2 if it is no month.
    """
    home, store = open_to_read(root)
    configuration = read_configuration(home.partners)
    months = Months(configuration.house_policy.calendar.zone)
    try:
        bounds = months.bounds(period) if period else None
    except ValueError as wrong:
        write(f"{wrong}\n")
        return NO_MONTH
    with store, store.read() as snapshot:
        closed = periods.get(snapshot, period) if period else None
        rows = list(periods.rows_of(snapshot, configuration.policy, bounds))
        late = late_changes(snapshot, configuration, months, [closed] if closed else periods.all_closed(snapshot))
    if closed is not None:
        write(f"{closed.name} was closed at {closed.closed_at[:16]} with {closed.differences} differences ")
        write(f"in {closed.rows} rows (sha256 {closed.sha256})\n")
    write(_table([table_row(row) for row in rows] + late))
    write(_sums(rows))
    if file is not None:
        file.write_text(closed.csv if closed else as_csv(rows), encoding="utf-8", newline="")
        write(f"written to {file}\n")
    return 0


def close_period(root: Path, period: str, actor: str, write: Write) -> int:
    """Freeze a month's comparison: at once, or left for the gateway that runs on this home. 1 if it is refused."""
    try:
        Months(read_configuration(Home(root).partners).house_policy.calendar.zone).bounds(period)
    except ValueError as wrong:
        write(f"{wrong}\n")
        return NO_MONTH
    return leave_request(Home(root), "close_period", {"period": period}, actor, write)


def reconcile_home(
    snapshot: Snapshot, policies: Policies, bounds: tuple[datetime, datetime] | None = None
) -> list[dict[str, str]]:
    """Every line of every return (or of those opened within `bounds`) as COLUMNS: one row per difference."""
    return [table_row(row) for row in periods.rows_of(snapshot, policies, bounds)]


def late_changes(
    snapshot: Snapshot, configuration: Configuration, months: Months, closed: Iterable[Period]
) -> list[dict[str, str]]:
    """What has changed about the lines of closed periods since they were closed, as rows of the table."""
    found: list[dict[str, str]] = []
    for period in closed:
        today = periods.rows_of(snapshot, configuration.policy, months.bounds(period.name))
        for change in changed_since(period, today):
            row = dict.fromkeys(COLUMNS, "")
            row |= {"return_no": change.return_no, "line_no": change.line_no, "sku": change.sku}
            found.append(row | {"difference": "changed_since_close", "words": change.sentence(period.name)})
    return found


def table_row(row: Row) -> dict[str, str]:
    """A row of the comparison as people read it: each party's view in a few words."""
    erp = [f"received {_plain(row.erp_received)}", f"moved {_plain(row.erp_moved)}"]
    erp.append(f"credited {_plain(row.erp_credited)} = {_plain(row.erp_credit_amount)} {row.currency}".rstrip())
    between, meaning = DIFFERENCES[row.difference]
    differs = row.difference != "matched"
    return {
        "return_no": row.return_no,
        "line_no": row.line_no,
        "sku": row.sku,
        "partner": f"{row.partner}: asked {_plain(row.requested)}, shipped {_plain(row.shipped)}",
        "warehouse": f"received {_plain(row.received)}, decided {_plain(row.dispositioned)}",
        "erp": ", ".join(erp),
        "difference": row.difference,
        "quantity": _plain(row.quantity) if differs else "",
        "amount": f"{row.amount:f} {row.currency}".rstrip() if differs and row.amount is not None else "",
        "words": f"{between}: {meaning}" if between else meaning,
    }


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _sums(rows: Iterable[Row]) -> str:
    """One line per type of difference: lines, units and money."""
    lines: dict[str, int] = {}
    quantities: dict[str, Decimal] = {}
    amounts: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        lines[row.difference] = lines.get(row.difference, 0) + 1
        quantities[row.difference] = quantities.get(row.difference, Decimal(0)) + row.quantity
        money = (row.difference, row.currency)
        amounts[money] = amounts.get(money, Decimal(0)) + (row.amount or Decimal(0))
    text = ""
    for name in (kind for kind in DIFFERENCES if kind in lines):
        values = ", ".join(f"{value:f} {of}".rstrip() for (kind, of), value in amounts.items() if kind == name)
        sums = "" if name == "matched" else f", {_plain(quantities[name])} units, {values}"
        text += f"{name}: {lines[name]} lines{sums}\n"
    return text


def _table(rows: list[dict[str, str]]) -> str:
    if not rows:
        return "no returns yet\n"
    widths = [max(len(name), *(len(row[name]) for row in rows)) for name in COLUMNS]
    lines = ["  ".join(name.ljust(width) for name, width in zip(COLUMNS, widths, strict=True)).rstrip()]
    lines += ["  ".join(row[n].ljust(w) for n, w in zip(COLUMNS, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines) + "\n"
