from __future__ import annotations

import ctypes
import errno
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import disk
from gateway.disk import durable
from gateway.disk.claims import Claimed, CompleteFile, Look
from gateway.faults import (
    AlreadyThere,
    ArchiveCorrupt,
    ArchiveMissing,
    DiskFull,
    FolderUnusable,
    FsyncFailed,
    InboxGone,
    OddObject,
    StillChanging,
)
from gateway.home import Home
from tests.gateway.files import drop, new_home

names = st.binary(min_size=1, max_size=255).filter(lambda raw: b"/" not in raw and b"\0" not in raw)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path, "northgate")


class _NoRenameat2:
    """A C library on a filesystem that does not know these calls."""

    def renameat2(self, *_: object) -> int:
        ctypes.set_errno(errno.EINVAL)
        return -1

    syncfs = renameat2


@pytest.mark.parametrize("old", [False, True])
def test_a_durable_write_never_replaces(tmp_path: Path, old: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if old:
        monkeypatch.setattr(durable, "_libc", _NoRenameat2())
    path = disk.durable_write(tmp_path, "a.txt", b"first")
    with pytest.raises(AlreadyThere):
        disk.durable_write(tmp_path, "a.txt", b"second")
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_refused_sync_is_fatal_and_leaves_no_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(FsyncFailed) as caught:
        disk.durable_write(tmp_path, "a.txt", b"x")
    assert caught.value.exit_code == 70
    assert not (tmp_path / "a.txt").exists()


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(DiskFull):
        disk.durable_write(tmp_path, "a.txt", b"x")
    assert list(tmp_path.iterdir()) == []


def test_space_is_asked_for_before_it_is_used(tmp_path: Path) -> None:
    disk.require_space(tmp_path, 1)
    with pytest.raises(DiskFull, match="are needed"):
        disk.require_space(tmp_path, 1 << 60)


# --- archive


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


# --- claims


def _claim(home: Home, name: str) -> Claimed:
    look = disk.look_at(home.inbox / "northgate" / name)
    assert look is not None
    claimed, troubles = disk.claim_files(home, [CompleteFile("northgate", name, look)], 1)
    assert troubles == []
    return claimed[0]


@given(names, names)
def test_any_name_survives_a_claim(partner: bytes, name: bytes) -> None:
    folder, file = os.fsdecode(partner), os.fsdecode(name)
    encoded = disk.claim_name("c1", folder, file)
    assert len(encoded) <= 255 or len(disk.escape_name(folder)) > 200
    assert encoded.isascii()
    assert encoded.isprintable()
    claim, said_partner, said_name = encoded.split(".", 2)
    assert claim == "c1"
    assert disk.unescape_name(said_partner) == folder
    assert disk.unescape_name(said_name) == file or said_name.endswith("~")


@given(names)
def test_escaped_names_read_back(name: bytes) -> None:
    assert os.fsencode(disk.unescape_name(disk.escape_name(os.fsdecode(name)))) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\nb", "a\x1bb", "-rf", "a\u202eb", "x" * 256, "\udcff"])
def test_what_is_no_plain_name(name: str) -> None:
    assert not disk.plain_name(name)


def test_a_claim_moves_the_file_out_of_reach(home: Home) -> None:
    path = drop(home, "northgate", "a b.edi", b"x")
    claimed = _claim(home, "a b.edi")
    assert not path.exists()
    assert claimed.path.read_bytes() == b"x"
    assert (claimed.partner, claimed.name) == ("northgate", "a%20b.edi")
    assert disk.claimed_files(home) == ([claimed], [])


def test_a_file_that_changed_after_the_look_is_put_back(home: Home) -> None:
    path = drop(home, "northgate", "a.edi", b"x")
    look = disk.look_at(path)
    assert look is not None
    path.write_bytes(b"more")
    claimed, troubles = disk.claim_files(home, [CompleteFile("northgate", "a.edi", look)], 1)
    assert claimed == []
    assert [type(each) for each in troubles] == [StillChanging]
    assert path.read_bytes() == b"more"


def test_claims_sort_as_they_were_made(home: Home) -> None:
    wanted = []
    for name in ("z", "a", "m"):
        look = disk.look_at(drop(home, "northgate", name, b"x"))
        assert look is not None
        wanted.append(CompleteFile("northgate", name, look))
    disk.claim_files(home, wanted, 7)
    assert [each.name for each in disk.claimed_files(home)[0]] == ["z", "a", "m"]


def test_a_foreign_file_among_the_claims_is_reported(home: Home) -> None:
    (home.inbox_claimed / "note").write_text("x")
    claimed, troubles = disk.claimed_files(home)
    assert claimed == []
    assert [type(each) for each in troubles] == [OddObject]


def test_no_inbox_no_claims(home: Home) -> None:
    home.inbox_claimed.rmdir()
    with pytest.raises(InboxGone):
        disk.claimed_files(home)


def test_claimed_files_are_archived_as_what_they_are(home: Home) -> None:
    drop(home, "northgate", "a.edi", b"abc")
    claimed = _claim(home, "a.edi")
    link = home.inbox_claimed / "c2.northgate.link"
    link.symlink_to(claimed.path)
    pipe = home.inbox_claimed / "c3.northgate.pipe"
    os.mkfifo(pipe)
    batch, _ = disk.claimed_files(home)
    good, *odd = sorted(disk.archive_claimed(home, batch), key=lambda each: isinstance(each, OddObject))
    assert isinstance(good, disk.Archived)
    assert disk.read_archive(home, good.sha256) == b"abc"
    assert [type(each) for each in odd] == [OddObject, OddObject]
    assert list(home.archive_incoming.iterdir()) == []


def test_what_was_written_after_the_archive_becomes_another_claim(home: Home) -> None:
    drop(home, "northgate", "a.edi", b"abc")
    claimed = _claim(home, "a.edi")
    archived = disk.archive_claimed(home, [claimed])[0]
    assert isinstance(archived, disk.Archived)
    with claimed.path.open("ab") as late:
        late.write(b"def")
    disk.remove_claimed(home, [(claimed, archived.look)], 9)
    (again,), _ = disk.claimed_files(home)
    assert again.claim != claimed.claim
    assert again.name == "a.edi"
    assert again.path.read_bytes() == b"abcdef"
    look = Look.of(again.path.stat())
    disk.remove_claimed(home, [(again, look)], 9)
    disk.remove_claimed(home, [(again, look)], 9)  # gone already
    assert disk.claimed_files(home) == ([], [])


def test_crashed_writers_leave_nothing_for_ever(home: Home) -> None:
    (home.archive_incoming / "x").write_bytes(b"x")
    with disk.downloading(home, "s1") as file:
        file.write(b"half")
    assert disk.claimed_files(home) == ([], [])
    assert disk.sweep_temporaries(home) == 2
    assert disk.sweep_temporaries(home) == 0


def test_a_download_lands_as_a_claim(home: Home) -> None:
    for _ in range(2):  # once more after a crash is the same
        with disk.downloading(home, "s1") as file:
            file.write(b"bytes")
        claimed = disk.land(home, "s1", "northgate", "r.edi")
    assert disk.claimed_files(home) == ([claimed], [])
    assert claimed.path.read_bytes() == b"bytes"


# --- publishing


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
