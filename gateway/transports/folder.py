"""Folders of this home: partners put files into inbox/<partner>/ and take them out of outbox/<partner>/."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Literal

from gateway.disk import publish, require_space, stage_files, sync_published, unstage
from gateway.home import Home
from gateway.transports.protocol import Endpoint, Outgoing, Target
from gateway.transports.settings import Inbound, Outbound, Transport

MINIMUM_FREE = 16 * 1024 * 1024


class FolderInbound(Inbound):
    """The folder inbox/<partner>. Renaming into it needs it on the home's filesystem."""

    kind: Literal["folder"] = "folder"

    def sentence(self, marker: str) -> str:
        """How files travel, said to the partner."""
        extra = f"; a file counts when {'NAME' + marker} stands beside it" if marker else ""
        return f"you put files into the folder that we have agreed{extra}"


class FolderOutbound(Outbound):
    """The folder outbox/<partner>."""

    kind: Literal["folder"] = "folder"

    def sentence(self) -> str:
        """How files travel, said to the partner."""
        return "we put files into the folder that we have agreed; take them away when you have them"


FOLDER = Transport(FolderInbound, FolderOutbound)


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
