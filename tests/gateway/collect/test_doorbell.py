from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from gateway.collect import Doorbell
from gateway.home import Home
from tests.gateway.files import drop, interchange, new_home

WHOLE = interchange()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path, "northgate")


def test_the_doorbell_rings_for_partners_and_not_for_us(home: Home) -> None:
    rung = threading.Event()
    doorbell = Doorbell(home, rung.set)
    assert doorbell.start() is None
    try:
        (home.inbox_claimed / "x").write_bytes(b"x")
        assert not rung.wait(0.2)
        drop(home, "northgate", "a.edi", WHOLE)
        assert rung.wait(5)
        time.sleep(0.05)
    finally:
        doorbell.stop()
    doorbell.stop()


def test_a_doorbell_that_cannot_listen_says_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from watchdog.observers import Observer

    def refuse(_: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "start", refuse)
    trouble = Doorbell(home, lambda: None).start()
    assert trouble is not None
    assert "watch limit" in trouble.message
