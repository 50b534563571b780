"""The contract of every transport in the table, run against a real place of each: see `harness.py`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO
from typing import get_args

import pytest

from gateway.collect import PollResult, RemoteInbox, poll_remote
from gateway.dispatch import Endpoints, dispatch_all
from gateway.faults import AlreadyThere, RemoteChanged, RemoteConflict, RemoteDenied, TransportError
from gateway.home import Home
from gateway.intake import take_all
from gateway.store import Store
from gateway.store.files import dispatches, intakes
from gateway.store.files.dispatches import NewDispatch
from gateway.store.people import holds
from gateway.store.system import faults
from gateway.transports import (
    TRANSPORTS,
    PolledInbound,
    RemoteEntry,
    RemoteFolder,
    RemoteOutbound,
    Target,
    transport_of,
)
from gateway.transports.outbox import outbox
from gateway.transports.settings import AfterFetch
from tests.gateway.files import AT, clock, interchange
from tests.gateway.transports.files import outgoing
from tests.gateway.transports.harness import HARNESSES, PARTNER, Harness, harness_of

POLLED = [kind for kind in TRANSPORTS if issubclass(transport_of(kind).inbound, PolledInbound)]


def test_every_transport_of_the_table_has_a_harness() -> None:
    assert [kind for kind in TRANSPORTS if kind not in HARNESSES] == []


@pytest.fixture
def harness(request: pytest.FixtureRequest, home: Home) -> Harness:
    kind: str = request.param
    if kind not in HARNESSES:
        pytest.fail(f"the transport {kind} has no harness in tests/gateway/transports/harness.py")
    return harness_of(kind, home, request)


every_transport = pytest.mark.parametrize("harness", list(TRANSPORTS), indirect=True)
every_polled_transport = pytest.mark.parametrize("harness", POLLED, indirect=True)


# --- what a partner's folder says of it


@pytest.mark.parametrize("kind", list(TRANSPORTS))
def test_the_models_are_of_the_kind_that_the_table_says(kind: str) -> None:
    transport = transport_of(kind)
    for model in (transport.inbound, transport.outbound):
        assert get_args(model.model_fields["kind"].annotation) == (kind,)


@every_transport
def test_partners_are_told_how_files_travel(harness: Harness) -> None:
    inbound, outbound = harness.transport.inbound, harness.transport.outbound
    assert inbound.sentence("").strip()
    assert outbound.sentence().strip()


@every_transport
def test_an_account_and_its_folder_belong_to_one_partner(harness: Harness) -> None:
    for side in (harness.transport.inbound, harness.transport.outbound):
        if isinstance(side, (PolledInbound, RemoteOutbound)):
            assert side.title
            assert side.account()
            elsewhere = side.model_copy(update={"path": "elsewhere"})
            assert side.account_path() != elsewhere.account_path()
        else:
            assert side.account_path() == ""


# --- delivering: what `dispatch` relies on


@dataclass(frozen=True)
class Delivery:
    """Where a transport delivers to, and how the partner sees it."""

    harness: Harness
    home: Home

    @property
    def channel(self) -> str:
        return self.harness.transport.outbound.kind

    @property
    def endpoints(self) -> Endpoints:
        outbound = self.harness.transport.outbound
        return {(PARTNER, outbound.kind): outbound.target()} if isinstance(outbound, RemoteOutbound) else {}

    def open(self) -> AbstractContextManager[Target]:
        endpoint = self.endpoints.get((PARTNER, self.channel)) or outbox(self.home)
        return endpoint.open()

    def files(self) -> dict[str, bytes]:
        return dict(self.harness.from_us)


@pytest.fixture
def delivery(harness: Harness, home: Home) -> Delivery:
    return Delivery(harness, home)


@every_transport
def test_a_staged_file_is_not_there_under_its_name(delivery: Delivery) -> None:
    with delivery.open() as target:
        target.stage([outgoing(1, b"abc")])
        assert "f1" not in delivery.files()
        assert target.publish(outgoing(1, b"abc"))
        target.finish([outgoing(1, b"abc")])
    assert delivery.files() == {"f1": b"abc"}


@every_transport
def test_publishing_may_be_repeated_at_any_time(delivery: Delivery) -> None:
    item = outgoing(1, b"abc")
    with delivery.open() as target:
        target.stage([item])
    with delivery.open() as target:  # after a restart
        target.publish(item)
    with delivery.open() as target:  # the answer was lost, the file is there
        proof = target.publish(item)
    assert proof == "published before a restart"
    assert delivery.files() == {"f1": b"abc"}
    del delivery.harness.from_us["f1"]
    with delivery.open() as target:  # the answer was lost, the reader has taken the file
        target.publish(item)
    assert delivery.files() == {}


@every_transport
def test_staging_again_is_harmless(delivery: Delivery) -> None:
    with delivery.open() as target:
        target.stage([outgoing(1, b"half of something lon")])
    with delivery.open() as target:
        target.stage([outgoing(1, b"abc")])
        target.publish(outgoing(1, b"abc"))
    assert delivery.files() == {"f1": b"abc"}


@every_transport
def test_another_file_of_that_name_is_never_replaced(delivery: Delivery) -> None:
    delivery.harness.from_us["f1"] = b"xyz"
    with delivery.open() as target:
        target.stage([outgoing(1, b"abc"), outgoing(2, b"def")])
        with pytest.raises((AlreadyThere, RemoteConflict)):
            target.publish(outgoing(1, b"abc"))
        target.discard(outgoing(1, b"abc"))
        target.publish(outgoing(2, b"def"))
    assert delivery.files() == {"f1": b"xyz", "f2": b"def"}


@every_transport
def test_the_same_bytes_under_that_name_are_the_delivery(delivery: Delivery) -> None:
    delivery.harness.from_us["f1"] = b"abc"
    with delivery.open() as target:
        target.stage([outgoing(1, b"abc")])
        assert target.publish(outgoing(1, b"abc")) == "the same bytes were there already"
    assert delivery.files() == {"f1": b"abc"}


@every_transport
def test_dispatch_delivers_holds_and_goes_on(delivery: Delivery, home: Home, store: Store) -> None:
    delivery.harness.from_us["f1"] = b"xyz"
    with store.write() as tx:
        for n in range(3):
            new = NewDispatch(f"k{n}", PARTNER, "erp_batch", f"f{n}", b"%d" % n, channel=delivery.channel)
            dispatches.add(tx, new, AT)
    assert dispatch_all(store, home, delivery.endpoints, clock()) == 2
    assert delivery.files() == {"f0": b"0", "f1": b"xyz", "f2": b"2"}
    with store.read() as snapshot:
        assert dispatches.counts(snapshot) == {"delivered": 2, "held": 1}
        assert [hold.class_ for hold in holds.open_holds(snapshot)] == ["out_conflict"]


# --- fetching: what `collect` relies on


def _inbound(harness: Harness) -> PolledInbound:
    assert isinstance(harness.transport.inbound, PolledInbound)
    return harness.transport.inbound


def _open(harness: Harness) -> AbstractContextManager[RemoteFolder]:
    return _inbound(harness).remote().open()


def _entry(folder: RemoteFolder, name: str) -> RemoteEntry:
    entry = folder.find(name)
    assert entry is not None
    return entry


@every_polled_transport
def test_a_listing_shows_what_can_be_fetched(harness: Harness) -> None:
    harness.to_us["a.edi"] = b"1"
    harness.to_us["b.edi"] = b"22"
    harness.to_us["-rf.edi"] = b"a name that is none"
    with _open(harness) as folder:
        entries, troubles = folder.list()
        assert {(entry.name, entry.size) for entry in entries} == {("a.edi", 1), ("b.edi", 2)}
        assert [trouble.code for trouble in troubles] == ["remote_name_unsafe"]
        assert all(trouble.subject.startswith(folder.place) for trouble in troubles)
        assert entries == [_entry(folder, entry.name) for entry in entries]
        assert folder.find("none") is None


@every_polled_transport
def test_only_names_of_the_pattern_are_listed(harness: Harness) -> None:
    harness.to_us["a.edi"] = b"1"
    harness.to_us["b.txt"] = b"2"
    edi = _inbound(harness).model_copy(update={"pattern": "*.edi"})
    with edi.remote().open() as folder:
        assert [entry.name for entry in folder.list().entries] == ["a.edi"]


@every_polled_transport
def test_a_file_is_fetched_as_it_was_seen_or_not_at_all(harness: Harness) -> None:
    data = bytes(range(256)) * 1000
    harness.to_us["a"] = data
    with _open(harness) as folder:
        entry, sink = _entry(folder, "a"), BytesIO()
        folder.fetch(entry, sink)
        assert sink.getvalue() == data
        for wrong in (RemoteEntry("a", entry.size - 1, entry.mtime), RemoteEntry("gone", 3, "1")):
            with pytest.raises(RemoteChanged):
                folder.fetch(wrong, BytesIO())


@every_polled_transport
def test_a_file_that_changes_while_it_is_read_is_not_taken(harness: Harness) -> None:
    harness.to_us["a"] = b"x" * 100_000

    class Changing(BytesIO):
        def write(self, data: object, /) -> int:
            harness.to_us["a"] = b"y" * 100_001
            return super().write(data)  # type: ignore[arg-type]  # whatever the transport writes

    with _open(harness) as folder, pytest.raises(RemoteChanged):
        folder.fetch(_entry(folder, "a"), Changing())


@every_polled_transport
def test_files_are_put_moved_and_removed_and_never_replaced_by_a_move(harness: Harness) -> None:
    with _open(harness) as folder:
        folder.put("a", b"old")
        folder.put("a", b"new")
        folder.put("b", b"other")
        with pytest.raises(RemoteDenied):
            folder.move("a", "b")
        folder.move("a", "c")
        assert dict(harness.to_us) == {"b": b"other", "c": b"new"}
        folder.remove("b")
        folder.remove("b")  # one that is gone is fine
        folder.move("b", "d")
        assert dict(harness.to_us) == {"c": b"new"}


@every_polled_transport
def test_what_is_no_folder_is_an_error_of_the_transport(harness: Harness) -> None:
    inbound = _inbound(harness)
    nowhere = inbound.model_copy(update={"path": f"{inbound.path}/missing"})
    with pytest.raises(TransportError), nowhere.remote().open() as folder:
        folder.list()


def _poll(harness: Harness, home: Home, store: Store, after: AfterFetch = "delete", move_to: str = "") -> PollResult:
    inbox = RemoteInbox(PARTNER, _inbound(harness).remote(), after, move_to)
    return poll_remote(store, home, clock(), inbox, wait=0.01)


@every_polled_transport
def test_a_poll_takes_a_file_and_removes_it_there(harness: Harness, home: Home, store: Store) -> None:
    harness.to_us["a.edi"] = interchange()
    assert _poll(harness, home, store) == PollResult(1, 0)
    assert dict(harness.to_us) == {}
    take_all(store, home, clock())
    with store.read() as snapshot:
        (row,) = intakes.in_state(snapshot, "received")
        assert (row.partner, row.name) == (PARTNER, "a.edi")
        assert row.source == f"{_inbound(harness).remote().place}/a.edi"
        assert faults.open_faults(snapshot) == []
    assert row.source.startswith(f"{_inbound(harness).kind}:")


@every_polled_transport
def test_a_poll_leaves_a_file_where_the_partner_wants_that(harness: Harness, home: Home, store: Store) -> None:
    harness.to_us["a.edi"] = interchange()
    assert _poll(harness, home, store, "leave") == PollResult(1, 0)
    assert _poll(harness, home, store, "leave") == PollResult(0, 0)
    assert dict(harness.to_us) == {"a.edi": interchange()}


@every_polled_transport
def test_a_poll_that_cannot_move_a_file_says_so_and_takes_it_once(harness: Harness, home: Home, store: Store) -> None:
    harness.to_us["a.edi"] = interchange()
    assert _poll(harness, home, store, "move", "missing/folder").fetched == 1
    assert _poll(harness, home, store, "move", "missing/folder").fetched == 0
    with store.read() as snapshot:
        assert [fault.class_ for fault in faults.open_faults(snapshot)] == ["remote_denied"]
    assert dict(harness.to_us) == {"a.edi": interchange()}
