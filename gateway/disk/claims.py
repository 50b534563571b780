"""Take files out of the inbox: a claim is one rename into inbox/.claimed/, where no sender can reach them.

A claimed file is named `<claim id>.<partner>.<name>`, partner and name percent-encoded: the folder alone tells what a
crash left to do. Claim ids sort in the order in which files were claimed.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO
from urllib.parse import quote, unquote_to_bytes

from gateway.disk.durable import Syncing, rename_no_replace
from gateway.faults import AlreadyThere, GatewayError, InboxGone, OddObject, StillChanging, crashpoint, from_os_error
from gateway.home import Home

_LONGEST = 255  # bytes of a file name
_CUT = "~"
_PARTIAL = ".part"


@dataclass(frozen=True)
class Look:
    """What one look at a file saw. Two equal looks mean: nobody wrote in between."""

    size: int
    mtime_ns: int
    inode: int
    plain: bool = True

    @classmethod
    def of(cls, status: os.stat_result) -> Look:
        """What `os.stat` says of a file; `plain` if it is a regular file of one name."""
        plain = S_ISREG(status.st_mode) and status.st_nlink == 1
        return cls(status.st_size, status.st_mtime_ns, status.st_ino, plain)


@dataclass(frozen=True)
class CompleteFile:
    """A file that is complete: claim it if it is still what the look saw. `folder` and `name` as the disk has them.

    `folder` is a partner's, or one below it: then its claim has the name `<folder below>__<name>`.
    """

    folder: str
    name: str
    look: Look


@dataclass(frozen=True)
class ClaimedFile:
    """A file in inbox/.claimed/. `partner` and `name` are percent-encoded."""

    path: Path
    claim: str
    partner: str
    name: str


def escape_name(raw: str) -> str:
    """A name as the disk has it (any bytes) → percent-encoded ASCII; letters, digits and `_.-~` stay."""
    return quote(os.fsencode(raw), safe="")


def unescape_name(text: str) -> str:
    """The reverse of `escape_name`."""
    return os.fsdecode(unquote_to_bytes(text))


def plain_name(name: str) -> bool:
    """Whether this is one ordinary path segment: what we would accept from a stranger as a file name."""
    return (
        0 < len(os.fsencode(name)) <= _LONGEST
        and name not in (".", "..")
        and "/" not in name
        and name.isprintable()
        and not name.startswith("-")
    )


def claim_name(claim: str, partner: str, name: str) -> str:
    """Claim id, partner and name (as the disk has them) → the name in inbox/.claimed/. Too long a name is cut."""
    head = f"{claim}.{escape_name(partner).replace('.', '%2E')}."
    tail = escape_name(name)
    room = _LONGEST - len(head)
    if len(tail) > room:
        tail = tail[: room - len(_CUT)]
        tail = tail[: tail.rfind("%")] if "%" in tail[-2:] else tail
        tail += _CUT
    return head + tail


def new_claim(nanoseconds: int, ordinal: int) -> str:
    """A new claim id, sorting by time, then by place in its batch."""
    return f"{nanoseconds:016x}{ordinal:06x}{secrets.token_hex(5)}"


def look_at(path: Path) -> Look | None:
    """What is there now, links not followed; None if nothing is."""
    try:
        return Look.of(os.lstat(path))
    except FileNotFoundError:
        return None


def claim_files(
    home: Home, batch: Sequence[CompleteFile], nanoseconds: int
) -> tuple[list[ClaimedFile], list[GatewayError]]:
    """Claim files with shared syncs → those claimed, in order, and what went wrong with others (they stay).

    A file that changed since its look is put back. Raises InboxGone, FsyncFailed.
    """
    claimed: list[ClaimedFile] = []
    troubles: list[GatewayError] = []
    if not batch:
        return claimed, troubles
    try:
        with Syncing(home.inbox_claimed) as syncing:
            for ordinal, file in enumerate(batch):
                crashpoint("collect.claim")
                try:
                    claimed.append(_claim(home, file, new_claim(nanoseconds, ordinal)))
                except GatewayError as error:
                    troubles.append(error)
                    continue
                syncing.folder(home.inbox / file.folder)
            crashpoint("collect.claimed")
            syncing.folder(home.inbox_claimed)
            syncing.now()
    except FileNotFoundError as error:
        raise InboxGone(subject=str(error.filename)) from None
    return claimed, troubles


def _claim(home: Home, file: CompleteFile, claim: str) -> ClaimedFile:
    source = home.inbox / file.folder / file.name
    partner, _, below = file.folder.partition("/")
    target = home.inbox_claimed / claim_name(claim, partner, f"{below}__{file.name}" if below else file.name)
    shown = "/".join(["inbox", *map(escape_name, file.folder.split("/")), escape_name(file.name)])
    try:
        rename_no_replace(source, target)
    except FileNotFoundError:
        raise StillChanging("It was moved away.", subject=shown) from None
    except OSError as error:
        raise from_os_error(error, shown) from error
    if look_at(target) != file.look:
        _put_back(source, target, shown)
    return _parse(target)


def _put_back(source: Path, target: Path, shown: str) -> None:
    try:
        rename_no_replace(target, source)
    except AlreadyThere:
        return  # the sender has written the next one meanwhile: this one stays claimed, intake waits until it is quiet
    raise StillChanging(subject=shown)


def claimed_files(home: Home) -> tuple[list[ClaimedFile], list[GatewayError]]:
    """Everything in inbox/.claimed/, in the order of the claims: what intake has to do, now or after a crash."""
    try:
        names = sorted(entry.name for entry in os.scandir(home.inbox_claimed) if not entry.name.startswith("."))
    except FileNotFoundError:
        raise InboxGone(subject=str(home.inbox_claimed)) from None
    claimed: list[ClaimedFile] = []
    troubles: list[GatewayError] = []
    for name in names:
        if name.count(".") < 2:
            troubles.append(OddObject("Only the gateway puts files here.", subject=escape_name(name)))
        else:
            claimed.append(_parse(home.inbox_claimed / name))
    return claimed, troubles


def _parse(path: Path) -> ClaimedFile:
    claim, partner, name = path.name.split(".", 2)
    return ClaimedFile(path, claim, partner.replace("%2E", "."), name)


def remove_claimed(home: Home, batch: Sequence[tuple[ClaimedFile, Look | None]], nanoseconds: int) -> None:
    """Remove claimed files whose intake is committed, durably. One that is gone already is fine.

    A file that is not what was archived (its sender went on writing) is claimed anew instead: it is another intake.
    """
    with Syncing(home.inbox_claimed) as syncing:
        for ordinal, (claimed, archived) in enumerate(batch):
            now = look_at(claimed.path)
            if now is not None and now != archived:
                rest = claimed.path.name.removeprefix(claimed.claim)
                rename_no_replace(claimed.path, claimed.path.with_name(new_claim(nanoseconds, ordinal) + rest))
                continue
            claimed.path.unlink(missing_ok=True)
            crashpoint("intake.unlinked")
        syncing.folder(home.inbox_claimed)
        syncing.now()


@contextmanager
def downloading(home: Home, claim: str) -> Iterator[BinaryIO]:
    """A file to write a download into; `claim_download` gives it its name.

    Whatever an earlier attempt left is overwritten.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(_partial(home, claim), flags, 0o600), "w+b") as file:
        yield file


def claim_download(home: Home, claim: str, partner: str, name: str) -> ClaimedFile:
    """Make a finished download durable and claimed in one rename → the claimed file. Landing twice is landing once."""
    partial = _partial(home, claim)
    target = home.inbox_claimed / claim_name(claim, partner, name)
    with Syncing(home.inbox_claimed) as syncing:
        syncing.file(os.open(partial, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC), partial)
        syncing.now()
        crashpoint("poll.downloaded")
        partial.replace(target)
        syncing.folder(home.inbox_claimed)
        syncing.now()
    crashpoint("poll.landed")
    return _parse(target)


def drop_download(home: Home, claim: str) -> None:
    """Forget a download that is not to be claimed."""
    _partial(home, claim).unlink(missing_ok=True)


def _partial(home: Home, claim: str) -> Path:
    return home.inbox_claimed / f".{claim}{_PARTIAL}"


def sweep_temporaries(home: Home) -> int:
    """Remove what crashed writers left: call it at start, while the instance lock is held → how many files."""
    rubbish = [*home.archive_incoming.iterdir(), *home.inbox_claimed.glob(f".*{_PARTIAL}")]
    for path in rubbish:
        path.unlink(missing_ok=True)
    return len(rubbish)


def drop_marker(path: Path) -> None:
    """Remove the marker of a file that was claimed, or one that marks nothing."""
    path.unlink(missing_ok=True)


def is_real_folder(path: Path) -> bool:
    """Whether this is a folder itself, not a link to one."""
    try:
        return S_ISDIR(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False
