from __future__ import annotations

from pathlib import Path

import pytest

from gateway.home import Home
from tests.gateway.rebuild.player import Gateways
from tests.gateway.store.conftest import store

__all__ = ["empty_home", "gateways", "store"]


@pytest.fixture(scope="module")
def gateways(tmp_path_factory: pytest.TempPathFactory) -> Gateways:
    return Gateways(tmp_path_factory.mktemp("rebuild"))


@pytest.fixture
def empty_home(tmp_path: Path) -> Home:
    (tmp_path / "home/partners").mkdir(parents=True)
    return Home(tmp_path / "home").require()
