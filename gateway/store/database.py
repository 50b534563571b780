"""Open the store: one writer, many readers, the schema brought up to date.

SQLite runs in WAL mode with synchronous=FULL, so that a committed transaction survives power loss. Every writing
unit of work begins with BEGIN IMMEDIATE (a deferred one fails at once when it turns into a writer) on the one writing
connection, guarded by a mutex; that connection also makes every checkpoint. PostgreSQL runs the same code by URL.
"""

from __future__ import annotations

import importlib
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from gateway.faults import DiskFull, GatewayError, StoreBusy, StoreDriverOld, crashpoint
from gateway.home import Home

BUSY_SECONDS = 30
WAL_LIMIT_BYTES = 64 * 1024 * 1024
COMMITS_BETWEEN_CHECKS = 64

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

# What the functions of this package take: a connection inside a unit of work. The names say which kind is meant.
Transaction = sa.Connection
Snapshot = sa.Connection


def insert(where: Transaction | str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this database's dialect: one that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    dialect = where if isinstance(where, str) else where.dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def rows(snapshot: Snapshot, statement: sa.Executable) -> list[dict[str, Any]]:
    """All rows of a query, each as column → value."""
    return [dict(row) for row in snapshot.execute(statement).mappings()]


def one(snapshot: Snapshot, statement: sa.Executable) -> dict[str, Any] | None:
    """The only row of a query as column → value; None if there is none."""
    row = snapshot.execute(statement).mappings().one_or_none()
    return dict(row) if row is not None else None


class Store:
    """The open store. `url` says where; `troubles` are the faults found while opening it, for the caller to raise."""

    def __init__(self, url: str, writer: sa.Engine, reader: sa.Engine, troubles: tuple[GatewayError, ...] = ()) -> None:
        self.url = url
        self.writer = writer
        self.reader = reader
        self.troubles = troubles
        self._mutex = threading.Lock()
        self._owner: int | None = None
        self._commits = 0

    @property
    def dialect(self) -> str:
        return self.writer.dialect.name

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for another database."""
        name = self.writer.url.database
        return Path(name) if self.dialect == "sqlite" and name else None

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One unit of work: committed if the block completes, rolled back if it raises.

        Raises StoreBusy if another process keeps the store locked, DiskFull if it cannot grow, RuntimeError if this
        thread is already writing.
        """
        if self._owner == threading.get_ident():
            raise RuntimeError("a unit of work cannot begin inside another one")
        with self._mutex:
            self._owner = threading.get_ident()
            try:
                with _troubles_are_ours(), self.writer.begin() as connection:
                    yield connection
                    crashpoint("store.commit")
                self._commits += 1
            finally:
                self._owner = None
        crashpoint("store.committed")
        if self._commits % COMMITS_BETWEEN_CHECKS == 0 and self.wal_bytes() > WAL_LIMIT_BYTES:
            self.checkpoint()

    @contextmanager
    def read(self) -> Iterator[Snapshot]:
        """One consistent view: everything read in the block is of the same moment."""
        with _troubles_are_ours(), self.reader.begin() as connection:
            yield connection

    def wal_bytes(self) -> int:
        """Size of SQLite's write-ahead log; 0 if there is none."""
        if self.file is None:
            return 0
        try:
            return self.file.with_name(self.file.name + "-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database file. Call it when there is nothing else to do; readers that
        are still looking (a long `verify`) only make it do less, it never waits for them. Does nothing on PostgreSQL.
        """
        if self.dialect != "sqlite":
            return
        with self._mutex, self.writer.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA busy_timeout=0")
            try:
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")

    def check(self) -> list[str]:
        """What the database's own consistency check finds; empty if it is sound (SQLite's quick_check)."""
        if self.dialect != "sqlite":
            return []
        with self.read() as snapshot:
            found = [str(row[0]) for row in snapshot.execute(sa.text("PRAGMA quick_check"))]
            found += [f"foreign key: {tuple(row)}" for row in snapshot.execute(sa.text("PRAGMA foreign_key_check"))]
        return [line for line in found if line != "ok"]

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _troubles_are_ours() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise StoreBusy(str(error.orig)) from error
        if "disk is full" in str(error.orig):
            raise DiskFull("The store cannot grow.", subject="archive/store") from error
        raise


def open_store(place: Home | str | Path, *, read_only: bool = False) -> Store:
    """A Home, a database file or a SQLAlchemy URL → the store, its schema up to date.

    With `read_only` nothing is made or migrated and `write` fails: for commands beside a running gateway.
    Raises StoreTooNew if a newer gateway wrote it, StoreBusy if it stays locked.
    """
    url = _url(place)
    opener = _open_sqlite if url.get_backend_name() == "sqlite" else _open_postgresql
    store = opener(url, read_only)
    if not read_only:
        migrate(store)
    return store


def migrate(store: Store) -> None:
    """Bring the schema up to date: made at once in an empty database, otherwise by the numbered migrations."""
    from gateway.store.migrations.run import bring_up_to_date  # it needs this module's Store

    bring_up_to_date(store)


def _url(place: Home | str | Path) -> sa.URL:
    if isinstance(place, Home):
        place = place.database_url()
    if isinstance(place, Path):
        place = f"sqlite:///{place.absolute()}"
    url = sa.make_url(place)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return url


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


def _open_sqlite(url: sa.URL, read_only: bool) -> Store:
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


def _open_postgresql(url: sa.URL, read_only: bool) -> Store:
    writer = sa.create_engine(url, pool_pre_ping=True, pool_size=4)
    reader = sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=8,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
    return Store(url.render_as_string(hide_password=False), reader if read_only else writer, reader)
