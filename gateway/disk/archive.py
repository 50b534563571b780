"""The archive: every byte that came or went, under its sha256, written once and verified when it is read."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from gateway.disk.claims import ClaimedFile, Look
from gateway.disk.durable import Syncing, make_folders, rename_no_replace, write_all
from gateway.faults import (
    AlreadyThere,
    ArchiveCorrupt,
    ArchiveMissing,
    CollectDenied,
    GatewayError,
    OddObject,
    StillChanging,
    crashpoint,
    from_os_error,
)
from gateway.home import Home

_CHUNK = 1024 * 1024
_READ_ONLY = 0o400


@dataclass(frozen=True)
class ArchivedFile:
    """A claimed file whose bytes are durable in the archive; `look` is the object they were read from."""

    claimed: ClaimedFile
    sha256: str
    size: int
    look: Look


def archive_path(home: Home, sha256: str) -> Path:
    """Where bytes with this hash lie: archive/sha256/ab/cd/abcd…"""
    return home.archive_sha256 / sha256[:2] / sha256[2:4] / sha256


def put_archive(home: Home, data: bytes) -> str:
    """Bytes → their sha256, durable in the archive. Raises DiskFull, FsyncFailed, ArchiveCorrupt."""
    return put_archive_many(home, [data])[0]


def put_archive_many(home: Home, batch: Sequence[bytes]) -> list[str]:
    """As `put_archive`, for a batch with shared syncs, in its order."""
    incoming: list[tuple[Path, str]] = []
    try:
        with Syncing(home.archive_sha256) as syncing:
            for data in batch:
                incoming.append((_new_incoming(home, syncing, data), hashlib.sha256(data).hexdigest()))
            _place(home, incoming, syncing)
    except OSError as error:
        _discard(path for path, _ in incoming)
        raise from_os_error(error, str(home.archive_sha256)) from error
    return [sha256 for _, sha256 in incoming]


def archive_claimed(home: Home, batch: Sequence[ClaimedFile]) -> list[ArchivedFile | GatewayError]:
    """Copy claimed files into the archive with shared syncs → for each its hash, or why it cannot be archived now.

    Each file is opened without following links and must stay the same object of the same size and time while it is
    copied. Raises DiskFull and FsyncFailed for the batch as a whole: the claimed files stay where they are.
    """
    results: list[ArchivedFile | GatewayError] = []
    incoming: list[tuple[Path, str]] = []
    try:
        with Syncing(home.archive_sha256) as syncing:
            for claimed in batch:
                try:
                    path, archived = _copy(home, claimed, syncing)
                except (OddObject, StillChanging, CollectDenied) as error:
                    results.append(error)
                    continue
                incoming.append((path, archived.sha256))
                results.append(archived)
            crashpoint("intake.copied")
            _place(home, incoming, syncing)
    except OSError as error:
        _discard(path for path, _ in incoming)
        raise from_os_error(error, str(home.archive_sha256)) from error
    return results


def read_archive(home: Home, sha256: str, *, verify: bool = True) -> bytes:
    """The archived bytes. Raises ArchiveMissing, or ArchiveCorrupt if they no longer match their hash."""
    try:
        data = archive_path(home, sha256).read_bytes()
    except FileNotFoundError:
        raise ArchiveMissing(subject=sha256) from None
    if verify and hashlib.sha256(data).hexdigest() != sha256:
        raise ArchiveCorrupt(subject=sha256)
    return data


def verify_archive(home: Home, sha256: str) -> int:
    """Read the archived bytes piece by piece and compare the hash → their size. Raises as `read_archive`."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive_path(home, sha256).open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        raise ArchiveMissing(subject=sha256) from None
    if digest.hexdigest() != sha256:
        raise ArchiveCorrupt(subject=sha256)
    return size


def remove_archived(home: Home, sha256s: Sequence[str]) -> int:
    """Remove archived files for good, durably → how many were there. Whoever calls has checked that nobody needs them.

    Raises FsyncFailed, FolderUnusable.
    """
    removed = 0
    if not sha256s:
        return 0
    try:
        with Syncing(home.archive_sha256) as syncing:
            for sha256 in sha256s:
                path = archive_path(home, sha256)
                try:
                    path.unlink()
                except FileNotFoundError:
                    continue
                removed += 1
                syncing.folder(path.parent)
                crashpoint("archive.removed")
            syncing.now()
    except OSError as error:
        raise from_os_error(error, str(home.archive_sha256)) from error
    return removed


def archived_sha256s(home: Home) -> Iterator[str]:
    """The name of every file in the archive, in order: what `verify` compares with the store."""
    for first in sorted(path for path in home.archive_sha256.iterdir() if path != home.archive_incoming):
        for path in sorted(first.glob("*/*")):
            yield path.name


def _new_incoming(home: Home, syncing: Syncing, data: bytes) -> Path:
    path, descriptor = _open_incoming(home)
    syncing.file(descriptor, path)
    write_all(descriptor, data)
    return path


def _open_incoming(home: Home) -> tuple[Path, int]:
    path = home.archive_incoming / uuid.uuid4().hex
    return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _READ_ONLY)


def _copy(home: Home, claimed: ClaimedFile, syncing: Syncing) -> tuple[Path, ArchivedFile]:
    source = open_plain(claimed.path, claimed.name)
    try:
        before = Look.of(os.fstat(source))
        path, target = _open_incoming(home)
        syncing.file(target, path)
        try:
            sha256, size = _copy_bytes(source, target)
            if Look.of(os.fstat(source)) != before or size != before.size:
                raise StillChanging(subject=claimed.name)
        except (OSError, StillChanging):
            path.unlink()
            raise
    finally:
        os.close(source)
    return path, ArchivedFile(claimed, sha256, size, before)


def _copy_bytes(source: int, target: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := os.read(source, _CHUNK):
        write_all(target, chunk)
        digest.update(chunk)
        size += len(chunk)
        crashpoint("intake.copying")
    return digest.hexdigest(), size


def open_plain(path: Path, shown: str) -> int:
    """Open a regular file of one name for reading → its descriptor. Never follows a link, never waits on a pipe.

    Raises OddObject, CollectDenied, or StillChanging if it is gone.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError:
        raise CollectDenied(subject=shown) from None
    except FileNotFoundError:
        raise StillChanging("It was moved away.", subject=shown) from None
    except OSError as error:
        raise OddObject(error.strerror or "", subject=shown) from None
    status = os.fstat(descriptor)
    if not S_ISREG(status.st_mode) or status.st_nlink != 1:
        os.close(descriptor)
        raise OddObject(subject=shown)
    return descriptor


def _place(home: Home, incoming: Sequence[tuple[Path, str]], syncing: Syncing) -> None:
    """Make the incoming files durable and give them their names. A hash that is there already is verified instead."""
    syncing.now()
    crashpoint("archive.synced")
    targets = [archive_path(home, sha256) for _, sha256 in incoming]
    make_folders(dict.fromkeys(target.parent for target in targets), home.archive_sha256, syncing)
    for (path, sha256), target in zip(incoming, targets, strict=True):
        syncing.folder(target.parent)
        try:
            rename_no_replace(path, target)
        except AlreadyThere:
            verify_archive(home, sha256)
            path.unlink()
    crashpoint("archive.renamed")
    syncing.now()
    crashpoint("archive.durable")


def _discard(paths: Iterator[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
