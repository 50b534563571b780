"""Returns as rows: load whole aggregates by the numbers they are known by, save what a decision changed.

`load` remembers the rows it read, so that `save` writes only what is new: movements are appended, postings and holds
inserted or moved, and every change of state leaves an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from gateway.clock import instant
from gateway.returns import Return, SaleItem, blocked_at, pack, status_of, taken_back, unpack
from gateway.returns.events import NOTHING_TOLD, ToldState, events_since, told_state
from gateway.store.database import Snapshot, Transaction
from gateway.store.feed import business_events
from gateway.store.feed.business_events import EventSubject
from gateway.store.returns import sales
from gateway.store.system import events, steps
from gateway.store.system.events import NewEvent
from gateway.store.tables import hold, movement, posting, return_, return_document, return_key

# Column → value.
Columns = dict[str, object]
Rows = dict[str, Columns]

# Built once: building a statement costs more than running it.
_INSERT = return_.insert()
_UPDATE = return_.update().where(return_.c.return_no == sa.bindparam("of_return"))
_FIND = sa.select(return_key.c.return_no).where(return_key.c.key.in_(sa.bindparam("keys", expanding=True)))


# Statuses in which nothing is left to do.
ENDED = frozenset({"closed", "closed_short", "cancelled", "rejected"})


@dataclass(slots=True)
class LoadedReturn:
    """A return as it stood in the store: the aggregate, and the rows that are there already."""

    aggregate: Return
    version: int
    status: str
    movements: int
    keys: set[str]
    postings: Rows = field(default_factory=dict)
    holds: Rows = field(default_factory=dict)
    taken: dict[SaleItem, Decimal] = field(default_factory=dict)
    stage: str = "live"
    changed_at: str = ""
    told: ToldState = NOTHING_TOLD


def find(snapshot: Snapshot, keys: Sequence[str]) -> list[str]:
    """Numbers of the returns that are known by any of `keys`, each once, in order."""
    if not keys:
        return []
    by_posting = [key.removeprefix("posting:") for key in keys if key.startswith("posting:")]
    found = {str(row[0]) for row in snapshot.execute(_FIND, {"keys": list(keys)})}
    if by_posting:
        rows = snapshot.execute(sa.select(posting.c.return_no).where(posting.c.key.in_(by_posting)))
        found.update(str(row[0]) for row in rows)
    return sorted(found)


def with_correlation_ids(snapshot: Snapshot, correlation_ids: Sequence[str]) -> list[str]:
    """The numbers of the returns that have one of these correlation ids, in their order."""
    query = sa.select(return_.c.return_no).where(return_.c.correlation_id.in_(correlation_ids))
    return [str(number) for number in snapshot.execute(query.order_by(return_.c.return_no)).scalars()]


def load(snapshot: Snapshot, return_nos: Iterable[str]) -> dict[str, LoadedReturn]:
    """Whole aggregates by return number; unknown numbers are left out."""
    numbers = list(return_nos)
    if not numbers:
        return {}
    movements = _grouped(snapshot, movement, numbers)
    postings = _grouped(snapshot, posting, numbers)
    holds = _grouped(snapshot, hold, numbers)
    loaded: dict[str, LoadedReturn] = {}
    query = sa.select(return_).where(return_.c.return_no.in_(numbers)).order_by(return_.c.return_no)
    for stored in snapshot.execute(query):
        number = str(stored.return_no)
        mine = movements.get(number, [])
        aggregate = unpack(stored.body, mine, postings.get(number, []), holds.get(number, []))
        loaded[number] = LoadedReturn(
            aggregate,
            int(stored.version),
            str(stored.status),
            len(mine),
            set(aggregate.keys),
            {str(row["key"]): row for row in postings.get(number, [])},
            {str(row["key"]): row for row in holds.get(number, [])},
            _part_of(aggregate, str(stored.stage)),
            str(stored.stage),
            str(stored.changed_at),
            told_state(aggregate, str(stored.status)),
        )
    return loaded


def _part_of(aggregate: Return, stage: str) -> dict[SaleItem, Decimal]:
    """What a return takes back of its sale; a test takes nothing back."""
    return {} if stage == "test" else taken_back(aggregate)


def _grouped(snapshot: Snapshot, table: sa.Table, return_nos: Sequence[str]) -> dict[str, list[Columns]]:
    grouped: dict[str, list[Columns]] = {}
    for row in snapshot.execute(sa.select(table).where(table.c.return_no.in_(return_nos))).mappings():
        grouped.setdefault(str(row["return_no"]), []).append(dict(row))
    return grouped


def save(
    tx: Transaction,
    aggregate: Return,
    before: LoadedReturn | None,
    now: datetime,
    actor: str,
    changes: list[NewEvent],
    stage: str = "live",
) -> LoadedReturn:
    """Write what changed of a return (all of a new one) and give it back as it now stands in the store.

    `stage` is a new one's, test or live; it keeps it for ever.
    Changes of state are added to `changes`, for the caller to write as events in the same transaction; what the change
    means to others goes to the end of the feed at once.
    """
    at = instant(now)
    packed = pack(aggregate)
    status = status_of(aggregate, now)
    columns = _columns(aggregate, status, packed["body"], now)
    number = aggregate.return_no
    if before is None:
        tx.execute(_INSERT, {"return_no": number, "stage": stage, "opened_at": at, "version": 1, **columns})
        before = LoadedReturn(aggregate, 1, "", 0, set(), stage=stage)
    else:
        tx.execute(_UPDATE, {"of_return": number, "version": before.version + 1, **columns})
    new_keys = [key for key in packed["keys"] if key not in before.keys]
    if new_keys:
        tx.execute(return_key.insert(), [{"key": key, "return_no": number} for key in new_keys])
    new_movements = packed["movements"][before.movements :]
    if new_movements:
        tx.execute(movement.insert(), [{**row, "return_no": number} for row in new_movements])
    postings = _save_rows(tx, posting, packed["postings"], before.postings)
    holds = _save_rows(tx, hold, packed["holds"], before.holds)
    changes += _changes(number, actor, "posting", postings, before.postings)
    changes += _changes(number, actor, "hold", holds, before.holds)
    taken = _part_of(aggregate, before.stage)
    sales.change_taken_back(tx, before.taken, taken)
    if status != before.status:
        changes.append(NewEvent(f"return:{number}", status, before.status, "", number, actor))
    subject = EventSubject(number, aggregate.partner, aggregate.correlation_id, before.stage)
    business_events.append(tx, subject, events_since(before.told, aggregate, status), at)
    version, keys = before.version + 1, set(packed["keys"])
    told = told_state(aggregate, status)
    return LoadedReturn(
        aggregate, version, status, len(packed["movements"]), keys, postings, holds, taken, before.stage, at, told
    )


def _columns(aggregate: Return, status: str, body: str, now: datetime) -> Columns:
    """The columns that every save writes: what pages and keys are asked for, derived from the aggregate."""
    blocked = blocked_at(aggregate, now)
    at = instant(now)
    return {
        "partner": aggregate.partner,
        "rma": aggregate.rma,
        "request_number": aggregate.request_number,
        "correlation_id": aggregate.correlation_id,
        "status": status,
        "blocked_at": blocked.stage if blocked else "",
        "blocked_since": blocked.since if blocked else "",
        "blocked_on": blocked.who if blocked else "",
        "body": body,
        "changed_at": at,
        "expires_on": aggregate.expires_on,
        "closed_at": at if status in ENDED else "",
    }


def loaded_all(snapshot: Snapshot) -> Iterator[LoadedReturn]:
    """Every return, by number, a few in memory at a time."""
    numbers = all_numbers(snapshot)
    for start in range(0, len(numbers), LOADED_AT_ONCE):
        yield from load(snapshot, numbers[start : start + LOADED_AT_ONCE]).values()


def refresh(tx: Transaction, return_nos: Sequence[str], now: datetime) -> None:
    """Derive status and blocked-at anew for returns whose postings moved without a document."""
    if not return_nos:
        return
    _derive(tx, return_nos, now)
    steps.note(tx, steps.REFRESHED, instant(now), {"returns": list(return_nos)})


def _derive(tx: Transaction, return_nos: Sequence[str], now: datetime) -> None:
    changes: list[NewEvent] = []
    for loaded in load(tx, return_nos).values():
        save(tx, loaded.aggregate, loaded, now, "gateway", changes)
    events.add_many(tx, changes, instant(now))


# Literals, not parameters: the database must see that its partial index has all of these rows.
_LAPSED = sa.and_(sa.text("status = 'authorized'"), return_.c.expires_on != "")
AT_ONCE = 500
LOADED_AT_ONCE = 200


def lapse(tx: Transaction, now: datetime) -> int:
    """Derive anew the returns whose authorization has ended unused → how many."""
    today = now.date().isoformat()
    query = sa.select(return_.c.return_no).where(_LAPSED, return_.c.expires_on < today).order_by(return_.c.return_no)
    numbers = [str(row[0]) for row in tx.execute(query)]
    for first in range(0, len(numbers), AT_ONCE):
        _derive(tx, numbers[first : first + AT_ONCE], now)
    return len(numbers)


def _save_rows(tx: Transaction, table: sa.Table, rows: Sequence[Mapping[str, object]], before: Rows) -> Rows:
    """Insert the rows whose key is new, update those that differ; returns all by key."""
    new = [row for row in rows if row["key"] not in before]
    if new:
        tx.execute(table.insert(), new)
    for row in rows:
        known = before.get(str(row["key"]))
        if known is not None and any(known[name] != value for name, value in row.items()):
            tx.execute(table.update().where(table.c.key == row["key"]).values(**row))
    return {str(row["key"]): {**before.get(str(row["key"]), {}), **row} for row in rows}


def _changes(number: str, actor: str, noun: str, rows: Rows, before: Rows) -> list[NewEvent]:
    """Events of the postings or Holds of a return whose state is another one than before."""
    changed: list[NewEvent] = []
    for key, row in rows.items():
        was = str(before[key]["state"]) if key in before else ""
        if row["state"] != was:
            message = row.get("message") or row.get("error_text") or row.get("erp_document") or ""
            changed.append(NewEvent(f"{noun}:{key}", str(row["state"]), was, str(message), number, actor))
    return changed


def documents_of(snapshot: Snapshot, return_no: str) -> list[int]:
    """Document rows that touched a return, oldest first."""
    query = sa.select(return_document.c.document_id).where(return_document.c.return_no == return_no)
    return [int(row[0]) for row in snapshot.execute(query.order_by(return_document.c.document_id))]


def count(snapshot: Snapshot) -> int:
    """How many returns there are."""
    return int(snapshot.execute(sa.select(sa.func.count()).select_from(return_)).scalar_one())


def all_numbers(snapshot: Snapshot) -> list[str]:
    """Every return number, in order."""
    return [str(row[0]) for row in snapshot.execute(sa.select(return_.c.return_no).order_by(return_.c.return_no))]
