"""Put files into the outbox: durable under a private name first, then visible by one rename that replaces nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from gateway.disk.durable import Syncing, rename_no_replace, write_all
from gateway.faults import AlreadyThere, crashpoint, from_os_error
from gateway.home import Home

_VISIBLE = 0o644


def staged_path(home: Home, dispatch_id: int) -> Path:
    """Where the bytes of a dispatch lie between their staging and their publishing."""
    return home.outbox_staging / str(dispatch_id)


def stage_files(home: Home, batch: Sequence[tuple[int, bytes]]) -> None:
    """Write the bytes of these dispatches durably into outbox/.staging/. What a crash left there is written anew.

    Raises DiskFull, FsyncFailed, FolderUnusable: then none of the batch counts as staged.
    """
    try:
        with Syncing(home.outbox_staging) as syncing:
            for dispatch_id, data in batch:
                path = staged_path(home, dispatch_id)
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
                descriptor = os.open(path, flags, _VISIBLE)
                syncing.file(descriptor, path)
                write_all(descriptor, data)
                crashpoint("dispatch.stage.written")
            syncing.folder(home.outbox_staging)
            syncing.now()
    except OSError as error:
        raise from_os_error(error, str(home.outbox_staging)) from error
    crashpoint("dispatch.stage.durable")


def is_published(home: Home, partner: str, name: str) -> bool:
    """Does a file of this name lie in outbox/<partner>/? A delivered one that does not was taken."""
    return (home.outbox / partner / name).exists()


def publish(home: Home, dispatch_id: int, partner: str, name: str, sha256: str) -> str:
    """Give a staged file its name in outbox/<partner>/ → the proof: how we know that it is delivered.

    Call `sync_published` afterwards. A staged file that is gone was published before a crash (it may have been picked
    up since). Raises AlreadyThere if another file has the name, FolderUnusable if the folder cannot be written.
    """
    staged = staged_path(home, dispatch_id)
    target = home.outbox / partner / name
    try:
        target.parent.mkdir(exist_ok=True)
        rename_no_replace(staged, target)
    except FileNotFoundError:
        if staged.exists():
            raise from_os_error(FileNotFoundError(2, "The outbox is not there"), str(target.parent)) from None
        return "published before a restart"
    except OSError as error:
        raise from_os_error(error, str(target)) from error
    except AlreadyThere:
        if target.is_symlink() or _sha256(target) != sha256:
            raise
        staged.unlink()
        return "the same bytes were there already"
    crashpoint("dispatch.published")
    return "renamed into place"


def sync_published(home: Home, partners: Iterable[str]) -> None:
    """Make the renames of a batch durable, in the staging folder and in those of the partners. Raises FsyncFailed."""
    with Syncing(home.outbox) as syncing:
        syncing.folder(home.outbox_staging)
        syncing.folder(home.outbox)
        for partner in dict.fromkeys(partners):
            if (home.outbox / partner).is_dir():  # its reader may have removed it with everything in it
                syncing.folder(home.outbox / partner)
        syncing.now()
    crashpoint("dispatch.publish.durable")


def unstage(home: Home, dispatch_id: int) -> None:
    """Take back a staged file that will not be published under its name."""
    staged_path(home, dispatch_id).unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
