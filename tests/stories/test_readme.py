"""README.md is true as it is written: "Run it" runs, and the excerpt of the demo stands in its transcript."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.readme import ROOT, blocks, section

PATIENCE_SECONDS = 60.0
PORT = 8180


def test_the_excerpt_of_the_demo_stands_in_the_transcript() -> None:
    """Lines that follow one another in the README do so in the transcript; "…" stands for lines left out."""
    (excerpt,) = blocks(section("README.md", "## Two commands"), "text")
    transcript = (ROOT / "tests/golden/demo.txt").read_text(encoding="utf-8")
    at = 0
    for part in excerpt.split("…\n"):
        found = transcript.find(f"\n{part}", at)
        assert found >= 0, f"not in the transcript, or not in this place:\n{part}"
        at = found + len(part)


def test_run_it_runs_as_it_is_written(tmp_path: Path) -> None:
    (commands,) = blocks(section("README.md", "## Run it"), "sh")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    home = tmp_path / "returns"
    page_is_ours = _is_free(PORT)
    log = tmp_path / "log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            sent = _wait_for_answers(home, running)
            page = _page() if page_is_ours else ""
        finally:
            os.killpg(running.pid, signal.SIGINT)
            running.wait(PATIENCE_SECONDS)
    assert sent == {"northgate/997", "northgate/180", "harbor/943", "atlas/GENERIC-FIXED"}, log.read_text()
    assert "Overview" in page or not page_is_ours
    status = subprocess.run(
        [sys.executable, "-m", "gateway", "--home", str(home), "status"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert status.stdout.startswith("intakes     1 partial, 2 processed\nreturns     1 authorized, 1 rejected\n")
    assert "hold" not in status.stdout
    assert "fault" not in status.stdout


def _is_free(port: int) -> bool:
    """May we listen there? Another gateway on this machine may have the port that the README names."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _wait_for_answers(home: Path, running: subprocess.Popen[bytes]) -> set[str]:
    """The files that the README promises, as "partner/beginning of the name", once all are there or time is up."""
    until = time.monotonic() + PATIENCE_SECONDS
    sent: set[str] = set()
    while len(sent) < 4 and time.monotonic() < until and running.poll() is None:
        time.sleep(0.1)
        files = [path for path in (home / "outbox").glob("[!.]*/*") if path.is_file()]
        sent = {f"{path.parent.name}/{re.split(r'[_.]', path.name)[0]}" for path in files}
    return sent


def _page() -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=PATIENCE_SECONDS) as answer:
        return str(answer.read(), "utf-8")
