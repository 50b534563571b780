"""A gateway over a new home with the shipped partners, at a moment of its own: files in, ticks, files out."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gateway.clock import FixedClock
from gateway.demo.atlas import Atlas
from gateway.engine import Engine
from gateway.isolation import AbnormalEnd, Job, Parser
from gateway.verify import verify
from translators.registry import translate_in_parts
from translators.translation import Translation

START = datetime(2025, 3, 14, 9, 30, tzinfo=UTC)  # a Friday
HOUR = 3600.0
DAY = 24 * HOUR


class InlineParser(Parser):
    """Translates in this process: no test here is about poison files, and a child costs a second."""

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


@dataclass(slots=True)
class Whole:
    """The gateway under test: `root` is its home."""

    root: Path
    clock: FixedClock
    engine: Engine

    def drop(self, partner: str, sample: str, name: str = "") -> None:
        """A sample file of a partner lands in its inbox."""
        shutil.copy(
            self.root / "partners" / partner / "samples" / sample, self.root / "inbox" / partner / (name or sample)
        )

    def put(self, partner: str, name: str, data: bytes) -> None:
        """A file of this name and these bytes lands in a partner's inbox."""
        (self.root / "inbox" / partner / name).write_bytes(data)

    def work(self, after: float = 0.0) -> None:
        """Let time pass, then do everything that waits."""
        self.clock.advance(after)
        self.engine.until_quiet()

    def rows(self, statement: sa.Select[Any]) -> list[dict[str, Any]]:
        """What a query finds in the store."""
        with self.engine.store.read() as snapshot:
            return [dict(row) for row in snapshot.execute(statement).mappings()]

    def sent(self, partner: str, pattern: str) -> list[Path]:
        """The files in a partner's outbox whose names match."""
        return sorted((self.root / "outbox" / partner).glob(pattern))

    def reference_data(self) -> None:
        """The ERP's orders and products arrive."""
        self.drop("atlas", "orders.csv")
        self.drop("atlas", "products.csv")
        self.work()

    def atlas_answers(self, **refuse: str) -> None:
        """The ERP takes its import files and reports on them."""
        Atlas(self.root / "outbox/atlas", self.root / "inbox/atlas", {}).import_files()
        self.work()

    def write(self, partner: str, text: str) -> None:
        """Append to a partner's partner.toml and have it read."""
        path = self.root / "partners" / partner / "partner.toml"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        self.engine.reload()

    def edit(self, partner: str, before: str, after: str) -> None:
        """Replace a text in a partner's partner.toml and have it read."""
        path = self.root / "partners" / partner / "partner.toml"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
        self.engine.reload()

    def verify(self) -> list[str]:
        """The invariants that do not hold."""
        return verify(self.engine.store, self.engine.home).violations
