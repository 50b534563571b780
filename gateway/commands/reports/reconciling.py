"""`reconcile`: what the partner says, what the warehouse got and what the ERP booked, side by side, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args

from gateway.clock import Clock, SystemClock
from gateway.commands import Write
from gateway.commands.open_home import open_to_read
from gateway.commands.requesting import leave_request
from gateway.configuration import Configuration, read_configuration
from gateway.home import Home
from gateway.returns import DIFFERENCES, Policies, as_csv
from gateway.returns.money.reconciliation import Period, Row, RowClass, as_excel, changed_since, totals
from gateway.store import Snapshot
from gateway.store.returns import periods
from gateway.store.returns.periods import Months

_VIEWS = ("return_no", "line_no", "sku", "partner", "warehouse", "erp")
COLUMNS = (*_VIEWS, "class", "difference", "quantity", "amount", "days", "owner", "words")
CLASSES: tuple[str, ...] = get_args(RowClass)
NO_MONTH = 2


@dataclass(slots=True, frozen=True)
class RowFilter:
    """Which rows are asked for: of returns opened in the month `period`, of a `partner`, of lines whose last movement
    was on the day `first` or later and `last` or before (UTC). Empty and None: all.
    """

    period: str = ""
    partner: str = ""
    first: date | None = None
    last: date | None = None

    def narrows(self) -> bool:
        """Are rows of a period left out?"""
        return bool(self.partner or self.first or self.last)

    def covers(self, row: Row) -> bool:
        """Is the row asked for? A line without movements has no day: it is of none."""
        if self.partner and row.partner != self.partner:
            return False
        if self.first and row.last_on < self.first.isoformat():
            return False
        return not self.last or "" < row.last_on <= self.last.isoformat()


def print_reconciliation(
    root: Path,
    file: Path | None,
    asked: RowFilter,
    write: Write,
    workbook: Path | None = None,
    clock: Clock | None = None,
) -> int:
    """The comparison as a table with totals, as CSV into `file`, and as Excel into `workbook`.

    A closed month shows what has changed about its lines since, and its whole CSV is the frozen one. Exit 2 if the
    period is no month.
    """
    period = asked.period
    now = (clock or SystemClock()).now()
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
        rows = [row for row in periods.rows_of(snapshot, configuration.policy, bounds, now) if asked.covers(row)]
        late = late_changes(snapshot, configuration, months, [closed] if closed else periods.all_closed(snapshot))
    if closed is not None:
        write(f"{closed.name} was closed at {closed.closed_at[:16]} with {closed.differences} differences ")
        write(f"in {closed.rows} rows (sha256 {closed.sha256})\n")
    write(_table([table_row(row) for row in sorted(rows, key=lambda row: CLASSES.index(row.class_))] + late))
    write(_sums(rows))
    write(_totals(rows))
    if file is not None:
        text = closed.csv if closed and not asked.narrows() else as_csv(rows)
        file.write_text(text, encoding="utf-8", newline="")
        write(f"written to {file}\n")
    if workbook is not None:
        workbook.write_bytes(as_excel(rows))
        write(f"written to {workbook}\n")
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
    between, meaning = DIFFERENCES[row.difference].between, DIFFERENCES[row.difference].means
    if row.supplier:
        meaning = f"{row.supplier}, claim {row.request_number}: {meaning}"
    differs = row.difference != "matched"
    return {
        "return_no": row.return_no,
        "line_no": row.line_no,
        "sku": row.sku,
        "partner": f"{row.partner}: asked {_plain(row.requested)}, shipped {_plain(row.shipped)}",
        "warehouse": f"received {_plain(row.received)}, decided {_plain(row.dispositioned)}",
        "erp": ", ".join(erp),
        "class": row.class_.replace("_", " "),
        "difference": row.difference,
        "quantity": _plain(row.quantity) if differs else "",
        "amount": f"{row.amount:f} {row.currency}".rstrip() if differs and row.amount is not None else "",
        "days": "" if row.age_days is None else str(row.age_days),
        "owner": row.owner,
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


def _totals(rows: Iterable[Row]) -> str:
    """One line per partner and currency: units and money by class, and what is credited, owed and at risk."""
    text = ""
    for of in totals(rows):
        classes = (
            f"{class_.replace('_', ' ')} {_plain(quantity)} units {of.amount[class_]:f}"
            for class_, quantity in sorted(of.quantity.items(), key=lambda found: CLASSES.index(found[0]))
        )
        text += f"{of.partner} {of.currency}: {', '.join(classes)}; credited {of.credited:f}, accrued {of.accrued:f}, "
        text += f"exposure {of.exposure:f}, open at suppliers {of.supplier_open:f}\n"
    return text


def _table(rows: list[dict[str, str]]) -> str:
    if not rows:
        return "no returns yet\n"
    widths = [max(len(name), *(len(row[name]) for row in rows)) for name in COLUMNS]
    lines = ["  ".join(name.ljust(width) for name, width in zip(COLUMNS, widths, strict=True)).rstrip()]
    lines += ["  ".join(row[n].ljust(w) for n, w in zip(COLUMNS, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines) + "\n"
