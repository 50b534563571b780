"""An ERP that takes files at night, and a person who needs one now: typed, alone and beside a running gateway."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.homes import AFTERNOON, append_settings, at_work, drop_sample
from tests.stories.commands import once, type_command


@pytest.fixture
def home(home: Path) -> Path:
    """A home whose ERP takes files once a year, with a return order that waits for that."""
    append_settings(home, "atlas", '\n[batch]\ncron = ["0 3 1 1 *"]\n')
    for partner, sample in (
        ("atlas", "orders.csv"),
        ("atlas", "products.csv"),
        ("northgate", "180-requests.edi"),
    ):
        drop_sample(home, partner, sample)
        once(home)
    assert list((home / "outbox/atlas").iterdir()) == []
    return home


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
    with at_work(home, AFTERNOON) as running:
        running.work()
        result = type_command(home, "send", "atlas")
        assert (result.code, result.text) == (0, "request 1 is left for the running gateway\n")
        assert _sent(home) == []
        running.engine.tick()
        assert len(_sent(home)) == 1
