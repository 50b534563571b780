"""A home with the sample partners and an engine over it, on a clock that stands still unless told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from click.testing import CliRunner

from gateway.clock import FixedClock
from gateway.commands.homes import make_home
from gateway.engine import Engine
from gateway.verify import verify

NOW = datetime(2025, 3, 14, 15, 30, tzinfo=UTC)


@dataclass(slots=True)
class Workplace:
    """One gateway at work, with the words that stories need."""

    root: Path
    clock: FixedClock
    engine: Engine

    def sample(self, partner: str, name: str) -> bytes:
        return (self.root / "partners" / partner / "samples" / name).read_bytes()

    def drop(self, partner: str, name: str, data: bytes | None = None) -> None:
        """Put a file into a partner's inbox: one of its samples, or the bytes given."""
        folder = self.root / "inbox" / partner
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(self.sample(partner, name) if data is None else data)

    def reference_data(self) -> None:
        self.drop("atlas", "orders.csv")
        self.drop("atlas", "products.csv")
        self.work()

    def work(self) -> None:
        self.engine.until_quiet()

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        """Rows of a table in the order of its primary key."""
        with self.engine.store.read() as snapshot:
            query = sa.select(table).where(*where).order_by(*table.primary_key.columns)
            return [dict(row) for row in snapshot.execute(query).mappings()]

    def outbox(self, partner: str) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((self.root / "outbox" / partner).iterdir())}

    def violations(self) -> list[str]:
        return verify(self.engine.store, self.engine.home).violations


@contextmanager
def at_work(root: Path) -> Iterator[Workplace]:
    """A fresh home at `root` (or the one that is there) and an engine that owns it."""
    clock = FixedClock(NOW)
    if not root.exists():
        make_home(root)
        for expectation in root.glob("partners/*/samples/*.json"):
            expectation.unlink()
    home = root
    from gateway.home import Home

    with Engine.open(Home(home), clock) as engine:
        yield Workplace(root, clock, engine)


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    text: str


def type_command(home: Path, *arguments: str | Path, **environment: str) -> Said:
    """One command of the command line on a home, in this process."""
    from gateway.cli import app

    typed = ["--home", str(home), *map(str, arguments)]
    done = CliRunner().invoke(app, typed, env=environment, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return Said(int(done.return_value), done.output)


def copied(root: Path, to: Path) -> Path:
    shutil.copytree(root, to)
    return to
