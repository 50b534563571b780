"""Apply canonical documents to returns, inside one transaction: load, decide, save, and try again what was parked.

The decisions are the domain's (`gateway.returns`), which is pure: this module fetches what it needs and saves what it
says.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.clock import instant, parse_instant
from gateway.holds import HoldSubject, NewHold
from gateway.home import Home
from gateway.partners import PartnerBook
from gateway.process.send.outgoing import Outgoing, Sending, send_all
from gateway.process.send.parties import with_places, with_return_address, with_vendor
from gateway.process.work import Processing
from gateway.returns import (
    Arrival,
    Due,
    Facts,
    Hold,
    Numbers,
    Outcome,
    Policy,
    Return,
    decide,
    facts_wanted,
    keys_of,
)
from gateway.store import Transaction
from gateway.store.files import documents
from gateway.store.people import holds
from gateway.store.returns import clocks, pilots, references, returns
from gateway.store.returns.clocks import NewClock
from gateway.store.returns.request_facts import facts_of_request
from gateway.store.returns.returns import LoadedReturn
from gateway.store.system import counters, events, steps
from translators.canonical import ErpResult, Inbound, ReturnRequest

LIVE, TEST = "live", "test"


@dataclass(slots=True)
class TransactionNumbers:
    """Numbers of ours, allotted in the transaction that uses them."""

    tx: Transaction

    def next(self, name: str) -> int:
        """The next number of this counter."""
        return counters.next_(self.tx, name)[0]


@dataclass(slots=True)
class Application:
    """One transaction's worth of decisions. `outgoing` gathers what they want sent."""

    tx: Transaction
    book: PartnerBook
    policies: Callable[[str], Policy]
    now: datetime
    actor: str = "gateway"
    version: str = ""  # of the configuration that book and policies are of
    outgoing: Outgoing = field(default_factory=Outgoing)
    loaded: dict[str, LoadedReturn] = field(default_factory=dict)
    timeline: list[events.NewEvent] = field(default_factory=list)  # written at the end of deciding
    anything_parked: bool | None = None
    decided_before: set[int] = field(default_factory=set)  # documents whose stored state may be another than applied
    stages: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, work: Processing, tx: Transaction, now: datetime, actor: str = "gateway") -> Application:
        """What decides in one transaction, under the configuration that `work` has."""
        return cls(tx, work.book, work.policies, now, actor=actor, version=work.version)

    def apply(
        self, document_id: int, body: Inbound, partner: str, role: str, intake_id: int | None, stage: str = ""
    ) -> None:
        """Decide one document, then every parked one that waited for what it brought, until nothing moves.

        `stage` is the document's where it is known already; else it is that of its kind now.
        """
        sender = self.book.partners.get(partner)
        received = Arrival(document_id, partner, role, self.now, intake_id=intake_id)
        self.stages[document_id] = stage or (sender.stage_of(body.kind) if sender else LIVE)
        self._decide_all(deque([(body, received)]))

    def write_timelines(self) -> None:
        """Write what was decided into the timelines of the returns: the end of deciding."""
        events.add_many(self.tx, self.timeline, instant(self.now))
        self.timeline.clear()

    def finish(self, home: Home, cause: str) -> None:
        """The last thing before the transaction ends: timelines written, everything gathered rendered and stored.

        `cause` makes the keys of what is sent unique.
        """
        self.write_timelines()
        zone = self.policies("").calendar.zone
        send_all(self.outgoing, Sending(self.tx, home, self.book, self.now, zone, cause))

    def note(self, kind: str, body: dict[str, Any]) -> None:
        """Write the step that is being decided; `body` is all that it takes to decide it again."""
        steps.note(self.tx, kind, instant(self.now), body, self.version)

    def retry(self, outcome: Outcome) -> None:
        """Decide what was parked for something that this outcome brought, and what it asks for again."""
        self._decide_all(deque(self._parked(document_id) for document_id in self._next_after(outcome)))

    def facts(self, aggregate: Return) -> Facts:
        """The master data about a return: its order and its items."""
        keys = [("orders", aggregate.order_number), ("orders", f"po:{aggregate.purchase_order}")]
        keys += [("products", item_id) for line in aggregate.lines.values() for item_id in line.ids]
        return references.load(self.tx, keys, self.loaded[aggregate.return_no].stage)

    def numbers(self) -> Numbers:
        """The counters that new returns, lines and postings are numbered by."""
        return TransactionNumbers(self.tx)

    def _decide_all(self, waiting: deque[tuple[Inbound, Arrival]]) -> None:
        while waiting:
            document, circumstances = waiting.popleft()
            outcome = self._decide(document, circumstances)
            queued = {received.document_id for _, received in waiting}
            for parked in self._next_after(outcome):
                if parked not in queued and parked != circumstances.document_id:
                    waiting.append(self._parked(parked))

    def _next_after(self, outcome: Outcome) -> list[int]:
        freed = self._parked_for(outcome)
        if not outcome.redo:
            return freed
        return [*outcome.redo, *(document_id for document_id in freed if document_id not in outcome.redo)]

    def _parked_for(self, outcome: Outcome) -> list[int]:
        """Documents parked for what an outcome brought; mostly nothing is parked at all, which is asked once."""
        if self.anything_parked is None:
            self.anything_parked = documents.anything_parked(self.tx)
        return documents.parked_for(self.tx, sorted(outcome.retry_keys)) if self.anything_parked else []

    def _parked(self, document_id: int) -> tuple[Inbound, Arrival]:
        document = documents.get(self.tx, document_id)
        if document is None:
            raise LookupError(f"parked document {document_id} is not in the store")
        partner = self.book.partners.get(document.partner)
        role = partner.role if partner else ""
        received = Arrival(
            document_id, document.partner, role, parse_instant(document.at), intake_id=document.intake_id
        )
        self.stages[document_id] = document.stage
        self.decided_before.add(document_id)
        return document.body, received

    def _decide(self, document: Inbound, received: Arrival) -> Outcome:
        keys = keys_of(document, received)
        stage = self.stages.get(received.document_id, LIVE)
        candidates = self._of_stage(stage, document, self._candidates(keys))
        if isinstance(document, ReturnRequest):
            facts = self.facts_of_request(document, received.partner, stage)
        else:
            facts = references.load(self.tx, facts_wanted(document), stage)
        outcome = decide(document, received, candidates, facts, self.policies, self.now, self.numbers())
        self.save(outcome, received)
        return outcome

    def facts_of_request(self, document: ReturnRequest, partner: str, stage: str = LIVE) -> Facts:
        """The master data that a request of a partner is judged by: order, items, customers, what came back before."""
        return facts_of_request(self.tx, document, partner, stage)

    def _candidates(self, keys: Sequence[str]) -> list[Return]:
        """The returns that have one of these keys, and those that a person said their goods are of."""
        found = self._load(returns.find(self.tx, keys))
        known = {return_.return_no for return_ in found}
        named = dict.fromkeys(return_.assigned_to for return_ in found if return_.assigned_to)
        return found + self._load([number for number in named if number not in known])

    def _of_stage(self, stage: str, document: Inbound, candidates: list[Return]) -> list[Return]:
        """The returns that a document of this stage may concern: a test never touches a live return, and a live
        request never a test; what else is live goes to a live return where there is one.
        """
        tests = [candidate for candidate in candidates if self.loaded[candidate.return_no].stage == TEST]
        if stage == TEST:
            return tests
        if not tests or isinstance(document, ErpResult):
            return candidates
        live = [candidate for candidate in candidates if self.loaded[candidate.return_no].stage != TEST]
        return live if live or isinstance(document, ReturnRequest) else tests

    def _load(self, numbers: list[str]) -> list[Return]:
        missing = [number for number in numbers if number not in self.loaded]
        self.loaded.update(returns.load(self.tx, missing))
        return [self.loaded[number].aggregate for number in numbers]

    def save(self, outcome: Outcome, received: Arrival | None) -> None:
        """Save everything that a decision changed; what it wants sent is gathered in `outgoing`.

        `received` is the document that was decided; None if a person decided.
        """
        at = instant(self.now)
        stage = self.stages.get(received.document_id, LIVE) if received is not None else LIVE
        self._save_returns(outcome, received, TEST if stage == TEST else LIVE)
        self._save_document_states(outcome, received)
        for hold in outcome.holds:
            self._save_hold(hold, received, at)
        for number, message in outcome.notes:
            self.timeline.append(
                events.NewEvent(f"return:{number}", "", message=message, return_no=number, actor=self.actor)
            )
        for due in outcome.clocks:
            self._save_clock(due)
        if outcome.reference is not None:
            references.save(self.tx, outcome.reference, received.document_id if received else None, at, stage)
        self._gather(outcome)

    def _save_returns(self, outcome: Outcome, received: Arrival | None, stage: str) -> None:
        for aggregate in outcome.returns:
            number = aggregate.return_no
            self.loaded[number] = returns.save(
                self.tx, aggregate, self.loaded.get(number), self.now, self.actor, self.timeline, stage
            )
            if received is not None:
                documents.link_return(self.tx, number, received.document_id)

    def _save_document_states(self, outcome: Outcome, received: Arrival | None) -> None:
        """The state of the document that was decided, and of those that the decision moved."""
        is_news = outcome.state != "applied" or outcome.reason
        if received is not None and (is_news or received.document_id in self.decided_before):
            documents.set_state(self.tx, received.document_id, outcome.state, outcome.reason, outcome.park_keys)
            self.anything_parked = self.anything_parked or bool(outcome.park_keys) or None
        for document_id, (state, reason) in outcome.moved.items():
            # Still waiting: it keeps what it waited for, and if parked waits for these returns too.
            keys = documents.parked_keys(self.tx, document_id) if state in {"parked", "held"} else []
            keys += [f"return:{changed.return_no}" for changed in outcome.returns] if state == "parked" else []
            documents.set_state(self.tx, document_id, state, reason, keys)

    def _gather(self, outcome: Outcome) -> None:
        """What a decision wants sent, with the names and places that partner folders know."""
        for partner, answer in outcome.answers:
            self.outgoing.add(partner, with_return_address(answer, self.book, partner))
        for warehouse, expected in outcome.expected:
            partner = self.loaded[expected.number].aggregate.partner
            if self._may_hear(warehouse, expected.kind, expected.number):
                pilot = pilots.pilot_behind(self.tx, expected.number, self.book.pilots)
                self.outgoing.add(warehouse, with_places(expected, self.book, warehouse, partner), pilot)
        for supplier, request in outcome.vendor_requests:
            if self._may_hear(supplier, request.kind, request.return_no):
                goods_at = self.loaded[request.return_no].aggregate.warehouse
                pilot = pilots.pilot_behind(self.tx, request.return_no, self.book.pilots)
                self.outgoing.add(supplier, with_vendor(request, self.book, supplier, goods_at), pilot)

    def _may_hear(self, partner: str, kind: str, number: str) -> bool:
        """A live warehouse or supplier does not hear of a test: it would wait for goods that never come."""
        receiver = self.book.partners.get(partner)
        if self.loaded[number].stage != TEST or (receiver and receiver.stage_of(kind) == TEST):
            return True
        message = f"a test: {partner}, which is live, is not told"
        self.timeline.append(events.NewEvent(f"return:{number}", "", message=message, return_no=number))
        return False

    def _save_hold(self, hold: Hold, received: Arrival | None, at: str) -> None:
        """A Hold that is tied to no return: the return's own are saved with it."""
        if hold.state == "resolved":
            holds.resolve_key(self.tx, hold.key, resolution=hold.resolution, actor=self.actor, at=at)
            return
        subject = HoldSubject(
            partner=hold.partner,
            line_no=hold.line_no,
            intake_id=received.intake_id if received else None,
            document_id=hold.document_id,
            posting_key=hold.posting_key,
        )
        new = NewHold(hold.class_, hold.key, hold.owner, hold.message, hold.next_action, subject)
        holds.open_(self.tx, new, at, reopen=True)

    def _save_clock(self, due: Due) -> None:
        if due.state == "met":
            clocks.stop(self.tx, due.key, at=due.stopped_at)
            return
        clock = NewClock(
            key=due.key,
            class_=due.class_,
            started_at=due.started_at,
            due_at=due.due_at,
            warn_at=due.warn_at,
            partner=due.partner,
            return_no=due.return_no,
            subject=due.subject,
        )
        clocks.restart(self.tx, clock)
