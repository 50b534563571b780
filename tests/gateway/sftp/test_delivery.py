"""The contract of every place that files are delivered to, run against the outbox and against a real SFTP server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.dispatch import Transports, dispatch_all
from gateway.faults import AlreadyThere, RemoteConflict
from gateway.home import Home
from gateway.store import Store
from gateway.store.files import dispatches
from gateway.store.files.dispatches import NewDispatch
from gateway.store.people import holds
from gateway.store.system import faults
from gateway.transports import Outgoing, Target
from gateway.transports.folder import FolderTarget
from gateway.transports.sftp import SftpTarget
from tests.gateway.files import AT, clock
from tests.gateway.sftp.server import Server


@dataclass
class Place:
    """Where a target delivers, as its reader sees it."""

    folder: Path
    open: Callable[[], Target]
    channel: str
    transports: Transports

    def seen(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.glob("*")}


@pytest.fixture(params=["folder", "sftp"])
def place(request: pytest.FixtureRequest, home: Home) -> Place:
    if request.param == "folder":
        folder = home.outbox / "atlas"
        folder.mkdir()
        return Place(folder, lambda: FolderTarget(home), "folder", {})
    server: Server = request.getfixturevalue("server")
    there: Path = request.getfixturevalue("there")
    settings = server.settings(there)
    return Place(there, lambda: SftpTarget(settings), "sftp", {("atlas", "sftp"): settings})


def _item(id_: int, data: bytes, name: str = "") -> Outgoing:
    return Outgoing(id_, "atlas", name or f"f{id_}", len(data), hashlib.sha256(data).hexdigest(), lambda: data)


def test_a_staged_file_is_not_seen_under_its_name(place: Place) -> None:
    with place.open() as target:
        target.stage([_item(1, b"abc")])
        assert "f1" not in place.seen()
        target.publish(_item(1, b"abc"))
        target.finish([_item(1, b"abc")])
    assert place.seen() == {"f1": b"abc"}


def test_publishing_may_be_repeated_at_any_time(place: Place) -> None:
    item = _item(1, b"abc")
    with place.open() as target:
        target.stage([item])
    with place.open() as target:  # after a restart
        target.publish(item)
    with place.open() as target:  # the answer was lost, the file is there
        proof = target.publish(item)
    assert proof == "published before a restart"
    assert place.seen() == {"f1": b"abc"}
    (place.folder / "f1").unlink()
    with place.open() as target:  # the answer was lost, the reader has taken the file
        target.publish(item)
    assert place.seen() == {}


def test_staging_again_is_harmless(place: Place) -> None:
    with place.open() as target:
        target.stage([_item(1, b"half of something lon")])
    with place.open() as target:
        target.stage([_item(1, b"abc")])
        target.publish(_item(1, b"abc"))
    assert place.seen() == {"f1": b"abc"}


def test_another_file_of_that_name_is_never_replaced(place: Place) -> None:
    (place.folder / "f1").write_bytes(b"xyz")
    with place.open() as target:
        target.stage([_item(1, b"abc"), _item(2, b"def")])
        with pytest.raises((AlreadyThere, RemoteConflict)):
            target.publish(_item(1, b"abc"))
        target.discard(_item(1, b"abc"))
        target.publish(_item(2, b"def"))
    assert place.seen() == {"f1": b"xyz", "f2": b"def"}


def test_the_same_bytes_under_that_name_are_the_delivery(place: Place) -> None:
    (place.folder / "f1").write_bytes(b"abc")
    with place.open() as target:
        target.stage([_item(1, b"abc")])
        assert target.publish(_item(1, b"abc")) == "the same bytes were there already"
    assert place.seen() == {"f1": b"abc"}


def test_dispatch_delivers_holds_and_goes_on(place: Place, home: Home, store: Store) -> None:
    (place.folder / "f1").write_bytes(b"xyz")
    with store.write() as tx:
        for n in range(3):
            dispatches.add(
                tx, NewDispatch(f"k{n}", "atlas", "erp_batch", f"f{n}", b"%d" % n, channel=place.channel), AT
            )
    assert dispatch_all(store, home, place.transports, clock()) == 2
    assert place.seen() == {"f0": b"0", "f1": b"xyz", "f2": b"2"}
    with store.read() as snapshot:
        assert dispatches.counts(snapshot) == {"delivered": 2, "held": 1}
        assert [hold.class_ for hold in holds.open_holds(snapshot)] == ["out_conflict"]


def test_a_truncated_upload_is_uploaded_again(server: Server, there: Path) -> None:
    settings = server.settings(there)
    (there / "f1.part").write_bytes(b"ab")
    with SftpTarget(settings) as target:
        target.publish(_item(1, b"abc"))
    assert (there / "f1").read_bytes() == b"abc"


def test_what_an_unfinished_session_leaves_waits_and_then_goes_out(
    server: Server, there: Path, home: Home, store: Store
) -> None:
    with store.write() as tx:
        for n in range(2):
            dispatches.add(tx, NewDispatch(f"k{n}", "atlas", "erp_batch", f"f{n}", b"%d" % n, channel="sftp"), AT)
    now = clock()
    good = server.settings(there)
    nowhere = server.settings(there / "missing")
    assert dispatch_all(store, home, {("atlas", "sftp"): nowhere}, now) == 0
    with store.read() as snapshot:
        assert [(each.class_, each.subject) for each in faults.open_faults(snapshot)] == [
            ("remote_denied", "sftp:atlas")
        ]
    assert dispatch_all(store, home, {("atlas", "sftp"): good}, now) == 0  # not yet
    now.advance(2)
    assert dispatch_all(store, home, {("atlas", "sftp"): good}, now) == 2
    with store.read() as snapshot:
        assert faults.open_faults(snapshot) == []


def test_a_server_that_refuses_us_is_left_alone_for_a_while(
    server: Server, there: Path, home: Home, store: Store
) -> None:
    with store.write() as tx:
        dispatches.add(tx, NewDispatch("k", "atlas", "erp_batch", "f", b"x", channel="sftp"), AT)
    now = clock()
    refused = {("atlas", "sftp"): server.settings(there, key=server.key("stranger"))}
    dispatch_all(store, home, refused, now)
    now.advance(1000)
    dispatch_all(store, home, refused, now)
    with store.read() as snapshot:
        (item,) = [dispatches.get(snapshot, 1)]
        assert item is not None
        assert item.attempts == 1
        assert faults.open_faults(snapshot)[0].class_ == "auth_refused"
    now.advance(1000)
    assert dispatch_all(store, home, {("atlas", "sftp"): server.settings(there)}, now) == 1
