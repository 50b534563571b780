"""The list of returns, the newest first."""

from __future__ import annotations

from typing import Annotated, TypedDict

from fastapi import Query

from gateway.store.read import returns as query
from gateway.store.read.table_rows import ReturnColumns
from gateway.web.page import Page
from gateway.web.sources import PageSources
from gateway.web.views.list_filters import ReturnFilter


class ReturnsData(TypedDict):
    """`asked`: the filters that are set, by name. `choices`: what each may be set to. `next`: the last number shown,
    if more may follow. `total` is counted to a limit (gateway.store.read).
    """

    as_of: str
    asked: dict[str, object]
    narrowed: bool
    choices: dict[str, list[str]]
    total: int
    returns: list[ReturnColumns]
    next: str | None


def read_returns(sources: PageSources, filters: Annotated[ReturnFilter, Query()]) -> ReturnsData:
    """One page of returns."""
    with sources.store.read() as snapshot:
        rows, total = query.listed(snapshot, filters.page())
        may_follow = len(rows) == filters.size
        return {
            "as_of": sources.as_of(),
            "asked": filters.asked(),
            "narrowed": filters.narrowed(),
            "choices": query.choices(snapshot),
            "total": total,
            "returns": rows,
            "next": rows[-1]["return_no"] if may_follow else None,
        }


PAGE = Page("/returns", "Returns", "returns.html", read_returns)
