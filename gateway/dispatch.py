"""Dispatch: pending → staged → delivered, for every outbound file, in the order of each partner's channel.

The rows are committed between the effects, so that a restart knows what a crash left: `staged` with its private file
there means "not yet published", without it "published, perhaps already picked up".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from gateway.clock import Clock, instant, parse_instant
from gateway.disk import plain_name, read_archive, verify_archive
from gateway.faults import (
    AlreadyThere,
    ArchiveCorrupt,
    ArchiveMissing,
    DiskFull,
    FolderUnusable,
    GatewayError,
    OutputNameUnsafe,
    RemoteConflict,
    TransportError,
    TransportUnknown,
    crashpoint,
)
from gateway.holds import HoldSubject, new_hold
from gateway.home import Home
from gateway.store import Store
from gateway.store.files import deliveries
from gateway.store.files.dispatches import Dispatch
from gateway.store.people import holds
from gateway.store.returns import returns
from gateway.store.system import faults
from gateway.transports import Endpoint, Outgoing, Target
from gateway.transports.outbox import outbox

FOLDER = "folder"
GROUP = 200  # files that share syncs and commits
_FIRST_DELAY = 1.0  # seconds; doubles with every attempt
_LONGEST_DELAY = 900.0
_REFUSED_DELAY = 1800.0  # a server that refuses us is not asked again soon: accounts get locked

# By partner and channel (whatever is not "folder"), where to deliver. The channel "folder" needs no entry.
Endpoints = Mapping[tuple[str, str], Endpoint[Target]]


@dataclass(frozen=True)
class _Delivery:
    """What delivering over one channel needs; without `partner`, for all partners together."""

    store: Store
    home: Home
    clock: Clock
    channel: str
    partner: str | None = None

    @property
    def at(self) -> str:
        return instant(self.clock.now())

    def due(self) -> list[Dispatch]:
        """The next files that may be sent now, in their order."""
        with self.store.read() as snapshot:
            return deliveries.due(snapshot, self.at, channel=self.channel, partner=self.partner, limit=GROUP)


def dispatch_all(store: Store, home: Home, endpoints: Endpoints, clock: Clock) -> int:
    """Deliver everything that may be sent now → how many files were delivered.

    What fails for a passing reason is tried again later, and what stands behind it in its channel waits; what a person
    must decide becomes a Hold. Trouble with one partner's channel is a Fault and touches no other. Raises FsyncFailed.
    """
    delivered = dispatch_folders(store, home, clock)
    with store.read() as snapshot:
        channels = deliveries.waiting_channels(snapshot)
    for partner, channel in channels:
        if channel != FOLDER:
            delivered += dispatch_channel(store, home, endpoints, clock, partner, channel)
    return delivered


def dispatch_folders(store: Store, home: Home, clock: Clock) -> int:
    """Deliver what goes into outbox/, all partners together → how many files."""
    return _drain(_Delivery(store, home, clock, FOLDER), outbox(home))


def dispatch_channel(store: Store, home: Home, endpoints: Endpoints, clock: Clock, partner: str, channel: str) -> int:
    """Deliver what waits for one partner's remote channel, in one session → how many files. May run in a thread of its
    own; it takes no longer than the session limit of the account.
    """
    delivery = _Delivery(store, home, clock, channel, partner)
    endpoint = endpoints.get((partner, channel))
    if endpoint is None:
        _put_off(delivery, delivery.due(), TransportUnknown())
        return 0
    return _drain(delivery, endpoint)


def _drain(delivery: _Delivery, endpoint: Endpoint[Target]) -> int:
    """Deliver batch after batch to one target, until nothing is due or a batch moves nothing."""
    delivered = 0
    tried: set[tuple[int, str, int]] = set()
    batch = delivery.due()
    if not batch:
        return 0
    try:
        with endpoint.open() as target:
            while batch and not tried.issuperset(_signature(batch)):
                tried |= _signature(batch)
                delivered += _deliver(delivery, target, batch)
                batch = delivery.due()
    except TransportError as error:  # the session as a whole: nothing is known to be wrong with any one file
        _put_off(delivery, delivery.due(), error)
    return delivered


def _signature(batch: Sequence[Dispatch]) -> set[tuple[int, str, int]]:
    return {(item.id, item.state, item.attempts) for item in batch}


def _deliver(delivery: _Delivery, target: Target, batch: Sequence[Dispatch]) -> int:
    """Stage and publish one batch of one channel → how many were delivered. A partner whose file must wait keeps its
    order: nothing behind that file goes out.
    """
    blocked: set[str] = set()
    published: list[tuple[Dispatch, Outgoing, str]] = []
    try:
        for item, outgoing in _stage(delivery, target, batch, blocked):
            if item.partner in blocked:
                continue
            try:
                published.append((item, outgoing, target.publish(outgoing)))
            except (AlreadyThere, RemoteConflict) as error:
                target.discard(outgoing)
                _hold(delivery, item, error)
            except FolderUnusable as error:
                _put_off(delivery, [item], error)
                blocked.add(item.partner)
    finally:
        _confirm(delivery, target, published)
    return len(published)


def _confirm(delivery: _Delivery, target: Target, published: Sequence[tuple[Dispatch, Outgoing, str]]) -> None:
    if not published:
        return
    target.finish([outgoing for _, outgoing, _ in published])
    crashpoint("dispatch.finished")
    with delivery.store.write() as tx:
        deliveries.delivered(tx, [(item, proof) for item, _, proof in published], delivery.at)
        for subject in {_subject(item) for item, _, _ in published}:
            faults.clear_subject(tx, subject, at=delivery.at)
    crashpoint("dispatch.delivered")


def _stage(
    delivery: _Delivery, target: Target, batch: Sequence[Dispatch], blocked: set[str]
) -> list[tuple[Dispatch, Outgoing]]:
    """Stage what is pending → everything of the batch that is staged now, in its order."""
    sound = [(item, _outgoing(delivery.home, item)) for item in batch if _is_sound(delivery, item)]
    pending = [(item, outgoing) for item, outgoing in sound if item.state == "pending"]
    if not pending:
        return sound
    try:
        target.stage([outgoing for _, outgoing in pending])
    except (DiskFull, FolderUnusable) as error:
        _put_off(delivery, [item for item, _ in pending], error)
        blocked.update(item.partner for item, _ in pending)
        return [(item, outgoing) for item, outgoing in sound if item.state == "staged"]
    crashpoint("dispatch.staged")
    with delivery.store.write() as tx:
        moved = {item.id for item in deliveries.staged(tx, [item for item, _ in pending], delivery.at)}
    crashpoint("dispatch.stage.committed")
    return [(item, outgoing) for item, outgoing in sound if item.state == "staged" or item.id in moved]


def _is_sound(delivery: _Delivery, item: Dispatch) -> bool:
    """Whether name and bytes may leave; if not, a person decides and the files behind it go on."""
    try:
        if not plain_name(item.name) or not plain_name(item.partner):
            raise OutputNameUnsafe(f"{item.partner}/{item.name} is not a plain file name.")
        if item.data is None and item.state == "pending":
            verify_archive(delivery.home, item.sha256)
    except (OutputNameUnsafe, ArchiveMissing, ArchiveCorrupt) as error:
        _hold(delivery, item, error)
        return False
    return True


def _outgoing(home: Home, item: Dispatch) -> Outgoing:
    def content() -> bytes:
        return item.data if item.data is not None else read_archive(home, item.sha256)

    return Outgoing(item.id, item.partner, item.name, item.size, item.sha256, content)


def _subject(item: Dispatch) -> str:
    return f"{item.channel}:{item.partner}"


def _put_off(delivery: _Delivery, items: Sequence[Dispatch], error: GatewayError) -> None:
    """Let the first file of each partner's channel wait (those behind it wait with it), and say so in a Fault."""
    heads = {_subject(item): item for item in reversed(items)}
    with delivery.store.write() as tx:
        for subject, item in heads.items():
            delay = min(_FIRST_DELAY * 2.0 ** min(item.attempts, 30), _LONGEST_DELAY) if error.retry else _REFUSED_DELAY
            next_try = instant(delivery.clock.now() + timedelta(seconds=delay))
            deliveries.put_off(tx, item, str(error), next_try, delivery.at)
            faults.raise_(tx, error, at=delivery.at, subject=subject)


def _hold(delivery: _Delivery, item: Dispatch, error: GatewayError) -> None:
    """This file needs a person: a Hold of class out_conflict, or dispatch_failed."""
    class_ = "out_conflict" if isinstance(error, (AlreadyThere, RemoteConflict)) else "dispatch_failed"
    with delivery.store.write() as tx:
        deliveries.hold(tx, item, str(error), delivery.at)
        subject = HoldSubject(item.partner, item.return_no, intake_id=item.intake_id)
        key = f"{class_}:dispatch:{item.id}"
        new = new_hold(class_, key, subject, name=item.name, trouble=error.message, remedy=error.remedy)
        holds.open_(tx, new, delivery.at, reopen=True)
        if item.return_no:
            returns.refresh(tx, [item.return_no], parse_instant(delivery.at))
