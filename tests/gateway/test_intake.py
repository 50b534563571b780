from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import disk, intake
from gateway.collect import Collector
from gateway.home import Home
from gateway.intake import take_all
from gateway.store import Store, open_store
from gateway.store.files import intakes
from gateway.store.files.intakes import Intake
from gateway.store.read import events
from gateway.store.system import faults
from tests.gateway.files import AT, clock, drop, new_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path, "northgate")


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home) as opened:
        yield opened


def _collect(home: Home, store: Store) -> None:
    Collector(home, clock()).collect(store, wait=0.1)


def _rows(store: Store) -> list[Intake]:
    with store.read() as snapshot:
        return [row for state in sorted(intakes.STATES) for row in intakes.in_state(snapshot, state)]


def test_a_claimed_file_becomes_an_intake_with_its_bytes(home: Home, store: Store) -> None:
    drop(home, "northgate", "a b.csv", b"abc")
    _collect(home, store)
    assert take_all(store, home, clock(), {"northgate"}) == 1
    (row,) = _rows(store)
    assert (row.partner, row.name, row.size, row.state) == ("northgate", "a%20b.csv", 3, "received")
    assert row.source == "folder:inbox/northgate"
    assert row.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert disk.read_archive(home, row.sha256) == b"abc"
    assert disk.claimed_files(home) == ([], [])
    assert take_all(store, home, clock(), {"northgate"}) == 0
    with store.read() as snapshot:
        assert [event["to_state"] for event in events.history(snapshot, f"intake:{row.id}")] == ["received"]


def test_files_of_an_unknown_partner_are_kept_and_quarantined(home: Home, store: Store) -> None:
    drop(home, "nobody", "a.csv", b"abc")
    _collect(home, store)
    assert take_all(store, home, clock(), {"northgate"}) == 1
    (row,) = _rows(store)
    assert (row.partner, row.state, row.reason) == ("nobody", "quarantined", "unknown_partner")
    assert "partners/nobody" in row.detail
    assert row.finished_at
    assert disk.read_archive(home, row.sha256) == b"abc"


def test_the_same_bytes_twice_are_two_intakes(home: Home, store: Store) -> None:
    for _ in range(2):
        drop(home, "northgate", "a.csv", b"abc")
        _collect(home, store)
        take_all(store, home, clock())
    first, second = _rows(store)
    assert first.sha256 == second.sha256
    assert first.claim != second.claim


def test_many_files_in_groups_keep_their_order(home: Home, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "GROUP", 7)
    for n in range(30):
        drop(home, "northgate", f"{n:02}.csv", b"%d" % (n // 2))
    _collect(home, store)
    assert take_all(store, home, clock()) == 30
    assert sorted(row.name for row in _rows(store)) == [f"{n:02}.csv" for n in range(30)]
    assert len(list(disk.archived_sha256s(home))) == 15


def test_a_claim_whose_row_is_there_is_only_removed(home: Home, store: Store) -> None:
    """A crash came between the commit and the removal."""
    (home.inbox_claimed / "c1.northgate.a.csv").write_bytes(b"abc")
    with store.write() as tx:
        sha256 = hashlib.sha256(b"abc").hexdigest()
        intakes.record(tx, intakes.NewIntake("c1", "northgate", "a.csv", 3, sha256), AT)
    assert take_all(store, home, clock()) == 0
    assert len(_rows(store)) == 1
    assert disk.claimed_files(home) == ([], [])


def test_a_claim_whose_row_has_other_bytes_becomes_another_intake(home: Home, store: Store) -> None:
    """Its sender had it open and went on writing after the commit."""
    (home.inbox_claimed / "c1.northgate.a.csv").write_bytes(b"abcdef")
    with store.write() as tx:
        sha256 = hashlib.sha256(b"abc").hexdigest()
        intakes.record(tx, intakes.NewIntake("c1", "northgate", "a.csv", 3, sha256), AT)
    assert take_all(store, home, clock()) == 0
    assert take_all(store, home, clock()) == 1
    assert [row.size for row in _rows(store)] == [3, 6]


def test_what_cannot_be_taken_stays_and_is_said(home: Home, store: Store) -> None:
    (home.inbox_claimed / "note").write_text("x")
    link = home.inbox_claimed / "c1.northgate.link"
    link.symlink_to("/etc/passwd")
    (home.inbox_claimed / "c2.northgate.good").write_bytes(b"x")
    assert take_all(store, home, clock()) == 1
    with store.read() as snapshot:
        raised = {fault.subject: fault.class_ for fault in faults.open_faults(snapshot)}
    assert raised == {"claimed/note": "odd_object", "claimed/link": "odd_object"}
    assert link.is_symlink()
    link.unlink()
    (home.inbox_claimed / "note").unlink()
    take_all(store, home, clock())
    with store.read() as snapshot:
        assert faults.open_faults(snapshot) == []
