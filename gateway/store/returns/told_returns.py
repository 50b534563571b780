"""What partners were told of their returns in status files, and which returns have changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction
from gateway.store.tables import return_

AT_ONCE = 500

# A literal, not a parameter: the database must see that its partial index has all of these rows.
_UNTOLD = sa.text("told_version < version")


def untold(snapshot: Snapshot, partner: str, limit: int) -> list[str]:
    """Returns of a partner that have changed since its last status file, by number."""
    query = sa.select(return_.c.return_no).where(return_.c.partner == partner, _UNTOLD)
    return [str(row[0]) for row in snapshot.execute(query.order_by(return_.c.return_no).limit(limit))]


def told(snapshot: Snapshot, return_nos: Sequence[str]) -> dict[str, str]:
    """What the partner was told last of each of these returns, as a digest; "" for nothing yet."""
    query = sa.select(return_.c.return_no, return_.c.told).where(return_.c.return_no.in_(return_nos))
    return {str(number): str(digest) for number, digest in snapshot.execute(query)}


def mark_told(tx: Transaction, digests: Mapping[str, str]) -> None:
    """Note what the partner is told of these returns as they stand now."""
    if digests:
        number: sa.BindParameter[str] = sa.bindparam("of_return")
        statement = return_.update().where(return_.c.return_no == number)
        tx.execute(
            statement.values(told=sa.bindparam("of_told"), told_version=return_.c.version),
            [{"of_return": number, "of_told": digest} for number, digest in digests.items()],
        )


def tell_again(tx: Transaction, return_nos: Sequence[str]) -> None:
    """Time has changed what these returns' partners are to be told, and nothing else of them."""
    for first in range(0, len(return_nos), AT_ONCE):
        batch = return_nos[first : first + AT_ONCE]
        tx.execute(return_.update().where(return_.c.return_no.in_(batch)).values(told_version=0))
