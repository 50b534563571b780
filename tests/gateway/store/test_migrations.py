from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from gateway.store import Store, migrate, open_store
from gateway.store.migrations import run
from gateway.store.tables import metadata


def _shape(connection: sa.Connection) -> dict[str, object]:
    inspector = sa.inspect(connection)
    return {
        table: (
            [
                (column["name"], str(column["type"]), column["nullable"], str(column["default"]))
                for column in inspector.get_columns(table)
            ],
            inspector.get_pk_constraint(table)["constrained_columns"],
            sorted(str(sorted(key.items(), key=str)) for key in map(dict, inspector.get_foreign_keys(table))),
            sorted((index["name"], index["column_names"], index["unique"]) for index in inspector.get_indexes(table)),
            sorted(tuple(unique["column_names"]) for unique in inspector.get_unique_constraints(table)),
        )
        for table in sorted(inspector.get_table_names())
    }


def _empty(store: Store) -> None:
    with store.write() as tx:
        metadata.drop_all(tx)
        run.version_table.drop(tx)


def test_the_migrations_make_the_tables(store: Store) -> None:
    """A new store is made at once from the tables, an old one by the migrations: both must be the same. If this fails
    after a change of the tables, write the next migration: python -m gateway.store.migrations "what changes".
    """
    with store.read() as snapshot:
        made_at_once = _shape(snapshot)
    _empty(store)
    with store.write() as tx:
        run.upgrade(tx, "head")
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []
        migrated = _shape(tx)
        assert run.current_revision(tx) == run.HEAD
    assert migrated == made_at_once


def test_the_head_is_the_last_migration() -> None:
    assert ScriptDirectory.from_config(run.alembic_configuration()).get_heads() == [run.HEAD]


def test_an_older_store_is_backed_up_and_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest migration stands for all: take its revision away and open the store again."""
    path = tmp_path / "s.sqlite3"
    done: list[str] = []
    with open_store(path) as store:
        with store.write() as tx:
            tx.execute(run.version_table.update().values(version_num=run.HEAD))
        monkeypatch.setattr(run, "HEAD", "next")
        monkeypatch.setattr(run, "upgrade", lambda _, revision: done.append(revision))
        migrate(store)
    assert done == ["next"]
    backup = sa.create_engine(f"sqlite:///{tmp_path}/s-before-next.sqlite3")
    with backup.connect() as connection:
        assert run.current_revision(connection) is not None
    backup.dispose()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: sa.Connection, _: str) -> None:
        connection.execute(sa.text("CREATE TABLE half_done (x INTEGER)"))
        raise RuntimeError("a broken migration")

    with open_store(tmp_path / "s.sqlite3") as store:
        monkeypatch.setattr(run, "HEAD", "next")
        monkeypatch.setattr(run, "upgrade", fail)
        with pytest.raises(RuntimeError, match="broken"):
            migrate(store)
        with store.read() as snapshot:
            assert "half_done" not in sa.inspect(snapshot).get_table_names()
