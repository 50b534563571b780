from __future__ import annotations

import builtins
import importlib
import sqlite3
import threading
import time
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa

from gateway.faults import DiskFull, StoreBusy, StoreDriverOld, StoreTooNew
from gateway.store import Store, database, drivers, open_store
from gateway.store.system import counters, events
from gateway.store.system.events import NewEvent
from tests.gateway.files import new_home


def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        counters.next_(tx, "x")
        raise ZeroDivisionError
    with store.read() as snapshot:
        assert counters.current(snapshot, "x") == (0, 0)
    with store.write() as tx:
        assert counters.next_(tx, "x") == (1, 0)


def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(sa.exc.DBAPIError), store.read() as snapshot:
        counters.next_(snapshot, "x")


def test_a_snapshot_does_not_move(store: Store) -> None:
    with store.read() as snapshot:
        assert counters.current(snapshot, "x") == (0, 0)
        with store.write() as tx:
            counters.next_(tx, "x")
        assert counters.current(snapshot, "x") == (0, 0)


def test_units_of_work_do_not_nest(store: Store) -> None:
    with store.write(), pytest.raises(RuntimeError, match="inside another"), store.write():
        pass
    with store.write() as tx:
        assert counters.next_(tx, "x") == (1, 0)


def test_threads_take_turns_and_lose_nothing(store: Store) -> None:
    def work() -> None:
        for _ in range(20):
            with store.write() as tx:
                counters.next_(tx, "x")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as snapshot:
        assert counters.current(snapshot, "x") == (80, 0)


def test_two_processes_worth_of_writers_wait_for_each_other(tmp_path: Path) -> None:
    first, second = open_store(tmp_path / "s.sqlite3"), open_store(tmp_path / "s.sqlite3")

    def work(store: Store) -> None:
        for _ in range(20):
            with store.write() as tx:
                number, _ = counters.next_(tx, "x")
                time.sleep(0.0005)
                assert counters.current(tx, "x")[0] == number

    threads = [threading.Thread(target=work, args=(store,)) for store in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with first.read() as snapshot:
        assert counters.current(snapshot, "x") == (40, 0)
    first.close()
    second.close()


def test_a_store_that_stays_locked_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(drivers, "_PRAGMAS", (*drivers._PRAGMAS[:3], "busy_timeout=10"))
    with open_store(tmp_path / "s.sqlite3") as first, open_store(tmp_path / "s.sqlite3") as second, first.write():
        with pytest.raises(StoreBusy) as caught, second.write():
            pass
        assert caught.value.retry


def test_sqlite_is_opened_for_safety(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.sqlite3") as store:
        for opened in (store.write, store.read):
            with opened() as connection:
                found = {
                    name: connection.execute(sa.text(f"PRAGMA {name}")).scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint")
                }
            assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "wal_autocheckpoint": 0}
        with store.write() as tx:
            counters.next_(tx, "x")
        assert store.wal_bytes() > 0
        store.checkpoint()
        assert store.wal_bytes() == 0
        assert store.check() == []


def test_the_log_is_checkpointed_before_it_grows_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAL_LIMIT_BYTES", 1000)
    with open_store(tmp_path / "s.sqlite3") as store:
        for _ in range(2 * database.COMMITS_BETWEEN_CHECKS):
            with store.write() as tx:
                counters.next_(tx, "x")
        assert store.wal_bytes() < 500_000


def test_a_checkpoint_waits_for_no_reader(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    with open_store(path) as store, open_store(path, read_only=True) as beside:
        with beside.read() as snapshot:
            counters.current(snapshot, "x")
            with store.write() as tx:
                counters.next_(tx, "x")
            before = time.monotonic()
            store.checkpoint()
            assert time.monotonic() - before < 5
            assert store.wal_bytes() > 0
        store.checkpoint()
        assert store.wal_bytes() == 0
        with store.write() as tx:  # a writer does wait for another one
            assert tx.execute(sa.text("PRAGMA busy_timeout")).scalar() == database.BUSY_SECONDS * 1000


def test_a_store_that_cannot_grow_is_a_full_disk_and_goes_on_later(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.sqlite3") as store:
        with store.write() as tx:
            pages = tx.execute(sa.text("PRAGMA page_count")).scalar()
            tx.execute(sa.text(f"PRAGMA max_page_count={pages}"))
        with pytest.raises(DiskFull) as caught, store.write() as tx:
            events.add(tx, NewEvent("intake:1", "", message="x" * 100_000), "2025-03-14T10:00:00.000000Z")
        assert caught.value.retry
        with store.write() as tx:
            tx.execute(sa.text("PRAGMA max_page_count=1000000"))
            counters.next_(tx, "x")


def test_read_only_makes_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    open_store(path).close()
    with open_store(path, read_only=True) as store:
        with store.read() as snapshot:
            assert counters.current(snapshot, "x") == (0, 0)
        with pytest.raises(sa.exc.DBAPIError), store.write() as tx:
            counters.next_(tx, "x")


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    with open_store(path) as store, store.write() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew, match="9999"):
        open_store(path)


def test_opening_is_quick(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    open_store(home).close()
    (home.database_file).unlink()
    started = time.perf_counter()
    open_store(home).close()
    assert time.perf_counter() - started < 1.0  # 0.06 s on an idle machine


@pytest.mark.parametrize(
    ("version", "bug"),
    [
        ("3.6.23", False),
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.53.4", False),
    ],
)
def test_which_sqlite_has_the_wal_reset_bug(version: str, bug: bool) -> None:
    assert drivers.has_wal_reset_bug(version) is bug


def test_without_pysqlite3_the_standard_driver_works_and_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.import_module

    def without(name: str, package: str | None = None) -> ModuleType:
        if name.startswith("pysqlite3"):
            raise builtins.ImportError(name)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", without)
    assert drivers.sqlite_driver() is sqlite3
    with open_store(tmp_path / "s.sqlite3") as store:
        expected = [StoreDriverOld] if drivers.has_wal_reset_bug(sqlite3.sqlite_version) else []
        assert [type(trouble) for trouble in store.troubles] == expected
        with store.write() as tx:
            assert counters.next_(tx, "x") == (1, 0)
