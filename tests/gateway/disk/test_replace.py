from __future__ import annotations

from pathlib import Path

import pytest

from gateway.disk import replace
from gateway.faults import FolderUnusable, StillChanging


def test_a_new_file_gets_its_folder_too(tmp_path: Path) -> None:
    path = tmp_path / "codes" / "reason.csv"
    replace(path, b"new", None)
    assert path.read_bytes() == b"new"
    assert [each.name for each in path.parent.iterdir()] == ["reason.csv"]


def test_an_old_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "reason.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace(path, b"new", b"old")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)


@pytest.mark.parametrize("before", [None, b"what was read"])
def test_what_somebody_changed_meanwhile_stays(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "reason.csv"
    path.write_bytes(b"theirs")
    with pytest.raises(StillChanging, match="Somebody changed it"):
        replace(path, b"ours", before)
    assert path.read_bytes() == b"theirs"
    assert [each.name for each in tmp_path.iterdir()] == ["reason.csv"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "codes").write_bytes(b"a file in the way")
    with pytest.raises(FolderUnusable):
        replace(tmp_path / "codes" / "reason.csv", b"new", None)
