from __future__ import annotations

from pathlib import Path

import pytest

from gateway.home import Home
from tests.gateway.files import new_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path, "northgate")
