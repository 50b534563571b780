"""Configurations as they were in force: every folder's files once per content, every combination of them once.

What a step was decided under is known by its hash for ever, whatever becomes of the folders in partners/.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction, insert
from gateway.store.tables import config_folder, config_version

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FolderContent:
    """The configuration files of one folder: `hash` over their content, and path → bytes."""

    hash: str
    files: Mapping[str, bytes]


def version_of(folders: Mapping[str, str]) -> str:
    """The hash of a configuration: over the name of each folder with the hash of its content."""
    text = "".join(f"{name}\0{digest}\n" for name, digest in sorted(folders.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def note(tx: Transaction, folders: Mapping[str, FolderContent], at: str) -> str:
    """Keep a configuration and the content of its folders, where they are not kept already → its hash.

    Only what differs from the version that was kept last is written.
    """
    hashes = {name: content.hash for name, content in folders.items()}
    version = version_of(hashes)
    if tx.scalar(sa.select(config_version.c.hash).where(config_version.c.hash == version)) is not None:
        return version
    newest = sa.select(config_version.c.hash).order_by(config_version.c.at.desc(), config_version.c.hash).limit(1)
    base = str(tx.scalar(newest) or "")
    before = Versions.read(tx).folders(base) if base else {}
    changed: dict[str, str | None] = {name: digest for name, digest in hashes.items() if before.get(name) != digest}
    changed |= dict.fromkeys(before.keys() - hashes.keys())
    _keep_folders(tx, [content for name, content in folders.items() if name in changed])
    row = {"hash": version, "base": base, "changed": json.dumps(changed, sort_keys=True), "at": at}
    tx.execute(insert(tx, config_version).on_conflict_do_nothing(), row)
    return version


def _keep_folders(tx: Transaction, contents: Iterable[FolderContent]) -> None:
    by_hash = {content.hash: content for content in contents}
    known = _known(tx, list(by_hash))
    rows = [{"hash": digest, "body": _packed(content)} for digest, content in by_hash.items() if digest not in known]
    if rows:
        tx.execute(insert(tx, config_folder).on_conflict_do_nothing(), rows)


def _known(tx: Transaction, hashes: list[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(hashes), AT_ONCE):
        query = sa.select(config_folder.c.hash).where(config_folder.c.hash.in_(hashes[start : start + AT_ONCE]))
        known.update(tx.execute(query).scalars())
    return known


def _packed(content: FolderContent) -> bytes:
    """Latin-1 has a character for every byte, so that any file goes through JSON and back unchanged."""
    texts = {path: raw.decode("latin-1") for path, raw in sorted(content.files.items())}
    return zlib.compress(json.dumps(texts).encode())


def files_of(snapshot: Snapshot, digest: str) -> dict[str, bytes]:
    """The files of a folder's content, by path in the folder. Raises LookupError if it was never kept."""
    body = snapshot.scalar(sa.select(config_folder.c.body).where(config_folder.c.hash == digest))
    if body is None:
        raise LookupError(f"the content {digest[:12]} of a partner folder is not in the store")
    return {path: str(text).encode("latin-1") for path, text in json.loads(zlib.decompress(body)).items()}


@dataclass(slots=True)
class Versions:
    """Every version there is, as what it changed of another one."""

    _changes: dict[str, tuple[str, dict[str, str | None]]] = field(default_factory=dict)

    @classmethod
    def read(cls, snapshot: Snapshot) -> Versions:
        """The versions of a store."""
        query = sa.select(config_version.c.hash, config_version.c.base, config_version.c.changed)
        return cls({str(row[0]): (str(row[1]), json.loads(row[2])) for row in snapshot.execute(query)})

    def folders(self, version: str) -> dict[str, str]:
        """The hash of each folder's content in a version. Raises LookupError if it was never noted."""
        chain: list[dict[str, str | None]] = []
        while version:
            if version not in self._changes:
                raise LookupError(f"configuration {version[:12]} is not in the store")
            version, changed = self._changes[version]
            chain.append(changed)
        found: dict[str, str | None] = {}
        for changed in reversed(chain):
            found |= changed
        return {name: digest for name, digest in found.items() if digest is not None}
