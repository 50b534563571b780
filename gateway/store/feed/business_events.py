"""Business events: appended in the transaction of the change itself, read by their sequence.

Numbers of the sequence come from one row of `counter`, which the database keeps locked from the first number of a
transaction to its commit: numbers are committed in their order, a transaction that is rolled back gives its numbers
back, and whoever sees a number sees every smaller one. So `after=` never misses a row, on PostgreSQL too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gateway.holds import OF_RETURNS
from gateway.returns.events import (
    POSTING_STATE_EVENTS,
    BusinessEvent,
    HoldFacts,
    PostingFacts,
    StoredEvent,
    hold_event,
    posting_event,
)
from gateway.returns.model import PostingState
from gateway.store.database import Snapshot, Transaction
from gateway.store.system import counters
from gateway.store.tables import business_event, counter, hold, movement, posting, return_, step

# The counter that the sequence is taken from.
SEQUENCE = "feed"
# A counter that holds the last step before this store had a feed; none where it had one from the beginning.
BEGINS_AFTER_STEP = "feed_begins_after_step"
AT_ONCE = 500

# Built once: building a statement costs more than running it.
_NEXT = sa.text(
    "INSERT INTO counter (name, n, epoch) VALUES (:name, :count, 0) "
    "ON CONFLICT (name) DO UPDATE SET n = counter.n + :count RETURNING n"
)
_ADD = business_event.insert()
_COLUMNS = [
    business_event.c[name] for name in ("seq", "name", "return_no", "partner", "correlation_id", "stage", "at", "data")
]


@dataclass(frozen=True, slots=True)
class EventSubject:
    """The return that events are about; all "" for what is about no return."""

    return_no: str = ""
    partner: str = ""
    correlation_id: str = ""
    stage: str = "live"


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are asked for: those after a place in the feed, and of these kinds, partners and stages.

    None of `names` or `partners` means all; "" for a return or stage means any.
    """

    after: int = 0
    limit: int = 100
    names: Collection[str] | None = None
    partners: Collection[str] | None = None
    return_no: str = ""
    stage: str = ""
    upto: int | None = None

    def between(self, after: int, upto: int | None) -> EventFilter:
        """The same of another part of the feed: after one event, up to another (None: to its end)."""
        return replace(self, after=after, upto=upto)


def append(tx: Transaction, subject: EventSubject, events: Sequence[BusinessEvent], at: str) -> None:
    """Put events about one return (or about none) at the end of the feed."""
    _append(tx, [(subject, event) for event in events], at)


def _append(tx: Transaction, pairs: Sequence[tuple[EventSubject, BusinessEvent]], at: str) -> None:
    if not pairs:
        return
    last = int(tx.execute(_NEXT, {"name": SEQUENCE, "count": len(pairs)}).scalar_one())
    rows = [
        {
            "seq": seq,
            "name": event.name,
            "return_no": subject.return_no,
            "partner": subject.partner,
            "correlation_id": subject.correlation_id,
            "stage": subject.stage,
            "at": at,
            "movement": event.movement,
            "data": json.dumps(event.data, ensure_ascii=False, separators=(",", ":")),
        }
        for seq, (subject, event) in enumerate(pairs, start=last - len(pairs) + 1)
    ]
    tx.execute(_ADD, rows)


def append_postings(tx: Transaction, keys: Sequence[str], state: PostingState, at: str) -> None:
    """Tell that postings have come into this state on their way, in the order of their keys."""
    if POSTING_STATE_EVENTS[state] is None:
        return
    pairs: list[tuple[EventSubject, BusinessEvent]] = []
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        query = (
            sa.select(posting, *_RETURN)
            .join(return_, return_.c.return_no == posting.c.return_no)
            .where(posting.c.key.in_(ordered[start : start + AT_ONCE]))
        )
        for row in sorted(tx.execute(query).mappings(), key=lambda found: str(found["key"])):
            body = json.loads(row["body"])
            event = posting_event(_posting_facts(row, body, state), _common(row))
            if event is not None:
                pairs.append((_subject(row), event))
    _append(tx, pairs, at)


_RETURN = (
    return_.c.partner.label("of_partner"),
    return_.c.correlation_id,
    return_.c.stage,
    return_.c.rma,
    return_.c.request_number,
)


def _subject(row: Mapping[Any, Any]) -> EventSubject:
    return EventSubject(row["return_no"], row["of_partner"], row["correlation_id"], row["stage"])


def _common(row: Mapping[Any, Any]) -> dict[str, object]:
    return {name: row[name] for name in ("rma", "request_number") if row[name]}


def _posting_facts(row: Mapping[Any, Any], body: Mapping[str, Any], state: PostingState) -> PostingFacts:
    return PostingFacts(
        row["key"],
        row["kind"],
        state,
        row["line_no"],
        body["sign"],
        Decimal(body["quantity"]),
        None if body["amount"] is None else Decimal(body["amount"]),
        str(body["row"].get("currency", "")),
        row["destination"],
        row["batch_id"],
        row["erp_document_type"],
        row["erp_document"],
        row["error_code"],
        row["error_text"],
    )


def append_hold(tx: Transaction, hold_id: int, at: str) -> None:
    """Tell what has become of a Hold that was not saved with its return; one that is about no return is not told."""
    query = (
        sa.select(hold, *_RETURN)
        .outerjoin(return_, return_.c.return_no == hold.c.return_no)
        .where(hold.c.id == hold_id)
    )
    row = tx.execute(query).mappings().one()
    if not row["return_no"] and row["class"] not in OF_RETURNS:
        return
    names = ("key", "state", "line_no", "owner", "message", "next_action", "posting_key", "resolution", "resolved_by")
    facts = HoldFacts(class_=row["class"], **{name: row[name] for name in names})
    subject = _subject(row) if row["of_partner"] is not None else EventSubject(partner=row["partner"])
    append(tx, subject, [hold_event(facts, _common(row))], at)


# --- reading


def matching(snapshot: Snapshot, wanted: EventFilter) -> list[StoredEvent]:
    """The next events that are asked for, in the order of the feed."""
    query = sa.select(*_COLUMNS).where(business_event.c.seq > wanted.after)
    if wanted.upto is not None:
        query = query.where(business_event.c.seq <= wanted.upto)
    if wanted.names is not None:
        query = query.where(business_event.c.name.in_(sorted(wanted.names)))
    if wanted.partners is not None:
        query = query.where(business_event.c.partner.in_(sorted(wanted.partners)))
    if wanted.return_no:
        query = query.where(business_event.c.return_no == wanted.return_no)
    if wanted.stage:
        query = query.where(business_event.c.stage == wanted.stage)
    rows = snapshot.execute(query.order_by(business_event.c.seq).limit(wanted.limit))
    return [StoredEvent(*row) for row in rows]


def all_matching(snapshot: Snapshot, wanted: EventFilter) -> Iterator[StoredEvent]:
    """Every event that is asked for, a few in memory at a time; `limit` is of each of these."""
    after = wanted.after
    while True:
        page = matching(snapshot, wanted.between(after, wanted.upto))
        yield from page
        if len(page) < wanted.limit:
            return
        after = page[-1].seq


def last_seq(snapshot: Snapshot) -> int:
    """The number of the last event; 0 for an empty feed."""
    return int(snapshot.scalar(sa.select(sa.func.max(business_event.c.seq))) or 0)


def last_before(snapshot: Snapshot, after: int, until: str) -> int:
    """The last event before the first one behind `after` that is of `until` or later; `after` where that is the next.

    A feed is cut into days so: whatever clocks say, each event is in one day and none is left out.
    """
    later = sa.select(sa.func.min(business_event.c.seq)).where(
        business_event.c.seq > after, business_event.c.at >= until
    )
    first_later = snapshot.scalar(later)
    return last_seq(snapshot) if first_later is None else int(first_later) - 1


def first_at(snapshot: Snapshot) -> str:
    """When the first event was; "" for an empty feed."""
    return str(snapshot.scalar(sa.select(business_event.c.at).order_by(business_event.c.seq).limit(1)) or "")


def count(snapshot: Snapshot) -> int:
    """How many events there are."""
    return int(snapshot.scalar(sa.select(sa.func.count()).select_from(business_event)) or 0)


def allotted(snapshot: Snapshot) -> int:
    """How many numbers were given; each has its event."""
    return counters.current(snapshot, SEQUENCE)[0]


def movements_untold(snapshot: Snapshot) -> list[tuple[str, int]]:
    """Movements that no event tells of, though the store had a feed when they were written: return, number."""
    in_ledger = sa.select(movement.c.return_no, movement.c.seq)
    begins = begins_after_step(snapshot)
    if begins:
        began_at = snapshot.scalar(sa.select(step.c.at).where(step.c.id == begins)) or ""
        in_ledger = in_ledger.where(movement.c.at > began_at)
    return _pairs(snapshot, in_ledger.except_(_TOLD))


def told_without_movement(snapshot: Snapshot) -> list[tuple[str, int]]:
    """Movements that events tell of and that are in no ledger: return, number."""
    return _pairs(snapshot, _TOLD.except_(sa.select(movement.c.return_no, movement.c.seq)))


_TOLD = sa.select(business_event.c.return_no, business_event.c.movement).where(business_event.c.movement.is_not(None))


def _pairs(snapshot: Snapshot, query: sa.CompoundSelect[Any]) -> list[tuple[str, int]]:
    return sorted((str(number), int(seq)) for number, seq in snapshot.execute(query))


def begins_after_step(snapshot: Snapshot) -> int:
    """The last step before this store had a feed; 0 where it had one from the beginning."""
    found = snapshot.scalar(sa.select(counter.c.n).where(counter.c.name == BEGINS_AFTER_STEP))
    return int(found or 0)


def forget(scratch: Transaction) -> None:
    """Empty the feed of a scratch database: what was decided before the store had a feed was told to nobody."""
    scratch.execute(business_event.delete())
