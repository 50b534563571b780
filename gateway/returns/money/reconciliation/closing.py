"""A closed period: a reconciliation that is frozen, and what has changed about its lines since."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.returns.money.reconciliation.rows import Row
from gateway.returns.money.reconciliation.table import as_csv

# Columns that a period closed before rows had a class is compared by.
VIEWS = frozenset({"sku", "currency", "requested", "authorized", "shipped", "received", "dispositioned"}) | {
    "erp_received",
    "erp_moved",
    "erp_credited",
    "erp_credit_amount",
}


@dataclass(slots=True, frozen=True)
class Period:
    """A closed period: its rows as CSV, frozen, and the SHA-256 that proves it."""

    name: str
    closed_at: str
    csv: str
    sha256: str
    rows: int
    differences: int


def close_period(name: str, rows: Iterable[Row], at: str) -> Period:
    """Freeze a reconciliation: whoever reads the same rows later can prove that they are the same."""
    table = list(rows)
    text = as_csv(table)
    differing = sum(row.difference != "matched" for row in table)
    return Period(name, at, text, hashlib.sha256(text.encode()).hexdigest(), len(table), differing)


@dataclass(slots=True, frozen=True)
class Change:
    """A line of a closed period that stands otherwise now: its differences then and now, and which columns moved."""

    return_no: str
    line_no: str
    sku: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    columns: tuple[str, ...]

    def sentence(self, period: str) -> str:
        """The change in one sentence."""
        then, today = " and ".join(self.before) or "not there", " and ".join(self.now) or "gone"
        if then != today:
            return f"closed in {period} with {then}; now {today}"
        return f"closed in {period} with {then}; since then changed: {', '.join(self.columns)}"


def changed_since(period: Period, rows: Iterable[Row]) -> list[Change]:
    """What differs now from the frozen result of a closed period, line by line. `rows`: the same returns today.

    That time passes is no change. Of a period that was closed before rows had a class, only the views are compared:
    what was a difference then is not shared out as it is now.
    """
    frozen = _by_line(period.csv)
    today = _by_line(as_csv(rows))
    before_classes = "class_" not in period.csv.partition("\r\n")[0].split(",")
    if before_classes:
        today = {key: found for key, found in today.items() if key[1]}
    changes = []
    for key in sorted(frozen.keys() | today.keys()):
        rows_then, rows_now = frozen.get(key, []), today.get(key, [])
        if before_classes and rows_then and rows_now:
            rows_then, rows_now = _views(rows_then), _views(rows_now)
        rows_then, rows_now = _ageless(rows_then), _ageless(rows_now)
        if rows_then == rows_now:
            continue
        any_row = (rows_now or rows_then)[0]
        columns = {
            name
            for row_then, row_now in zip(rows_then, rows_now, strict=False)
            for name in row_then
            if row_then[name] != row_now.get(name)
        }
        changes.append(
            Change(
                *key,
                any_row["sku"],
                _differences_of(frozen.get(key, [])),
                _differences_of(today.get(key, [])),
                tuple(name for name in any_row if name in columns),
            )
        )
    return changes


def _views(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """What the parties say of a line, which each of its rows repeats."""
    return [{name: value for name, value in rows[0].items() if name in VIEWS}]


def _ageless(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [
        {name: value for name, value in row.items() if name not in {"age_days", "owner", "last_on"}} for row in rows
    ]


def _by_line(text: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    by_line: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        by_line.setdefault((row["return_no"], row["line_no"]), []).append(row)
    return by_line


def _differences_of(rows: list[dict[str, str]]) -> tuple[str, ...]:
    quantities = ((row["difference"], row["quantity"]) for row in rows)
    return tuple(name if name == "matched" else f"{name} {quantity}" for name, quantity in quantities)
