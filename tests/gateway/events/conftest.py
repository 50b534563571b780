from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.clock import FixedClock
from gateway.home import Home
from gateway.store import open_store
from tests.gateway.events.told import Told
from tests.homes import START


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """A home whose feed is written by the test."""
    monkeypatch.setenv("WEBHOOK_SECRET", "words")
    home = Home(tmp_path / "home")
    home.create()
    with open_store(home) as store:
        made = Told(home, store, FixedClock(START))
        yield made
        made.dispatch.close()
