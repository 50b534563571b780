"""Poll a partner's SFTP folder: what two looks found equal is downloaded and claimed, then removed there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from gateway.clock import Clock, instant, parse_instant
from gateway.collect.completeness import CompletionRule, ignored, x12_end
from gateway.disk import downloading, drop_download, land, new_claim, require_space
from gateway.faults import (
    AuthRefused,
    DiskFull,
    GatewayError,
    HostKeyChanged,
    IncompleteFile,
    RemoteChanged,
    RemoteDenied,
    RemoteTooLarge,
    TransportError,
    code_of,
    crashpoint,
)
from gateway.home import Home
from gateway.store import Store
from gateway.store.files import remote_files
from gateway.store.files.remote_files import RemoteFile
from gateway.store.system import faults
from gateway.transports.sftp import RemoteEntry, SftpSession, SftpSettings

REFUSED_SECONDS = 1800  # a server that refuses us is left alone so long: accounts get locked
MINIMUM_FREE = 256 * 1024 * 1024


@dataclass(frozen=True)
class Polled:
    """What one poll did: files downloaded, files that are there but not ready, and what is wrong."""

    fetched: int
    waiting: int
    troubles: tuple[GatewayError, ...] = ()


@dataclass(frozen=True)
class _Poll:
    store: Store
    home: Home
    clock: Clock
    partner: str
    settings: SftpSettings
    rule: CompletionRule

    @property
    def at(self) -> str:
        return instant(self.clock.now())

    @property
    def channel(self) -> str:
        return self.settings.place


def poll_sftp(
    store: Store,
    home: Home,
    clock: Clock,
    partner: str,
    settings: SftpSettings,
    *,
    rule: CompletionRule | None = None,
    wait: float = 0.0,
) -> Polled:
    """One session with a partner's server: list, download what is as the last look saw it, claim it, then delete or
    move it there. With `wait`, look twice in this one session, so many seconds apart.

    Takes no longer than the settings' time limit. Troubles become Faults of this server and clear by themselves; after
    a refused login or a changed host key it does not connect again for half an hour. Raises FsyncFailed.
    """
    this = _Poll(store, home, clock, partner, settings, rule or CompletionRule())
    if (refused := _refused_lately(this)) is not None:
        return Polled(0, 0, (refused,))
    fetched, waiting, troubles = 0, 0, list[GatewayError]()
    try:
        require_space(home.inbox, MINIMUM_FREE)
        with SftpSession(settings) as session:
            fetched, waiting, troubles = _look(this, session)
            if wait and waiting:
                clock.sleep(wait)
                more, waiting, troubles = _look(this, session)
                fetched += more
    except (TransportError, DiskFull) as error:
        troubles = [error]
    named = [error if error.subject.startswith(this.channel) else _named(error, this.channel) for error in troubles]
    faults.settle(store, this.channel, named, at=this.at, touch=True)
    return Polled(fetched, waiting, tuple(named))


def _named(error: GatewayError, subject: str) -> GatewayError:
    return type(error)(error.message, subject=subject)


def _refused_lately(this: _Poll) -> GatewayError | None:
    since = instant(this.clock.now() - timedelta(seconds=REFUSED_SECONDS))
    kinds = {code_of(kind): kind for kind in (AuthRefused, HostKeyChanged)}
    with this.store.read() as snapshot:
        for fault in faults.open_faults(snapshot):
            if fault.class_ in kinds and fault.subject == this.channel and fault.last_seen > since:
                return kinds[fault.class_](fault.message, subject=fault.subject)
    return None


def _look(this: _Poll, session: SftpSession) -> tuple[int, int, list[GatewayError]]:
    listed, troubles = session.listing()
    entries = [entry for entry in listed if not ignored(entry.name)]
    with this.store.read() as snapshot:
        known = remote_files.known(snapshot, this.channel)
    fresh = [entry for entry in entries if not _same(known.get(entry.name), entry)]
    gone = known.keys() - {entry.name for entry in entries}
    if fresh or gone:
        with this.store.write() as tx:
            remote_files.removed(tx, this.channel, gone, this.at)
            remote_files.seen(tx, this.channel, [_seen(this, entry, n) for n, entry in enumerate(fresh)], this.at)
    fetched, waiting = 0, len(fresh)
    for entry in entries:
        row = known.get(entry.name)
        if row is None or not _same(row, entry):
            continue
        try:
            if row.state == "seen":
                _fetch(this, session, entry, row)
                fetched += 1
            _remove(this, session, entry.name, row.claim)
        except IncompleteFile as error:
            troubles.append(error)
            waiting += 1
        except RemoteChanged:
            waiting += 1
        except (RemoteDenied, RemoteTooLarge) as error:
            troubles.append(error)
    return fetched, waiting, troubles


def _same(row: RemoteFile | None, entry: RemoteEntry) -> bool:
    return row is not None and (row.size, row.mtime) == (entry.size, entry.mtime)


def _seen(this: _Poll, entry: RemoteEntry, ordinal: int) -> remote_files.SeenFile:
    nanoseconds = int(this.clock.now().timestamp() * 1_000_000) * 1000
    claim = remote_files.CLAIM_PREFIX + new_claim(nanoseconds, ordinal)
    return remote_files.SeenFile(entry.name, entry.size, entry.mtime, claim)


def _fetch(this: _Poll, session: SftpSession, entry: RemoteEntry, row: RemoteFile) -> None:
    """Download, check that it is complete, claim. The claim stands in the row since the first look: after a crash the
    same download becomes the same claim.
    """
    shown = f"{this.channel}/{entry.name}"
    try:
        with downloading(this.home, row.claim) as sink:
            session.fetch(entry, sink)
            waited = (this.clock.now() - parse_instant(row.at)).total_seconds()
            if waited < this.rule.incomplete_timeout and _lacks_its_end(sink, entry.size):
                raise IncompleteFile(f"{entry.size} bytes without an end.", subject=shown)
    except GatewayError:
        drop_download(this.home, row.claim)
        raise
    land(this.home, row.claim, this.partner, entry.name)
    with this.store.write() as tx:
        remote_files.fetched(tx, this.channel, entry.name, this.at)
    crashpoint("sftp.fetched")


def _lacks_its_end(file: BinaryIO, size: int) -> bool:
    file.seek(0)
    head = file.read(256)
    file.seek(max(0, size - 4096))
    return x12_end(head, file.read(4096)) is False


def _remove(this: _Poll, session: SftpSession, name: str, claim: str) -> None:
    if this.settings.after == "leave":
        return
    if this.settings.after == "delete":
        session.remove(name)
    else:
        try:
            session.move(name, this.settings.move_to, name)
        except RemoteDenied:  # most likely a file of this name lies there from an earlier time
            session.move(name, this.settings.move_to, f"{name}.{claim}")
    crashpoint("sftp.removed")
    with this.store.write() as tx:
        remote_files.removed(tx, this.channel, [name], this.at)
