"""The demo, told in this process: its transcript is a golden file, its end is verified, its bytes repeat."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.demo.story import START, tell_story
from gateway.disk import archive_path
from gateway.home import Home
from gateway.store import open_store
from gateway.store.tables import dispatch, hold, intake, movement, posting, return_
from gateway.verify import verify
from tests.homes import at_work

GOLDEN = Path(__file__).parent.parent / "golden" / "demo.txt"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    root = tmp_path_factory.mktemp("demo") / "home"
    lines: list[str] = []
    assert tell_story(root, lines.append) == 0, "".join(lines)
    yield root, "".join(lines)


def test_the_transcript_is_the_golden_one(demo: tuple[Path, str]) -> None:
    """Set GATEWAY_GOLDEN_WRITE=1 to take over a wanted change, then read the diff."""
    if os.environ.get("GATEWAY_GOLDEN_WRITE"):
        GOLDEN.write_text(demo[1], encoding="utf-8")
    assert demo[1] == GOLDEN.read_text(encoding="utf-8")


def test_the_same_story_gives_the_same_bytes(demo: tuple[Path, str], tmp_path: Path) -> None:
    again = tmp_path / "home"
    assert tell_story(again, lambda _: None) == 0
    assert _outbox(again) == _outbox(demo[0])


def test_the_late_request_is_denied_and_has_no_postings(demo: tuple[Path, str]) -> None:
    with open_store(Home(demo[0]), read_only=True) as store, store.read() as snapshot:
        denied = snapshot.execute(sa.select(return_).where(return_.c.status == "rejected")).mappings().one()
        assert denied["request_number"] == "NR250314-03"
        assert denied["rma"] == ""
        sent = sa.select(sa.func.count()).select_from(posting).where(posting.c.return_no == denied["return_no"])
        assert snapshot.execute(sent).scalar_one() == 0


def test_the_split_line_has_two_dispositions(demo: tuple[Path, str]) -> None:
    with open_store(Home(demo[0]), read_only=True) as store, store.read() as snapshot:
        query = sa.select(movement.c.code, movement.c.quantity).where(
            movement.c.return_no == "R000001", movement.c.line_no == "1", movement.c.kind == "disposition"
        )
        assert {(row.code, row.quantity) for row in snapshot.execute(query)} == {("restock", "3"), ("scrap", "1")}


def test_every_posting_of_the_inspected_return_is_answered(demo: tuple[Path, str]) -> None:
    with open_store(Home(demo[0]), read_only=True) as store, store.read() as snapshot:
        states = sa.select(posting.c.kind, posting.c.state, posting.c.erp_document, posting.c.error_text)
        rows = list(snapshot.execute(states.where(posting.c.return_no == "R000001", posting.c.state != "waiting")))
        assert {row.state for row in rows} == {"posted", "refused"}
        assert all(row.erp_document for row in rows if row.state == "posted")
        (refused,) = (row for row in rows if row.state == "refused")
        assert "credit limit block" in refused.error_text
        assert _count(snapshot, hold, hold.c["class"] == "erp_refused", hold.c.state == "open") == 1


def test_shipment_facts_are_kept(demo: tuple[Path, str]) -> None:
    with open_store(Home(demo[0]), read_only=True) as store, store.read() as snapshot:
        body = snapshot.execute(sa.select(return_.c.body).where(return_.c.return_no == "R000001")).scalar_one()
    for fact in ("PLRX", "PLX70045512", "095212340000880110", "095212340000880127"):
        assert fact in body


def test_junk_is_quarantined_with_its_bytes(demo: tuple[Path, str]) -> None:
    with open_store(Home(demo[0]), read_only=True) as store, store.read() as snapshot:
        junk = snapshot.execute(sa.select(intake).where(intake.c.state == "quarantined")).mappings().one()
    assert junk["name"] == "holiday.jpg"
    assert archive_path(Home(demo[0]), junk["sha256"]).read_bytes().startswith(b"\xff\xd8\xff")


def test_a_flipped_byte_in_the_archive_is_noticed(demo: tuple[Path, str], tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(demo[0], root)
    home = Home(root)
    with open_store(home, read_only=True) as store:
        assert verify(store, home).violations == []
        with store.read() as snapshot:
            sha256 = snapshot.execute(sa.select(intake.c.sha256).order_by(intake.c.id)).scalars().first()
        assert sha256 is not None
        blob = archive_path(home, sha256)
        data = bytearray(blob.read_bytes())
        data[len(data) // 2] ^= 1
        blob.chmod(0o600)
        blob.write_bytes(bytes(data))
        assert any(sha256 in line for line in verify(store, home).violations)


def test_a_changed_file_in_the_outbox_is_noticed(demo: tuple[Path, str], tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(demo[0], root)
    home = Home(root)
    victim = next((root / "outbox/harbor").glob("943_*.edi"))
    victim.chmod(0o600)
    victim.write_bytes(victim.read_bytes() + b" ")
    with open_store(home, read_only=True) as store:
        assert any(victim.name in line for line in verify(store, home).violations)


def test_nothing_happens_when_nothing_waits(demo: tuple[Path, str], tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(demo[0], root)
    before = _outbox(root)
    with at_work(root, START) as gateway:
        assert gateway.engine.until_quiet().idle
    assert _outbox(root) == before


def test_names_of_sent_files_are_unique(demo: tuple[Path, str]) -> None:
    with open_store(Home(demo[0]), read_only=True) as store, store.read() as snapshot:
        names = [tuple(row) for row in snapshot.execute(sa.select(dispatch.c.partner, dispatch.c.name))]
    assert len(names) == len(set(names))


def _outbox(root: Path) -> dict[str, str]:
    files = sorted(path for path in (root / "outbox").rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _count(snapshot: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return int(snapshot.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())
