"""What returns take back of each sale: sums, so that a request asks one row and not every earlier return."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa

from gateway.returns import SaleItem
from gateway.store.database import Snapshot, Transaction, insert
from gateway.store.tables import return_, taken_back

# Built once: building a statement costs more than running it.
_TAKEN = sa.select(taken_back).where(taken_back.c.sale.in_(sa.bindparam("sales", expanding=True)))


def taken_back_of(snapshot: Snapshot, sales: Sequence[str]) -> dict[SaleItem, Decimal]:
    """What all returns of these sales were authorized to bring back, by item and order line."""
    rows = snapshot.execute(_TAKEN, {"sales": list(sales)}) if sales else ()
    return {(str(row.sale), str(row.item), str(row.order_line)): Decimal(row.quantity) for row in rows}


def all_taken_back(snapshot: Snapshot) -> dict[SaleItem, Decimal]:
    """The stored sums of what returns take back, by sale, item and order line."""
    return {
        (str(row.sale), str(row.item), str(row.order_line)): Decimal(row.quantity)
        for row in snapshot.execute(sa.select(taken_back))
    }


def change_taken_back(tx: Transaction, before: Mapping[SaleItem, Decimal], after: Mapping[SaleItem, Decimal]) -> None:
    """Replace a return's part of the sums: most saves change nothing of it."""
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if not changed:
        return
    sums = taken_back_of(tx, sorted({sale for sale, _, _ in changed}))
    zero = Decimal(0)
    statement = insert(tx, taken_back)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["sale", "item", "order_line"], set_={"quantity": statement.excluded.quantity}
        ),
        [
            {
                "sale": key[0],
                "item": key[1],
                "order_line": key[2],
                "quantity": str(sums.get(key, zero) + after.get(key, zero) - before.get(key, zero)),
            }
            for key in sorted(changed)
        ],
    )


def of_sales(snapshot: Snapshot, orders: Collection[str], purchase_orders: Collection[str]) -> list[str]:
    """Numbers of the returns of these orders or purchase orders."""
    of_sale: list[sa.ColumnElement[bool]] = []
    for name, numbers in (("order_number", orders), ("purchase_order", purchase_orders)):
        if numbers:
            of_sale.append(_in_body(snapshot, name).in_(sorted(numbers)))
    if not of_sale:
        return []
    return [str(row[0]) for row in snapshot.execute(sa.select(return_.c.return_no).where(sa.or_(*of_sale)))]


def _in_body(snapshot: Snapshot, name: str) -> sa.ColumnElement[str]:
    """A text of the return's body, which is JSON."""
    if snapshot.dialect.name == "postgresql":
        text: sa.ColumnElement[str] = sa.cast(return_.c.body, sa.JSON)[name].as_string()
    else:
        text = sa.func.json_extract(return_.c.body, f"$.{name}", type_=sa.Text)
    return text
