"""The folders of one gateway home, and the lock that keeps two processes from owning it at once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from gateway.faults import HomeInUse, HomeMissing

DATABASE_VARIABLE = "GATEWAY_DATABASE_URL"


class InstanceLock:
    """An flock held by this process until `release`, the end of a `with` block, or the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let other processes own the home. Twice is once."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> InstanceLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


@dataclass(frozen=True)
class Home:
    """Where everything of one gateway lies. Only paths; nothing is read or made until asked."""

    root: Path

    @property
    def partners(self) -> Path:
        """One folder for each partner, and `_house` for ourselves: configuration that people edit."""
        return self.root / "partners"

    @property
    def inbox(self) -> Path:
        """Where files land, one folder for each partner."""
        return self.root / "inbox"

    @property
    def inbox_claimed(self) -> Path:
        """Claimed files, out of the senders' reach; on the inbox's filesystem, so that a claim is one rename."""
        return self.inbox / ".claimed"

    @property
    def outbox(self) -> Path:
        """Where files for partners lie until they take them, one folder for each partner."""
        return self.root / "outbox"

    @property
    def outbox_staging(self) -> Path:
        """Durable files before they get their name; on the outbox's filesystem, so that publishing is one rename."""
        return self.outbox / ".staging"

    @property
    def archive(self) -> Path:
        """What is never lost: the bytes of every file, and the store."""
        return self.root / "archive"

    @property
    def archive_sha256(self) -> Path:
        """The bytes of every file that came or went, by their hash."""
        return self.archive / "sha256"

    @property
    def archive_incoming(self) -> Path:
        """Files on their way into the archive; whatever is left here after a crash is rubbish."""
        return self.archive_sha256 / ".incoming"

    @property
    def store(self) -> Path:
        """The SQLite file of the store, and the lock of this home."""
        return self.archive / "store"

    @property
    def lock_file(self) -> Path:
        """The file whose flock says that a process owns this home; it holds the number of that process."""
        return self.store / "instance.lock"

    @property
    def database_file(self) -> Path:
        """The SQLite file of the store."""
        return self.store / "gateway.sqlite3"

    def database_url(self, environment: Mapping[str, str] = os.environ) -> str:
        """The SQLAlchemy URL of the store: GATEWAY_DATABASE_URL, or the SQLite file of this home."""
        return environment.get(DATABASE_VARIABLE) or f"sqlite:///{self.database_file.absolute()}"

    def exists(self) -> bool:
        """Whether this folder looks like a home (its partners are what makes one)."""
        return self.partners.is_dir()

    def require(self) -> Home:
        """This home, its folders made if they were missing. Raises HomeMissing if there are no partners."""
        if not self.exists():
            raise HomeMissing(subject=str(self.root))
        return self.create()

    def create(self) -> Home:
        """Make the folders that are missing; those that only we enter are closed to others."""
        for folder in (self.partners, self.inbox, self.outbox, self.archive):
            folder.mkdir(parents=True, exist_ok=True)
        for private in (
            self.inbox_claimed,
            self.outbox_staging,
            self.archive_sha256,
            self.archive_incoming,
            self.store,
        ):
            private.mkdir(mode=0o700, exist_ok=True)
        return self

    def acquire(self) -> InstanceLock:
        """Own this home until the lock is released. Raises HomeInUse if another process does."""
        self.store.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 100, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise HomeInUse(f"Process {owner or '?'} owns this home.", subject=str(self.root)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        return InstanceLock(descriptor)
