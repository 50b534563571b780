"""The check of money: what the ERP was told and what it confirmed is what is due, return by return.

A return is judged by the policy in force if that has not changed since it was opened. One that has lived under two
policies has credits of both: its postings are compared with each other and with the ERP's word only.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.configuration import Configuration, stored_configuration
from gateway.partners import PartnersError
from gateway.returns import Policy, money_gaps
from gateway.store import Snapshot
from gateway.store.returns import returns
from gateway.store.system import steps
from gateway.store.system.configurations import Versions, files_of
from gateway.verify.compared import Comparison


def money(compared: Comparison) -> Iterator[str | None]:
    """No money comes from nowhere or goes nowhere."""
    policies = _PoliciesInForce(compared.snapshot)
    for loaded in returns.loaded_all(compared.snapshot):
        return_ = loaded.aggregate
        gaps = money_gaps(return_, policies.since(return_.opened_at, return_.partner))
        if not gaps:
            yield None
        yield from (f"return {return_.return_no}: {gap}" for gap in gaps)


class _PoliciesInForce:
    """The policies of the last decided step, and since when each has been as it is."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._versions = Versions.read(snapshot)
        self._now: Configuration | None = None
        self._before: list[tuple[str, Configuration | None]] = []
        self._changed_at: dict[str, str] = {}
        last_steps = steps.last_by_configuration(snapshot)
        if last_steps:
            self._now = self._configuration(last_steps[0][0], None)
        previous = self._now
        for version, at in last_steps[1:] if self._now else ():
            earlier = self._configuration(version, previous)
            previous = earlier or previous
            self._before.append((at, earlier))

    def _configuration(self, version: str, like: Configuration | None) -> Configuration | None:
        """A configuration that was in force once; None if it cannot be read any more."""
        try:
            hashes = self._versions.folders(version)
            return stored_configuration(hashes, lambda digest: files_of(self._snapshot, digest), like)
        except (LookupError, PartnersError):
            return None

    def since(self, opened_at: str, partner: str) -> Policy | None:
        """The policy of a partner's returns; None if it was another one at this instant or later."""
        if self._now is None:
            return None
        policy = self._now.policy(partner)
        if partner not in self._changed_at:
            terms = _terms(policy)
            others = (at for at, was in self._before if was is None or _terms(was.policy(partner)) != terms)
            self._changed_at[partner] = next(others, "")
        return policy if opened_at > self._changed_at[partner] else None


def _terms(policy: Policy) -> str:
    """What of a policy money can depend on, as text: all of it but for where things go."""
    return policy.model_dump_json(exclude={"routes"})
