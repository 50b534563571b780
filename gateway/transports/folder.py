"""Deliver into outbox/<partner>/ of this home."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from gateway.disk import publish, require_space, stage_files, sync_published, unstage
from gateway.home import Home
from gateway.transports import Outgoing

MINIMUM_FREE = 16 * 1024 * 1024


class FolderTarget:
    """The outbox: exactly once under any crash of this process, also if the reader removes files at once."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def __enter__(self) -> FolderTarget:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def stage(self, batch: Sequence[Outgoing]) -> None:
        require_space(self._home.outbox, MINIMUM_FREE + sum(item.size for item in batch))
        stage_files(self._home, [(item.id, item.content()) for item in batch])

    def publish(self, item: Outgoing) -> str:
        return publish(self._home, item.id, item.partner, item.name, item.sha256)

    def finish(self, batch: Sequence[Outgoing]) -> None:
        sync_published(self._home, [item.partner for item in batch])

    def discard(self, item: Outgoing) -> None:
        unstage(self._home, item.id)
