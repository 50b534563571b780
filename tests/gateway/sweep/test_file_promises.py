"""What partners promise about files and do not keep becomes a Hold, and resolves itself when it comes."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from gateway.demo.replies import Replies
from gateway.store.tables import due
from tests.gateway.sweep.promises import ask, clock_of, holds_of
from tests.homes import DAY, HOUR, GatewayAtWork


def test_an_acknowledgment_that_does_not_come_is_a_hold_until_it_comes(gateway: GatewayAtWork) -> None:
    ask(gateway)
    running = gateway.rows(sa.select(due).where(due.c["class"] == "acknowledgment"))
    assert {(clock["partner"], clock["state"]) for clock in running} == {
        ("northgate", "running"),
        ("harbor", "running"),
    }
    # 24 business hours from Friday 9:30: Friday 8.5 in Chicago's calendar, then Monday and Tuesday.
    assert running[0]["due_at"] > "2025-03-17"
    gateway.work(5 * DAY)
    overdue = holds_of(gateway, "acknowledgment_overdue")
    assert {hold["partner"] for hold in overdue} == {"northgate", "harbor"}
    assert all(hold["owner"] == "partner" and "has not acknowledged" in hold["message"] for hold in overdue)
    Replies(gateway.root).send()
    gateway.work(HOUR)
    assert holds_of(gateway, "acknowledgment_overdue") == []
    assert {hold["resolved_by"] for hold in holds_of(gateway, "acknowledgment_overdue", "resolved")} == {"gateway"}
    clocks = gateway.rows(due, due.c["class"] == "acknowledgment")
    assert {clock["state"] for clock in clocks} == {"met"}
    assert gateway.verify() == []


def test_no_clock_runs_for_a_partner_that_never_acknowledges(gateway: GatewayAtWork) -> None:
    gateway.edit("northgate", "acknowledgment_hours = 24", "acknowledgment_hours = 0")
    ask(gateway)
    assert {clock["partner"] for clock in gateway.rows(sa.select(due).where(due.c["class"] == "acknowledgment"))} == {
        "harbor"
    }


def test_an_import_file_that_the_erp_leaves_lying_is_a_hold_until_it_is_taken(gateway: GatewayAtWork) -> None:
    ask(gateway)
    gateway.work(3 * DAY)
    found = holds_of(gateway, "pickup_overdue")
    assert [(hold["owner"], hold["partner"]) for hold in found] == [("it", "atlas")]
    for file in (gateway.root / "outbox/atlas").iterdir():
        file.unlink()
    gateway.work(HOUR)
    assert holds_of(gateway, "pickup_overdue") == []
    assert clock_of(gateway, "pickup:ATLAS-000001")["state"] == "met"


def test_an_import_file_that_is_answered_need_not_be_taken(gateway: GatewayAtWork) -> None:
    ask(gateway)
    gateway.atlas_answers()
    gateway.work(3 * DAY)
    assert holds_of(gateway, "pickup_overdue") == []
    assert holds_of(gateway, "erp_result_overdue") == []


def test_an_erp_that_says_nothing_is_a_hold(gateway: GatewayAtWork) -> None:
    ask(gateway)
    gateway.work(5 * DAY)
    assert [hold["partner"] for hold in holds_of(gateway, "erp_result_overdue")] == ["atlas"]
    gateway.atlas_answers()
    gateway.work(HOUR)
    assert holds_of(gateway, "erp_result_overdue") == []


def test_a_silent_partner_is_a_hold_until_its_next_file(gateway: GatewayAtWork) -> None:
    gateway.write("cedar", "\n[clocks]\nsilence_hours = 9\n")
    gateway.work(HOUR)
    gateway.work(4 * DAY)
    assert [hold["partner"] for hold in holds_of(gateway, "partner_silent")] == ["cedar"]
    gateway.drop("cedar", "requests.csv")
    gateway.work(HOUR)
    assert holds_of(gateway, "partner_silent") == []
    assert clock_of(gateway, "silence:cedar")["state"] == "running"
    gateway.work(4 * DAY)
    assert len(holds_of(gateway, "partner_silent")) == 1


def test_an_idle_gateway_writes_nothing(gateway: GatewayAtWork) -> None:
    ask(gateway)
    gateway.work(HOUR)
    database = gateway.engine.store.file
    assert database is not None

    def size() -> tuple[int, int]:
        wal = Path(f"{database}-wal")
        return database.stat().st_mtime_ns, wal.stat().st_size if wal.exists() else 0

    gateway.engine.tick()
    before = size()
    gateway.engine.tick()
    assert size() == before
