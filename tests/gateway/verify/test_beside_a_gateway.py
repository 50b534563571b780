"""`verify` beside a gateway at work: what moves between its looks at the store and at the disk is no violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from gateway import verify
from gateway.disk import archive_path
from gateway.store.tables import dispatch, intake
from gateway.verify import files
from gateway.verify.compared import Comparison
from tests.gateway.whole_gateway import DAY, Whole


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have something done between the moment of the store that `verify` looks at and its looks at the disk."""

    def arrange(work: Callable[[], object]) -> None:
        def first(compared: Comparison) -> Iterator[str | None]:
            compared.snapshot.execute(sa.select(sa.func.count()).select_from(intake)).scalar_one()  # the moment is now
            work()
            return iter(())

        monkeypatch.setattr(verify, "CHECKS", {"meanwhile": first, **verify.CHECKS})

    return arrange


def _prepared(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    """An acknowledgment and an answer are stored, and none of it is sent yet."""
    whole.reference_data()
    whole.drop("northgate", "180-requests.edi")
    with monkeypatch.context() as patched:
        patched.setattr("gateway.engine.dispatch_all", lambda *_: 0)
        whole.work()
    assert {row["state"] for row in whole.rows(sa.select(dispatch.c.state))} == {"pending"}


def test_a_file_that_is_sent_meanwhile(
    whole: Whole, meanwhile: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepared(whole, monkeypatch)
    meanwhile(whole.work)
    assert whole.verify() == []
    assert whole.sent("northgate", "997*")


def test_a_file_that_was_sent_before_it_was_committed_is_found(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    _prepared(whole, monkeypatch)
    row = whole.rows(sa.select(dispatch).where(dispatch.c.kind == "acknowledgment"))[0]
    lying = whole.root / "outbox" / "northgate" / row["name"]
    lying.parent.mkdir(exist_ok=True)
    lying.write_bytes(row["bytes"])
    assert len(whole.verify()) == 1 and "is there before it was sent" in whole.verify()[0]
    lying.write_bytes(b"somebody's own file of this name")  # that is for publishing to find
    assert whole.verify() == []


def test_a_file_that_is_taken_or_unreadable_meanwhile(
    whole: Whole, meanwhile: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepared(whole, monkeypatch)
    whole.work()
    first, *_, last = whole.sent("northgate", "*")

    def take() -> None:
        first.unlink()
        last.unlink()
        last.mkdir()

    meanwhile(take)
    assert [line.rpartition(": ")[2] for line in whole.verify()] == ["Is a directory"]


def test_bytes_that_retention_removes_meanwhile(
    whole: Whole, meanwhile: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole.reference_data()
    hashes = [row["sha256"] for row in whole.rows(sa.select(intake.c.sha256))]
    whole.clock.advance(401 * DAY)
    meanwhile(whole.work)
    monkeypatch.setattr(files, "archived_sha256s", lambda _: ["0" * 64])  # listed, and gone when it is read
    assert whole.verify() == []
    assert not any(archive_path(whole.engine.home, sha256).exists() for sha256 in hashes)


def test_bytes_that_are_missing_and_were_not_removed_by_retention_are_found(whole: Whole) -> None:
    whole.reference_data()
    archive_path(whole.engine.home, whole.rows(sa.select(intake.c.sha256))[0]["sha256"]).unlink()
    assert len(whole.verify()) == 1
