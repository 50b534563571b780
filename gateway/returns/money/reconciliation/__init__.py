"""Three views of every return line side by side: what the partner says it sent, the warehouse got, the ERP booked.

Every unit stands in one row, for one cause: where the views agree it is *matched*, else *open* (something should
still come), *different* (somebody must look into it) or *settled outside* the ERP's files. `differences` names the
causes from the root to what follows from it, `figures` counts them, `rows` shares the units out, `totals` adds up.
"""

from __future__ import annotations

from gateway.returns.money.reconciliation.closing import Change, Period, changed_since, close_period
from gateway.returns.money.reconciliation.differences import DIFFERENCES, DifferenceMeaning, RowClass
from gateway.returns.money.reconciliation.excel import as_excel
from gateway.returns.money.reconciliation.rows import Row, reconcile
from gateway.returns.money.reconciliation.table import as_csv
from gateway.returns.money.reconciliation.totals import Totals, totals

__all__ = [
    "DIFFERENCES",
    "Change",
    "DifferenceMeaning",
    "Period",
    "Row",
    "RowClass",
    "Totals",
    "as_csv",
    "as_excel",
    "changed_since",
    "close_period",
    "reconcile",
    "totals",
]
