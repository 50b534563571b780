from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import disk
from gateway.clock import FixedClock
from gateway.collect import Collector, CollectResult, CompletionRule
from gateway.home import Home
from gateway.store import Store, open_store
from gateway.store.system import faults
from tests.gateway.files import clock, drop, interchange, new_home

WHOLE = interchange()
CSV = b"rma,sku\n1,A\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path, "northgate")


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home) as opened:
        yield opened


@pytest.fixture
def now() -> FixedClock:
    return clock()


@pytest.fixture
def collector(home: Home, now: FixedClock) -> Collector:
    return Collector(home, now)


def _claims(home: Home) -> list[str]:
    return [claimed.name for claimed in disk.claimed_files(home)[0]]


def _faults(store: Store) -> dict[str, str]:
    with store.read() as snapshot:
        return {fault.subject: fault.class_ for fault in faults.open_faults(snapshot)}


def test_two_equal_looks_take_a_complete_file(home: Home, store: Store, collector: Collector, now: FixedClock) -> None:
    drop(home, "northgate", "a.edi", WHOLE)
    assert collector.collect(store) == CollectResult(0, 1)
    assert collector.collect(store) == CollectResult(0, 1)  # no time has passed
    now.advance(0.5)
    assert collector.collect(store) == CollectResult(1, 0)
    assert collector.collect(store) == CollectResult(0, 0)
    assert _claims(home) == ["a.edi"]


def test_one_call_with_a_wait_is_enough(home: Home, store: Store, collector: Collector) -> None:
    drop(home, "northgate", "a.edi", WHOLE)
    drop(home, "northgate", "b.csv", CSV)
    drop(home, "northgate", "empty", b"")
    assert collector.collect(store, wait=0.05) == CollectResult(3, 0)


def test_a_growing_file_is_left_alone(home: Home, store: Store, collector: Collector, now: FixedClock) -> None:
    path = drop(home, "northgate", "b.csv", b"")
    for line in range(5):
        with path.open("ab") as upload:
            upload.write(b"%d,A\n" % line)
        assert collector.collect(store).claimed == 0
        now.advance(5)
    assert collector.collect(store).claimed == 0 or path.exists() is False
    now.advance(5)
    collector.collect(store)
    assert disk.claimed_files(home)[0][0].path.read_bytes().count(b"\n") == 5


def test_quiet_bytes_wait_longer_than_bytes_that_show_their_end(
    home: Home, store: Store, collector: Collector, now: FixedClock
) -> None:
    drop(home, "northgate", "a.edi", WHOLE)
    drop(home, "northgate", "b.csv", CSV)
    collector.collect(store)
    now.advance(0.6)
    assert collector.collect(store) == CollectResult(1, 1)
    now.advance(1.5)
    assert collector.collect(store) == CollectResult(1, 0)


def test_an_unfinished_interchange_waits_its_time_and_is_then_taken(
    home: Home, store: Store, collector: Collector, now: FixedClock
) -> None:
    path = drop(home, "northgate", "a.edi", WHOLE[:-20])
    collector.collect(store)
    now.advance(60)
    assert collector.collect(store).claimed == 0
    assert _faults(store) == {"inbox/northgate/a.edi": "incomplete_file"}
    path.write_bytes(WHOLE[:-10])  # it goes on: it waits anew
    collector.collect(store)
    now.advance(880)
    assert collector.collect(store).claimed == 0
    now.advance(30)
    assert collector.collect(store).claimed == 1
    assert _faults(store) == {}


def test_the_waiting_survives_a_restart(home: Home, store: Store, now: FixedClock) -> None:
    """Commands run by cron forget their looks: what they said about an unfinished file counts."""
    drop(home, "northgate", "a.edi", WHOLE[:-20])
    assert Collector(home, now).collect(store, wait=0.1).claimed == 0
    now.advance(450)
    assert Collector(home, now).collect(store, wait=0.1).claimed == 0
    now.advance(450)
    assert Collector(home, now).collect(store, wait=0.1).claimed == 1


def test_a_marker_says_that_a_file_is_complete(home: Home, store: Store, now: FixedClock) -> None:
    rule = CompletionRule(marker=".done")
    collector = Collector(home, now, rules={"northgate": rule})
    drop(home, "northgate", "b.csv", CSV)
    drop(home, "northgate", "stale.csv.done", b"")
    collector.collect(store)
    now.advance(100)
    assert collector.collect(store).claimed == 0
    assert not (home.inbox / "northgate" / "stale.csv.done").exists()
    marker = drop(home, "northgate", "b.csv.done", b"")
    assert collector.collect(store).claimed == 1
    assert not marker.exists()
    assert _claims(home) == ["b.csv"]


def test_ignored_names_and_odd_objects_stay(home: Home, store: Store, collector: Collector) -> None:
    folder = home.inbox / "northgate"
    for name in (".gitkeep", "README.md", "a.edi.part"):
        drop(home, "northgate", name, WHOLE)
    drop(home, "northgate", "one", CSV)
    (folder / "two").hardlink_to(folder / "one")
    (folder / "link").symlink_to(folder / "README.md")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    (home.inbox / "stray.edi").write_bytes(WHOLE)
    (home.inbox / "README.md").write_text("what belongs here")
    (home.inbox / "linked").symlink_to(folder)
    assert collector.collect(store, wait=0.1).claimed == 0
    odd = {f"inbox/northgate/{name}": "odd_object" for name in ("one", "two", "link", "folder", "pipe")}
    assert _faults(store) == odd | {"inbox/stray.edi": "stray_file", "inbox/linked": "odd_object"}
    (folder / "two").unlink()
    assert collector.collect(store, wait=0.1).claimed == 1
    assert "inbox/northgate/one" not in _faults(store)


def test_hostile_names_are_only_names(home: Home, store: Store, collector: Collector) -> None:
    hostile = [b"a\nb", b"\x1b[31m", b"\xff\xfe", b"-rf", b"x" * 255, "a\u202eb".encode(), b"a.b.c", b"%41"]
    for name in hostile:
        drop(home, "northgate", os.fsdecode(name), CSV)
    drop(home, "no.such partner", "a.edi", WHOLE)
    assert collector.collect(store, wait=0.1).claimed == len(hostile) + 1
    claimed = disk.claimed_files(home)[0]
    names = {disk.unescape_name(file.name) for file in claimed}
    assert {os.fsdecode(name) for name in hostile if len(name) < 200} <= names
    assert {file.partner for file in claimed} == {"northgate", "no.such%20partner"}


@pytest.mark.parametrize("mtime", [0, 4102444800, -1])
def test_file_times_are_only_compared_with_themselves(
    home: Home, store: Store, collector: Collector, mtime: int
) -> None:
    os.utime(drop(home, "northgate", "a.edi", WHOLE), (mtime, mtime))
    assert collector.collect(store, wait=0.1).claimed == 1


def test_the_oldest_first_and_no_partner_takes_all(home: Home, store: Store, now: FixedClock) -> None:
    collector = Collector(home, now, per_partner=2)
    for n, (partner, name) in enumerate([("cedar", "3"), ("northgate", "2"), ("cedar", "1"), ("cedar", "0")]):
        os.utime(drop(home, partner, name, WHOLE), (n, n))
    assert collector.collect(store, wait=0.1).claimed == 4 - 1
    assert _claims(home) == ["3", "2", "1"]


def test_without_an_inbox_or_space_nothing_is_claimed(home: Home, store: Store, now: FixedClock) -> None:
    collector = Collector(home, now)
    drop(home, "northgate", "a.edi", WHOLE)
    collector.minimum_free = 1 << 60
    assert collector.collect(store, wait=0.1).claimed == 0
    assert _faults(store) == {"inbox": "disk_full"}
    collector.minimum_free = 0
    shutil.move(home.inbox, home.root / "away")
    assert collector.collect(store, wait=0.1).claimed == 0
    assert _faults(store) == {"inbox": "inbox_gone"}
    shutil.move(home.root / "away", home.inbox)
    assert collector.collect(store, wait=0.1).claimed == 1
    assert _faults(store) == {}


def test_an_inbox_on_another_filesystem_stops_claims(home: Home, store: Store, collector: Collector) -> None:
    collector.collect(store)
    collector._device = -1  # as if something was mounted over it since
    drop(home, "northgate", "a.edi", WHOLE)
    assert collector.collect(store, wait=0.1).claimed == 0
    assert _faults(store) == {"inbox": "inbox_gone"}


def test_a_quiet_inbox_writes_nothing(home: Home, store: Store, collector: Collector) -> None:
    (home.inbox / "stray").write_text("x")
    collector.collect(store)
    with store.read() as snapshot:
        before = faults.open_faults(snapshot)
    for _ in range(3):
        collector.collect(store)
    with store.read() as snapshot:
        assert faults.open_faults(snapshot) == before
