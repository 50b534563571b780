"""The overview: what is blocked, why, since when, and whose move it is."""

from __future__ import annotations

from typing import TypedDict

from gateway.store.read import events
from gateway.store.read import overview as query
from gateway.store.read.overview import BlockedStage, HoldsOfClass, LastFile
from gateway.store.read.table_rows import DispatchRow, DueRow, EventRow, FaultRow, IntakeRow
from gateway.web.page import API, Page
from gateway.web.sources import PageSources


class Attention(TypedDict):
    """How many things need somebody, by kind: the page's headline."""

    faults: int
    holds: int
    overdue: int
    failed_files: int
    refused_postings: int
    sent_and_rejected: int


class OverviewData(TypedDict):
    """Counts are by state or status, as the store has them; lists are rows of the store."""

    as_of: str
    attention: Attention
    blocked_returns: int
    blocked: list[BlockedStage]
    faults: list[FaultRow]
    holds: list[HoldsOfClass]
    overdue: list[DueRow]
    unsent: list[DispatchRow]
    troubled_intakes: list[IntakeRow]
    returns: dict[str, int]
    intakes: dict[str, int]
    documents: dict[str, int]
    dispatches: dict[str, int]
    acknowledgments: dict[str, int]
    postings: dict[str, int]
    last_file: LastFile
    events: list[EventRow]


def read_overview(sources: PageSources) -> OverviewData:
    """Counts and lists of everything that waits, and the last things that happened."""
    now = sources.now()
    with sources.store.read() as snapshot:
        holds = query.holds_by_class(snapshot)
        faults = query.faults(snapshot)
        intakes = query.intakes_by_state(snapshot)
        acknowledgments = query.acknowledgments_by_state(snapshot)
        postings = query.postings_by_state(snapshot)
        blocked = query.blocked(snapshot)
        return {
            "as_of": sources.as_of(),
            "attention": {
                "faults": len(faults),
                "holds": sum(row["count"] for row in holds),
                "overdue": query.count_overdue(snapshot, now),
                "failed_files": intakes.get("failed", 0),
                "refused_postings": postings.get("refused", 0),
                "sent_and_rejected": acknowledgments.get("rejected", 0) + acknowledgments.get("partially_accepted", 0),
            },
            "blocked_returns": sum(row["count"] for row in blocked),
            "blocked": blocked,
            "faults": faults,
            "holds": holds,
            "overdue": query.overdue(snapshot, now),
            "unsent": query.unsent(snapshot),
            "troubled_intakes": query.troubled_intakes(snapshot),
            "returns": query.returns_by_status(snapshot),
            "intakes": intakes,
            "documents": query.documents_by_state(snapshot),
            "dispatches": query.dispatches_by_state(snapshot),
            "acknowledgments": acknowledgments,
            "postings": postings,
            "last_file": query.last_file(snapshot),
            "events": events.newest(snapshot),
        }


PAGE = Page("/", "Overview", "overview.html", read_overview, json_address=f"{API}/overview")
