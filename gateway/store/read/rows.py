"""Rows of queries as typed dicts, and counts that stay cheap when tables grow."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar, cast

import sqlalchemy as sa

from gateway.store.database import Snapshot

# A TypedDict: its keys are the columns of the query.
QueryRow = TypeVar("QueryRow", bound=Mapping[str, object])

COUNT_LIMIT = 10_000  # a list says "more than" beyond it: nobody pages that far, and counting further costs


@dataclass(frozen=True, slots=True)
class FilePage:
    """Which files a list shows: of a partner, in a state, with a text in their name ("" for any), `size` of them.

    `before` is the id that the page begins below; 0 for the first page.
    """

    partner: str = ""
    state: str = ""
    text: str = ""
    before: int = 0
    size: int = 50


class FindingRow(TypedDict):
    """One finding as the findings columns keep it; `column` and `loop` are "" where they say nothing."""

    column: str
    loop: str
    code: str
    severity: str
    segment: str
    position: int
    element: int
    component: int
    ack_code: str
    value: str
    message: str


def records(snapshot: Snapshot, statement: sa.Executable, row_type: type[QueryRow]) -> list[QueryRow]:
    """All rows of a query. `row_type` names its columns; nothing is checked or converted."""
    return [cast(QueryRow, dict(row)) for row in snapshot.execute(statement).mappings()]


def files_page(
    snapshot: Snapshot, table: sa.Table, columns: Sequence[sa.Column[Any]], page: FilePage, row_type: type[QueryRow]
) -> tuple[list[QueryRow], int]:
    """One page of received or sent files, the newest first, and how many there are in all (counted to a limit)."""
    query = sa.select(*columns)
    if page.partner:
        query = query.where(table.c.partner == page.partner)
    if page.state:
        query = query.where(table.c.state == page.state)
    if page.text:
        query = query.where(contains(table.c.name, page.text))
    total = count_up_to(snapshot, query)
    if page.before:
        query = query.where(table.c.id < page.before)
    return records(snapshot, query.order_by(table.c.id.desc()).limit(page.size), row_type), total


def one(snapshot: Snapshot, statement: sa.Executable, row_type: type[QueryRow]) -> QueryRow | None:
    """The only row of a query, or None. Raises MultipleResultsFound if there are more."""
    row = snapshot.execute(statement).mappings().one_or_none()
    return cast(QueryRow, dict(row)) if row is not None else None


def counts(snapshot: Snapshot, column: sa.Column[str], *conditions: sa.ColumnElement[bool]) -> dict[str, int]:
    """How many rows there are of each value of a column."""
    query = sa.select(column, sa.func.count()).where(*conditions).group_by(column).order_by(column)
    return {str(value): int(count) for value, count in snapshot.execute(query)}


def values(snapshot: Snapshot, column: sa.Column[str]) -> list[str]:
    """The different values of a column, in order, without "". A seek in its index for each, however many rows.

    (No database here skips from value to value by itself: DISTINCT reads the whole index.)
    """
    found = sa.select(sa.func.min(column).label("value")).cte("found", recursive=True)
    following = sa.select(sa.func.min(column)).where(column > found.c.value).scalar_subquery()
    found = found.union_all(sa.select(following).where(found.c.value.is_not(None)))
    query = sa.select(found.c.value).where(found.c.value.is_not(None), found.c.value != "")
    return [str(value) for value in snapshot.execute(query).scalars()]


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


def findings_of(text: str) -> list[FindingRow]:
    """The findings column as a list of findings, each with every key that a finding may have."""
    return [cast(FindingRow, {"column": "", "loop": ""} | finding) for finding in json.loads(text)]
