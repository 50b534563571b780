"""Where files are delivered to: a folder, or a partner's SFTP server. Both keep the same promise.

`stage` makes bytes durable under a private name; `publish` gives them their final name in one step that replaces
nothing, and may be called again after a crash or a lost connection at any point; `finish` makes what was published
durable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol


@dataclass(frozen=True)
class Outgoing:
    """One file to deliver. `content` reads its bytes when they are needed."""

    id: int
    partner: str
    name: str
    size: int
    sha256: str
    content: Callable[[], bytes]


class Target(Protocol):
    """One place to deliver to, open for one round. Errors are GatewayErrors; `AlreadyThere` and `RemoteConflict` mean
    that a different file has the name.
    """

    def __enter__(self) -> Target: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def stage(self, batch: Sequence[Outgoing]) -> None:
        """Make the bytes of all these durable under private names."""
        ...

    def publish(self, item: Outgoing) -> str:
        """Give a staged file its name → the proof of delivery, in words."""
        ...

    def finish(self, batch: Sequence[Outgoing]) -> None:
        """Make durable what `publish` did for these."""
        ...

    def discard(self, item: Outgoing) -> None:
        """Take back a staged file that cannot be published."""
        ...
