from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from gateway.faults import RemoteChanged, RemoteListingTooLong, RemoteTooLarge
from gateway.transports.protocol import RemoteEntry
from gateway.transports.sftp.remote_folder import SftpFolder
from tests.gateway.transports.sftp.server import Server


def test_a_listing_takes_only_plain_files(server: Server, there: Path) -> None:
    (there / "b.edi").write_bytes(b"22")
    (there / "a.edi").write_bytes(b"1")
    (there / "c.txt").write_bytes(b"3")
    (there / "folder.edi").mkdir()
    (there / "link.edi").symlink_to("/etc/passwd")
    (there / "line\nbreak.edi").write_bytes(b"4")
    (there / "-rf.edi").write_bytes(b"5")
    with SftpFolder(server.access(there, pattern="*.edi")) as folder:
        entries, troubles = folder.list()
        assert {(entry.name, entry.size) for entry in entries} == {("a.edi", 1), ("b.edi", 2)}
        assert {trouble.code for trouble in troubles} == {"remote_name_unsafe"}
        assert len(troubles) == 2
        assert all("\n" not in trouble.subject for trouble in troubles)
        assert folder.find("link.edi") is None
        assert folder.find("none") is None


def test_limits_on_what_a_server_may_send(server: Server, there: Path) -> None:
    for n in range(5):
        (there / f"{n}").write_bytes(b"12345")
    with SftpFolder(server.access(there, max_names=4)) as folder, pytest.raises(RemoteListingTooLong):
        folder.list()
    with SftpFolder(server.access(there, max_bytes=4)) as folder:
        entry = folder.find("1")
        assert entry is not None
        with pytest.raises(RemoteTooLarge):
            folder.fetch(entry, BytesIO())


@pytest.mark.parametrize("prefetch", [True, False])
def test_a_file_is_fetched_whole_or_not(server: Server, there: Path, prefetch: bool) -> None:
    data = bytes(range(256)) * 1000
    (there / "a").write_bytes(data)
    with SftpFolder(server.access(there, prefetch=prefetch)) as folder:
        entry = folder.find("a")
        assert entry is not None
        sink = BytesIO()
        folder.fetch(entry, sink)
        assert sink.getvalue() == data
        for wrong in (RemoteEntry("a", entry.size - 1, entry.mtime), RemoteEntry("gone", 3, "1")):
            with pytest.raises(RemoteChanged):
                folder.fetch(wrong, BytesIO())


def test_a_file_that_grows_while_it_is_read_is_not_taken(server: Server, there: Path) -> None:
    """A paused upload reads short without any error: only the looks before and after tell."""
    (there / "a").write_bytes(b"x" * 100_000)

    class Growing(BytesIO):
        def write(self, data: object, /) -> int:
            with (there / "a").open("ab") as upload:
                upload.write(b"y")
            return super().write(data)  # type: ignore[arg-type]  # whatever the session writes

    with SftpFolder(server.access(there)) as folder:
        entry = folder.find("a")
        assert entry is not None
        with pytest.raises(RemoteChanged):
            folder.fetch(entry, Growing())
