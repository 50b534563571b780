"""The rows about returns that must come out again as they are stored, table by table, in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from gateway.holds import OF_RETURNS
from gateway.store.database import Snapshot
from gateway.store.tables import (
    business_event,
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

# What a row is known by: the values of the columns that its table is ordered by.
Key = tuple[str | int, ...]
ComparedRow = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """A table whose rows are compared.

    `ignored` are the columns that no decision makes, `where` says which rows are about returns (None for all), and
    `ordered_by` what rows are known by (none for the primary key).
    """

    table: sa.Table | sa.Alias | sa.Subquery
    ignored: frozenset[str] = frozenset()
    where: sa.ColumnElement[bool] | None = None
    ordered_by: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.table.name

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns that a row is known by."""
        return self.ordered_by or tuple(column.name for column in self.table.primary_key)

    def of_returns(self, return_nos: Sequence[str]) -> ComparedTable | None:
        """The rows of these returns only; None if the rows of this table name no return."""
        if "return_no" not in self.table.c:
            return None
        mine = self.table.c.return_no.in_(return_nos)
        return replace(self, where=mine if self.where is None else sa.and_(self.where, mine))


# Beside the Holds of returns, those that no return names: of ERP results, and of documents that wait.
_HOLDS = sa.or_(hold.c.return_no != "", hold.c["class"].in_(sorted(OF_RETURNS)))
# The events of each return, numbered by themselves: what happened to others meanwhile makes no difference.
_EVENTS = sa.select(
    business_event,
    sa.func.row_number().over(partition_by=business_event.c.return_no, order_by=business_event.c.seq).label("place"),
).subquery(business_event.name)
COMPARED_TABLES: tuple[ComparedTable, ...] = (
    ComparedTable(return_, frozenset({"told_version", "told"})),
    ComparedTable(return_key),
    ComparedTable(return_document),
    ComparedTable(movement),
    ComparedTable(posting),
    ComparedTable(hold, frozenset({"id", "intake_id"}), _HOLDS, ordered_by=("key",)),
    ComparedTable(taken_back),
    ComparedTable(_EVENTS, frozenset({"seq"}), ordered_by=("return_no", "place")),
    ComparedTable(document, where=document.c.kind != "acknowledgment"),
    ComparedTable(parked_key),
    ComparedTable(due, where=due.c.return_no != ""),
    ComparedTable(reference),
    ComparedTable(period_close),
)


def rows_in_order(compared: ComparedTable, snapshot: Snapshot) -> Iterator[tuple[Key, ComparedRow]]:
    """(key, row) in the order of the keys, which is the same in every database: text by its code points."""
    columns = [column for column in compared.table.c if column.name not in compared.ignored]
    key_columns = compared.key_columns
    query = sa.select(*columns).order_by(*(_by_code_points(compared.table.c[name], snapshot) for name in key_columns))
    if compared.where is not None:
        query = query.where(compared.where)
    for row in snapshot.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).mappings():
        yield tuple(row[name] for name in key_columns), dict(row)


def _by_code_points(column: sa.ColumnElement[str], snapshot: Snapshot) -> sa.ColumnElement[str]:
    postgresql = snapshot.dialect.name == "postgresql" and isinstance(column.type, sa.Text)
    return sa.collate(column, "C") if postgresql else column
