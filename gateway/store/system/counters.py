"""Numbers we allot: a row each, moved in the transaction that uses the number, so that none is lost or used twice.

What may turn out not to be written takes its number `on_trial`: without bytes there is no number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction, insert
from gateway.store.tables import counter

LARGEST_CONTROL_NUMBER = 999_999_999  # nine digits: ISA13, GS06

_NEXT = sa.text(
    """
    INSERT INTO counter (name, n, epoch) VALUES (:name, 1, 0)
    ON CONFLICT (name) DO UPDATE SET
        n = CASE WHEN counter.n >= :maximum THEN 1 ELSE counter.n + 1 END,
        epoch = counter.epoch + CASE WHEN counter.n >= :maximum THEN 1 ELSE 0 END
    RETURNING n, epoch
    """
)


def next_(tx: Transaction, name: str, maximum: int = LARGEST_CONTROL_NUMBER) -> tuple[int, int]:
    """The next number of this counter and its epoch: 1, 2 … maximum, then 1 again (never 0) in the next epoch."""
    row = tx.execute(_NEXT, {"name": name, "maximum": maximum}).one()
    return int(row[0]), int(row[1])


@contextmanager
def on_trial(tx: Transaction) -> Iterator[Callable[[], None]]:
    """Whatever the block does to the store, numbers taken too, is undone if it raises, or calls what it is given."""
    with tx.begin_nested() as savepoint:
        yield savepoint.rollback


def start(tx: Transaction, name: str, last_used: int) -> None:
    """Let a counter that has given no number yet continue after `last_used` (taking over from another system).

    Raises ValueError if it has already given numbers.
    """
    inserted = tx.execute(
        insert(tx, counter)
        .values(name=name, n=last_used, epoch=0)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(counter.c.name)
    )
    if inserted.first() is None:
        raise ValueError(f"counter {name} has already given numbers")


@dataclass(frozen=True, slots=True)
class Counter:
    """The last number a counter gave, and its epoch: how often it has begun again at 1."""

    n: int
    epoch: int


def with_prefix(snapshot: Snapshot, prefix: str) -> dict[str, Counter]:
    """The counters whose names begin so, by the rest of their name."""
    query = sa.select(counter).where(counter.c.name.startswith(prefix))
    return {row.name.removeprefix(prefix): Counter(row.n, row.epoch) for row in snapshot.execute(query)}


def current(snapshot: Snapshot, name: str) -> tuple[int, int]:
    """The last number given and its epoch; (0, 0) if none was."""
    row = snapshot.execute(sa.select(counter.c.n, counter.c.epoch).where(counter.c.name == name)).one_or_none()
    return (0, 0) if row is None else (row.n, row.epoch)
