from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.clock import FixedClock
from gateway.home import Home
from gateway.store import Store, open_store
from gateway.web import create_app
from tests.gateway.web import story
from tests.gateway.web.browser import Browser
from tests.gateway.web.moments import NOW


def opened(root: Path) -> tuple[Store, Home]:
    """An empty home with its store."""
    home = Home(root)
    home.create()
    return open_store(home), home


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The pages of a gateway to which nothing has happened yet."""
    store, home = opened(tmp_path_factory.mktemp("empty"))
    with store:
        yield Browser(create_app(store, home, clock=FixedClock(NOW)))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The pages after the whole story. They only read, so tests share it."""
    store, home = opened(tmp_path_factory.mktemp("told"))
    with store:
        story.tell(store, home)
        yield Browser(create_app(store, home, clock=FixedClock(NOW)))
