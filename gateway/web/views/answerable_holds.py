"""Holds as several pages show them: the store's row and how to answer it."""

from __future__ import annotations

from gateway.holds import answers_to
from gateway.store.read.table_rows import HoldRow


class AnswerableHold(HoldRow):
    """A row of the store and the decisions that answer it (`returns-gateway resolve NUMBER DECISION`).

    `needs`: decision → what it needs beside its name, as `line=NUMBER`.
    """

    answers: list[str]
    needs: dict[str, str]


def with_answers(rows: list[HoldRow]) -> list[AnswerableHold]:
    """Rows of Holds with the decisions that answer them."""
    return [_with_answers(row) for row in rows]


def _with_answers(row: HoldRow) -> AnswerableHold:
    answers = answers_to(row["class"], row["posting_key"])
    return {
        **row,
        "answers": [answer.name for answer in answers],
        "needs": {answer.name: answer.needs for answer in answers if answer.needs},
    }
