"""What was decided or moved, step by step, in the order it was committed: enough to make all of it again.

A step is written in the transaction that it tells of, by the function that does it. `config_version` names the
configuration of a step that was decided; what only follows from rows (a batch, a delivery) has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction
from gateway.store.tables import step

# kind: what its body names.
DOCUMENTS = "documents"  # intake, first, last: documents of one transaction, decided in the order of their ids
READING = "reading"  # document, body, actor: a document was read again and decided again
ANSWER = "answer"  # return_no, hold (its key), actor, and what was asked: a person's answer to a Hold of a return
DISPOSED = "disposed"  # return, line, actor, and what was asked: a person said what becomes of goods
SHIPPED_OUT = "shipped_out"  # return, actor, and what was asked: a person said how goods travel to a supplier
DISCARD = "discard"  # document, actor: a parked document is not waited for any more
SWEEP = "sweep"  # time passed: clocks moved, documents were parked too long
CLOSE = "close"  # period, actor: a month of the reconciliation was frozen
BATCHED = "batched"  # batch, postings (keys, by row)
DELIVERED = "delivered"  # batches
REFUSED = "refused"  # posting, code, words: no import file can carry it
RETRIED = "retried"  # posting: written again
RELEASED = "released"  # postings (keys): a person let them go, in a pilot
VOIDED = "voided"  # return, postings (keys), actor, note: a person decided that they are never sent
HELD = "held"  # the columns of a Hold that names a return but is about one of its files
RESOLVED = "resolved"  # hold (its key), resolution, actor
REFRESHED = "refreshed"  # returns: status and blocked-at derived anew

AT_ONCE = 500

# Built once: building a statement costs more than running it.
_ADD = step.insert()


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table `step`; what its body says, by kind: `gateway.store.system.step_bodies`."""

    id: int
    at: str
    kind: str
    config_version: str
    body: dict[str, Any]


def note(tx: Transaction, kind: str, at: str, body: Mapping[str, object], config_version: str = "") -> None:
    """Write one step."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    tx.execute(_ADD, {"at": at, "kind": kind, "config_version": config_version, "body": text})


def newest_configuration(snapshot: Snapshot) -> str:
    """The version of the configuration that the last decided step was decided under; "" if none was decided."""
    query = sa.select(step.c.config_version).where(step.c.config_version != "").order_by(step.c.id.desc())
    return str(snapshot.scalar(query.limit(1)) or "")


def last_by_configuration(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Every configuration that steps were decided under, with the instant of the last of them; the newest first."""
    last = sa.func.max(step.c.id).label("last")
    query = sa.select(step.c.config_version, sa.func.max(step.c.at)).where(step.c.config_version != "")
    found = snapshot.execute(query.group_by(step.c.config_version).order_by(last.desc())).all()
    return [(str(row[0]), str(row[1])) for row in found]


def in_order(snapshot: Snapshot) -> Iterator[Step]:
    """Every step, oldest first, a few at a time."""
    last = 0
    while True:
        query = sa.select(step).where(step.c.id > last).order_by(step.c.id).limit(AT_ONCE)
        found = snapshot.execute(query).all()
        for row in found:
            yield Step(int(row.id), str(row.at), str(row.kind), str(row.config_version), json.loads(row.body))
        if len(found) < AT_ONCE:
            return
        last = int(found[-1].id)
