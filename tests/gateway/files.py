"""Small files and homes for the tests of the shell."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from gateway.clock import FixedClock
from gateway.home import Home
from tests.translators.x12.files import whole_file

START = datetime(2025, 3, 14, 9, 30, tzinfo=UTC)
AT = "2025-03-14T09:30:00.000000Z"


def interchange(number: int = 1, body: str = "ST*180*0001~SE*2*0001~") -> bytes:
    """An interchange that is complete as far as collecting looks."""
    return whole_file(body, number=number)


def new_home(folder: Path, *partners: str) -> Home:
    """An empty home with inbox folders for these partners."""
    home = Home(folder / "home").create()
    for partner in partners:
        (home.inbox / partner).mkdir()
    return home


def drop(home: Home, partner: str, name: str, data: bytes) -> Path:
    """What a partner's upload leaves in the inbox."""
    path = home.inbox / partner / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def clock() -> FixedClock:
    return FixedClock(START)
