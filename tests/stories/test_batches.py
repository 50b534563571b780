"""An ERP that takes files at night, and a person who needs one now: typed, alone and beside a running gateway."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gateway.clock import FixedClock
from gateway.commands.homes import make_home
from gateway.engine import Engine
from gateway.home import Home
from tests.stories.homes import NOW, type_command


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose ERP takes files once a year, with a return order that waits for that."""
    root = make_home(tmp_path / "home").root
    atlas = root / "partners/atlas/partner.toml"
    atlas.write_text(atlas.read_text(encoding="utf-8") + '\n[batch]\ncron = ["0 3 1 1 *"]\n', encoding="utf-8")
    for partner, sample in (
        ("atlas", "orders.csv"),
        ("atlas", "products.csv"),
        ("northgate", "180-requests.edi"),
    ):
        shutil.copy(root / "partners" / partner / "samples" / sample, root / "inbox" / partner / sample)
        assert type_command(root, "once").code == 0
    assert list((root / "outbox/atlas").iterdir()) == []
    return root


def _sent(home: Path) -> list[str]:
    return [path.name for path in sorted((home / "outbox/atlas").glob("*.txt"))]


def test_send_writes_what_is_ready_at_once(home: Path) -> None:
    assert "2 ready" in type_command(home, "status").text
    result = type_command(home, "send", "atlas", "--actor", "ann")
    assert (result.code, result.text) == (0, "done: 2 postings in ATLAS-000001\n")
    assert len(_sent(home)) == 1
    assert type_command(home, "send", "atlas").text == "done: nothing was ready for atlas\n"
    wrong = type_command(home, "send", "northgate")
    assert (wrong.code, wrong.text) == (
        1,
        "refused: northgate has the role retailer; import files go to atlas\n",
    )
    assert type_command(home, "verify").code == 0


def test_a_running_gateway_takes_the_request(home: Path) -> None:
    with Engine.open(Home(home), FixedClock(NOW)) as running:
        running.until_quiet()
        result = type_command(home, "send", "atlas")
        assert (result.code, result.text) == (0, "request 1 is left for the running gateway\n")
        assert _sent(home) == []
        running.tick()
        assert len(_sent(home)) == 1
