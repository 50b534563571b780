"""Polling a remote folder, against a real SFTP server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from gateway import disk
from gateway.clock import FixedClock
from gateway.collect import CompletionRule, PollResult, RemoteInbox, poll_remote
from gateway.faults import install_hook
from gateway.home import Home
from gateway.intake import take_all
from gateway.store import Store, open_store
from gateway.store.files import intakes, remote_files
from gateway.store.files.intakes import Intake
from gateway.store.system import faults
from gateway.transports import Endpoint
from gateway.transports.settings import AfterFetch
from gateway.transports.sftp.access import SftpAccess
from gateway.transports.sftp.remote_folder import SftpFolder
from tests.gateway.files import clock, interchange, new_home
from tests.gateway.transports.sftp.server import Server

WHOLE = interchange()


class _Crash(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path, "northgate")


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home) as opened:
        yield opened


def _inbox(access: SftpAccess, after: AfterFetch = "delete", move_to: Path | str = "") -> RemoteInbox:
    return RemoteInbox("northgate", Endpoint(access.place, partial(SftpFolder, access)), after, str(move_to))


def _poll(
    store: Store, home: Home, inbox: RemoteInbox | SftpAccess, now: FixedClock | None = None, wait: float = 0.0
) -> PollResult:
    return poll_remote(
        store, home, now or clock(), inbox if isinstance(inbox, RemoteInbox) else _inbox(inbox), wait=wait
    )


def _take(store: Store, home: Home) -> list[Intake]:
    take_all(store, home, clock())
    with store.read() as snapshot:
        return intakes.in_state(snapshot, "received")


def _faults(store: Store) -> list[str]:
    with store.read() as snapshot:
        return sorted(fault.class_ for fault in faults.open_faults(snapshot))


def test_two_looks_then_download_then_removal(server: Server, there: Path, home: Home, store: Store) -> None:
    access = server.access(there)
    (there / "a.edi").write_bytes(WHOLE)
    assert _poll(store, home, access) == PollResult(0, 1)
    assert _poll(store, home, access) == PollResult(1, 0)
    assert not (there / "a.edi").exists()
    (row,) = _take(store, home)
    assert (row.partner, row.name, row.source) == ("northgate", "a.edi", f"{access.place}/a.edi")
    assert disk.read_archive(home, row.sha256) == WHOLE
    assert _poll(store, home, access) == PollResult(0, 0)


def test_one_session_with_a_wait_is_enough(server: Server, there: Path, home: Home, store: Store) -> None:
    for n in range(3):
        (there / f"{n}.edi").write_bytes(interchange(n))
    (there / "b.edi.part").write_bytes(b"an upload in progress")
    assert _poll(store, home, server.access(there), wait=0.01) == PollResult(3, 0)
    assert [path.name for path in there.iterdir()] == ["b.edi.part"]
    assert len(_take(store, home)) == 3


def test_the_same_file_sent_again_is_another_intake(server: Server, there: Path, home: Home, store: Store) -> None:
    for _ in range(2):
        (there / "a.edi").write_bytes(WHOLE)
        os.utime(there / "a.edi", (1000, 1000))
        assert _poll(store, home, server.access(there), wait=0.01).fetched == 1
        _take(store, home)
    assert len(_take(store, home)) == 2


def test_a_growing_file_is_looked_at_again(server: Server, there: Path, home: Home, store: Store) -> None:
    access = server.access(there)
    for line in range(3):
        with (there / "a.csv").open("ab") as upload:
            upload.write(b"%d\n" % line)
        assert _poll(store, home, access).fetched == 0
    assert _poll(store, home, access).fetched == 1
    assert disk.read_archive(home, _take(store, home)[0].sha256) == b"0\n1\n2\n"


def test_an_unfinished_interchange_waits_its_time(server: Server, there: Path, home: Home, store: Store) -> None:
    access, now = server.access(there), clock()
    (there / "a.edi").write_bytes(WHOLE[:-20])
    assert _poll(store, home, access, now, wait=0.1).fetched == 0
    assert _faults(store) == ["incomplete_file"]
    assert (there / "a.edi").exists()
    assert disk.sweep_temporaries(home) == 0
    now.advance(CompletionRule().incomplete_timeout)
    assert _poll(store, home, access, now).fetched == 1
    assert _faults(store) == []


def test_moving_and_leaving(server: Server, there: Path, home: Home, store: Store) -> None:
    (there / "done").mkdir()
    moving = _inbox(server.access(there), "move", there / "done")
    for n in range(2):
        (there / "a.edi").write_bytes(interchange(n))
        assert _poll(store, home, moving, wait=0.01).fetched == 1
    assert len(list((there / "done").iterdir())) == 2  # the second under a name of its own
    leaving = _inbox(server.access(there), "leave")
    (there / "b.edi").write_bytes(WHOLE)
    assert _poll(store, home, leaving, wait=0.01) == PollResult(1, 0)
    assert _poll(store, home, leaving, wait=0.01) == PollResult(0, 0)
    assert (there / "b.edi").exists()
    (there / "b.edi").write_bytes(interchange(9) + b"\n")
    assert _poll(store, home, leaving, wait=0.01) == PollResult(1, 0)
    assert len(_take(store, home)) == 4


def test_a_file_that_cannot_be_removed_is_fetched_once_and_said(
    server: Server, there: Path, home: Home, store: Store
) -> None:
    access = _inbox(server.access(there), "move", there / "missing")
    (there / "a.edi").write_bytes(WHOLE)
    assert _poll(store, home, access, wait=0.01).fetched == 1
    assert _poll(store, home, access).fetched == 0
    assert _faults(store) == ["remote_denied"]
    assert len(_take(store, home)) == 1
    (there / "missing").mkdir()
    assert _poll(store, home, access) == PollResult(0, 0)
    assert _faults(store) == []
    assert [path.name for path in (there / "missing").iterdir()] == ["a.edi"]


@pytest.mark.parametrize("point", ["poll.downloaded", "poll.landed", "poll.fetched", "poll.removed"])
@pytest.mark.parametrize("taken_before", [False, True])
def test_a_crash_at_any_step_takes_the_file_once(
    server: Server, there: Path, home: Home, store: Store, point: str, taken_before: bool
) -> None:
    access = server.access(there)
    (there / "a.edi").write_bytes(WHOLE)
    _poll(store, home, access)

    def crash(name: str) -> None:
        if name == point:
            raise _Crash

    install_hook(crash)
    try:
        with pytest.raises(_Crash):
            _poll(store, home, access)
    finally:
        install_hook(None)
    if taken_before:
        _take(store, home)
    disk.sweep_temporaries(home)
    _poll(store, home, access)
    assert len(_take(store, home)) == 1
    assert not (there / "a.edi").exists()
    with store.read() as snapshot:
        assert remote_files.known(snapshot, access.place) == {}


def test_a_dead_server_is_a_fault_that_clears(server: Server, there: Path, home: Home, store: Store) -> None:
    bad = server.access(there, path=str(there / "missing"))
    polled = _poll(store, home, bad)
    assert [trouble.code for trouble in polled.troubles] == ["transport_down"]
    (there / "missing").mkdir()
    assert _poll(store, home, bad) == PollResult(0, 0)
    assert _faults(store) == []


def test_after_a_refusal_it_does_not_knock_again(server: Server, there: Path, home: Home, store: Store) -> None:
    now = clock()
    refused = server.access(there, key=server.key("stranger"))
    good = server.access(there)
    assert [trouble.code for trouble in _poll(store, home, refused, now).troubles] == ["auth_refused"]
    now.advance(600)
    assert [trouble.code for trouble in _poll(store, home, good, now).troubles] == ["auth_refused"]  # did not even try
    now.advance(1300)
    assert _poll(store, home, good, now) == PollResult(0, 0)
    assert _faults(store) == []
