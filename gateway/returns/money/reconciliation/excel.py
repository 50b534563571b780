"""A reconciliation as an Excel workbook: its rows, and their totals. Texts are texts, whatever they begin with."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import get_args

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gateway.returns.model import ZERO
from gateway.returns.money.reconciliation.differences import RowClass
from gateway.returns.money.reconciliation.rows import Row
from gateway.returns.money.reconciliation.totals import totals

Value = str | int | Decimal | date | None


def as_excel(rows: Iterable[Row]) -> bytes:
    """The workbook's bytes: sheets Rows and Totals, with a header that stays in sight and can filter."""
    table = list(rows)
    book = Workbook()
    book.remove(book["Sheet"])
    names = [f.name for f in fields(Row)]
    _fill(book.create_sheet("Rows"), names, ([_value(row, name) for name in names] for row in table))
    classes: tuple[RowClass, ...] = get_args(RowClass)
    header = ["partner", "currency"]
    header += [f"{class_}_{what}" for class_ in classes for what in ("quantity", "amount")]
    lines: list[list[Value]] = []
    for of in totals(table):
        by_class = [figure.get(class_, ZERO) for class_ in classes for figure in (of.quantity, of.amount)]
        money = [of.credited, of.accrued, of.exposure, of.supplier_open]
        lines.append([of.partner, of.currency, *by_class, *money])
    _fill(book.create_sheet("Totals"), [*header, "credited", "accrued", "exposure", "supplier_open"], lines)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _value(row: Row, name: str) -> Value:
    value: Value = getattr(row, name)
    return date.fromisoformat(value) if name == "last_on" and isinstance(value, str) and value else value


def _fill(sheet: Worksheet, header: list[str], lines: Iterable[list[Value]]) -> None:
    sheet.append(header)
    for at, line in enumerate(lines, start=2):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(at, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
