"""The folders of the home itself."""

from __future__ import annotations

import pytest

from gateway.home import Home
from tests.gateway.transports.harness import PARTNER, FilesOf, Harness


def folder_harness(home: Home, request: pytest.FixtureRequest) -> Harness:
    """inbox/<partner> and outbox/<partner> of the test's home."""
    kind: dict[str, object] = {"kind": "folder"}
    return Harness(kind, kind, FilesOf(home.inbox / PARTNER), FilesOf(home.outbox / PARTNER))
