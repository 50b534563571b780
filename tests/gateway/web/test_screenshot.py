"""The pages in a real browser: they draw something, and it fits 1280 pixels."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from gateway.clock import FixedClock
from gateway.web import create_app
from tests.gateway.web import story
from tests.gateway.web.conftest import opened
from tests.gateway.web.moments import NOW

pytestmark = pytest.mark.long

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The story's pages on a loopback port."""
    store, home = opened(tmp_path_factory.mktemp("served"))
    with store, socket.socket() as listener:
        story.tell(store, home)
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(create_app(store, home, clock=FixedClock(NOW)), log_level="warning", ws="none")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("path", ("/", "/returns/R000001", "/files/in/1", "/holds"))
def test_chromium_draws_the_page(served: str, tmp_path: Path, path: str) -> None:
    picture = tmp_path / "page.png"
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1280,900", f"--screenshot={picture}"]
    subprocess.run([*command, f"{served}{path}"], check=True, capture_output=True, timeout=60)
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.stat().st_size > 20_000
