from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.home import Home
from gateway.store import Store, open_store
from tests.gateway.files import new_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path, "northgate")


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home) as opened:
        yield opened
