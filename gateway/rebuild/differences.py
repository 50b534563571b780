"""What is not the same in the store and in what was made again: two streams of rows in the same order, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from gateway.holds import OF_RETURNS
from gateway.store import Snapshot
from gateway.store.tables import (
    document,
    due,
    hold,
    movement,
    parked_key,
    period_close,
    posting,
    reference,
    return_,
    return_document,
    return_key,
    taken_back,
)

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """A table: what its rows are known by, the columns that no decision makes, and which rows are about returns."""

    table: sa.Table
    ignored: frozenset[str] = frozenset()
    where: sa.ColumnElement[bool] | None = None
    by: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        return self.by or tuple(column.name for column in self.table.primary_key)


# Beside the Holds of returns, those that no return names: of ERP results, and of documents that wait.
_HOLDS = sa.or_(hold.c.return_no != "", hold.c["class"].in_(sorted(OF_RETURNS)))
COMPARED: tuple[Compared, ...] = (
    Compared(return_, frozenset({"told_version", "told"})),
    Compared(return_key),
    Compared(return_document),
    Compared(movement),
    Compared(posting),
    Compared(hold, frozenset({"id", "intake_id"}), _HOLDS, by=("key",)),
    Compared(taken_back),
    Compared(document, where=document.c.kind != "acknowledgment"),
    Compared(parked_key),
    Compared(due, where=due.c.return_no != ""),
    Compared(reference),
    Compared(period_close),
)


def differences(stored: Snapshot, made: Snapshot) -> Iterator[str]:
    """Every row that is in one of the two only, or not the same in both."""
    for each in COMPARED:
        yield from _of_table(each, stored, made)


def differences_of(stored: Snapshot, made: Snapshot, numbers: Sequence[str]) -> Iterator[str]:
    """As `differences`, of these returns only."""
    for each in COMPARED:
        if "return_no" in each.table.c:
            mine = each.table.c.return_no.in_(numbers)
            where = mine if each.where is None else sa.and_(each.where, mine)
            yield from _of_table(replace(each, where=where), stored, made)


def _of_table(compared: Compared, stored: Snapshot, made: Snapshot) -> Iterator[str]:
    before, now = _rows(compared, stored), _rows(compared, made)
    left, right = next(before, None), next(now, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] < right[0]):
            assert left is not None
            yield f"{_name(compared, left[0])} is stored, and was not decided again"
            left = next(before, None)
        elif left is None or right[0] < left[0]:
            yield f"{_name(compared, right[0])} was decided again, and is not stored"
            right = next(now, None)
        else:
            if left[1] != right[1]:
                changed = [name for name, value in left[1].items() if right[1][name] != value]
                yield f"{_name(compared, left[0])} differs in {', '.join(changed)}"
            left, right = next(before, None), next(now, None)


def _name(compared: Compared, key: tuple[Any, ...]) -> str:
    return f"{compared.table.name} {' '.join(str(part) for part in key)}"


def _rows(compared: Compared, conn: Snapshot) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """(key, row) in the order of the keys, which is the same in both databases: text by its code points."""
    columns = [column for column in compared.table.c if column.name not in compared.ignored]
    query = sa.select(*columns).order_by(*(_sorted(compared.table.c[name], conn) for name in compared.key))
    if compared.where is not None:
        query = query.where(compared.where)
    for row in conn.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).mappings():
        yield tuple(row[name] for name in compared.key), dict(row)


def _sorted(column: sa.Column[Any], conn: Snapshot) -> sa.ColumnElement[Any]:
    postgresql = conn.dialect.name == "postgresql" and isinstance(column.type, sa.Text)
    return sa.collate(column, "C") if postgresql else column
