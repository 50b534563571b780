"""Write, rename and sync so that a file is either there whole or not at all, also after power loss."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from gateway.faults import AlreadyThere, DiskFull, FsyncFailed, StillChanging, crashpoint, from_os_error

_RENAME_NOREPLACE = 1
_AT_FDCWD = -100
_SYNC_ALL_FROM = 16  # from so many files on, one sync of the whole filesystem is cheaper than one of each
_EDITED = "Somebody changed it meanwhile; look at it and do it again."
_libc = ctypes.CDLL(None, use_errno=True)
_NOT_SUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def create(path: Path, data: bytes, mode: int = 0o600) -> int:
    """Make a new file and write all of `data`, not yet durable → its open descriptor. An existing name is an error."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        write_all(descriptor, data)
    except BaseException:
        os.close(descriptor)
        path.unlink(missing_ok=True)
        raise
    return descriptor


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write every byte: `write` may take only a part."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def durable_write(folder: Path, name: str, data: bytes, mode: int = 0o600) -> Path:
    """Bytes → a durable new file of this name. Readers see it whole or not at all.

    Raises AlreadyThere if the name is taken, DiskFull, FsyncFailed, FolderUnusable.
    """
    target = folder / name
    partial = folder / f".{uuid.uuid4().hex}.part"
    try:
        with Syncing(folder) as syncing:
            syncing.file(create(partial, data, mode), partial)
            crashpoint("durable.written")
            syncing.now()
            rename_no_replace(partial, target)
            syncing.folder(folder)
            syncing.now()
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise from_os_error(error, str(target)) from error
    except AlreadyThere:
        partial.unlink(missing_ok=True)
        raise
    return target


def replace(path: Path, data: bytes, before: bytes | None) -> None:
    """Put `data` durably in the place of a file that people edit; readers see the old bytes or the new, never a mix.

    `before` is what the caller had read there (None: nothing). A new file and its folder are made where there is none;
    an old one keeps its mode. Raises StillChanging if somebody changed it meanwhile, DiskFull, FsyncFailed,
    FolderUnusable.
    """
    folder = path.parent
    partial = folder / f".{uuid.uuid4().hex}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise from_os_error(error, str(folder)) from error
    try:
        with Syncing(folder) as syncing:
            mode = path.stat().st_mode & 0o777 if before is not None else 0o644
            descriptor = create(partial, data, mode)
            syncing.file(descriptor, partial)
            os.fchmod(descriptor, mode)
            crashpoint("durable.written")
            syncing.now()
            if before is None:
                rename_no_replace(partial, path)
            elif path.read_bytes() != before:
                raise StillChanging(_EDITED, subject=str(path))
            else:
                partial.rename(path)
            syncing.folder(folder)
            syncing.folder(folder.parent)
            syncing.now()
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise from_os_error(error, str(path)) from error
    except (AlreadyThere, StillChanging):
        partial.unlink(missing_ok=True)
        raise StillChanging(_EDITED, subject=str(path)) from None


def place_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """A new folder with these files (path inside it → bytes), there whole or not at all, and durable.

    Raises AlreadyThere if the name is taken, DiskFull, FsyncFailed, FolderUnusable.
    """
    partial = target.parent / f".{uuid.uuid4().hex}.part"
    try:
        partial.mkdir()
        with Syncing(target.parent) as syncing:
            for name, data in files.items():
                path = partial / name
                path.parent.mkdir(parents=True, exist_ok=True)
                syncing.file(create(path, data, 0o644), path)
                syncing.folder(path.parent)
            syncing.folder(partial)
            syncing.now()
            rename_no_replace(partial, target)
            syncing.folder(target.parent)
            syncing.now()
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise from_os_error(error, str(target)) from error
    except AlreadyThere:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def rename_no_replace(source: Path, target: Path) -> None:
    """Rename in one step, never over an existing file. Raises AlreadyThere if `target` exists, OSError otherwise.

    Where the filesystem does not know RENAME_NOREPLACE, a link and an unlink do the same; for a moment both names are
    there.
    """
    done = _libc.renameat2(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), _RENAME_NOREPLACE)
    if done == 0:
        return
    number = ctypes.get_errno()
    if number == errno.EEXIST:
        raise AlreadyThere(subject=str(target))
    if number not in _NOT_SUPPORTED:
        raise OSError(number, os.strerror(number), str(source), None, str(target))
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise AlreadyThere(subject=str(target)) from None
    source.unlink()


class Syncing:
    """Collect files and folders that were changed, then make them durable together.

    The folder given is opened first: syncfs reports the write errors that happened since then. Raises FsyncFailed,
    after which nothing is known about what the disk holds: it is never tried again, only a restart looks again.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._root = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._files: list[tuple[int, Path]] = []
        self._folders: dict[Path, None] = {}

    def file(self, descriptor: int, path: Path) -> None:
        """Sync and close this descriptor at the next `now`."""
        self._files.append((descriptor, path))

    def folder(self, path: Path) -> None:
        """Sync the names in this folder at the next `now`."""
        self._folders[path] = None

    def now(self) -> None:
        """Make everything durable that was collected since the last time."""
        if len(self._files) + len(self._folders) >= _SYNC_ALL_FROM and self._sync_filesystem():
            self._close_files()
            self._folders.clear()
            return
        for descriptor, path in self._files:
            _fsync(descriptor, path)
        self._close_files()
        for path in self._folders:
            sync_folder(path)
        self._folders.clear()

    def _sync_filesystem(self) -> bool:
        if _libc.syncfs(self._root) == 0:
            return True
        number = ctypes.get_errno()
        if number in _NOT_SUPPORTED:
            return False
        raise FsyncFailed(os.strerror(number), subject=str(self._place))

    def _close_files(self) -> None:
        for descriptor, _ in self._files:
            os.close(descriptor)
        self._files.clear()

    def __enter__(self) -> Syncing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close_files()
        os.close(self._root)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable. Raises FsyncFailed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _fsync(descriptor, path)
    finally:
        os.close(descriptor)


def make_folders(folders: Iterable[Path], below: Path, syncing: Syncing) -> None:
    """Make folders, and note their parents up to `below` for the next sync: a new one must survive power loss too."""
    for folder in folders:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        parent = folder
        while parent != below:
            parent = parent.parent
            syncing.folder(parent)


def _fsync(descriptor: int, path: Path) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise FsyncFailed(error.strerror or "", subject=str(path)) from error


def free_bytes(path: Path) -> int:
    """Bytes that may still be written on the filesystem of `path`."""
    return shutil.disk_usage(path).free


def require_space(path: Path, at_least: int) -> None:
    """Raises DiskFull unless this many bytes are free: asked before a claim, so that the inbox keeps what we cannot."""
    free = free_bytes(path)
    if free < at_least:
        raise DiskFull(f"{free:,} bytes are free, {at_least:,} are needed.", subject=str(path))
