from __future__ import annotations

import hashlib

import pytest

from gateway import disk
from gateway.faults import (
    ArchiveCorrupt,
    ArchiveMissing,
)
from gateway.home import Home


@pytest.mark.parametrize("count", [1, 40])
def test_the_archive_gives_back_what_it_got(home: Home, count: int) -> None:
    batch = [b"file %d" % (n % 30) for n in range(count)]  # some of them twice
    hashes = disk.put_archive_many(home, batch)
    assert [disk.read_archive(home, sha256) for sha256 in hashes] == batch
    assert hashes[0] == hashlib.sha256(b"file 0").hexdigest()
    assert list(disk.archived_sha256s(home)) == sorted(set(hashes))
    assert list(home.archive_incoming.iterdir()) == []
    assert disk.verify_archive(home, hashes[0]) == 6
    assert disk.archive_path(home, hashes[0]).stat().st_mode & 0o222 == 0


def test_the_same_bytes_are_archived_once(home: Home) -> None:
    first = disk.put_archive(home, b"x")
    inode = disk.archive_path(home, first).stat().st_ino
    assert disk.put_archive(home, b"x") == first
    assert disk.archive_path(home, first).stat().st_ino == inode


def test_a_flipped_byte_is_noticed(home: Home) -> None:
    sha256 = disk.put_archive(home, b"exact")
    path = disk.archive_path(home, sha256)
    path.chmod(0o600)
    path.write_bytes(b"exacT")
    for read in (disk.read_archive, disk.verify_archive):
        with pytest.raises(ArchiveCorrupt):
            read(home, sha256)
    with pytest.raises(ArchiveCorrupt):  # nor is a wrong file taken for the right one
        disk.put_archive(home, b"exact")
    path.unlink()
    for read in (disk.read_archive, disk.verify_archive):
        with pytest.raises(ArchiveMissing):
            read(home, sha256)
