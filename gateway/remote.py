"""Partners' SFTP accounts as transport settings, their secrets resolved at the moment of use; polling them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gateway.clock import Clock, instant
from gateway.collect import poll_sftp
from gateway.faults import SecretUnusable
from gateway.home import Home
from gateway.partners import Partner, PartnerBook, SecretRef, SftpAccount, SftpInbound, SftpOutbound
from gateway.store import Store
from gateway.store.system import faults
from gateway.transports.sftp import SftpSettings

# Seconds between the two looks of a poll that must do with one session (`once`).
SECOND_LOOK = 1.0


@dataclass(frozen=True, slots=True)
class Remotes:
    """Every remote account of a home's partners."""

    home: Home
    store: Store
    clock: Clock

    def outbound(self, book: PartnerBook) -> dict[tuple[str, str], SftpSettings]:
        """Where dispatches of SFTP partners go, by (partner, channel). An account whose secret is missing is left out,
        with a Fault: its dispatches wait."""
        settings: dict[tuple[str, str], SftpSettings] = {}
        for partner in book:
            account = partner.transport.outbound
            if isinstance(account, SftpOutbound):
                resolved = self._settings(partner, account)
                if resolved is not None:
                    settings[(partner.id, account.kind)] = resolved
        return settings

    def polled(self, book: PartnerBook) -> Iterator[tuple[Partner, int]]:
        """Partners whose server we poll, and every how many seconds."""
        for partner in book:
            if isinstance(partner.transport.inbound, SftpInbound):
                yield partner, partner.transport.inbound.poll_seconds

    def poll(self, partner: Partner, wait: float = 0.0) -> int:
        """One poll of one partner's server → how many files were fetched; troubles are Faults."""
        account = partner.transport.inbound
        if not isinstance(account, SftpInbound):
            return 0
        settings = self._settings(partner, account)
        if settings is None:
            return 0
        return poll_sftp(self.store, self.home, self.clock, partner.id, settings, wait=wait).fetched

    def poll_all(self, book: PartnerBook) -> int:
        """Poll every server once, with both looks in one session."""
        return sum(self.poll(partner, SECOND_LOOK) for partner, _ in self.polled(book))

    def _settings(self, partner: Partner, account: SftpAccount) -> SftpSettings | None:
        at = instant(self.clock.now())
        subject = f"{partner.id} {account.account()}"
        try:
            settings = settings_of(account)
        except SecretUnusable as missing:
            with self.store.write() as tx:
                faults.raise_(tx, missing, subject=subject, at=at)
            return None
        with self.store.read() as snapshot:
            known = any(fault.subject == subject for fault in faults.open_faults(snapshot, SecretUnusable))
        if known:
            with self.store.write() as tx:
                faults.clear(tx, SecretUnusable, subject, at=at)
        return settings


def settings_of(account: SftpAccount) -> SftpSettings:
    """An account as configured → what the transport needs. Raises SecretUnusable for a secret that is not there."""
    common = SftpSettings(
        host=account.host,
        user=account.user,
        host_keys=account.host_keys,
        port=account.port,
        key=_secret(account.key),
        key_passphrase=_secret(account.key_passphrase),
        password=_secret(account.password),
        time_limit=float(account.time_limit_seconds),
    )
    if isinstance(account, SftpInbound):
        return replace(common, path=account.path, pattern=account.pattern, after=account.after, move_to=account.move_to)
    if isinstance(account, SftpOutbound):
        return replace(common, path=account.path, temporary_suffix=account.temporary_suffix)
    return common


def _secret(reference: SecretRef | None) -> str:
    return reference.resolve() if reference is not None else ""
