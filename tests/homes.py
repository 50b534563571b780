"""The builder of homes with the shipped partners and of gateways at work in them: files in, ticks, files out."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gateway.clock import FixedClock
from gateway.commands.homes import make_home
from gateway.demo.atlas import Atlas
from gateway.engine import Engine
from gateway.home import Home
from gateway.isolation import AbnormalEnd, Job, Parser
from gateway.verify import verify
from translators.registry import translate_in_parts
from translators.translation import Translation

START = datetime(2025, 3, 14, 9, 30, tzinfo=UTC)  # a Friday
AFTERNOON = datetime(2025, 3, 14, 15, 30, tzinfo=UTC)
HOUR = 3600.0
DAY = 24 * HOUR


class InlineParser(Parser):
    """Translates in this process, for tests that are not about the child process: a child costs a second."""

    def ensure(self) -> None:
        """There is no child to start."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: Iterator[Translation] = iter(())

    def translate_in_parts(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Translation | AbnormalEnd]]:
        for job in jobs:
            self.parts = translate_in_parts(job.data, job.name, job.profile)
            yield job, next(self.parts)

    def rest(self) -> Iterator[Translation]:
        yield from self.parts


class LastingParser(Parser):
    """A parser whose child outlives the gateways that use it, one after another. Its owner closes it."""

    def __exit__(self, *_: object) -> None:
        """A gateway that closes leaves the child to the next one."""


@dataclass(slots=True)
class GatewayAtWork:
    """The gateway under test: `root` is its home, `clock` stands still unless told."""

    root: Path
    clock: FixedClock
    engine: Engine

    def sample(self, partner: str, name: str) -> bytes:
        """The bytes of one of a partner's sample files."""
        return (self.root / "partners" / partner / "samples" / name).read_bytes()

    def drop(self, partner: str, sample: str, name: str = "") -> None:
        """A sample file of a partner lands in its inbox, under its own name or another."""
        drop_sample(self.root, partner, sample, name)

    def put(self, partner: str, name: str, data: bytes) -> None:
        """A file of this name and these bytes lands in a partner's inbox."""
        (self.root / "inbox" / partner / name).write_bytes(data)

    def work(self, after: float = 0.0) -> None:
        """Let so many seconds pass, then do everything that waits."""
        self.clock.advance(after)
        self.engine.until_quiet()

    def reference_data(self) -> None:
        """The ERP's orders and products arrive."""
        drop_reference_data(self.root)
        self.work()

    def atlas_answers(self) -> None:
        """The ERP takes its import files and reports on them."""
        Atlas(self.root / "outbox/atlas", self.root / "inbox/atlas", {}).import_files()
        self.work()

    def rows(self, source: sa.Table | sa.Select[Any], *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        """What a query finds in the store, or the rows of a table in the order of its primary key."""
        if isinstance(source, sa.Table):
            source = sa.select(source).order_by(*source.primary_key.columns)
        with self.engine.store.read() as snapshot:
            return [dict(row) for row in snapshot.execute(source.where(*where)).mappings()]

    def sent(self, partner: str, pattern: str) -> list[Path]:
        """The files in a partner's outbox whose names match."""
        return sorted((self.root / "outbox" / partner).glob(pattern))

    def outbox(self, partner: str) -> dict[str, bytes]:
        """Everything in a partner's outbox: bytes by file name."""
        return {path.name: path.read_bytes() for path in sorted((self.root / "outbox" / partner).iterdir())}

    def write(self, partner: str, text: str) -> None:
        """Append to a partner's partner.toml and have it read."""
        append_settings(self.root, partner, text)
        self.engine.reload()

    def edit(self, partner: str, before: str, after: str) -> None:
        """Replace a text in a partner's partner.toml and have it read."""
        replace_text(self.root / "partners" / partner / "partner.toml", before, after)
        self.engine.reload()

    def verify(self) -> list[str]:
        """The invariants that do not hold."""
        return verify(self.engine.store, self.engine.home).violations


@contextmanager
def at_work(root: Path, moment: datetime = START, parser: Parser | None = None) -> Iterator[GatewayAtWork]:
    """A gateway over the home at `root` (a new one where there is none), whose clock stands at `moment`.

    `parser` translates in place of the child process that the gateway would start.
    """
    home = Home(root) if root.exists() else make_home(root)
    clock = FixedClock(moment)
    with Engine.open(home, clock) as engine:
        if parser is not None:
            engine.parser = parser
        yield GatewayAtWork(root, clock, engine)


def drop_sample(root: Path, partner: str, sample: str, name: str = "") -> None:
    """A sample file of a partner lands in its inbox, under its own name or another."""
    shutil.copy(root / "partners" / partner / "samples" / sample, root / "inbox" / partner / (name or sample))


def drop_reference_data(root: Path) -> None:
    """The ERP's orders and products land in its inbox."""
    drop_sample(root, "atlas", "orders.csv")
    drop_sample(root, "atlas", "products.csv")


def append_settings(root: Path, partner: str, text: str) -> None:
    """Append to a partner's partner.toml; a partner without a folder gets one."""
    path = root / "partners" / partner / "partner.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")


def replace_text(path: Path, before: str, after: str) -> None:
    """Replace a text that must stand in a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
