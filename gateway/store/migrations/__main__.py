"""`python -m gateway.store.migrations "message"`: write the next migration from the difference to the tables."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from gateway.store.migrations.run import alembic_configuration, upgrade


def main(message: str) -> None:
    """Apply the existing migrations to a scratch database, compare it with the tables, write the next file."""
    configuration = alembic_configuration()
    heads = ScriptDirectory.from_config(configuration).get_heads()
    number = int(heads[0]) + 1 if heads else 1
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{Path(folder) / 'scratch.sqlite3'}")
        with engine.begin() as connection:
            if heads:
                upgrade(connection, heads[0])
            configuration.attributes["connection"] = connection
            command.revision(configuration, message=message, autogenerate=True, rev_id=f"{number:04d}")
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
