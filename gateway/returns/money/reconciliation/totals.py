"""Totals of a reconciliation per partner and currency: units and money by class, credits, liability and exposure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.model import ZERO
from gateway.returns.money.reconciliation.differences import DIFFERENCES, RowClass
from gateway.returns.money.reconciliation.rows import Row

_EXPOSED = frozenset({"advance_not_returned", "charge_not_posted"})


@dataclass(slots=True)
class Totals:
    """What the rows of one partner in one currency add up to. `quantity` and `amount` of its lines by class; `credited`
    by the ERP; `accrued`: received or due, and not credited; `exposure`: settled in advance, neither back nor charged;
    `supplier_open`: what suppliers owe.
    """

    partner: str
    currency: str
    quantity: dict[RowClass, Decimal]
    amount: dict[RowClass, Decimal]
    credited: Decimal = ZERO
    accrued: Decimal = ZERO
    exposure: Decimal = ZERO
    supplier_open: Decimal = ZERO


def totals(rows: Iterable[Row]) -> list[Totals]:
    """Totals by partner and currency, in this order."""
    found: dict[tuple[str, str], Totals] = {}
    counted: set[tuple[str, str]] = set()
    for row in rows:
        of = found.setdefault((row.partner, row.currency), Totals(row.partner, row.currency, {}, {}))
        amount = row.amount or ZERO
        if row.difference == "supplier_owes":
            of.supplier_open += amount
            continue
        of.quantity[row.class_] = of.quantity.get(row.class_, ZERO) + row.quantity
        of.amount[row.class_] = of.amount.get(row.class_, ZERO) + amount
        of.accrued += amount if DIFFERENCES[row.difference].accrues else ZERO
        of.exposure += amount if row.difference in _EXPOSED else ZERO
        if (row.return_no, row.line_no) not in counted:
            counted.add((row.return_no, row.line_no))
            of.credited += row.erp_credit_amount
    return [found[key] for key in sorted(found)]
