"""Open a home and its store for commands that only read."""

from __future__ import annotations

from pathlib import Path

from gateway.faults import HomeMissing
from gateway.home import Home
from gateway.store import Store, open_store


def open_to_read(root: Path) -> tuple[Home, Store]:
    """A home and its store, only to be read. Raises HomeMissing."""
    home = Home(root)
    if not home.exists() or not (home.database_file.exists() or "sqlite" not in home.database_url()):
        raise HomeMissing("This folder is not a gateway home, or nothing has run here yet.", subject=str(root))
    return home, open_store(home, read_only=True)
