"""Rows of the store as plain dicts, and counts that stay cheap when tables grow."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from gateway.store import Snapshot

Record = dict[str, Any]

COUNT_LIMIT = 10_000  # a list says "more than" beyond it: nobody pages that far, and counting further costs


def records(snapshot: Snapshot, statement: sa.Executable) -> list[Record]:
    return [dict(row) for row in snapshot.execute(statement).mappings()]


def one(snapshot: Snapshot, statement: sa.Executable) -> Record | None:
    """The only row, or None."""
    found = snapshot.execute(statement).mappings().one_or_none()
    return dict(found) if found is not None else None


def counts(snapshot: Snapshot, column: sa.Column[Any], *conditions: sa.ColumnElement[bool]) -> dict[str, int]:
    """How many rows there are of each value of a column."""
    wanted = sa.select(column, sa.func.count()).where(*conditions).group_by(column).order_by(column)
    return {str(value): int(count) for value, count in snapshot.execute(wanted)}


def values(snapshot: Snapshot, column: sa.Column[Any]) -> list[str]:
    """The different values of a column, in order, without "". A seek in its index for each, however many rows.

    (No database here skips from value to value by itself: DISTINCT reads the whole index.)
    """
    found = sa.select(sa.func.min(column).label("value")).cte("found", recursive=True)
    following = sa.select(sa.func.min(column)).where(column > found.c.value).scalar_subquery()
    found = found.union_all(sa.select(following).where(found.c.value.is_not(None)))
    wanted = sa.select(found.c.value).where(found.c.value.is_not(None), found.c.value != "")
    return [str(value) for value in snapshot.execute(wanted).scalars()]


def count_up_to(snapshot: Snapshot, statement: sa.Select[Any], limit: int = COUNT_LIMIT) -> int:
    """How many rows a query has, counted no further than `limit` + 1."""
    some = (
        statement.with_only_columns(sa.literal(1), maintain_column_froms=True)
        .order_by(None)
        .limit(limit + 1)
        .subquery()
    )
    return int(snapshot.scalar(sa.select(sa.func.count()).select_from(some)) or 0)


def contains(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """The column has the text somewhere in it, whatever its case; `%` and `_` mean themselves."""
    return column.icontains(text, autoescape=True)


def findings(text: str) -> list[Record]:
    """The findings column as a list of findings, each with every key that a finding may have."""
    return [{"column": "", "loop": ""} | each for each in json.loads(text)]


def decoded_findings(rows: list[Record]) -> list[Record]:
    """The rows with their findings as lists instead of JSON text."""
    return [row | {"findings": findings(row["findings"])} for row in rows]
