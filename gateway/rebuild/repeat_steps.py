"""One step after the other, made again in the scratch database by the functions that made it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from gateway.clock import parse_instant
from gateway.configuration import Configuration
from gateway.faults import StateMoved
from gateway.partners import PartnersError
from gateway.process.decide.application import Application
from gateway.process.decide.steps import (
    answer_hold,
    decide_documents,
    decide_reading,
    discard,
    dispose_goods,
    void_some,
)
from gateway.process.requests.close_period import freeze
from gateway.rebuild.stored_configurations import Kept
from gateway.returns import CannotResolve
from gateway.store import Snapshot, Transaction
from gateway.store.people import holds
from gateway.store.returns import pilots, postings, returns
from gateway.store.system import steps
from gateway.store.system.steps import Step
from gateway.store.tables import document, hold
from gateway.sweep import pass_time
from translators.canonical import AcknowledgmentReceived, Inbound

# Documents of one step that are in memory at a time.
AT_ONCE = 200
# What a step can run into that went well the first time: something before it came out otherwise.
OTHERWISE = (StateMoved, CannotResolve, LookupError, PartnersError)

_INBOUND: TypeAdapter[Inbound] = TypeAdapter(Inbound)


@dataclass(slots=True)
class Again:
    """The scratch database as it fills. Counts the documents and answers that it decided."""

    snapshot: Snapshot
    scratch: Transaction
    kept: Kept = field(init=False)
    documents: int = 0
    decisions: int = 0

    def __post_init__(self) -> None:
        self.kept = Kept(self.snapshot)

    def take(self, each: Step) -> str:
        """Make one step; what went otherwise than it did, in words, "" if nothing."""
        try:
            _MAKE[each.kind](self, each, each.body)
        except OTHERWISE as trouble:
            return f"step {each.id} ({each.kind}, {each.at}): {trouble}"
        return ""

    def _configuration(self, each: Step) -> Configuration:
        return self.kept.configuration(each.config_version)

    def _application(self, each: Step, actor: str = "gateway") -> Application:
        then = self._configuration(each)
        now = parse_instant(each.at)
        return Application(self.scratch, then.book, then.policy, now, actor=actor, version=each.config_version)

    def _documents(self, each: Step, body: dict[str, Any]) -> None:
        for rows in self._pages(body):
            first = [{**row, "body": row["first_body"] or row["body"]} for row in rows]
            fresh = {"first_body": "", "state": "applied", "reason": ""}
            self.scratch.execute(document.insert(), [{**row, **fresh} for row in first])
            partner = self._configuration(each).book[str(rows[0]["partner"])]
            read = [(int(row["id"]), self._read(row)) for row in first]
            decide_documents(self._application(each), partner, body["intake"], read)
            self.documents += len(read)

    def _read(self, row: dict[str, Any]) -> Inbound:
        return _INBOUND.validate_json(row["body"])

    def _pages(self, body: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        """The documents of a step as they are stored, a few at a time; acknowledgments decide nothing about returns."""
        last = int(body["first"]) - 1
        kind = AcknowledgmentReceived.model_fields["kind"].default
        while True:
            query = sa.select(document).where(
                document.c.intake_id == body["intake"],
                document.c.id > last,
                document.c.id <= int(body["last"]),
                document.c.kind != kind,
            )
            found = self.snapshot.execute(query.order_by(document.c.id).limit(AT_ONCE)).mappings().all()
            if not found:
                return
            yield [dict(row) for row in found]
            last = int(found[-1]["id"])

    def _reading(self, each: Step, body: dict[str, Any]) -> None:
        partner = self._configuration(each).book[body["partner"]]
        after = _INBOUND.validate_json(body["body"])
        decide_reading(self._application(each, body["actor"]), partner, body["document"], after, body["why"])

    def _answer(self, each: Step, body: dict[str, Any]) -> None:
        answer_hold(self._application(each, body["actor"]), body["return"], body["hold"], body["asked"])
        self.decisions += 1

    def _disposed(self, each: Step, body: dict[str, Any]) -> None:
        dispose_goods(self._application(each, body["actor"]), body["return"], body["asked"])
        self.decisions += 1

    def _voided(self, each: Step, body: dict[str, Any]) -> None:
        void_some(self._application(each, body["actor"]), body["return"], body["postings"], body["note"])
        self.decisions += 1

    def _discard(self, each: Step, body: dict[str, Any]) -> None:
        discard(self.scratch, body["document"], body["actor"], each.at)

    def _sweep(self, each: Step, _: dict[str, Any]) -> None:
        pass_time(self.scratch, self._configuration(each).policy, parse_instant(each.at))

    def _close(self, each: Step, body: dict[str, Any]) -> None:
        freeze(
            self.scratch, self._configuration(each).policy, body["period"], parse_instant(each.at), str(body["actor"])
        )

    # --- what follows from rows, under every configuration

    def _batched(self, each: Step, body: dict[str, Any]) -> None:
        postings.mark_batched(self.scratch, self._ready(body["postings"]), body["batch"], each.at)

    def _ready(self, keys: list[str]) -> list[postings.Ready]:
        found = postings.ready_of(self.scratch, keys)
        if len(found) != len(keys):
            missing = set(keys) - {row.key for row in found}
            raise LookupError(f"there is no posting {', '.join(sorted(missing))}")
        return found

    def _delivered(self, each: Step, body: dict[str, Any]) -> None:
        postings.mark_delivered(self.scratch, body["batches"], each.at)

    def _refused(self, each: Step, body: dict[str, Any]) -> None:
        (row,) = self._ready([body["posting"]])
        postings.refuse(self.scratch, row, body["code"], body["words"], each.at)

    def _retried(self, each: Step, body: dict[str, Any]) -> None:
        postings.write_again(self.scratch, body["posting"], each.at)

    def _released(self, each: Step, body: dict[str, Any]) -> None:
        pilots.release_again(self.scratch, body["postings"], each.at)

    def _held(self, each: Step, body: dict[str, Any]) -> None:
        """About a file of a return: what happens to files is not made again, only that the return was held by it."""
        holds.open_from_step(self.scratch, body, each.at)

    def _resolved(self, each: Step, body: dict[str, Any]) -> None:
        """A Hold that is not there is one about a file and no return."""
        found = self.scratch.scalar(sa.select(hold.c.id).where(hold.c.key == body["hold"]))
        if found is not None:
            holds.resolve(self.scratch, found, resolution=body["resolution"], actor=body["actor"], at=each.at)

    def _refreshed(self, each: Step, body: dict[str, Any]) -> None:
        returns.refresh(self.scratch, body["returns"], parse_instant(each.at))


_MAKE: dict[str, Callable[[Again, Step, dict[str, Any]], None]] = {
    steps.DOCUMENTS: Again._documents,
    steps.READING: Again._reading,
    steps.ANSWER: Again._answer,
    steps.DISPOSED: Again._disposed,
    steps.VOIDED: Again._voided,
    steps.DISCARD: Again._discard,
    steps.SWEEP: Again._sweep,
    steps.CLOSE: Again._close,
    steps.BATCHED: Again._batched,
    steps.DELIVERED: Again._delivered,
    steps.REFUSED: Again._refused,
    steps.RETRIED: Again._retried,
    steps.RELEASED: Again._released,
    steps.HELD: Again._held,
    steps.RESOLVED: Again._resolved,
    steps.REFRESHED: Again._refreshed,
}
