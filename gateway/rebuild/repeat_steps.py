"""One step after the other, repeated in the scratch database by the functions that made it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

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
    discard_document,
    dispose_goods,
    ship_to_supplier_of,
    void_postings_of_return,
)
from gateway.process.requests.close_period import freeze_period
from gateway.rebuild.stored_configurations import StoredConfigurations
from gateway.returns import CannotResolve
from gateway.store import Snapshot, Transaction
from gateway.store.feed import business_events
from gateway.store.people import holds
from gateway.store.rebuild import step_documents
from gateway.store.rebuild.step_documents import DocumentRow
from gateway.store.returns import pilots, postings, returns
from gateway.store.system import steps
from gateway.store.system.step_bodies import (
    AnswerBody,
    BatchedBody,
    CloseBody,
    DeliveredBody,
    DiscardBody,
    DisposedBody,
    DocumentsBody,
    HeldBody,
    ReadingBody,
    RefreshedBody,
    RefusedBody,
    ReleasedBody,
    ResolvedBody,
    RetriedBody,
    ShippedOutBody,
    VoidedBody,
)
from gateway.store.system.steps import Step
from gateway.sweep import pass_time
from translators.canonical import AcknowledgmentReceived, Inbound

# What a step can run into that went well the first time: something before it came out otherwise.
OTHERWISE = (StateMoved, CannotResolve, LookupError, PartnersError)

_INBOUND: TypeAdapter[Inbound] = TypeAdapter(Inbound)
_ACKNOWLEDGMENT: str = AcknowledgmentReceived.model_fields["kind"].default


@dataclass(slots=True)
class Repetition:
    """The scratch database as it fills. Counts the documents and answers that it decided."""

    snapshot: Snapshot
    scratch: Transaction
    configurations: StoredConfigurations = field(init=False)
    documents: int = 0
    decisions: int = 0
    feed_begins_after: int = 0

    def __post_init__(self) -> None:
        self.configurations = StoredConfigurations(self.snapshot)
        self.feed_begins_after = business_events.begins_after_step(self.snapshot)

    def repeat(self, step: Step) -> str:
        """Repeat one step → in words, what went otherwise than the first time; "" if nothing did."""
        try:
            REPEATED_BY_KIND[step.kind](self, step, step.body)
        except OTHERWISE as trouble:
            return f"step {step.id} ({step.kind}, {step.at}): {trouble}"
        finally:
            self.passed(step)
        return ""

    def passed(self, step: Step) -> None:
        """What was decided before the store had a feed was told to nobody."""
        if step.id == self.feed_begins_after:
            business_events.forget(self.scratch)

    def configuration(self, step: Step) -> Configuration:
        """The configuration that a step was decided under."""
        return self.configurations.configuration(step.config_version)

    def application(self, step: Step, actor: str = "gateway") -> Application:
        """What decides in the scratch database, as of the step's time and under its configuration."""
        then = self.configuration(step)
        now = parse_instant(step.at)
        return Application(self.scratch, then.book, then.policy, now, actor=actor, version=step.config_version)

    def stored_documents(self, body: DocumentsBody) -> Iterator[list[DocumentRow]]:
        """The documents of a step as they are stored, a few at a time; acknowledgments decide nothing about returns."""
        return step_documents.in_range(
            self.snapshot, body["intake"], int(body["first"]), int(body["last"]), without=_ACKNOWLEDGMENT
        )

    def read(self, row: DocumentRow) -> Inbound:
        """The canonical document of a row."""
        return _INBOUND.validate_json(row["body"])

    # --- what was decided, under the configuration of then

    def _documents(self, step: Step, body: DocumentsBody) -> None:
        for rows in self.stored_documents(body):
            copies = step_documents.copy_as_first_read(self.scratch, rows)
            partner = self.configuration(step).book[copies[0]["partner"]]
            inbound = [(row["id"], self.read(row)) for row in copies]
            decide_documents(self.application(step), partner, body["intake"], inbound)
            self.documents += len(inbound)

    def _reading(self, step: Step, body: ReadingBody) -> None:
        partner = self.configuration(step).book[body["partner"]]
        after = _INBOUND.validate_json(body["body"])
        decide_reading(self.application(step, body["actor"]), partner, body["document"], after, body["why"])

    def _answer(self, step: Step, body: AnswerBody) -> None:
        answer_hold(self.application(step, body["actor"]), body["return"], body["hold"], body["asked"])
        self.decisions += 1

    def _disposed(self, step: Step, body: DisposedBody) -> None:
        dispose_goods(self.application(step, body["actor"]), body["return"], body["asked"])
        self.decisions += 1

    def _shipped_out(self, step: Step, body: ShippedOutBody) -> None:
        ship_to_supplier_of(self.application(step, body["actor"]), body["return"], body["asked"])
        self.decisions += 1

    def _voided(self, step: Step, body: VoidedBody) -> None:
        void_postings_of_return(self.application(step, body["actor"]), body["return"], body["postings"], body["note"])
        self.decisions += 1

    def _discard(self, step: Step, body: DiscardBody) -> None:
        discard_document(self.scratch, body["document"], body["actor"], step.at)

    def _sweep(self, step: Step, _: object) -> None:
        pass_time(self.scratch, self.configuration(step).policy, parse_instant(step.at))

    def _close(self, step: Step, body: CloseBody) -> None:
        freeze_period(
            self.scratch, self.configuration(step).policy, body["period"], parse_instant(step.at), str(body["actor"])
        )

    # --- what follows from rows, under every configuration

    def _batched(self, step: Step, body: BatchedBody) -> None:
        postings.mark_batched(self.scratch, self._ready(body["postings"]), body["batch"], step.at)

    def _ready(self, keys: Sequence[str]) -> list[postings.ReadyPosting]:
        ready = postings.ready_of(self.scratch, keys)
        if len(ready) != len(keys):
            missing = set(keys) - {posting.key for posting in ready}
            raise LookupError(f"there is no posting {', '.join(sorted(missing))}")
        return ready

    def _delivered(self, step: Step, body: DeliveredBody) -> None:
        postings.mark_delivered(self.scratch, body["batches"], step.at)

    def _refused(self, step: Step, body: RefusedBody) -> None:
        (posting,) = self._ready([body["posting"]])
        postings.refuse(self.scratch, posting, body["code"], body["words"], step.at)

    def _retried(self, step: Step, body: RetriedBody) -> None:
        postings.write_again(self.scratch, body["posting"], step.at)

    def _released(self, step: Step, body: ReleasedBody) -> None:
        pilots.release_again(self.scratch, body["postings"], step.at)

    def _held(self, step: Step, body: HeldBody) -> None:
        """About a file of a return: what happens to files is not repeated, only that the return was held by it."""
        holds.open_from_step(self.scratch, body, step.at)

    def _resolved(self, step: Step, body: ResolvedBody) -> None:
        """A Hold that is not there is one about a file and no return."""
        hold_id = holds.id_of(self.scratch, body["hold"])
        if hold_id is not None:
            holds.resolve(self.scratch, hold_id, resolution=body["resolution"], actor=body["actor"], at=step.at)

    def _refreshed(self, step: Step, body: RefreshedBody) -> None:
        returns.refresh(self.scratch, body["returns"], parse_instant(step.at))


# Each takes the body of its kind, which is JSON from the store.
REPEATED_BY_KIND: dict[str, Callable[[Repetition, Step, Any], None]] = {
    steps.DOCUMENTS: Repetition._documents,
    steps.READING: Repetition._reading,
    steps.ANSWER: Repetition._answer,
    steps.DISPOSED: Repetition._disposed,
    steps.SHIPPED_OUT: Repetition._shipped_out,
    steps.VOIDED: Repetition._voided,
    steps.DISCARD: Repetition._discard,
    steps.SWEEP: Repetition._sweep,
    steps.CLOSE: Repetition._close,
    steps.BATCHED: Repetition._batched,
    steps.DELIVERED: Repetition._delivered,
    steps.REFUSED: Repetition._refused,
    steps.RETRIED: Repetition._retried,
    steps.RELEASED: Repetition._released,
    steps.HELD: Repetition._held,
    steps.RESOLVED: Repetition._resolved,
    steps.REFRESHED: Repetition._refreshed,
}
