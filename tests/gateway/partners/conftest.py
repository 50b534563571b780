"""Files of partner folders, written as a test needs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[str, str], Path]
MINIMAL = 'name = "Birch"\nrole = "retailer"\n'


@pytest.fixture
def write(partners: Path) -> Write:
    """Writes a file below the test's `partners` folder, which is a fixture of each module."""

    def put(name: str, text: str) -> Path:
        path = partners / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return put
