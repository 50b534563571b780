"""Words that the tests of the sweep share."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gateway.store.tables import due, hold
from tests.gateway.whole_gateway import Whole


def holds_of(whole: Whole, class_: str, state: str = "open") -> list[dict[str, Any]]:
    """Rows of the Holds of a class."""
    return whole.rows(sa.select(hold).where(hold.c["class"] == class_, hold.c.state == state))


def clock_of(whole: Whole, key: str) -> dict[str, Any]:
    """The row of a clock."""
    return whole.rows(sa.select(due).where(due.c.key == key))[0]


def ask(whole: Whole) -> None:
    """Northgate asks for its returns."""
    whole.reference_data()
    whole.drop("northgate", "180-requests.edi")
    whole.work()
