"""The scratch database: the store's tables in a file without a name, which is gone with the process that made it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from gateway.faults import DiskFull
from gateway.store import Transaction
from gateway.store.drivers import sqlite_driver
from gateway.store.tables import metadata

# The scratch database need not survive a crash, so nothing is synced or journalled; what exceeds the cache goes to the
# file. The last pragma writes, so that the file is open before its name is removed.
_PRAGMAS = ("locking_mode=EXCLUSIVE", "journal_mode=OFF", "synchronous=OFF", "cache_size=-32768", "user_version=1")


@contextmanager
def scratch_database() -> Iterator[Transaction]:
    """An empty database with the store's tables, in one transaction. Raises DiskFull if it outgrows its disk."""
    try:
        with _engine().begin() as transaction:
            for statement in _schema():
                transaction.exec_driver_sql(statement)
            yield transaction
    except OperationalError as trouble:
        if "full" in str(trouble.orig):
            raise DiskFull("There is no room to make the store again beside it.", subject="TMPDIR") from trouble
        raise


@lru_cache(maxsize=1)
def _engine() -> sa.Engine:
    """One for all: building a statement costs more than running it, and an engine keeps what it has built."""
    driver = sqlite_driver()

    def connect() -> Any:
        # Not SQLite's own unnamed file: builds of it that keep those in memory are usual.
        descriptor, name = tempfile.mkstemp(prefix="returns-gateway-")
        try:
            os.close(descriptor)
            connection = driver.connect(name, isolation_level=None, check_same_thread=False)
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}").fetchall()
        finally:
            Path(name).unlink()
        return connection

    engine = sa.create_engine("sqlite://", module=driver, creator=connect, poolclass=NullPool)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


@lru_cache(maxsize=1)
def _schema() -> tuple[str, ...]:
    """The statements that make the tables, as text."""
    statements: list[str] = []
    dialect = _engine().dialect

    def write(statement: sa.sql.ddl.DDLElement, *_: Any, **__: Any) -> None:
        statements.append(str(statement.compile(dialect=dialect)))

    metadata.create_all(sa.create_mock_engine("sqlite://", write), checkfirst=False)
    return tuple(statements)
