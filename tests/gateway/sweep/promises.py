"""Words that the tests of the sweep share."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gateway.store.tables import due, hold
from tests.homes import GatewayAtWork


def holds_of(gateway: GatewayAtWork, class_: str, state: str = "open") -> list[dict[str, Any]]:
    """Rows of the Holds of a class."""
    return gateway.rows(sa.select(hold).where(hold.c["class"] == class_, hold.c.state == state))


def clock_of(gateway: GatewayAtWork, key: str) -> dict[str, Any]:
    """The row of a clock."""
    return gateway.rows(sa.select(due).where(due.c.key == key))[0]


def ask(gateway: GatewayAtWork) -> None:
    """Northgate asks for its returns."""
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
