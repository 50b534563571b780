"""The open store: units of work that write, one at a time, and snapshots that read, many at once.

SQLite has one writing connection, guarded by a mutex; that connection also makes every checkpoint. PostgreSQL runs
the same code.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from gateway.faults import DiskFull, GatewayError, StoreBusy, crashpoint

BUSY_SECONDS = 30
WAL_LIMIT_BYTES = 64 * 1024 * 1024
COMMITS_BETWEEN_CHECKS = 64

# What the database's driver says, where it is no trouble that has a class of its own in `gateway.faults`.
DatabaseError = DBAPIError
# The part of it that is about the database itself: it is damaged, gone, or will not be opened.
DatabaseUnusable = OperationalError

# What the functions of this package take: a connection inside a unit of work. The names say which kind is meant.
Transaction = sa.Connection
Snapshot = sa.Connection


def insert(where: Transaction | str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this database's dialect: one that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    dialect = where if isinstance(where, str) else where.dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def columns_of(table: sa.Table, row_type: type) -> list[sa.Column[Any]]:
    """The columns that the fields of a dataclass or NamedTuple stand for, in their order: `row_type(*row)` makes one.

    A field has the name of its column, but for `class_` (the column `class`) and `data` (the column `bytes`).
    """
    return [table.c[_COLUMN_OF_FIELD.get(name, name)] for name in row_type.__annotations__]


_COLUMN_OF_FIELD = {"class_": "class", "data": "bytes"}


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
        """The kind of database: "sqlite" or "postgresql"."""
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
                with _driver_errors_as_ours(), self.writer.begin() as connection:
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
        with _driver_errors_as_ours(), self.reader.begin() as connection:
            yield connection

    def answers(self) -> bool:
        """Whether the store can be read now."""
        try:
            with self.read() as snapshot:
                snapshot.execute(sa.text("SELECT id FROM intake LIMIT 1"))
        except (SQLAlchemyError, GatewayError):
            return False
        return True

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
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _driver_errors_as_ours() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise StoreBusy(str(error.orig)) from error
        if "disk is full" in str(error.orig):
            raise DiskFull("The store cannot grow.", subject="archive/store") from error
        raise
