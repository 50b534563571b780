"""What is blocked and why: the questions of a bad morning."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

import sqlalchemy as sa

from gateway.clock import instant
from gateway.store.database import Snapshot
from gateway.store.read.rows import counts, records
from gateway.store.read.sent import COLUMNS as SENT_COLUMNS
from gateway.store.read.table_rows import DispatchRow, DueRow, FaultRow, IntakeRow
from gateway.store.tables import dispatch, document, due, fault, hold, intake, posting, return_

UNSENT = ("pending", "staged", "held")
# Literals, not parameters: the database must see that its partial index has all of these rows.
IS_BLOCKED = return_.c.blocked_at != sa.text("''")
STAGES = ("eligibility", "authorization", "shipment", "receipt", "inspection", "disposition", "credit", "erp")

HoldsOfClass = TypedDict(
    "HoldsOfClass",
    {"class": str, "owner": str, "count": int, "oldest_at": str, "message": str, "next_action": str},
)


class BlockedStage(TypedDict):
    """How many returns wait at a stage, the oldest since when, and how many on whom."""

    stage: str
    count: int
    oldest_at: str
    waits_on: dict[str, int]


class _Blocked(TypedDict):
    stage: str
    who: str
    count: int
    oldest_at: str


class LastFile(TypedDict):
    """When the newest file was received, and when the last one was delivered; "" for never."""

    received_at: str
    delivered_at: str


def faults(snapshot: Snapshot) -> list[FaultRow]:
    """Open Faults, the loudest first."""
    loudness = sa.case({"page": 0, "urgent": 1, "business_day": 2}, value=fault.c.severity, else_=3)
    query = sa.select(fault).where(fault.c.cleared_at == "").order_by(loudness, fault.c.id)
    return records(snapshot, query.limit(100), FaultRow)


def holds_by_class(snapshot: Snapshot) -> list[HoldsOfClass]:
    """Open Holds per class and owner, the oldest first: how many, since when, what the oldest asks for."""
    grouped = (
        sa.select(
            hold.c["class"], hold.c.owner, sa.func.count().label("count"), sa.func.min(hold.c.id).label("oldest_id")
        )
        .where(hold.c.state == "open")
        .group_by(hold.c["class"], hold.c.owner)
        .subquery()
    )
    query = (
        sa.select(
            grouped.c["class"],
            grouped.c.owner,
            grouped.c.count,
            hold.c.opened_at.label("oldest_at"),
            hold.c.message,
            hold.c.next_action,
        )
        .join(hold, hold.c.id == grouped.c.oldest_id)
        .order_by(hold.c.opened_at, hold.c.id)
    )
    return records(snapshot, query, HoldsOfClass)


def overdue(snapshot: Snapshot, now: datetime, limit: int = 50) -> list[DueRow]:
    """Clocks whose warning or due time has passed and that nothing has stopped, the most overdue first."""
    moment = instant(now)
    ticking = (due.c.state != "met", due.c.stopped_at == "")
    late = sa.or_(due.c.due_at <= moment, sa.and_(due.c.warn_at != "", due.c.warn_at <= moment))
    query = sa.select(due).where(*ticking, late).order_by(due.c.due_at, due.c.key)
    rows = records(snapshot, query.limit(limit), DueRow)
    for row in rows:
        row["state"] = "breached" if row["due_at"] <= moment else "warned"
    return rows


def count_overdue(snapshot: Snapshot, now: datetime) -> int:
    """How many clocks are past their due time."""
    is_late = (due.c.state != "met", due.c.stopped_at == "", due.c.due_at <= instant(now))
    return int(snapshot.scalar(sa.select(sa.func.count()).where(*is_late)) or 0)


def blocked(snapshot: Snapshot) -> list[BlockedStage]:
    """Per stage, in the order of a return's life: how many returns wait there, the oldest since when, on whom."""
    query = (
        sa.select(
            return_.c.blocked_at.label("stage"),
            return_.c.blocked_on.label("who"),
            sa.func.count().label("count"),
            sa.func.min(return_.c.blocked_since).label("oldest_at"),
        )
        .where(IS_BLOCKED)
        .group_by(return_.c.blocked_at, return_.c.blocked_on)
    )
    stages: dict[str, BlockedStage] = {stage: _none_blocked(stage) for stage in STAGES}
    for row in records(snapshot, query, _Blocked):
        stage = stages.setdefault(row["stage"], _none_blocked(row["stage"]))
        stage["count"] += row["count"]
        stage["oldest_at"] = min(filter(None, (stage["oldest_at"], row["oldest_at"])), default="")
        stage["waits_on"][row["who"]] = row["count"]
    return list(stages.values())


def _none_blocked(stage: str) -> BlockedStage:
    return {"stage": stage, "count": 0, "oldest_at": "", "waits_on": {}}


def returns_by_status(snapshot: Snapshot) -> dict[str, int]:
    """Returns counted by status."""
    return counts(snapshot, return_.c.status)


def returns_by_stage(snapshot: Snapshot) -> dict[str, int]:
    """Returns that wait at a stage, counted by it."""
    return counts(snapshot, return_.c.blocked_at, IS_BLOCKED)


def intakes_by_state(snapshot: Snapshot) -> dict[str, int]:
    """Received files counted by state."""
    return counts(snapshot, intake.c.state)


def dispatches_by_state(snapshot: Snapshot) -> dict[str, int]:
    """Sent files counted by state."""
    return counts(snapshot, dispatch.c.state)


def postings_by_state(snapshot: Snapshot) -> dict[str, int]:
    """Postings counted by state."""
    return counts(snapshot, posting.c.state)


def documents_by_state(snapshot: Snapshot) -> dict[str, int]:
    """Documents counted by state."""
    return counts(snapshot, document.c.state)


def acknowledgments_by_state(snapshot: Snapshot) -> dict[str, int]:
    """What partners said about the files we sent, where they owe us a word."""
    return counts(snapshot, dispatch.c.ack_state, dispatch.c.ack_state != sa.text("'not_expected'"))


def unsent(snapshot: Snapshot, limit: int = 20) -> list[DispatchRow]:
    """Files that have not reached their partner, the oldest first, without their bytes."""
    query = sa.select(*SENT_COLUMNS).where(dispatch.c.state.in_(UNSENT)).order_by(dispatch.c.id)
    return records(snapshot, query.limit(limit), DispatchRow)


def troubled_intakes(snapshot: Snapshot, limit: int = 20) -> list[IntakeRow]:
    """Received files that wait for somebody: failed (ours), held or quarantined; the newest first."""
    query = sa.select(intake).where(intake.c.state.in_(("failed", "held", "quarantined")))
    return records(snapshot, query.order_by(intake.c.id.desc()).limit(limit), IntakeRow)


def last_file(snapshot: Snapshot) -> LastFile:
    """When the newest file was received, and when the last one was delivered."""
    received = snapshot.scalar(sa.select(intake.c.received_at).order_by(intake.c.id.desc()).limit(1))
    delivered = sa.select(dispatch.c.delivered_at).where(dispatch.c.state == "delivered")
    sent = snapshot.scalar(delivered.order_by(dispatch.c.id.desc()).limit(1))
    return {"received_at": received or "", "delivered_at": sent or ""}
