"""SFTP: one short session at a time, to a server that proved its pinned key, cut off when its time is over.

Names and attributes that a server lists are hostile until checked. Nothing is trusted on first use.
"""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import io
import posixpath
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from stat import S_ISREG
from types import TracebackType
from typing import BinaryIO, Literal

import paramiko
from paramiko.ssh_exception import IncompatiblePeer

from gateway.disk import plain_name
from gateway.faults import (
    AuthRefused,
    GatewayError,
    HostKeyChanged,
    HostKeyMissing,
    RemoteChanged,
    RemoteConflict,
    RemoteDenied,
    RemoteListingTooLong,
    RemoteNameUnsafe,
    RemoteTooLarge,
    SecretUnusable,
    TransportDown,
    TransportTimeout,
    crashpoint,
)
from gateway.transports import Outgoing

_CHUNK = 32 * 1024
_READ_BACK_LIMIT = 64 * 1024 * 1024  # a file of our name is compared by its bytes up to this size, by size above
_KEY_FAMILIES = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)


@dataclass(frozen=True)
class SftpSettings:
    """One account on a server, its secrets resolved.

    `host_keys`: SHA256 fingerprints, public key lines ("ssh-ed25519 AAAA…") or known_hosts lines; any may match.
    `key`: the text of a private key. `path`: the folder to poll or to deliver to. `timeout`: seconds without an answer;
    `time_limit`: seconds for a whole session. `after`: what happens to a fetched file there.
    """

    host: str
    user: str
    host_keys: tuple[str, ...]
    port: int = 22
    key: str = field(default="", repr=False)
    key_passphrase: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    path: str = "."
    temporary_suffix: str = ".part"
    pattern: str = "*"
    after: Literal["delete", "move", "leave"] = "delete"
    move_to: str = ""
    timeout: float = 20.0
    time_limit: float = 120.0
    max_bytes: int = 1024 * 1024 * 1024
    max_names: int = 10_000
    prefetch: bool = True

    @property
    def place(self) -> str:
        """Which folder on which server: "sftp:user@host:22/path"."""
        return f"sftp:{self.user}@{self.host}:{self.port}{posixpath.normpath(posixpath.join('/', self.path))}"


@dataclass(frozen=True)
class RemoteEntry:
    """A regular file in the polled folder. `mtime` is the server's text of it; only compared, never trusted."""

    name: str
    size: int
    mtime: str


class SftpSession:
    """One connection, closed at the end of the `with` block or by force when its time is over."""

    def __init__(self, settings: SftpSettings) -> None:
        self.settings = settings
        self._cut = threading.Event()
        self._transport: paramiko.Transport | None = None
        self._socket: socket.socket | None = None
        self._sftp: paramiko.SFTPClient | None = None
        self._timer = threading.Timer(settings.time_limit, self._cut_off)
        self._timer.daemon = True

    def __enter__(self) -> SftpSession:
        self._timer.start()
        try:
            with self._translated():
                self._connect()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    # --- connecting

    def _connect(self) -> None:
        pins = _Pins(self.settings.host_keys)
        if pins.empty:
            raise HostKeyMissing(subject=self.settings.place)
        seen = ""
        for types in pins.families():
            transport = self._handshake(types)
            if transport is None:
                continue  # the server has no key of this family
            key = transport.get_remote_server_key()
            if pins.match(key):
                self._transport = transport
                self._authenticate(transport)
                self._sftp = paramiko.SFTPClient.from_transport(transport)
                if self._sftp is None:
                    raise TransportDown("The server offers no SFTP.", subject=self.settings.place)
                channel = self._sftp.get_channel()
                assert channel is not None
                channel.settimeout(self.settings.timeout)
                crashpoint("sftp.connected")
                return
            seen = f"{key.get_name()} {fingerprint(key)}"
            transport.close()
        raise HostKeyChanged(f"The server shows {seen or 'no key of a pinned type'}.", subject=self.settings.place)

    def _handshake(self, types: Sequence[str]) -> paramiko.Transport | None:
        timeout = self.settings.timeout
        self._socket = socket.create_connection((self.settings.host, self.settings.port), timeout)
        transport = paramiko.Transport(self._socket)
        self._transport = transport
        transport.banner_timeout = transport.handshake_timeout = timeout
        transport.auth_timeout = transport.channel_timeout = timeout
        transport.get_security_options().key_types = tuple(types)
        try:
            transport.start_client(timeout=timeout)
        except IncompatiblePeer:
            transport.close()
            return None
        except paramiko.SSHException as error:
            transport.close()
            if "host key" in str(error).lower() and not self._cut.is_set():
                return None
            raise
        transport.set_keepalive(30)
        return transport

    def _authenticate(self, transport: paramiko.Transport) -> None:
        settings = self.settings
        try:
            left: Sequence[str] = ["publickey", "password"]
            if settings.key:
                left = transport.auth_publickey(settings.user, load_key(settings.key, settings.key_passphrase))
            if settings.password and not transport.is_authenticated():
                left = transport.auth_password(settings.user, settings.password)
        except paramiko.AuthenticationException as error:
            if self._cut.is_set() or not transport.is_active():
                raise TransportDown(str(error), subject=settings.place) from error
            raise AuthRefused(subject=settings.place) from error
        if not transport.is_authenticated():
            raise AuthRefused(f"The server also wants {', '.join(left)}.", subject=settings.place)

    def _cut_off(self) -> None:
        self._cut.set()
        self._close_connection()

    def _close(self) -> None:
        self._timer.cancel()
        self._close_connection()

    def _close_connection(self) -> None:
        if self._transport is not None:
            self._transport.close()
        if self._socket is not None:
            self._socket.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """What paramiko and the network throw → our errors."""
        place = self.settings.place
        try:
            yield
        except GatewayError as error:
            if self._cut.is_set() and not isinstance(error, TransportTimeout):
                raise TransportTimeout(self._too_long(), subject=place) from error
            raise
        except (paramiko.SSHException, EOFError, OSError) as error:
            if self._cut.is_set():
                raise TransportTimeout(self._too_long(), subject=place) from error
            if isinstance(error, TimeoutError):
                raise TransportTimeout("The server does not answer.", subject=place) from error
            if isinstance(error, PermissionError):
                raise RemoteDenied(str(error), subject=place) from error
            raise TransportDown(f"{type(error).__name__}: {error}", subject=place) from error

    def _too_long(self) -> str:
        return f"The session was cut after {self.settings.time_limit:g} seconds."

    @property
    def _client(self) -> paramiko.SFTPClient:
        assert self._sftp is not None, "the session is open"
        return self._sftp

    # --- what a session can do; paths are names inside the settings' folder

    def path(self, name: str) -> str:
        return posixpath.join(self.settings.path, name)

    def listing(self) -> tuple[list[RemoteEntry], list[GatewayError]]:
        """Regular files whose names match the pattern, and what cannot be taken. Raises RemoteListingTooLong."""
        entries: list[RemoteEntry] = []
        troubles: list[GatewayError] = []
        with self._translated():
            for count, found in enumerate(self._client.listdir_iter(self.settings.path), 1):
                if count > self.settings.max_names:
                    raise RemoteListingTooLong(subject=self.settings.place)
                if not S_ISREG(found.st_mode or 0):
                    continue
                if not plain_name(found.filename):
                    troubles.append(RemoteNameUnsafe(subject=f"{self.settings.place}/{found.filename[:200]!a}"))
                elif fnmatch.fnmatchcase(found.filename, self.settings.pattern):
                    entries.append(RemoteEntry(found.filename, found.st_size or 0, str(found.st_mtime or 0)))
        return sorted(entries, key=lambda entry: (int(entry.mtime), entry.name)), troubles

    def look(self, name: str) -> RemoteEntry | None:
        """The regular file of this name, links not followed; None if there is none."""
        with self._translated():
            return self._look(name)

    def _look(self, name: str) -> RemoteEntry | None:
        try:
            found = self._client.lstat(self.path(name))
        except FileNotFoundError:
            return None
        return RemoteEntry(name, found.st_size or 0, str(found.st_mtime or 0)) if S_ISREG(found.st_mode or 0) else None

    def fetch(self, expected: RemoteEntry, sink: BinaryIO) -> None:
        """Copy a remote file that is what was expected, before and after. Raises RemoteChanged, RemoteTooLarge."""
        name = expected.name
        shown = f"{self.settings.place}/{name}"
        if expected.size > self.settings.max_bytes:
            raise RemoteTooLarge(f"{expected.size:,} bytes; the limit is {self.settings.max_bytes:,}.", subject=shown)
        with self._translated():
            if self._look(name) != expected:
                raise RemoteChanged(subject=shown)
            copied = 0
            with self._client.open(self.path(name), "rb") as file:
                if self.settings.prefetch:
                    file.prefetch(expected.size)
                while chunk := file.read(_CHUNK):
                    copied += len(chunk)
                    if copied > expected.size:
                        break
                    sink.write(chunk)
            if copied != expected.size or self._look(name) != expected:
                raise RemoteChanged(subject=shown)

    def remove(self, name: str) -> None:
        """Remove a remote file; one that is gone is fine. Raises RemoteDenied."""
        self._change(lambda: self._client.remove(self.path(name)), name)

    def move(self, name: str, folder: str, new_name: str) -> None:
        """Move a remote file into another folder of the account; one that is gone is fine. Raises RemoteDenied."""
        target = posixpath.join(folder, new_name)
        self._change(lambda: self._client.rename(self.path(name), target), name)

    def _change(self, change: Callable[[], None], name: str) -> None:
        with self._translated():
            try:
                change()
            except FileNotFoundError:
                if self._look(name) is not None:
                    raise RemoteDenied(
                        "The folder to move it to is not there.", subject=f"{self.settings.place}/{name}"
                    ) from None
            except OSError as error:
                if isinstance(error, (ConnectionError, TimeoutError)) or self._gone():
                    raise
                raise RemoteDenied(str(error), subject=f"{self.settings.place}/{name}") from error

    def _gone(self) -> bool:
        return self._transport is None or not self._transport.is_active()

    def put(self, name: str, data: bytes) -> None:
        """Write a remote file whole; its size is compared afterwards. Raises RemoteDenied."""

        def write() -> None:
            self._client.putfo(io.BytesIO(data), self.path(name), file_size=len(data), confirm=True)

        self._change(write, name)
        if self.look(name) is None:
            raise RemoteDenied("The folder to upload to is not there.", subject=f"{self.settings.place}/{name}")

    def read(self, name: str) -> bytes:
        """The bytes of a remote file."""
        with self._translated(), self._client.open(self.path(name), "rb") as file:
            return file.read()


class SftpTarget:
    """Deliver by upload to a temporary name and a rename, over one session.

    A rename of SFTP version 3 replaces nothing. Neither the temporary nor the final file there means that the reader
    took it: the proof says that this was inferred.
    """

    def __init__(self, settings: SftpSettings) -> None:
        self._settings = settings
        self._session = SftpSession(settings)
        self._fresh: set[int] = set()

    def __enter__(self) -> SftpTarget:
        self._session.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.__exit__(kind, error, trace)

    def _part(self, item: Outgoing) -> str:
        return item.name + self._settings.temporary_suffix

    def stage(self, batch: Sequence[Outgoing]) -> None:
        for item in batch:
            self._session.put(self._part(item), item.content())
            self._fresh.add(item.id)
            crashpoint("dispatch.sftp.put")

    def publish(self, item: Outgoing) -> str:
        if item.id not in self._fresh:
            found = self._session.look(self._part(item))
            if found is None:
                return self._already_published(item)
            if found.size != item.size:
                self._session.put(self._part(item), item.content())
        try:
            self._session.move(self._part(item), self._settings.path, item.name)
        except RemoteDenied:
            if self._session.look(item.name) is None:
                raise
            self._require_same(item)
            self._session.remove(self._part(item))
            return "the same bytes were there already"
        crashpoint("dispatch.sftp.renamed")
        return f"uploaded and renamed on {self._settings.host}"

    def _already_published(self, item: Outgoing) -> str:
        if self._session.look(item.name) is None:
            return "inferred: the reader took it before we could confirm"
        self._require_same(item)
        return "published before a restart"

    def _require_same(self, item: Outgoing) -> None:
        found = self._session.look(item.name)
        same = found is not None and found.size == item.size
        if same and item.size <= _READ_BACK_LIMIT:
            same = hashlib.sha256(self._session.read(item.name)).hexdigest() == item.sha256
        if not same:
            raise RemoteConflict(subject=f"{self._settings.place}/{item.name}")

    def finish(self, batch: Sequence[Outgoing]) -> None:
        self._fresh.difference_update(item.id for item in batch)

    def discard(self, item: Outgoing) -> None:
        self._session.remove(self._part(item))


class _Pins:
    """The pinned host keys: blobs from key lines, SHA256 fingerprints."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._blobs: set[bytes] = set()
        self._prints: set[str] = set()
        self._types: list[str] = []
        for line in lines:
            words = line.split()
            if line.startswith("SHA256:"):
                self._prints.add(words[0].rstrip("="))
                continue
            for position, word in enumerate(words[:-1]):  # a known_hosts line has the host names first
                if word.startswith(("ssh-", "ecdsa-", "rsa-")):
                    self._types.append(word)
                    self._blobs.add(base64.b64decode(words[position + 1]))
                    break

    @property
    def empty(self) -> bool:
        return not (self._blobs or self._prints)

    def families(self) -> list[tuple[str, ...]]:
        """The key types to ask the server for, one after another: a fingerprint does not say its type."""
        if self._prints:
            return list(_KEY_FAMILIES)
        wanted = [kind.replace("ssh-rsa", "rsa-sha2-512") for kind in self._types]
        return [family for family in _KEY_FAMILIES if any(kind in family for kind in wanted)]

    def match(self, key: paramiko.PKey) -> bool:
        return key.asbytes() in self._blobs or fingerprint(key) in self._prints


def fingerprint(key: paramiko.PKey) -> str:
    """A public key → "SHA256:…" as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode("ascii").rstrip("=")


def load_key(text: str, passphrase: str = "") -> paramiko.PKey:
    """The text of a private key (Ed25519, ECDSA or RSA) → the key. Raises SecretUnusable."""
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), passphrase or None)
        except paramiko.PasswordRequiredException:
            raise SecretUnusable("The private key needs a passphrase (key_passphrase).") from None
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    raise SecretUnusable("This is no private key we can read, or its passphrase is wrong.")
