"""Poll a partner's remote folder: what two looks found equal is downloaded and claimed, then removed there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO, NamedTuple

from gateway.clock import Clock, instant, parse_instant
from gateway.collect.completeness import CompletionRule, is_ignored, x12_end
from gateway.disk import claim_download, downloading, drop_download, new_claim, require_space
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
from gateway.transports import Endpoint, RemoteEntry, RemoteFolder
from gateway.transports.settings import AfterFetch

REFUSED_SECONDS = 1800  # a server that refuses us is left alone so long: accounts get locked
MINIMUM_FREE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RemoteInbox:
    """The folder of one partner's server that its files come from.

    `after`: what happens to a file there once its bytes are safe here; `move_to`: the folder for "move".
    """

    partner: str
    endpoint: Endpoint[RemoteFolder]
    after: AfterFetch = "delete"
    move_to: str = ""


@dataclass(frozen=True)
class PollResult:
    """What one poll did: files downloaded, files that are there but not ready, and what is wrong."""

    fetched: int
    waiting: int
    troubles: tuple[GatewayError, ...] = ()


@dataclass(frozen=True)
class _Poll:
    """What one poll needs all along."""

    store: Store
    home: Home
    clock: Clock
    inbox: RemoteInbox
    rule: CompletionRule

    @property
    def at(self) -> str:
        return instant(self.clock.now())

    @property
    def channel(self) -> str:
        """The name under which the rows of this folder and its Faults are kept."""
        return self.inbox.endpoint.place


class _Look(NamedTuple):
    """What one look at the folder found and did."""

    fetched: int
    waiting: int
    troubles: list[GatewayError]


def poll_remote(
    store: Store,
    home: Home,
    clock: Clock,
    inbox: RemoteInbox,
    *,
    rule: CompletionRule | None = None,
    wait: float = 0.0,
) -> PollResult:
    """One session with a partner's server: list, download what is as the last look saw it, claim it, then delete or
    move it there. With `wait`, look twice in this one session, so many seconds apart.

    Takes no longer than the time limit of the account. Troubles become Faults of this place and clear by themselves;
    after a refused login or a changed host key it does not connect again for half an hour. Raises FsyncFailed.
    """
    poll = _Poll(store, home, clock, inbox, rule or CompletionRule())
    if (refused := _refused_lately(poll)) is not None:
        return PollResult(0, 0, (refused,))
    fetched, waiting, troubles = 0, 0, list[GatewayError]()
    try:
        require_space(home.inbox, MINIMUM_FREE)
        with inbox.endpoint.open() as folder:
            fetched, waiting, troubles = _look(poll, folder)
            if wait and waiting:
                clock.sleep(wait)
                second = _look(poll, folder)
                fetched, waiting, troubles = fetched + second.fetched, second.waiting, second.troubles
    except (TransportError, DiskFull) as error:
        troubles = [error]
    named = [error if error.subject.startswith(poll.channel) else _named(error, poll.channel) for error in troubles]
    faults.keep_exactly(store, poll.channel, named, at=poll.at, touch=True)
    return PollResult(fetched, waiting, tuple(named))


def _named(error: GatewayError, subject: str) -> GatewayError:
    return type(error)(error.message, subject=subject)


def _refused_lately(poll: _Poll) -> GatewayError | None:
    """The refusal of this account within the last half hour, if there was one."""
    since = instant(poll.clock.now() - timedelta(seconds=REFUSED_SECONDS))
    kinds = {code_of(kind): kind for kind in (AuthRefused, HostKeyChanged)}
    with poll.store.read() as snapshot:
        for fault in faults.open_faults(snapshot):
            if fault.class_ in kinds and fault.subject == poll.channel and fault.last_seen > since:
                return kinds[fault.class_](fault.message, subject=fault.subject)
    return None


def _look(poll: _Poll, folder: RemoteFolder) -> _Look:
    """List once, note what is new or gone, and take what the last look saw just so."""
    listed, troubles = folder.list()
    entries = [entry for entry in listed if not is_ignored(entry.name)]
    known = _note(poll, entries)
    unchanged = [(entry, known[entry.name]) for entry in entries if _same(known.get(entry.name), entry)]
    fetched, waiting = 0, len(entries) - len(unchanged)
    for entry, row in unchanged:
        try:
            if row.state == "seen":
                _fetch(poll, folder, entry, row)
                fetched += 1
            _remove(poll, folder, entry.name, row.claim)
        except IncompleteFile as error:
            troubles.append(error)
            waiting += 1
        except RemoteChanged:
            waiting += 1
        except (RemoteDenied, RemoteTooLarge) as error:
            troubles.append(error)
    return _Look(fetched, waiting, troubles)


def _note(poll: _Poll, entries: list[RemoteEntry]) -> dict[str, RemoteFile]:
    """Write down what this look sees → what the look before had seen, by name."""
    with poll.store.read() as snapshot:
        known = remote_files.known(snapshot, poll.channel)
    fresh = [entry for entry in entries if not _same(known.get(entry.name), entry)]
    gone = known.keys() - {entry.name for entry in entries}
    if fresh or gone:
        with poll.store.write() as tx:
            remote_files.removed(tx, poll.channel, gone, poll.at)
            remote_files.seen(tx, poll.channel, [_seen(poll, entry, n) for n, entry in enumerate(fresh)], poll.at)
    return known


def _same(row: RemoteFile | None, entry: RemoteEntry) -> bool:
    return row is not None and (row.size, row.mtime) == (entry.size, entry.mtime)


def _seen(poll: _Poll, entry: RemoteEntry, ordinal: int) -> remote_files.SeenFile:
    nanoseconds = int(poll.clock.now().timestamp() * 1_000_000) * 1000
    claim = remote_files.CLAIM_PREFIX + new_claim(nanoseconds, ordinal)
    return remote_files.SeenFile(entry.name, entry.size, entry.mtime, claim)


def _fetch(poll: _Poll, folder: RemoteFolder, entry: RemoteEntry, row: RemoteFile) -> None:
    """Download, check that it is complete, claim. The claim stands in the row since the first look: after a crash the
    same download becomes the same claim.
    """
    try:
        with downloading(poll.home, row.claim) as sink:
            folder.fetch(entry, sink)
            waited = (poll.clock.now() - parse_instant(row.at)).total_seconds()
            if waited < poll.rule.incomplete_timeout and _lacks_its_end(sink, entry.size):
                raise IncompleteFile(f"{entry.size} bytes without an end.", subject=f"{poll.channel}/{entry.name}")
    except GatewayError:
        drop_download(poll.home, row.claim)
        raise
    claim_download(poll.home, row.claim, poll.inbox.partner, entry.name)
    with poll.store.write() as tx:
        remote_files.fetched(tx, poll.channel, entry.name, poll.at)
    crashpoint("poll.fetched")


def _lacks_its_end(file: BinaryIO, size: int) -> bool:
    file.seek(0)
    head = file.read(256)
    file.seek(max(0, size - 4096))
    return x12_end(head, file.read(4096)) is False


def _remove(poll: _Poll, folder: RemoteFolder, name: str, claim: str) -> None:
    """What the partner wants of a file that we have: delete it there, move it, or leave it."""
    inbox = poll.inbox
    if inbox.after == "leave":
        return
    if inbox.after == "delete":
        folder.remove(name)
    else:
        try:
            folder.move(name, name, inbox.move_to)
        except RemoteDenied:  # most likely a file of this name lies there from an earlier time
            folder.move(name, f"{name}.{claim}", inbox.move_to)
    crashpoint("poll.removed")
    with poll.store.write() as tx:
        remote_files.removed(tx, poll.channel, [name], poll.at)
