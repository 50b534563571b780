"""What a transport can do with files: list, fetch, remove, put. The two sides of it are what the stages call.

A `RemoteFolder` is one folder of a partner's server. A `Target` is where dispatches are delivered to, in the two beats
between which the store commits; `upload.py` makes a Target of every RemoteFolder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Generic, NamedTuple, Protocol, TypeVar

from gateway.faults import GatewayError


@dataclass(frozen=True, slots=True)
class RemoteEntry:
    """A regular file of a remote folder, as one look saw it.

    `size` in bytes. `mtime`: the server's seconds since 1970, as text; only compared and sorted by, never trusted.
    """

    name: str
    size: int
    mtime: str


class Listing(NamedTuple):
    """What a remote folder shows: the files that may be taken, the oldest first, and what is wrong with others."""

    entries: list[RemoteEntry]
    troubles: list[GatewayError]


class RemoteFolder(Protocol):
    """One folder of a partner's server, connected for one session of limited time.

    Names are plain names inside the folder. Every method raises a `TransportError` whose subject begins with `place`:
    TransportDown and TransportTimeout when the session is over, the others when only this file or folder is in trouble.
    """

    @property
    def place(self) -> str:
        """Which folder of which account: "kind:user@host:22/path". Rows and Faults are kept under this name."""
        ...

    def list(self) -> Listing:
        """Regular files whose names match the settings' pattern; links are not followed (see `listing.py`).

        Raises RemoteListingTooLong.
        """
        ...

    def find(self, name: str) -> RemoteEntry | None:
        """The regular file of this name, links not followed; None if there is none."""
        ...

    def fetch(self, expected: RemoteEntry, sink: BinaryIO) -> None:
        """Write the bytes of a file into `sink`, if it is what was expected, before and after.

        Raises RemoteChanged when it is not (or is gone), RemoteTooLarge above the limit of the account.
        """
        ...

    def put(self, name: str, data: bytes) -> None:
        """Write a file whole; one of this name is replaced. Raises RemoteDenied."""
        ...

    def move(self, name: str, new_name: str, folder: str = "") -> None:
        """Rename a file, into another folder of the account if one is given ("" is this one). It replaces nothing.

        A file that is gone is fine. Raises RemoteDenied, also when the new name is taken.
        """
        ...

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone is fine. Raises RemoteDenied."""
        ...


@dataclass(frozen=True)
class Outgoing:
    """One file to deliver. `content` reads its bytes when they are needed; `size` in bytes, `sha256` of them in hex."""

    id: int
    partner: str
    name: str
    size: int
    sha256: str
    content: Callable[[], bytes]


class Target(Protocol):
    """One place to deliver to, open for one round. All keep the same promise.

    Errors are GatewayErrors; `AlreadyThere` and `RemoteConflict` mean that a different file has the name.
    """

    def stage(self, batch: Sequence[Outgoing]) -> None:
        """Make the bytes of all these durable under private names. It may be repeated."""
        ...

    def publish(self, item: Outgoing) -> str:
        """Give a staged file its name, in one step that replaces nothing → the proof of delivery, in words.

        It may be called again after a crash or a lost connection at any point.
        """
        ...

    def finish(self, batch: Sequence[Outgoing]) -> None:
        """Make durable what `publish` did for these."""
        ...

    def discard(self, item: Outgoing) -> None:
        """Take back a staged file that cannot be published."""
        ...


Session_co = TypeVar("Session_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[Session_co]):
    """A place that can be opened, secrets resolved; nothing is connected until then.

    `place` names it (as `RemoteFolder.place`); `open` begins a session that ends with its `with` block.
    """

    place: str
    open: Callable[[], AbstractContextManager[Session_co]]
