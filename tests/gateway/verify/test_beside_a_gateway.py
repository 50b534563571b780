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
from tests.homes import DAY, GatewayAtWork


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


def _prepared(gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    """An acknowledgment and an answer are stored, and none of it is sent yet."""
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    with monkeypatch.context() as patched:
        patched.setattr("gateway.engine.dispatch_all", lambda *_: 0)
        gateway.work()
    assert {row["state"] for row in gateway.rows(sa.select(dispatch.c.state))} == {"pending"}


def test_a_file_that_is_sent_meanwhile(
    gateway: GatewayAtWork, meanwhile: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepared(gateway, monkeypatch)
    meanwhile(gateway.work)
    assert gateway.verify() == []
    assert gateway.sent("northgate", "997*")


def test_a_file_that_was_sent_before_it_was_committed_is_found(
    gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepared(gateway, monkeypatch)
    row = gateway.rows(sa.select(dispatch).where(dispatch.c.kind == "acknowledgment"))[0]
    lying = gateway.root / "outbox" / "northgate" / row["name"]
    lying.parent.mkdir(exist_ok=True)
    lying.write_bytes(row["bytes"])
    assert len(gateway.verify()) == 1 and "is there before it was sent" in gateway.verify()[0]
    lying.write_bytes(b"somebody's own file of this name")  # that is for publishing to find
    assert gateway.verify() == []


def test_a_file_that_is_taken_or_unreadable_meanwhile(
    gateway: GatewayAtWork, meanwhile: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepared(gateway, monkeypatch)
    gateway.work()
    first, *_, last = gateway.sent("northgate", "*")

    def take() -> None:
        first.unlink()
        last.unlink()
        last.mkdir()

    meanwhile(take)
    assert [line.rpartition(": ")[2] for line in gateway.verify()] == ["Is a directory"]


def test_bytes_that_retention_removes_meanwhile(
    gateway: GatewayAtWork, meanwhile: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.reference_data()
    hashes = [row["sha256"] for row in gateway.rows(sa.select(intake.c.sha256))]
    gateway.clock.advance(401 * DAY)
    meanwhile(gateway.work)
    monkeypatch.setattr(files, "archived_sha256s", lambda _: ["0" * 64])  # listed, and gone when it is read
    assert gateway.verify() == []
    assert not any(archive_path(gateway.engine.home, sha256).exists() for sha256 in hashes)


def test_bytes_that_are_missing_and_were_not_removed_by_retention_are_found(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    archive_path(gateway.engine.home, gateway.rows(sa.select(intake.c.sha256))[0]["sha256"]).unlink()
    assert len(gateway.verify()) == 1
