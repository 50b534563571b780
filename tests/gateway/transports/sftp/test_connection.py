from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from gateway.faults import (
    AuthRefused,
    GatewayError,
    HostKeyChanged,
    HostKeyMissing,
    SecretUnusable,
    TransportDown,
    TransportTimeout,
)
from gateway.transports.sftp.access import SftpAccess
from gateway.transports.sftp.keys import fingerprint, load_key
from gateway.transports.sftp.remote_folder import SftpFolder
from tests.gateway.transports.sftp.server import Server


def _refusal(access: SftpAccess) -> GatewayError:
    with pytest.raises(GatewayError) as caught, SftpFolder(access):
        pass
    return caught.value


def _fingerprints(server: Server) -> list[str]:
    keys = [paramiko.PKey.from_type_string(*_parts(line)) for line in server.host_keys]
    return [fingerprint(key) for key in keys]


def _parts(line: str) -> tuple[str, bytes]:
    import base64

    kind, blob, *_ = line.split()
    return kind, base64.b64decode(blob)


def test_any_pinned_key_opens_the_session(server: Server, there: Path) -> None:
    ed25519, rsa = server.host_keys
    known_hosts = f"[127.0.0.1]:{server.port} {rsa}"
    pins: list[tuple[str, ...]] = [(ed25519,), (rsa,), (known_hosts,), *((line,) for line in _fingerprints(server))]
    pins.append(("SHA256:" + "A" * 43, ed25519))  # the one of tomorrow and the one of today
    for pin in pins:
        with SftpFolder(server.access(there, host_keys=pin)) as folder:
            assert folder.list() == ([], [])


def test_a_wrong_or_missing_pin_is_refused_before_the_login(server: Server, there: Path) -> None:
    other = server.key("stranger")
    stranger = load_key(other)
    line = f"{stranger.get_name()} {stranger.get_base64()}"
    for pin in (line, fingerprint(stranger)):
        error = _refusal(server.access(there, host_keys=(pin,), key="no key at all: never looked at"))
        assert isinstance(error, HostKeyChanged)
        assert "SHA256:" in error.message
        assert not error.retry
    assert isinstance(_refusal(server.access(there, host_keys=())), HostKeyMissing)


def test_a_wrong_key_or_secret_is_refused(server: Server, there: Path) -> None:
    assert isinstance(_refusal(server.access(there, key=server.key("stranger"))), AuthRefused)
    assert isinstance(_refusal(server.access(there, key="", password="x")), AuthRefused)
    assert isinstance(_refusal(server.access(there, key="junk")), SecretUnusable)
    locked = server.key("user_locked")
    assert isinstance(_refusal(server.access(there, key=locked)), SecretUnusable)
    assert isinstance(_refusal(server.access(there, key=locked, key_passphrase="wrong")), SecretUnusable)
    with SftpFolder(server.access(there, key=locked, key_passphrase="open sesame")) as folder:
        assert folder.list() == ([], [])


def test_secrets_are_not_shown(server: Server) -> None:
    assert "PRIVATE" not in repr(server.access(password="hunter2"))
    assert "hunter2" not in repr(server.access(password="hunter2"))


def test_no_server_is_down(server: Server) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    error = _refusal(server.access(port=closed))
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
        for connection in taken:
            connection.close()
        thread.join(5)


def test_a_silent_server_costs_no_more_than_the_limit(server: Server, silent: int) -> None:
    for timeout, limit in ((0.3, 20.0), (20.0, 0.3)):
        started = time.monotonic()
        error = _refusal(server.access(port=silent, timeout=timeout, time_limit=limit))
        assert isinstance(error, TransportDown)
        assert time.monotonic() - started < 5


def test_a_session_is_cut_when_its_time_is_over(server: Server, there: Path) -> None:
    with (
        pytest.raises(TransportTimeout, match="cut after 1"),
        SftpFolder(server.access(there, time_limit=1.0)) as folder,
    ):
        while True:
            folder.list()


def test_a_rotated_host_key_stops_everything_until_it_is_pinned(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Server(tmp_path_factory.mktemp("rotating")).start()
    try:
        before = other.access()
        with SftpFolder(before):
            pass
        other.rotate_host_keys()
        assert isinstance(_refusal(before), HostKeyChanged)
        with SftpFolder(other.access()):
            pass
    finally:
        other.stop()
