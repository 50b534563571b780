"""What a session can do with the files of one folder of an SFTP server."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Callable
from stat import S_ISREG
from types import TracebackType
from typing import BinaryIO

import paramiko

from gateway.faults import RemoteChanged, RemoteDenied, RemoteTooLarge
from gateway.transports.listing import checked_listing
from gateway.transports.protocol import Listing, RemoteEntry
from gateway.transports.sftp.access import SftpAccess
from gateway.transports.sftp.connection import SftpConnection

_CHUNK = 32 * 1024


class SftpFolder:
    """A `RemoteFolder` over one SFTP session, which lasts as long as the `with` block."""

    def __init__(self, access: SftpAccess) -> None:
        self._access = access
        self._connection = SftpConnection(access)

    def __enter__(self) -> SftpFolder:
        self._connection.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @property
    def place(self) -> str:
        """Which folder on which server: "sftp:user@host:22/path"."""
        return self._access.place

    def list(self) -> Listing:
        """Regular files whose names match the pattern, and what cannot be taken. Raises RemoteListingTooLong."""
        with self._connection.translated():
            attributes = self._connection.client.listdir_iter(self._access.path)
            found = (_entry(file.filename, file) for file in attributes)
            return checked_listing(self.place, found, pattern=self._access.pattern, max_names=self._access.max_names)

    def find(self, name: str) -> RemoteEntry | None:
        """The regular file of this name, links not followed; None if there is none."""
        with self._connection.translated():
            return self._find(name)

    def fetch(self, expected: RemoteEntry, sink: BinaryIO) -> None:
        """Copy a remote file that is what was expected, before and after. Raises RemoteChanged, RemoteTooLarge."""
        name, limit = expected.name, self._access.max_bytes
        if expected.size > limit:
            raise RemoteTooLarge(f"{expected.size:,} bytes; the limit is {limit:,}.", subject=self._subject(name))
        with self._connection.translated():
            if self._find(name) != expected:
                raise RemoteChanged(subject=self._subject(name))
            copied = self._copy(expected, sink)
            if copied != expected.size or self._find(name) != expected:
                raise RemoteChanged(subject=self._subject(name))

    def put(self, name: str, data: bytes) -> None:
        """Write a remote file whole; its size is compared afterwards. Raises RemoteDenied."""

        def write() -> None:
            self._connection.client.putfo(io.BytesIO(data), self._path(name), file_size=len(data), confirm=True)

        self._change(write, name)
        if self.find(name) is None:
            raise RemoteDenied("The folder to upload to is not there.", subject=self._subject(name))

    def move(self, name: str, new_name: str, folder: str = "") -> None:
        """Rename a remote file, into another folder of the account if one is given. A rename of SFTP version 3 replaces
        nothing; a file that is gone is fine. Raises RemoteDenied.
        """
        target = posixpath.join(folder, new_name) if folder else self._path(new_name)
        self._change(lambda: self._connection.client.rename(self._path(name), target), name)

    def remove(self, name: str) -> None:
        """Remove a remote file; one that is gone is fine. Raises RemoteDenied."""
        self._change(lambda: self._connection.client.remove(self._path(name)), name)

    def _path(self, name: str) -> str:
        return posixpath.join(self._access.path, name)

    def _subject(self, name: str) -> str:
        return f"{self.place}/{name}"

    def _find(self, name: str) -> RemoteEntry | None:
        try:
            return _entry(name, self._connection.client.lstat(self._path(name)))
        except FileNotFoundError:
            return None

    def _copy(self, expected: RemoteEntry, sink: BinaryIO) -> int:
        """Write what the server sends into `sink`, until it is more than expected → how many bytes were read."""
        copied = 0
        with self._connection.client.open(self._path(expected.name), "rb") as file:
            if self._access.prefetch:
                file.prefetch(expected.size)
            while chunk := file.read(_CHUNK):
                copied += len(chunk)
                if copied > expected.size:
                    break
                sink.write(chunk)
        return copied

    def _change(self, change: Callable[[], None], name: str) -> None:
        """Change something about a file there. What the server does not permit is a RemoteDenied."""
        with self._connection.translated():
            try:
                change()
            except FileNotFoundError:
                if self._find(name) is not None:
                    raise RemoteDenied("The folder to move it to is not there.", subject=self._subject(name)) from None
            except OSError as error:
                if isinstance(error, (ConnectionError, TimeoutError)) or self._connection.lost:
                    raise
                raise RemoteDenied(str(error), subject=self._subject(name)) from error


def _entry(name: str, attributes: paramiko.SFTPAttributes) -> RemoteEntry | None:
    """What the server says of a name; None if that is no regular file."""
    if not S_ISREG(attributes.st_mode or 0):
        return None
    return RemoteEntry(name, attributes.st_size or 0, str(attributes.st_mtime or 0))
