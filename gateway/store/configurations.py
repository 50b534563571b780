"""Which policy was in force when: written when it changes, so that decisions can be made again the same way."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from gateway.returns import Policy
from gateway.store.database import Snapshot, Transaction, insert
from gateway.store.tables import config_version

HOUSE = ""


def note(tx: Transaction, policies: Mapping[str, Policy], at: str) -> int:
    """Write the policies that are not the last ones known of their partner → how many. HOUSE is everybody else's."""
    known = _last_hashes(tx)
    written = 0
    for partner in sorted({*policies, *known}):
        body = policies.get(partner, policies[HOUSE]).model_dump_json()
        digest = hashlib.sha256(body.encode()).hexdigest()
        if known.get(partner) == digest:
            continue
        statement = insert(tx, config_version).values(partner=partner, at=at, hash=digest, body=body)
        again = {"hash": statement.excluded.hash, "body": statement.excluded.body}
        tx.execute(statement.on_conflict_do_update(index_elements=["partner", "at"], set_=again))
        written += 1
    return written


def _last_hashes(conn: Snapshot) -> dict[str, str]:
    last = sa.select(config_version.c.partner, sa.func.max(config_version.c.at).label("at")).group_by(
        config_version.c.partner
    )
    newest = last.subquery()
    query = sa.select(config_version.c.partner, config_version.c.hash).join(
        newest, sa.and_(config_version.c.partner == newest.c.partner, config_version.c.at == newest.c.at)
    )
    return {str(partner): str(digest) for partner, digest in conn.execute(query)}


@dataclass(slots=True)
class History:
    """Every policy that ever was in force, read once."""

    instants: dict[str, list[str]] = field(default_factory=dict)
    policies: dict[str, list[Policy]] = field(default_factory=dict)

    @classmethod
    def read(cls, conn: Snapshot) -> History:
        history = cls()
        for row in conn.execute(sa.select(config_version).order_by(config_version.c.partner, config_version.c.at)):
            history.instants.setdefault(str(row.partner), []).append(str(row.at))
            history.policies.setdefault(str(row.partner), []).append(Policy.model_validate_json(row.body))
        return history

    def at(self, moment: str) -> Callable[[str], Policy]:
        """The policies as they were at an instant. Raises LookupError for a time before anything was noted."""

        def policy(partner: str) -> Policy:
            found = self._of(partner, moment) or self._of(HOUSE, moment)
            if found is None:
                raise LookupError(f"no policy was noted before {moment}")
            return found

        return policy

    def _of(self, partner: str, moment: str) -> Policy | None:
        place = bisect_right(self.instants.get(partner, []), moment)
        return self.policies[partner][place - 1] if place else None
