"""The databases that can hold the store: SQLite and PostgreSQL, each opened with the settings that keep its promises.

SQLite runs in WAL mode with synchronous=FULL, so that a committed transaction survives power loss. Every writing
unit of work begins with BEGIN IMMEDIATE: a deferred one fails at once when it turns into a writer.
"""

from __future__ import annotations

import importlib
import re
import sqlite3
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from gateway.faults import GatewayError, StoreDriverOld
from gateway.store.database import BUSY_SECONDS, Store

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "wal_autocheckpoint=0",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "temp_store=MEMORY",
)


# --- SQLite


def sqlite_driver() -> ModuleType:
    """The DB-API module: pysqlite3 (which brings its own SQLite), or the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def has_wal_reset_bug(version: str) -> bool:
    """Whether this SQLite may damage a WAL database that two connections write: 3.7.0 to 3.51.2, except the fixed
    3.44.6 and 3.50.7 lines (sqlite.org/wal.html, "The WAL-reset bug").
    """
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers[:2] == (3, 44):
        return numbers < (3, 44, 6)
    if numbers[:2] == (3, 50):
        return numbers < (3, 50, 7)
    return (3, 7, 0) <= numbers < (3, 51, 3)


def open_sqlite(url: sa.URL, read_only: bool) -> Store:
    """The store in a SQLite file: one writing connection and up to eight reading ones."""
    driver = sqlite_driver()
    troubles: tuple[GatewayError, ...] = ()
    if has_wal_reset_bug(driver.sqlite_version):
        troubles = (StoreDriverOld(f"SQLite {driver.sqlite_version} has the WAL-reset bug."),)
    writer = _sqlite_engine(url, driver, "BEGIN" if read_only else "BEGIN IMMEDIATE", writes=not read_only, size=1)
    reader = _sqlite_engine(url, driver, "BEGIN", writes=False, size=8)
    return Store(url.render_as_string(hide_password=False), writer, reader, troubles)


def _sqlite_engine(url: sa.URL, driver: ModuleType, begin: str, *, writes: bool, size: int) -> sa.Engine:
    engine = sa.create_engine(
        url,
        module=driver,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


# --- PostgreSQL


def open_postgresql(url: sa.URL, read_only: bool) -> Store:
    """The store in a PostgreSQL database; with `read_only` its units of work cannot write."""
    writer = sa.create_engine(url, pool_pre_ping=True, pool_size=4)
    reader = sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=8,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
    return Store(url.render_as_string(hide_password=False), reader if read_only else writer, reader)
