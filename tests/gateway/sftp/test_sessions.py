from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import paramiko
import pytest

from gateway.faults import (
    AuthRefused,
    GatewayError,
    HostKeyChanged,
    HostKeyMissing,
    RemoteChanged,
    RemoteListingTooLong,
    RemoteTooLarge,
    SecretUnusable,
    TransportDown,
    TransportTimeout,
)
from gateway.transports.sftp import RemoteEntry, SftpSession, SftpSettings, fingerprint, load_key
from tests.gateway.sftp.server import Server


def _refusal(settings: SftpSettings) -> GatewayError:
    with pytest.raises(GatewayError) as caught, SftpSession(settings):
        pass
    return caught.value


def _prints(server: Server) -> list[str]:
    keys = [paramiko.PKey.from_type_string(*_parts(line)) for line in server.host_keys]
    return [fingerprint(key) for key in keys]


def _parts(line: str) -> tuple[str, bytes]:
    import base64

    kind, blob, *_ = line.split()
    return kind, base64.b64decode(blob)


def test_any_pinned_key_opens_the_session(server: Server, there: Path) -> None:
    ed25519, rsa = server.host_keys
    known_hosts = f"[127.0.0.1]:{server.port} {rsa}"
    pins: list[tuple[str, ...]] = [(ed25519,), (rsa,), (known_hosts,), *((each,) for each in _prints(server))]
    pins.append(("SHA256:" + "A" * 43, ed25519))  # the one of tomorrow and the one of today
    for pin in pins:
        with SftpSession(server.settings(there, host_keys=pin)) as session:
            assert session.listing() == ([], [])


def test_a_wrong_or_missing_pin_is_refused_before_the_login(server: Server, there: Path) -> None:
    other = server.key("stranger")
    stranger = load_key(other)
    line = f"{stranger.get_name()} {stranger.get_base64()}"
    for pin in (line, fingerprint(stranger)):
        error = _refusal(server.settings(there, host_keys=(pin,), key="no key at all: never looked at"))
        assert isinstance(error, HostKeyChanged)
        assert "SHA256:" in error.message
        assert not error.retry
    assert isinstance(_refusal(server.settings(there, host_keys=())), HostKeyMissing)


def test_a_wrong_key_or_secret_is_refused(server: Server, there: Path) -> None:
    assert isinstance(_refusal(server.settings(there, key=server.key("stranger"))), AuthRefused)
    assert isinstance(_refusal(server.settings(there, key="", password="x")), AuthRefused)
    assert isinstance(_refusal(server.settings(there, key="junk")), SecretUnusable)
    locked = server.key("user_locked")
    assert isinstance(_refusal(server.settings(there, key=locked)), SecretUnusable)
    assert isinstance(_refusal(server.settings(there, key=locked, key_passphrase="wrong")), SecretUnusable)
    with SftpSession(server.settings(there, key=locked, key_passphrase="open sesame")) as session:
        assert session.listing() == ([], [])


def test_secrets_are_not_shown(server: Server) -> None:
    assert "PRIVATE" not in repr(server.settings(password="hunter2"))
    assert "hunter2" not in repr(server.settings(password="hunter2"))


def test_no_server_is_down(server: Server) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    error = _refusal(server.settings(port=closed))
    assert isinstance(error, TransportDown)
    assert error.retry


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        for each in taken:
            each.close()
        thread.join(5)


def test_a_silent_server_costs_no_more_than_the_limit(server: Server, silent: int) -> None:
    for timeout, limit in ((0.3, 20.0), (20.0, 0.3)):
        started = time.monotonic()
        error = _refusal(server.settings(port=silent, timeout=timeout, time_limit=limit))
        assert isinstance(error, TransportDown)
        assert time.monotonic() - started < 5


def test_a_session_is_cut_when_its_time_is_over(server: Server, there: Path) -> None:
    with (
        pytest.raises(TransportTimeout, match="cut after 1"),
        SftpSession(server.settings(there, time_limit=1.0)) as session,
    ):
        while True:
            session.listing()


def test_a_listing_takes_only_plain_files(server: Server, there: Path) -> None:
    (there / "b.edi").write_bytes(b"22")
    (there / "a.edi").write_bytes(b"1")
    (there / "c.txt").write_bytes(b"3")
    (there / "folder.edi").mkdir()
    (there / "link.edi").symlink_to("/etc/passwd")
    (there / "line\nbreak.edi").write_bytes(b"4")
    (there / "-rf.edi").write_bytes(b"5")
    with SftpSession(server.settings(there, pattern="*.edi")) as session:
        entries, troubles = session.listing()
        assert {(entry.name, entry.size) for entry in entries} == {("a.edi", 1), ("b.edi", 2)}
        assert {trouble.code for trouble in troubles} == {"remote_name_unsafe"}
        assert len(troubles) == 2
        assert all("\n" not in trouble.subject for trouble in troubles)
        assert session.look("link.edi") is None
        assert session.look("none") is None


def test_limits_on_what_a_server_may_send(server: Server, there: Path) -> None:
    for n in range(5):
        (there / f"{n}").write_bytes(b"12345")
    with SftpSession(server.settings(there, max_names=4)) as session, pytest.raises(RemoteListingTooLong):
        session.listing()
    with SftpSession(server.settings(there, max_bytes=4)) as session:
        entry = session.look("1")
        assert entry is not None
        with pytest.raises(RemoteTooLarge):
            session.fetch(entry, BytesIO())


@pytest.mark.parametrize("prefetch", [True, False])
def test_a_file_is_fetched_whole_or_not(server: Server, there: Path, prefetch: bool) -> None:
    data = bytes(range(256)) * 1000
    (there / "a").write_bytes(data)
    with SftpSession(server.settings(there, prefetch=prefetch)) as session:
        entry = session.look("a")
        assert entry is not None
        sink = BytesIO()
        session.fetch(entry, sink)
        assert sink.getvalue() == data
        for wrong in (RemoteEntry("a", entry.size - 1, entry.mtime), RemoteEntry("gone", 3, "1")):
            with pytest.raises(RemoteChanged):
                session.fetch(wrong, BytesIO())


def test_a_file_that_grows_while_it_is_read_is_not_taken(server: Server, there: Path) -> None:
    """A paused upload reads short without any error: only the looks before and after tell."""
    (there / "a").write_bytes(b"x" * 100_000)

    class Growing(BytesIO):
        def write(self, data: object, /) -> int:
            with (there / "a").open("ab") as upload:
                upload.write(b"y")
            return super().write(data)  # type: ignore[arg-type]  # whatever the session writes

    with SftpSession(server.settings(there)) as session:
        entry = session.look("a")
        assert entry is not None
        with pytest.raises(RemoteChanged):
            session.fetch(entry, Growing())


def test_a_rotated_host_key_stops_everything_until_it_is_pinned(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Server(tmp_path_factory.mktemp("rotating")).start()
    try:
        before = other.settings()
        with SftpSession(before):
            pass
        other.rotate_host_keys()
        assert isinstance(_refusal(before), HostKeyChanged)
        with SftpSession(other.settings()):
            pass
    finally:
        other.stop()
