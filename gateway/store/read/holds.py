"""Holds: what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from gateway.store.database import Snapshot
from gateway.store.read.rows import count_up_to, counts, records
from gateway.store.read.table_rows import HoldRow
from gateway.store.tables import hold

MOST_HOLDS = 200  # of one return or file, on one page


@dataclass(frozen=True, slots=True)
class HoldPage:
    """Which Holds a list shows: in a state, of a class, an owner, a partner ("" for any), `size` of them.

    `after` is the id that the page begins above; 0 for the first page.
    """

    state: str = ""
    class_: str = ""
    owner: str = ""
    partner: str = ""
    after: int = 0
    size: int = 50


def listed(snapshot: Snapshot, page: HoldPage) -> tuple[list[HoldRow], int]:
    """One page of Holds, the oldest first, and how many there are in all (counted to a limit)."""
    query = sa.select(hold)
    narrowing = (("state", page.state), ("class", page.class_), ("owner", page.owner), ("partner", page.partner))
    for column, value in narrowing:
        if value:
            query = query.where(hold.c[column] == value)
    total = count_up_to(snapshot, query)
    rows = query.where(hold.c.id > page.after).order_by(hold.c.id).limit(page.size)
    return records(snapshot, rows, HoldRow), total


def choices(snapshot: Snapshot) -> dict[str, list[str]]:
    """What the filters may be set to: the classes, owners and partners of open Holds."""
    is_open = hold.c.state == "open"
    return {
        name: [value for value in counts(snapshot, hold.c[name], is_open) if value]
        for name in ("class", "owner", "partner")
    }


def of_return(snapshot: Snapshot, return_no: str) -> list[HoldRow]:
    """The Holds of a return: open ones first, then the resolved ones."""
    query = sa.select(hold).where(hold.c.return_no == return_no)
    ordered = query.order_by(sa.case((hold.c.state == "open", 0), else_=1), hold.c.id)
    return records(snapshot, ordered.limit(MOST_HOLDS), HoldRow)


def of_intake(snapshot: Snapshot, intake_id: int) -> list[HoldRow]:
    """The Holds about a received file, oldest first."""
    query = sa.select(hold).where(hold.c.intake_id == intake_id).order_by(hold.c.id)
    return records(snapshot, query.limit(MOST_HOLDS), HoldRow)
