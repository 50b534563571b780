"""The overview: what is blocked, why, since when, and whose move it is."""

from __future__ import annotations

from gateway.store.read import events as event_query
from gateway.store.read import overview as query
from gateway.web.reading import Data, From


def overview(reading: From) -> Data:
    """Counts and lists of everything that waits, and the last things that happened."""
    now = reading.now()
    with reading.store.read() as snapshot:
        holds = query.holds_by_class(snapshot)
        faults = query.faults(snapshot)
        intakes = query.intakes_by_state(snapshot)
        dispatches = query.dispatches_by_state(snapshot)
        acknowledgments = query.acknowledgments_by_state(snapshot)
        postings = query.postings_by_state(snapshot)
        blocked = query.blocked(snapshot)
        attention = {
            "faults": len(faults),
            "holds": sum(each["count"] for each in holds),
            "overdue": query.count_overdue(snapshot, now),
            "failed_files": intakes.get("failed", 0),
            "refused_postings": postings.get("refused", 0),
            "sent_and_rejected": acknowledgments.get("rejected", 0) + acknowledgments.get("partially_accepted", 0),
        }
        return {
            "as_of": reading.as_of(),
            "attention": attention,
            "blocked_returns": sum(each["count"] for each in blocked),
            "blocked": blocked,
            "faults": faults,
            "holds": holds,
            "overdue": query.overdue(snapshot, now),
            "unsent": query.unsent(snapshot),
            "troubled_intakes": query.troubled_intakes(snapshot),
            "returns": query.returns_by_status(snapshot),
            "intakes": intakes,
            "documents": query.documents_by_state(snapshot),
            "dispatches": dispatches,
            "acknowledgments": acknowledgments,
            "postings": postings,
            "last_file": query.last_file(snapshot),
            "events": event_query.newest(snapshot),
        }
