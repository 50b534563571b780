"""The first weeks of a partner: its files are real, and a person looks at what they cause before it goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.homes import drop_reference_data, drop_sample, replace_text
from tests.stories.commands import once, type_command


@pytest.fixture
def home(home: Path) -> Path:
    drop_reference_data(home)
    _stage(home, "live", "pilot")
    once(home)
    drop_sample(home, "northgate", "180-requests.edi")
    once(home)
    return home


def _stage(home: Path, before: str, after: str) -> None:
    replace_text(home / "partners/northgate/partner.toml", f'stage = "{before}"', f'stage = "{after}"')


def _holds(home: Path) -> list[dict[str, Any]]:
    shown = json.loads(type_command(home, "status", "--json").text)
    return [hold for hold in shown["holds"] if hold["class"] == "pilot_release"]


def _sent(home: Path) -> set[str]:
    return {path.name.split("_")[0] for path in (home / "outbox").rglob("*_*.*") if path.is_file()}


def test_a_person_releases_what_she_has_looked_at(home: Path) -> None:
    assert "stage pilot" in type_command(home, "check", "northgate").text
    assert _sent(home) == {"997"}
    waiting = {hold["message"].split(" (")[0]: hold["id"] for hold in _holds(home)}
    assert len(waiting) == 3
    result = type_command(home, "resolve", str(waiting["The return answer for northgate"]), "release")
    assert (result.code, result.text) == (0, "done: dispatch 3 released\n")
    assert _sent(home) == {"997", "180"}
    (postings,) = [id_ for message, id_ in waiting.items() if message.startswith("Postings for atlas")]
    assert type_command(home, "resolve", str(postings), "dismiss").code == 1
    result = type_command(home, "resolve", str(postings), "release")
    assert (result.code, result.text) == (0, "done: 2 postings of R000001 released\n")
    assert _sent(home) == {"997", "180", "GENERIC-FIXED"}
    assert [hold["message"].split(" (")[0] for hold in _holds(home)] == ["The expected receipt for harbor"]
    assert type_command(home, "verify").code == 0


def test_a_person_voids_what_is_never_to_reach_the_erp(home: Path) -> None:
    """She enters this return in the ERP by hand; nothing of it goes there, not even after the pilot."""
    (held,) = [hold for hold in _holds(home) if hold["message"].startswith("Postings for atlas")]
    assert "`void` to never send them" in held["next_action"]
    result = type_command(home, "resolve", str(held["id"]), "void", "--note", "entered by hand")
    assert (result.code, result.text) == (0, "done: 2 postings of R000001 void\n")
    _stage(home, "pilot", "live")
    drop_sample(home, "northgate", "856-shipment.edi")
    drop_sample(home, "harbor", "944-receipt.edi")
    assert type_command(home, "once").code == 0
    assert "GENERIC-FIXED" not in _sent(home)
    assert "void" in next(line for line in type_command(home, "status").text.splitlines() if "postings" in line)
    assert "settled_outside" in type_command(home, "reconcile").text
    assert type_command(home, "verify").code == 0
    assert type_command(home, "rebuild", "--check").code == 0


def test_going_live_lets_go_what_still_waits(home: Path) -> None:
    _stage(home, "pilot", "live")
    assert type_command(home, "once").code == 0
    assert _holds(home) == []
    assert _sent(home) == {"997", "180", "943", "GENERIC-FIXED"}
    assert type_command(home, "verify").code == 0
