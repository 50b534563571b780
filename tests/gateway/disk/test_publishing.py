from __future__ import annotations

import hashlib

import pytest

from gateway import disk
from gateway.faults import (
    AlreadyThere,
    FolderUnusable,
)
from gateway.home import Home


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_publishing_gives_the_name_once(home: Home) -> None:
    disk.stage_files(home, [(1, b"abc")])
    assert disk.publish(home, 1, "atlas", "f.txt", _sha(b"abc")) == "renamed into place"
    disk.sync_published(home, ["atlas"])
    assert (home.outbox / "atlas" / "f.txt").read_bytes() == b"abc"
    (home.outbox / "atlas" / "f.txt").unlink()  # the reader took it
    assert disk.publish(home, 1, "atlas", "f.txt", _sha(b"abc")) == "published before a restart"
    assert list((home.outbox / "atlas").iterdir()) == []


def test_publishing_beside_the_same_or_another_file(home: Home) -> None:
    (home.outbox / "atlas").mkdir()
    target = home.outbox / "atlas" / "f.txt"
    target.write_bytes(b"abc")
    disk.stage_files(home, [(1, b"abc"), (2, b"xyz")])
    assert disk.publish(home, 1, "atlas", "f.txt", _sha(b"abc")) == "the same bytes were there already"
    with pytest.raises(AlreadyThere):
        disk.publish(home, 2, "atlas", "f.txt", _sha(b"xyz"))
    assert target.read_bytes() == b"abc"
    disk.unstage(home, 2)
    assert list(home.outbox_staging.iterdir()) == []


def test_a_broken_outbox_is_said(home: Home) -> None:
    (home.outbox / "atlas").write_text("not a folder")
    disk.stage_files(home, [(1, b"abc")])
    with pytest.raises(FolderUnusable):
        disk.publish(home, 1, "atlas", "f.txt", _sha(b"abc"))
