from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.store import Store, open_store

POSTGRES = "GATEWAY_TEST_POSTGRES_URL"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A fresh store of each kind; PostgreSQL needs a server that the tests may use."""
    if request.param == "sqlite":
        with open_store(tmp_path / "gateway.sqlite3") as opened:
            yield opened
        return
    url = os.environ.get(POSTGRES)
    if not url:
        pytest.skip(f"NOT RUN: no PostgreSQL; set {POSTGRES} to a server where databases may be made")
    name = f"gateway_test_{uuid.uuid4().hex}"
    server = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with server.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    try:
        with open_store(sa.make_url(url).set(database=name).render_as_string(hide_password=False)) as opened:
            yield opened
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}"'))
