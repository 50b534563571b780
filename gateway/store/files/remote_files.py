"""What the polls saw on partners' servers: two equal looks make a file complete, a row makes it taken once.

seen → fetched (its bytes are claimed on our disk) → removed (deleted, moved or gone there).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction, columns_of, insert
from gateway.store.tables import remote_file

CLAIM_PREFIX = "s"  # claims of downloads begin so; those of the inbox are hexadecimal


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One row of the table `remote_file`."""

    channel: str
    path: str
    size: int
    mtime: str
    state: str
    claim: str
    intake_id: int | None
    at: str


_COLUMNS = columns_of(remote_file, RemoteFile)


def known(snapshot: Snapshot, channel: str) -> dict[str, RemoteFile]:
    """By path, what the last polls of this channel saw and is still there."""
    query = sa.select(*_COLUMNS).where(remote_file.c.channel == channel, remote_file.c.state != "removed")
    files = (RemoteFile(*row) for row in snapshot.execute(query))
    return {file.path: file for file in files}


@dataclass(frozen=True, slots=True)
class SeenFile:
    """What a look saw, and the claim that its bytes will have."""

    path: str
    size: int
    mtime: str
    claim: str


def seen(tx: Transaction, channel: str, found: Sequence[SeenFile], at: str) -> None:
    """Note files that are new or not what their row says: they begin anew as `seen`."""
    if not found:
        return
    statement = insert(tx, remote_file)
    columns = ("size", "mtime", "state", "claim", "intake_id", "at")
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["channel", "path"], set_={name: statement.excluded[name] for name in columns}
        ),
        [
            {
                "channel": channel,
                "path": file.path,
                "size": file.size,
                "mtime": file.mtime,
                "state": "seen",
                "claim": file.claim,
                "intake_id": None,
                "at": at,
            }
            for file in found
        ],
    )


def fetched(tx: Transaction, channel: str, path: str, at: str) -> None:
    """Its bytes are claimed and durable: the remote file may be removed."""
    _set(tx, channel, path, at, state="fetched")


def removed(tx: Transaction, channel: str, paths: Collection[str], at: str) -> None:
    """These are no longer there, by us or by somebody else."""
    for path in paths:
        _set(tx, channel, path, at, state="removed")


def _set(tx: Transaction, channel: str, path: str, at: str, **values: str) -> None:
    tx.execute(
        remote_file.update().where(remote_file.c.channel == channel, remote_file.c.path == path).values(at=at, **values)
    )


def source_of(snapshot: Snapshot, claim: str) -> str:
    """Where a claimed download came from, as an intake says it; "" if the claim is none."""
    if not claim.startswith(CLAIM_PREFIX):
        return ""
    row = snapshot.execute(
        sa.select(remote_file.c.channel, remote_file.c.path).where(remote_file.c.claim == claim)
    ).one_or_none()
    return f"{row.channel}/{row.path}" if row else ""


def taken(tx: Transaction, intake_ids: Mapping[str, int]) -> None:
    """Note which intake each claimed download became."""
    for claim, intake_id in intake_ids.items():
        if claim.startswith(CLAIM_PREFIX):
            tx.execute(remote_file.update().where(remote_file.c.claim == claim).values(intake_id=intake_id))
