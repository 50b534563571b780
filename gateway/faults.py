"""What the world does to us, as typed errors, and what to do about each.

The first sentence of a class's docstring is its message when none is given. `retry` says whether the same attempt may
succeed later without a person; `remedy` tells that person what to do; `severity` is how loudly the status page says it.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

Severity = Literal["page", "urgent", "business_day", "info"]

EXIT_FAILED = 1
EXIT_FATAL = 70  # EX_SOFTWARE: only a restart is safe
EXIT_IN_USE = 75  # EX_TEMPFAIL: try again later


class GatewayError(Exception):
    """Something outside the gateway failed."""

    retry: ClassVar[bool] = False
    severity: ClassVar[Severity] = "urgent"
    remedy: ClassVar[str] = ""
    exit_code: ClassVar[int] = EXIT_FAILED
    renews: ClassVar[bool] = False  # another message is another trouble, which begins now

    def __init__(self, message: str = "", *, subject: str = "") -> None:
        self.message = message or default_message(type(self))
        self.subject = subject
        super().__init__(f"{subject}: {self.message}" if subject else self.message)

    @property
    def code(self) -> str:
        return code_of(type(self))


def default_message(kind: type[GatewayError]) -> str:
    """The first sentence of the class's docstring."""
    return (kind.__doc__ or kind.__name__).strip().split("\n", 1)[0]


def code_of(kind: type[GatewayError]) -> str:
    """DiskFull → "disk_full": the class of the Fault row."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()


# --- the home and its disk


class HomeInUse(GatewayError):
    """Another process of the gateway owns this home."""

    retry = True
    remedy = "Wait for the other process or stop it; `replay` and Hold answers may be given beside it."
    exit_code = EXIT_IN_USE


class HomeMissing(GatewayError):
    """This folder is not a gateway home."""

    remedy = "Create one with `returns-gateway init DIR` or name one with --home."


class DiskFull(GatewayError):
    """There is not enough free space."""

    retry = True
    severity = "page"
    remedy = "Free space on the filesystem of this home. Nothing is claimed until then; the inbox keeps the files."


class FsyncFailed(GatewayError):
    """The disk refused to confirm a write: what it holds is unknown until a restart."""

    severity = "page"
    remedy = "Check the disk and its kernel log, then start the gateway again; it verifies what it finds."
    exit_code = EXIT_FATAL


class FolderUnusable(GatewayError):
    """A folder cannot be read or written."""

    retry = True
    remedy = "Make the folder exist and give the gateway's user access to it."


class InboxGone(FolderUnusable):
    """The inbox is missing or became another filesystem."""

    severity = "page"
    remedy = (
        "Mount the inbox again; if it was made anew, start the gateway again, which makes its own folder in it. "
        "Nothing is claimed until then; what is here already goes on."
    )


class OutputNameUnsafe(GatewayError):
    """A file to send has a name that is not one plain path segment."""

    remedy = "Correct the partner's file name pattern, then send it again."


class AlreadyThere(GatewayError):
    """A file with this name exists, and files are never overwritten."""

    remedy = "Move the existing file away or decide that it is the wanted one."


class ArchiveMissing(GatewayError):
    """Archived bytes are gone."""

    severity = "page"
    remedy = "Restore the file from the backup of archive/sha256."


class ArchiveCorrupt(GatewayError):
    """Archived bytes no longer match their sha256."""

    severity = "page"
    remedy = "Restore the file from the backup of archive/sha256, then look for the cause on the disk."


# --- what is found in an inbox


class CollectDenied(GatewayError):
    """A file may not be read."""

    retry = True
    remedy = "Give the gateway's user permission to read and move the file."


class OddObject(GatewayError):
    """This is not a plain file of its own, so it is not taken."""

    severity = "business_day"
    remedy = "Remove it: only regular files without further hard links are taken from an inbox."


class StrayFile(GatewayError):
    """A file lies where no partner is."""

    severity = "business_day"
    remedy = "Move it into inbox/<partner>/ or remove it."


class IncompleteFile(GatewayError):
    """A file is quiet but not complete."""

    retry = True
    renews = True
    severity = "info"
    remedy = "Nothing yet: after its waiting time it is taken as truncated. Ask the partner to send it again."


class StillChanging(GatewayError):
    """A claimed file is still being written."""

    retry = True
    severity = "info"
    remedy = "Nothing: it is taken when it stays unchanged."


# --- transports


class TransportError(GatewayError):
    """A transport failed."""

    remedy = "Look at the partner's transport settings."


class TransportUnknown(TransportError):
    """The partner's settings name no such transport."""

    retry = True
    remedy = "Put the outbound transport back into partner.toml; the files wait for it."


class TransportDown(TransportError):
    """The other side cannot be reached."""

    retry = True
    remedy = "Check host, port and network; it is tried again by itself."


class TransportTimeout(TransportDown):
    """The session took longer than its limit and was cut."""

    remedy = "Ask the partner about their server; raise the session limit if files are large."


class HostKeyChanged(TransportError):
    """The server's host key is not the pinned one."""

    severity = "page"
    remedy = "Do not connect. Ask the partner by another way; if they rotated the key, pin the new one."


class HostKeyMissing(TransportError):
    """No host key is pinned for this server."""

    remedy = "Put the server's known_hosts line or SHA256 fingerprint into the transport's host_keys."


class AuthRefused(TransportError):
    """The server refused our user, key or password."""

    remedy = "Check user and secret with the partner; it is not tried again until the settings change or a person asks."


class SecretUnusable(TransportError):
    """A secret is missing or not readable in the form needed."""

    remedy = "Set the environment variable or file that the settings refer to; key files need mode 0600."


class RemoteDenied(TransportError):
    """The server does not permit this operation."""

    retry = True
    remedy = "Ask the partner to permit it for our user."


class RemoteChanged(TransportError):
    """A remote file changed while it was read."""

    retry = True
    severity = "info"
    remedy = "Nothing: it is read again when it stays unchanged."


class RemoteNameUnsafe(TransportError):
    """A remote listing holds a name that is not one plain path segment."""

    severity = "business_day"
    remedy = "Ask the partner to rename or remove it; it is not taken."


class RemoteListingTooLong(TransportError):
    """A remote folder holds more names than the limit."""

    retry = True
    severity = "business_day"
    remedy = "Let the gateway delete or move what it fetched, or have the folder emptied."


class RemoteTooLarge(TransportError):
    """A remote file is larger than the limit."""

    severity = "business_day"
    remedy = "Raise max_bytes of the transport, or ask for smaller files."


class RemoteConflict(TransportError):
    """A different file with our name is already on the server."""

    remedy = "Have the other file removed, then send again."


# --- the parser


class ParserUnusable(GatewayError):
    """The parser process cannot be started."""

    retry = True
    severity = "page"
    remedy = "Look at the process and memory limits of the gateway's user, and at its log. Files wait meanwhile."


# --- the store


class StoreError(GatewayError):
    """The store failed."""


class StoreBusy(StoreError):
    """The store is locked by another process."""

    retry = True
    remedy = "Nothing, if it passes. Otherwise find the process that holds the database."


class StoreTooNew(StoreError):
    """The store was written by a newer version of the gateway."""

    remedy = "Run the newer version, or restore the backup made before the upgrade."


class StoreDriverOld(StoreError):
    """This SQLite has the WAL-reset bug: several processes writing may damage the store."""

    severity = "business_day"
    remedy = "Install pysqlite3 (or an SQLite of 3.51.3 or later); until then run nothing beside `run`."


class StateMoved(StoreError):
    """The row is not in the state this change starts from: somebody else moved it."""

    retry = True
    severity = "info"


class NameTaken(StoreError):
    """Another dispatch to this partner has the same file name."""


# --- what to do


@dataclass(frozen=True)
class Retry:
    """Try again later; nobody has to act."""

    reason: str


@dataclass(frozen=True)
class GiveUp:
    """Trying again would not help; a person decides."""

    reason: str


_PASSING_ERRNO = frozenset(
    {
        errno.EACCES,
        errno.EAGAIN,
        errno.EBUSY,
        errno.ECONNABORTED,
        errno.ECONNREFUSED,
        errno.ECONNRESET,
        errno.EDQUOT,
        errno.EHOSTUNREACH,
        errno.EINTR,
        errno.EMFILE,
        errno.ENETUNREACH,
        errno.ENFILE,
        errno.ENOENT,
        errno.ENOSPC,
        errno.ENOTCONN,
        errno.EPERM,
        errno.EPIPE,
        errno.EROFS,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)


def classify(error: BaseException) -> Retry | GiveUp:
    """Decide for any error whether the same attempt may succeed later. Total: what is not known is given up,
    because repeating an unknown error for ever is a silent skip.
    """
    if isinstance(error, GatewayError):
        return Retry(str(error)) if error.retry else GiveUp(str(error))
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, (TimeoutError, ConnectionError, socket.gaierror, EOFError)):
        return Retry(reason)
    if isinstance(error, OSError) and error.errno in _PASSING_ERRNO:
        return Retry(reason)
    return GiveUp(reason)


def from_os_error(error: OSError, subject: str) -> GatewayError:
    """An OSError of a local folder → the typed error that says what to do about it."""
    text = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(text, subject=subject)
    return FolderUnusable(text, subject=subject)


# --- crash points: places where the tests kill the process

Hook = Callable[[str], None]
_hook: Hook | None = None


def crashpoint(name: str) -> None:
    """A place between two effects. Does nothing unless the tests, or RETURNS_GATEWAY_FAULTS, put a hook here."""
    if _hook is not None:
        _hook(name)


def install_hook(hook: Hook | None) -> None:
    """Call `hook` with the name of every crash point passed from now on; None removes it."""
    global _hook  # noqa: PLW0603 - one hook a process is the point
    _hook = hook


def _hook_from_environment(text: str) -> Hook:
    """ "dispatch.staged:3" → a hook that kills this process at the third pass of that point."""
    name, _, count = text.partition(":")
    left = int(count or "1")

    def kill(passed: str) -> None:
        nonlocal left
        if passed == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return kill


if os.environ.get("RETURNS_GATEWAY_FAULTS"):
    install_hook(_hook_from_environment(os.environ["RETURNS_GATEWAY_FAULTS"]))
