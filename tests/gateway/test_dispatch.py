from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import disk
from gateway import dispatch as module
from gateway.clock import FixedClock
from gateway.dispatch import dispatch_all, dispatch_channel
from gateway.home import Home
from gateway.store import Store, open_store
from gateway.store.files import deliveries, dispatches
from gateway.store.files.dispatches import Dispatch, NewDispatch
from gateway.store.people import holds
from gateway.store.system import faults
from gateway.transports import outbox
from tests.gateway.files import AT, clock, new_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path)


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home) as opened:
        yield opened


@pytest.fixture
def now() -> FixedClock:
    return clock()


def _add(store: Store, name: str, data: bytes = b"x", partner: str = "atlas", channel: str = "folder") -> int:
    with store.write() as tx:
        new = NewDispatch(f"{partner}/{name}", partner, "erp_batch", name, data, channel=channel)
        return dispatches.add(tx, new, AT)


def _get(store: Store, id_: int) -> Dispatch:
    with store.read() as snapshot:
        found = dispatches.get(snapshot, id_)
    assert found is not None
    return found


def _out(home: Home, partner: str = "atlas") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home.outbox / partner).glob("*")}


def test_files_are_delivered_with_proof(home: Home, store: Store, now: FixedClock) -> None:
    ids = [_add(store, f"f{n}", b"%d" % n) for n in range(3)]
    assert dispatch_all(store, home, {}, now) == 3
    assert _out(home) == {"f0": b"0", "f1": b"1", "f2": b"2"}
    row = _get(store, ids[0])
    assert (row.state, row.proof, row.attempts) == ("delivered", "renamed into place", 1)
    assert row.delivered_at
    assert list(home.outbox_staging.iterdir()) == []
    assert dispatch_all(store, home, {}, now) == 0


def test_large_payloads_come_from_the_archive(home: Home, store: Store, now: FixedClock) -> None:
    data = b"x" * dispatches.INLINE_LIMIT
    disk.put_archive(home, data)
    _add(store, "large", data)
    assert dispatch_all(store, home, {}, now) == 1
    assert _out(home) == {"large": data}


def test_groups_follow_one_another(home: Home, store: Store, now: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP", 4)
    for n in range(10):
        _add(store, f"f{n}")
    assert dispatch_all(store, home, {}, now) == 10


def test_a_file_in_the_way_is_a_hold_and_the_rest_goes_on(home: Home, store: Store, now: FixedClock) -> None:
    (home.outbox / "atlas").mkdir()
    (home.outbox / "atlas" / "f1").write_bytes(b"somebody else's")
    (home.outbox / "atlas" / "f2").write_bytes(b"2")
    ids = [_add(store, f"f{n}", b"%d" % n) for n in range(4)]
    assert dispatch_all(store, home, {}, now) == 3
    assert _out(home) == {"f0": b"0", "f1": b"somebody else's", "f2": b"2", "f3": b"3"}
    assert _get(store, ids[1]).state == "held"
    assert _get(store, ids[2]).proof == "the same bytes were there already"
    assert list(home.outbox_staging.iterdir()) == []
    with store.write() as tx:
        (hold,) = holds.open_holds(tx)
        assert (hold.class_, hold.owner, hold.partner) == ("out_conflict", "it", "atlas")
        deliveries.send_again(tx, ids[1], actor="ada", at=AT)
        holds.resolve(tx, hold.id, resolution="again", actor="ada", at=AT)
    assert dispatch_all(store, home, {}, now) == 0  # still in the way: the same Hold again
    with store.write() as tx:
        assert [opened.id for opened in holds.open_holds(tx)] == [hold.id]
        deliveries.send_again(tx, ids[1], actor="ada", at=AT)
    (home.outbox / "atlas" / "f1").unlink()
    assert dispatch_all(store, home, {}, now) == 1
    assert _out(home)["f1"] == b"1"


def test_a_broken_folder_waits_in_order_and_harms_nobody_else(home: Home, store: Store, now: FixedClock) -> None:
    (home.outbox / "atlas").write_text("no folder")
    first, second = _add(store, "f0"), _add(store, "f1")
    other = _add(store, "f0", partner="harbor")
    assert dispatch_all(store, home, {}, now) == 1
    assert _get(store, other).state == "delivered"
    assert (_get(store, first).state, _get(store, first).attempts) == ("staged", 1)
    assert (_get(store, second).state, _get(store, second).attempts) == ("staged", 0)
    with store.read() as snapshot:
        assert [(fault.class_, fault.subject) for fault in faults.open_faults(snapshot)] == [
            ("folder_unusable", "folder:atlas")
        ]
    assert dispatch_all(store, home, {}, now) == 0
    assert _get(store, first).attempts == 1  # not before its time
    now.advance(1)
    dispatch_all(store, home, {}, now)
    assert _get(store, first).attempts == 2
    now.advance(1)
    dispatch_all(store, home, {}, now)
    assert _get(store, first).attempts == 2  # the delay doubles
    (home.outbox / "atlas").unlink()
    now.advance(1)
    assert dispatch_all(store, home, {}, now) == 2
    with store.read() as snapshot:
        assert faults.open_faults(snapshot) == []


def test_the_delay_is_never_longer_than_a_quarter_of_an_hour(home: Home, store: Store, now: FixedClock) -> None:
    (home.outbox / "atlas").write_text("no folder")
    id_ = _add(store, "f0")
    for _ in range(14):
        dispatch_all(store, home, {}, now)
        now.advance(900)
    assert _get(store, id_).attempts == 14


def test_a_full_disk_delivers_later(home: Home, store: Store, now: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = _add(store, "f0")
    monkeypatch.setattr(outbox, "MINIMUM_FREE", 1 << 60)
    assert dispatch_all(store, home, {}, now) == 0
    assert _get(store, id_).state == "pending"
    with store.read() as snapshot:
        assert [fault.class_ for fault in faults.open_faults(snapshot)] == ["disk_full"]
    monkeypatch.setattr(outbox, "MINIMUM_FREE", 0)
    now.advance(1)
    assert dispatch_all(store, home, {}, now) == 1


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "a/b", "", "a\nb", "-x"])
def test_names_that_lead_elsewhere_never_leave(home: Home, store: Store, now: FixedClock, name: str) -> None:
    bad, good = _add(store, name), _add(store, "good")
    assert dispatch_all(store, home, {}, now) == 1
    assert _get(store, bad).state == "held"
    assert _get(store, good).state == "delivered"


def test_lost_or_changed_archive_bytes_are_a_hold(home: Home, store: Store, now: FixedClock) -> None:
    lost = _add(store, "lost", b"x" * dispatches.INLINE_LIMIT)
    data = b"y" * dispatches.INLINE_LIMIT
    path = disk.archive_path(home, disk.put_archive(home, data))
    path.chmod(0o600)
    path.write_bytes(b"z" + data[1:])
    changed = _add(store, "changed", data)
    good = _add(store, "good")
    assert dispatch_all(store, home, {}, now) == 1
    assert [_get(store, id_).state for id_ in (lost, changed, good)] == ["held", "held", "delivered"]
    with store.read() as snapshot:
        assert {hold.class_ for hold in holds.open_holds(snapshot)} == {"dispatch_failed"}


def test_a_transport_that_is_not_configured_waits(home: Home, store: Store, now: FixedClock) -> None:
    id_ = _add(store, "f0", channel="sftp")
    assert dispatch_all(store, home, {}, now) == 0
    assert dispatch_channel(store, home, {}, now, "atlas", "sftp") == 0
    assert _get(store, id_).state == "pending"
    with store.read() as snapshot:
        assert [(fault.class_, fault.subject) for fault in faults.open_faults(snapshot)] == [
            ("transport_unknown", "sftp:atlas")
        ]
