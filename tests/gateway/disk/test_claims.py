from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import disk
from gateway.disk.claims import ClaimedFile, CompleteFile, Look
from gateway.faults import (
    InboxGone,
    OddObject,
    StillChanging,
)
from gateway.home import Home
from tests.gateway.files import drop

names = st.binary(min_size=1, max_size=255).filter(lambda raw: b"/" not in raw and b"\0" not in raw)


def _claim(home: Home, name: str) -> ClaimedFile:
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
    assert [type(trouble) for trouble in troubles] == [StillChanging]
    assert path.read_bytes() == b"more"


def test_claims_sort_as_they_were_made(home: Home) -> None:
    complete = []
    for name in ("z", "a", "m"):
        look = disk.look_at(drop(home, "northgate", name, b"x"))
        assert look is not None
        complete.append(CompleteFile("northgate", name, look))
    disk.claim_files(home, complete, 7)
    assert [claimed.name for claimed in disk.claimed_files(home)[0]] == ["z", "a", "m"]


def test_a_foreign_file_among_the_claims_is_reported(home: Home) -> None:
    (home.inbox_claimed / "note").write_text("x")
    claimed, troubles = disk.claimed_files(home)
    assert claimed == []
    assert [type(trouble) for trouble in troubles] == [OddObject]


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
    good, *odd = sorted(disk.archive_claimed(home, batch), key=lambda result: isinstance(result, OddObject))
    assert isinstance(good, disk.ArchivedFile)
    assert disk.read_archive(home, good.sha256) == b"abc"
    assert [type(result) for result in odd] == [OddObject, OddObject]
    assert list(home.archive_incoming.iterdir()) == []


def test_what_was_written_after_the_archive_becomes_another_claim(home: Home) -> None:
    drop(home, "northgate", "a.edi", b"abc")
    claimed = _claim(home, "a.edi")
    archived = disk.archive_claimed(home, [claimed])[0]
    assert isinstance(archived, disk.ArchivedFile)
    with claimed.path.open("ab") as late:
        late.write(b"def")
    disk.remove_claimed(home, [(claimed, archived.look)], 9)
    (renewed,), _ = disk.claimed_files(home)
    assert renewed.claim != claimed.claim
    assert renewed.name == "a.edi"
    assert renewed.path.read_bytes() == b"abcdef"
    look = Look.of(renewed.path.stat())
    disk.remove_claimed(home, [(renewed, look)], 9)
    disk.remove_claimed(home, [(renewed, look)], 9)  # gone already
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
        claimed = disk.claim_download(home, "s1", "northgate", "r.edi")
    assert disk.claimed_files(home) == ([claimed], [])
    assert claimed.path.read_bytes() == b"bytes"
