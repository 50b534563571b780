"""Holds: what waits for a person, the oldest first."""

from __future__ import annotations

from typing import Annotated, TypedDict

from fastapi import Query

from gateway.store.read import holds as query
from gateway.web.page import Page
from gateway.web.sources import PageSources
from gateway.web.views.answerable_holds import AnswerableHold, with_answers
from gateway.web.views.list_filters import HoldFilter


class HoldsData(TypedDict):
    """`asked`: the filters that are set, by name. `choices`: what each may be set to. `next`: the last number shown,
    if more may follow. `total` is counted to a limit (gateway.store.read).
    """

    as_of: str
    asked: dict[str, object]
    narrowed: bool
    choices: dict[str, list[str]]
    total: int
    holds: list[AnswerableHold]
    next: int | None


def read_holds(sources: PageSources, filters: Annotated[HoldFilter, Query()]) -> HoldsData:
    """One page of Holds."""
    with sources.store.read() as snapshot:
        rows, total = query.listed(snapshot, filters.page())
        may_follow = len(rows) == filters.size
        return {
            "as_of": sources.as_of(),
            "asked": filters.asked(),
            "narrowed": filters.narrowed(),
            "choices": query.choices(snapshot),
            "total": total,
            "holds": with_answers(rows),
            "next": rows[-1]["id"] if may_follow else None,
        }


PAGE = Page("/holds", "Holds", "holds.html", read_holds)
