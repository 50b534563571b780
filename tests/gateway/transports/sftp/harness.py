"""Two folders of a real OpenSSH server."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.home import Home
from tests.gateway.transports.harness import FilesOf, Harness
from tests.gateway.transports.sftp.server import Server


def sftp_harness(home: Home, request: pytest.FixtureRequest) -> Harness:
    """Folders of this test's own on the server that all tests share."""
    server: Server = request.getfixturevalue("server")
    there: Path = request.getfixturevalue("there")
    to_us, from_us = FilesOf(there / "to_us"), FilesOf(there / "from_us")
    return Harness(server.section(to_us.folder), server.section(from_us.folder), to_us, from_us)
