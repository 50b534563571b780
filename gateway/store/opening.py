"""Open the store at a place: a home, a file or a URL, its schema brought up to date."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from gateway.home import Home
from gateway.store.database import Store
from gateway.store.drivers import open_postgresql, open_sqlite
from gateway.store.migrations.run import migrate


def open_store(place: Home | str | Path, *, read_only: bool = False) -> Store:
    """A Home, a database file or a SQLAlchemy URL → the store, its schema up to date.

    With `read_only` nothing is made or migrated and `write` fails: for commands beside a running gateway.
    Raises StoreTooNew if a newer gateway wrote it, StoreBusy if it stays locked.
    """
    url = _url(place)
    opener = open_sqlite if url.get_backend_name() == "sqlite" else open_postgresql
    store = opener(url, read_only)
    if not read_only:
        migrate(store)
    return store


def _url(place: Home | str | Path) -> sa.URL:
    if isinstance(place, Home):
        place = place.database_url()
    if isinstance(place, Path):
        place = f"sqlite:///{place.absolute()}"
    url = sa.make_url(place)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return url
