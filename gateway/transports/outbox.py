"""Deliver into outbox/<partner>/ of this home, where partners take their files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from gateway.disk import publish, require_space, stage_files, sync_published, unstage
from gateway.home import Home
from gateway.transports.protocol import Endpoint, Outgoing, Target

MINIMUM_FREE = 16 * 1024 * 1024  # bytes that stay free beside what is staged


def outbox(home: Home) -> Endpoint[Target]:
    """The outbox of a home, for all partners in one session: their files share syncs."""
    return Endpoint("folder:outbox", lambda: nullcontext(Outbox(home)))


class Outbox:
    """A `Target`: exactly once under any crash of this process, also if the reader removes files at once."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def stage(self, batch: Sequence[Outgoing]) -> None:
        """Write all of these durably into outbox/.staging/. Raises DiskFull, FolderUnusable, FsyncFailed."""
        require_space(self._home.outbox, MINIMUM_FREE + sum(item.size for item in batch))
        stage_files(self._home, [(item.id, item.content()) for item in batch])

    def publish(self, item: Outgoing) -> str:
        """Rename a staged file into its partner's folder → the proof. Raises AlreadyThere, FolderUnusable."""
        return publish(self._home, item.id, item.partner, item.name, item.sha256)

    def finish(self, batch: Sequence[Outgoing]) -> None:
        """Make the renames durable. Raises FsyncFailed."""
        sync_published(self._home, [item.partner for item in batch])

    def discard(self, item: Outgoing) -> None:
        """Remove a staged file."""
        unstage(self._home, item.id)
