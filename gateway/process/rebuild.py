"""Decide everything again, from what is stored, and compare: documents, answers to Holds, the ERP's results, in order.

It runs in a scratch database in memory, through the same code that decided the first time, at the instants and under
the policies of then. Nothing is sent and the store is only read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from gateway.clock import parse_instant
from gateway.partners import PartnerBook
from gateway.process.apply import Application
from gateway.process.beside import BESIDE_THE_RETURN
from gateway.returns import CannotResolve, resolve_hold
from gateway.store import Snapshot, Transaction, documents, returns
from gateway.store.configurations import History
from gateway.store.database import sqlite_driver
from gateway.store.postings import BATCHED, DELIVERED, REFUSED_HERE, RETRIED
from gateway.store.tables import (
    document,
    event,
    hold,
    metadata,
    movement,
    posting,
    request,
    return_,
    return_document,
    return_key,
    taken_back,
)
from translators.canonical import AcknowledgmentReceived

# What is compared, table by table: the key, and the columns that no decision makes.
COMPARED: tuple[tuple[sa.Table, tuple[str, ...], frozenset[str]], ...] = (
    (return_, ("return_no",), frozenset({"version", "told_version", "told"})),
    (return_key, ("key", "return_no"), frozenset()),
    (return_document, ("return_no", "document_id"), frozenset()),
    (movement, ("return_no", "seq"), frozenset()),
    (posting, ("key",), frozenset()),
    (hold, ("key",), frozenset({"id", "intake_id"})),
    (taken_back, ("sale", "item", "order_line"), frozenset()),
)
_OF_STORE = (BATCHED, DELIVERED, REFUSED_HERE, RETRIED)


@dataclass(slots=True)
class Rebuilt:
    """What came of it: how much was decided again, and every row that came out otherwise."""

    documents: int = 0
    decisions: int = 0
    returns: int = 0
    differences: list[str] = field(default_factory=list)


def rebuild(snapshot: Snapshot, book: PartnerBook) -> Rebuilt:
    """Decide everything that is stored again and compare row by row. Raises LookupError if no policy was noted."""
    engine = sa.create_engine("sqlite://", module=sqlite_driver(), poolclass=StaticPool)
    metadata.create_all(engine)
    try:
        with engine.begin() as scratch:
            again = _Again(snapshot, scratch, book, History.read(snapshot))
            for each in _history(snapshot):
                again.take(each)
            again.refresh()
            again.done.returns = int(scratch.execute(sa.select(sa.func.count()).select_from(return_)).scalar_one())
            again.done.differences = list(_differences(snapshot, scratch))
            return again.done
    finally:
        engine.dispose()


def _history(snapshot: Snapshot) -> Iterator[sa.Row[Any]]:
    """The events behind which there are decisions, in the order they were committed."""
    subjects = ("intake:", "document:", "request:", "posting:", "hold:")
    wanted = sa.or_(*(event.c.subject.startswith(each) for each in subjects))
    yield from snapshot.execute(sa.select(event).where(wanted).order_by(event.c.id))


@dataclass(slots=True)
class _Again:
    """The scratch database as it fills, one event after the other."""

    snapshot: Snapshot
    scratch: Transaction
    book: PartnerBook
    policies: History
    done: Rebuilt = field(default_factory=Rebuilt)
    _moved: set[str] = field(default_factory=set)
    _moved_at: str = ""

    def take(self, each: sa.Row[Any]) -> None:
        noun, _, name = str(each.subject).partition(":")
        if noun == "posting":
            if (each.from_state, each.to_state) in _MOVES and str(each.message).startswith(_OF_STORE):
                self._move_posting(name, each)
            return
        if noun == "hold" and name.isdigit():
            self._beside(int(name), each)
            return
        self.refresh()
        if noun == "intake" and each.from_state == "received":
            self._documents_of(int(name))
        elif noun == "document":
            self._read_again(int(name), each)
        elif noun == "request" and each.to_state == "done":
            self._answer(int(name), str(each.at))

    # --- documents

    def _documents_of(self, intake_id: int) -> None:
        query = sa.select(document).where(document.c.intake_id == intake_id).order_by(document.c.id)
        for row in self.snapshot.execute(query).mappings().all():
            first = {**row, "body": row["first_body"] or row["body"], "state": "applied", "reason": ""}
            self.scratch.execute(document.insert().values(**first))
            self._decide(int(row["id"]), str(row["at"]), "gateway")

    def _read_again(self, document_id: int, each: sa.Row[Any]) -> None:
        row = documents.get(self.snapshot, document_id)
        if row is not None:
            self.scratch.execute(document.update().where(document.c.id == document_id).values(body=row.body))
            self._decide(document_id, str(each.at), str(each.actor))

    def _decide(self, document_id: int, at: str, actor: str) -> None:
        row = documents.get(self.scratch, document_id)
        if row is None:
            return
        body = documents.body_of(row)
        if isinstance(body, AcknowledgmentReceived):
            return
        partner = self.book.get(str(row.partner))
        role = partner.role if partner else ""
        self._application(at, actor).apply(document_id, body, str(row.partner), role, row.intake_id, str(row.stage))
        self.done.documents += 1

    def _application(self, at: str, actor: str) -> Application:
        return Application(self.scratch, self.book, self.policies.at(at), parse_instant(at), actor=actor)

    # --- people's answers

    def _answer(self, request_id: int, at: str) -> None:
        asked = self.snapshot.execute(sa.select(request).where(request.c.id == request_id)).first()
        if asked is None or asked.kind != "resolve":
            return
        body = json.loads(asked.body)
        held = self.snapshot.execute(sa.select(hold).where(hold.c.id == int(body["hold"]))).mappings().first()
        if held is None:
            return
        if held["return_no"] and held["class"] not in BESIDE_THE_RETURN:
            self._resolve(str(held["return_no"]), str(held["key"]), str(body["decision"]), str(asked.actor), at)
        elif held["class"] == "parked_too_long" and body["decision"] == "discard":
            documents.settle(self.scratch, int(held["document_id"]), "ignored", f"discarded by {asked.actor}")

    def _resolve(self, return_no: str, key: str, decision: str, actor: str, at: str) -> None:
        application = self._application(at, actor)
        loaded = returns.load(self.scratch, [return_no])
        if return_no not in loaded:
            return
        application.loaded = dict(loaded)
        aggregate = loaded[return_no].aggregate
        facts, numbers, now = application.facts(aggregate), application.numbers(), parse_instant(at)
        try:
            outcome = resolve_hold(aggregate, key, decision, actor, now, self.policies.at(at), numbers, facts)
        except CannotResolve as trouble:
            self.done.differences.append(f"hold {key}: {trouble}")
            return
        application.keep(outcome, None)
        application.retry(outcome)
        self._note(return_no, at)
        self.done.decisions += 1

    # --- what the shell moves by itself

    def _move_posting(self, key: str, each: sa.Row[Any]) -> None:
        now = self.snapshot.execute(sa.select(posting).where(posting.c.key == key)).mappings().first()
        values: dict[str, Any] = {"state": each.to_state, "changed_at": each.at}
        if each.to_state == "batched" and now is not None:
            values |= {"batch_id": str(each.message).removeprefix(BATCHED), "row_no": now["row_no"]}
        elif each.to_state == "refused":
            values |= {"error_code": "unrenderable", "error_text": str(each.message).removeprefix(REFUSED_HERE)}
        elif each.to_state == "ready":
            values |= {"error_code": "", "error_text": ""}
        self.scratch.execute(posting.update().where(posting.c.key == key).values(**values))
        self._note(str(each.return_no), str(each.at))

    def _beside(self, hold_id: int, each: sa.Row[Any]) -> None:
        """A Hold that names a return but is not its own: it is copied as it was opened or resolved then."""
        row = self.snapshot.execute(sa.select(hold).where(hold.c.id == hold_id)).mappings().first()
        if row is None or not row["return_no"] or row["class"] not in BESIDE_THE_RETURN:
            return
        state = {"state": each.to_state}
        if each.to_state == "open":
            state |= {"resolution": "", "resolved_by": "", "resolved_at": ""}
        known = self.scratch.execute(sa.select(hold.c.id).where(hold.c.key == row["key"])).first()
        values = {name: value for name, value in row.items() if name != "id"} | state
        if known is None:
            self.scratch.execute(hold.insert().values(**values))
        else:
            self.scratch.execute(hold.update().where(hold.c.key == row["key"]).values(**values))
        self._note(str(row["return_no"]), str(each.at))

    def _note(self, return_no: str, at: str) -> None:
        if at != self._moved_at:
            self.refresh()
        self._moved.add(return_no)
        self._moved_at = at

    def refresh(self) -> None:
        """Derive anew the status of returns whose postings or Holds were moved, as the shell did at that instant."""
        if self._moved:
            moved, self._moved = sorted(self._moved), set()
            returns.refresh(self.scratch, moved, parse_instant(self._moved_at))


_MOVES = frozenset({("ready", "batched"), ("batched", "delivered"), ("ready", "refused"), ("refused", "ready")})


def _differences(stored: Snapshot, made: Snapshot) -> Iterator[str]:
    """Every row that is in one of the two only, or not the same in both."""
    for table, key, ignored in COMPARED:
        columns = [column for column in table.c if column.name not in ignored]
        query = sa.select(*columns)
        if table is hold:
            query = query.where(hold.c.return_no != "")
        before, now = _by_key(stored, query, key), _by_key(made, query, key)
        for row_key in sorted(before.keys() | now.keys(), key=str):
            name = f"{table.name} {' '.join(str(part) for part in row_key)}"
            if row_key not in now:
                yield f"{name} is stored, and was not decided again"
            elif row_key not in before:
                yield f"{name} was decided again, and is not stored"
            elif before[row_key] != now[row_key]:
                changed = [each for each, value in before[row_key].items() if now[row_key][each] != value]
                yield f"{name} differs in {', '.join(changed)}"


def _by_key(conn: Snapshot, query: sa.Select[Any], key: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[name] for name in key): dict(row) for row in conn.execute(query).mappings()}
