"""What an upload leaves behind when its session ends early, against a real SFTP server."""

from __future__ import annotations

from pathlib import Path

from gateway.dispatch import Endpoints, dispatch_all
from gateway.home import Home
from gateway.store import Store
from gateway.store.files import dispatches
from gateway.store.files.dispatches import NewDispatch
from gateway.store.system import faults
from gateway.transports import Endpoint
from gateway.transports.sftp.access import SftpAccess
from gateway.transports.sftp.remote_folder import SftpFolder
from gateway.transports.upload import uploading
from tests.gateway.files import AT, clock
from tests.gateway.transports.files import outgoing
from tests.gateway.transports.sftp.server import Server


def _endpoints(access: SftpAccess) -> Endpoints:
    return {
        ("atlas", "sftp"): Endpoint(access.place, lambda: uploading(SftpFolder(access), ".part", access.host)),
    }


def test_a_truncated_upload_is_uploaded_again(server: Server, there: Path) -> None:
    (there / "f1.part").write_bytes(b"ab")
    with uploading(SftpFolder(server.access(there)), ".part", "127.0.0.1") as target:
        assert target.publish(outgoing(1, b"abc")) == "uploaded and renamed on 127.0.0.1"
    assert (there / "f1").read_bytes() == b"abc"


def test_what_an_unfinished_session_leaves_waits_and_then_goes_out(
    server: Server, there: Path, home: Home, store: Store
) -> None:
    with store.write() as tx:
        for n in range(2):
            dispatches.add(tx, NewDispatch(f"k{n}", "atlas", "erp_batch", f"f{n}", b"%d" % n, channel="sftp"), AT)
    now = clock()
    good = _endpoints(server.access(there))
    nowhere = _endpoints(server.access(there / "missing"))
    assert dispatch_all(store, home, nowhere, now) == 0
    with store.read() as snapshot:
        assert [(fault.class_, fault.subject) for fault in faults.open_faults(snapshot)] == [
            ("remote_denied", "sftp:atlas")
        ]
    assert dispatch_all(store, home, good, now) == 0  # not yet
    now.advance(2)
    assert dispatch_all(store, home, good, now) == 2
    with store.read() as snapshot:
        assert faults.open_faults(snapshot) == []


def test_a_server_that_refuses_us_is_left_alone_for_a_while(
    server: Server, there: Path, home: Home, store: Store
) -> None:
    with store.write() as tx:
        dispatches.add(tx, NewDispatch("k", "atlas", "erp_batch", "f", b"x", channel="sftp"), AT)
    now = clock()
    refused = _endpoints(server.access(there, key=server.key("stranger")))
    dispatch_all(store, home, refused, now)
    now.advance(1000)
    dispatch_all(store, home, refused, now)
    with store.read() as snapshot:
        item = dispatches.get(snapshot, 1)
        assert item is not None
        assert item.attempts == 1
        assert faults.open_faults(snapshot)[0].class_ == "auth_refused"
    now.advance(1000)
    assert dispatch_all(store, home, _endpoints(server.access(there)), now) == 1
