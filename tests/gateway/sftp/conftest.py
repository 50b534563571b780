from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.home import Home
from gateway.store import Store, open_store
from tests.gateway.files import new_home
from tests.gateway.sftp.server import Server, why_not


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One OpenSSH server for all tests of this folder."""
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


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path, "northgate")


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home) as opened:
        yield opened
