"""A reconciliation as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal

from gateway.returns.money.reconciliation.rows import Row


def as_csv(rows: Iterable[Row]) -> str:
    """The table with a header row, RFC 4180, plain decimals."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = [f.name for f in fields(Row)]
    writer.writerow(names)
    for row in rows:
        values = (getattr(row, name) for name in names)
        writer.writerow(["" if v is None else f"{v:f}" if isinstance(v, Decimal) else v for v in values])
    return out.getvalue()
