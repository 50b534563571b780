"""Bring a store's schema up to date, in one transaction, with a backup first."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from gateway.faults import StoreTooNew, crashpoint
from gateway.store.database import Store
from gateway.store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
FOLDER = Path(__file__).parent
_MIGRATION_LOCK = 0x52475721  # any constant: PostgreSQL's advisory lock that lets one process migrate

version_table = sa.Table(
    "alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True, nullable=False)
)


def migrate(store: Store) -> None:
    """An empty database gets today's schema at once; an older one the migrations it lacks, after a backup.

    Raises StoreTooNew if the revision is none that this version knows.
    """
    with store.read() as snapshot:
        revision = current_revision(snapshot)
    if revision == HEAD:
        return
    if revision is not None:
        _refuse_unknown(revision, store)
        back_up(store, f"before-{HEAD}")
        crashpoint("migrate.backed_up")
    with store.write() as tx:
        if store.dialect == "postgresql":
            tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        revision = current_revision(tx)  # another process may have been first
        if revision is None:
            metadata.create_all(tx)
            version_table.create(tx)
            tx.execute(version_table.insert().values(version_num=HEAD))
        elif revision != HEAD:
            upgrade(tx, HEAD)
        crashpoint("migrate.applied")


def current_revision(connection: sa.Connection) -> str | None:
    """The revision of the schema; None if the database holds none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.select(version_table.c.version_num)).scalar()


def upgrade(connection: sa.Connection, revision: str) -> None:
    """Run the migrations up to this revision on an open transaction."""
    from alembic import command  # 0.2 s to import, and hardly ever needed

    configuration = alembic_configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, revision)


def alembic_configuration() -> Config:
    """Alembic's settings for the packaged migrations; there is no alembic.ini."""
    from alembic.config import Config  # 0.2 s to import, and hardly ever needed

    configuration = Config()
    configuration.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    return configuration


def back_up(store: Store, label: str) -> Path | None:
    """A consistent copy of the SQLite store beside it → its path; None on PostgreSQL (use pg_dump)."""
    if store.file is None:
        return None
    target = store.file.with_name(f"{store.file.stem}-{label}{store.file.suffix}")
    partial = target.with_name(f".{target.name}.part")
    partial.unlink(missing_ok=True)
    with store.reader.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA query_only=OFF")  # VACUUM INTO writes another file only
        driver.execute("VACUUM INTO ?", (str(partial),))
        driver.execute("PRAGMA query_only=ON")
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    partial.replace(target)
    return target


def _refuse_unknown(revision: str, store: Store) -> None:
    from alembic.script import ScriptDirectory  # 0.2 s to import, and hardly ever needed

    known = {script.revision for script in ScriptDirectory.from_config(alembic_configuration()).walk_revisions()}
    if revision not in known:
        raise StoreTooNew(f"The store has schema {revision}; this version knows up to {HEAD}.", subject=store.url)
