"""Partners' places on servers as endpoints, their secrets resolved at the moment of use; polling them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from gateway.clock import Clock, instant
from gateway.collect import RemoteInbox, poll_remote
from gateway.faults import SecretUnusable
from gateway.home import Home
from gateway.partners import Partner, PartnerBook
from gateway.store import Store
from gateway.store.system import faults
from gateway.transports import Endpoint, PolledInbound, RemoteOutbound, Target

# Seconds between the two looks of a poll that must do with one session (`once`).
SECOND_LOOK = 1.0

Session = TypeVar("Session")


@dataclass(frozen=True, slots=True)
class RemoteAccounts:
    """Every account of a home's partners on a server of theirs."""

    home: Home
    store: Store
    clock: Clock

    def outbound(self, book: PartnerBook) -> dict[tuple[str, str], Endpoint[Target]]:
        """Where dispatches to partners' servers go, by (partner, channel). An account whose secret is missing is left
        out, with a Fault: its dispatches wait."""
        endpoints: dict[tuple[str, str], Endpoint[Target]] = {}
        for partner in book:
            account = partner.transport.outbound
            if isinstance(account, RemoteOutbound):
                endpoint = self._resolved(f"{partner.id} {account.account()}", account.target)
                if endpoint is not None:
                    endpoints[(partner.id, account.kind)] = endpoint
        return endpoints

    def polled(self, book: PartnerBook) -> Iterator[tuple[Partner, int]]:
        """Partners whose server we poll, and every how many seconds."""
        for partner in book:
            if isinstance(partner.transport.inbound, PolledInbound):
                yield partner, partner.transport.inbound.poll_seconds

    def poll(self, partner: Partner, wait: float = 0.0) -> int:
        """One poll of one partner's server → how many files were fetched; troubles are Faults. With `wait`, both looks
        are in this one session, so many seconds apart."""
        account = partner.transport.inbound
        if not isinstance(account, PolledInbound):
            return 0
        endpoint = self._resolved(f"{partner.id} {account.account()}", account.remote)
        if endpoint is None:
            return 0
        inbox = RemoteInbox(partner.id, endpoint, account.after, account.move_to)
        return poll_remote(self.store, self.home, self.clock, inbox, wait=wait).fetched

    def poll_all(self, book: PartnerBook) -> int:
        """Poll every server once, with both looks in one session → how many files were fetched."""
        return sum(self.poll(partner, SECOND_LOOK) for partner, _ in self.polled(book))

    def _resolved(self, subject: str, resolve: Callable[[], Endpoint[Session]]) -> Endpoint[Session] | None:
        """The endpoint of an account; None if a secret of it is missing, which is a Fault of `subject` until it is
        there."""
        at = instant(self.clock.now())
        try:
            endpoint = resolve()
        except SecretUnusable as missing:
            with self.store.write() as tx:
                faults.raise_(tx, missing, subject=subject, at=at)
            return None
        with self.store.read() as snapshot:
            known = any(fault.subject == subject for fault in faults.open_faults(snapshot, SecretUnusable))
        if known:
            with self.store.write() as tx:
                faults.clear(tx, SecretUnusable, subject, at=at)
        return endpoint
