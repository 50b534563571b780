from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

import pytest

from gateway import disk
from gateway.disk import durable
from gateway.faults import (
    AlreadyThere,
    DiskFull,
    FolderUnusable,
    FsyncFailed,
    StillChanging,
)


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


def test_a_new_file_gets_its_folder_too(tmp_path: Path) -> None:
    path = tmp_path / "codes" / "reason.csv"
    disk.replace(path, b"new", None)
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in path.parent.iterdir()] == ["reason.csv"]


def test_an_old_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "reason.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    disk.replace(path, b"new", b"old")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)


@pytest.mark.parametrize("before", [None, b"what was read"])
def test_what_somebody_changed_meanwhile_stays(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "reason.csv"
    path.write_bytes(b"theirs")
    with pytest.raises(StillChanging, match="Somebody changed it"):
        disk.replace(path, b"ours", before)
    assert path.read_bytes() == b"theirs"
    assert [entry.name for entry in tmp_path.iterdir()] == ["reason.csv"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "codes").write_bytes(b"a file in the way")
    with pytest.raises(FolderUnusable):
        disk.replace(tmp_path / "codes" / "reason.csv", b"new", None)
