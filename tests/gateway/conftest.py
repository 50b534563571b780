"""What several rooms of the gateway's tests share: a gateway over a new home, and one real SFTP server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.commands.homes import make_home
from tests.gateway.transports.sftp.server import Server, why_not
from tests.homes import GatewayAtWork, InlineParser, at_work


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


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a new home with the shipped partners."""
    return make_home(tmp_path / "home").root


@pytest.fixture
def gateway(root: Path) -> Iterator[GatewayAtWork]:
    """A gateway over that home, which translates in this process."""
    with at_work(root, parser=InlineParser()) as gateway:
        yield gateway
