"""The only package that changes files.

`durable.py` writes, renames and syncs; `archive.py` keeps every byte under its sha256; `claims.py` takes files out of
the inbox; `publishing.py` puts files into the outbox. Nothing here ever overwrites a file that
somebody may look at; configuration that people edit is replaced whole, in one rename.
"""

from __future__ import annotations

from gateway.disk.archive import (
    ArchivedFile,
    archive_claimed,
    archive_path,
    archived_sha256s,
    open_plain,
    put_archive,
    put_archive_many,
    read_archive,
    remove_archived,
    verify_archive,
)
from gateway.disk.claims import (
    ClaimedFile,
    CompleteFile,
    Look,
    claim_download,
    claim_files,
    claim_name,
    claimed_files,
    downloading,
    drop_download,
    drop_marker,
    escape_name,
    is_real_folder,
    look_at,
    new_claim,
    plain_name,
    remove_claimed,
    sweep_temporaries,
    unescape_name,
)
from gateway.disk.durable import durable_write, free_bytes, place_folder, rename_no_replace, replace, require_space
from gateway.disk.publishing import is_published, publish, stage_files, staged_path, sync_published, unstage

__all__ = [
    "ArchivedFile",
    "ClaimedFile",
    "CompleteFile",
    "Look",
    "archive_claimed",
    "archive_path",
    "archived_sha256s",
    "claim_download",
    "claim_files",
    "claim_name",
    "claimed_files",
    "downloading",
    "drop_download",
    "drop_marker",
    "durable_write",
    "escape_name",
    "free_bytes",
    "is_published",
    "is_real_folder",
    "look_at",
    "new_claim",
    "open_plain",
    "place_folder",
    "plain_name",
    "publish",
    "put_archive",
    "put_archive_many",
    "read_archive",
    "remove_archived",
    "remove_claimed",
    "rename_no_replace",
    "replace",
    "require_space",
    "stage_files",
    "staged_path",
    "sweep_temporaries",
    "sync_published",
    "unescape_name",
    "unstage",
    "verify_archive",
]
