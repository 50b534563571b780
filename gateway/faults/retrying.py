"""Whether an attempt that failed may succeed later."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

from gateway.faults.error import GatewayError
from gateway.faults.of_home import DiskFull, FolderUnusable


@dataclass(frozen=True)
class Retry:
    """Try again later; nobody has to act."""

    reason: str


@dataclass(frozen=True)
class NoRetry:
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


def classify(error: BaseException) -> Retry | NoRetry:
    """Decide for any error whether the same attempt may succeed later. Total: what is not known is given up,
    because repeating an unknown error for ever is a silent skip.
    """
    if isinstance(error, GatewayError):
        return Retry(str(error)) if error.retry else NoRetry(str(error))
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, (TimeoutError, ConnectionError, socket.gaierror, EOFError)):
        return Retry(reason)
    if isinstance(error, OSError) and error.errno in _PASSING_ERRNO:
        return Retry(reason)
    return NoRetry(reason)


def from_os_error(error: OSError, subject: str) -> GatewayError:
    """An OSError of a local folder → the typed error that says what to do about it."""
    text = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(text, subject=subject)
    return FolderUnusable(text, subject=subject)
