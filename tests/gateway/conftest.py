"""What several rooms of the gateway's tests share: one real SFTP server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.transports.sftp.server import Server, why_not


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One OpenSSH server for all tests of the gateway that need one."""
    if reason := why_not():
        pytest.skip(reason)
    running = Server(tmp_path_factory.mktemp("sshd")).start()
    yield running
    running.stop()


@pytest.fixture
def there(server: Server, request: pytest.FixtureRequest) -> Path:
    """An empty folder on the server."""
    folder = server.root / str(abs(hash(request.node.nodeid)))
    folder.mkdir()
    return folder
