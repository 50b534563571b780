"""Holds: what waits for a person, the oldest first."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from gateway.returns import needed_for
from gateway.store.people.hold_answers import answers_to
from gateway.store.read import holds as query
from gateway.store.read.table_rows import HoldRow
from gateway.web.reading import Data, From
from gateway.web.views.filters import HoldFilter


def holds(reading: From, asked: Annotated[HoldFilter, Query()]) -> Data:
    """One page of holds."""
    with reading.store.read() as snapshot:
        state = "" if asked.state == "all" else asked.state
        page = query.HoldPage(state, asked.class_, asked.owner, asked.partner, asked.after, asked.size)
        rows, total = query.listed(snapshot, page)
        more = len(rows) == asked.size
        return {
            "as_of": reading.as_of(),
            "asked": asked.asked(),
            "narrowed": asked.narrowed(),
            "choices": query.choices(snapshot),
            "total": total,
            "holds": with_answers(rows),
            "next": rows[-1]["id"] if more else None,
        }


def with_answers(rows: list[HoldRow]) -> list[Data]:
    """Holds with the decisions that answer them (`returns-gateway resolve NUMBER DECISION`).

    `needs` says what a decision needs beside its name, as `line=NUMBER`.
    """
    return [{**row, **_answers(row)} for row in rows]


def _answers(row: HoldRow) -> Data:
    answers = list(answers_to(row["class"], row["intake_id"], row["posting_key"]))
    return {"answers": answers, "needs": {each: needed_for(each) for each in answers if needed_for(each)}}
