"""Deliver to a server: upload under a temporary name, then rename. Serves every transport that has a RemoteFolder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from io import BytesIO

from gateway.faults import RemoteConflict, RemoteDenied, crashpoint
from gateway.transports.protocol import Outgoing, RemoteFolder

_READ_BACK_LIMIT = 64 * 1024 * 1024  # a file of our name is compared by its bytes up to this size, by size above


@contextmanager
def uploading(session: AbstractContextManager[RemoteFolder], suffix: str, host: str) -> Iterator[Upload]:
    """A session with a remote folder as a Target: `suffix` is the ending of the temporary names, `host` stands in the
    proof of delivery.
    """
    with session as folder:
        yield Upload(folder, suffix, host)


class Upload:
    """A `Target` over one session with a remote folder.

    A rename there replaces nothing. Neither the temporary nor the final file there means that the reader took it: the
    proof says that this was inferred.
    """

    def __init__(self, folder: RemoteFolder, suffix: str, host: str) -> None:
        self._folder = folder
        self._suffix = suffix
        self._host = host
        self._fresh: set[int] = set()  # uploaded whole in this session

    def _temporary(self, item: Outgoing) -> str:
        return item.name + self._suffix

    def stage(self, batch: Sequence[Outgoing]) -> None:
        """Upload these under their temporary names, one after another. Raises TransportError."""
        for item in batch:
            self._folder.put(self._temporary(item), item.content())
            self._fresh.add(item.id)
            crashpoint("dispatch.upload.put")

    def publish(self, item: Outgoing) -> str:
        """Rename an upload → the proof. One that an earlier session left unfinished is uploaded again first.

        Raises RemoteConflict if a different file has the name, other TransportErrors.
        """
        if item.id not in self._fresh:
            uploaded = self._folder.find(self._temporary(item))
            if uploaded is None:
                return self._already_published(item)
            if uploaded.size != item.size:
                self._folder.put(self._temporary(item), item.content())
        try:
            self._folder.move(self._temporary(item), item.name)
        except RemoteDenied:
            if self._folder.find(item.name) is None:
                raise
            self._require_same(item)
            self._folder.remove(self._temporary(item))
            return "the same bytes were there already"
        crashpoint("dispatch.upload.renamed")
        return f"uploaded and renamed on {self._host}"

    def _already_published(self, item: Outgoing) -> str:
        if self._folder.find(item.name) is None:
            return "inferred: the reader took it before we could confirm"
        self._require_same(item)
        return "published before a restart"

    def _require_same(self, item: Outgoing) -> None:
        published = self._folder.find(item.name)
        same = published is not None and published.size == item.size
        if published is not None and same and item.size <= _READ_BACK_LIMIT:
            content = BytesIO()
            self._folder.fetch(published, content)
            same = hashlib.sha256(content.getbuffer()).hexdigest() == item.sha256
        if not same:
            raise RemoteConflict(subject=f"{self._folder.place}/{item.name}")

    def finish(self, batch: Sequence[Outgoing]) -> None:
        """Forget these: the server has made them durable, or a later session finds out."""
        self._fresh.difference_update(item.id for item in batch)

    def discard(self, item: Outgoing) -> None:
        """Remove an upload that cannot be renamed. Raises RemoteDenied."""
        self._folder.remove(self._temporary(item))
