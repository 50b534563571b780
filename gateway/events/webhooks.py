"""Events to their receivers: each receiver in a thread of its own, in the order of the feed, at least once.

A receiver that is slow, or down, keeps nobody else waiting. How far each has come is in the store, moved after every
event that its receiver took: a crash between the two sends that event again, under the same id.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from gateway.clock import Clock, instant
from gateway.events.round import TellingRound, subject_of, subject_of_dead
from gateway.events.subscription import WebhookPlan, plans_of
from gateway.faults import EventsUndelivered, SecretUnusable, WebhookFailing
from gateway.partners import PartnerBook
from gateway.store import Store
from gateway.store.feed import business_events, webhooks
from gateway.store.system import faults

WAIT_SECONDS = 30.0  # what `once` waits for receivers
STOP_SECONDS = 2.0


@dataclass(slots=True)
class WebhookDispatch:
    """Tells events to the receivers of one home. `tell` begins; `close` ends what is under way."""

    store: Store
    clock: Clock
    _threads: dict[str, threading.Thread] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _taken: SimpleQueue[int] = field(default_factory=SimpleQueue)
    _names: frozenset[str] | None = None

    def tell(self, book: PartnerBook, wait: bool) -> int:
        """Begin to tell every receiver what waits for it → how many events were taken since the last call.

        With `wait`, the threads are waited for, WAIT_SECONDS at most; without it nothing is waited for.
        """
        plans = plans_of(book)
        self._forget_others(plans)
        if plans:
            self._begin(plans)
            for plan in self._due(plans):
                self._start(plan)
        if wait:
            until = self.clock.monotonic() + WAIT_SECONDS
            for thread in self._threads.values():
                thread.join(max(0.0, until - self.clock.monotonic()))
        return self._count_taken()

    def _count_taken(self) -> int:
        taken = 0
        while True:
            try:
                taken += self._taken.get_nowait()
            except Empty:
                return taken

    def close(self) -> None:
        """End after the events that are under way; a receiver that does not answer is not waited for."""
        self._stopping.set()
        for thread in self._threads.values():
            thread.join(STOP_SECONDS)

    def _forget_others(self, plans: Sequence[WebhookPlan]) -> None:
        """Faults of webhooks that no folder names any more are gone with them."""
        names = frozenset(plan.name for plan in plans)
        if names == self._names:
            return
        self._names = names
        keep = {subject for name in names for subject in (subject_of(name), subject_of_dead(name))}
        with self.store.write() as tx:
            for class_ in (WebhookFailing, EventsUndelivered, SecretUnusable):
                faults.clear_except(tx, class_, keep=keep, at=instant(self.clock.now()), prefix="webhook:")

    def _begin(self, plans: Sequence[WebhookPlan]) -> None:
        with self.store.read() as snapshot:
            known = webhooks.states(snapshot)
        new = [plan for plan in plans if plan.name not in known]
        if new:
            with self.store.write() as tx:
                head = business_events.last_seq(tx)
                for plan in new:
                    webhooks.begin(tx, plan.name, 0 if plan.from_first else head)

    def _due(self, plans: Sequence[WebhookPlan]) -> list[WebhookPlan]:
        """The webhooks that something is for now, and that are not at it already."""
        now = instant(self.clock.now())
        with self.store.read() as snapshot:
            head = business_events.last_seq(snapshot)
            known = webhooks.states(snapshot)
        return [
            plan
            for plan in plans
            if (state := known[plan.name]).position < head
            and state.next_attempt_at <= now
            and not self._is_at_it(plan.name)
        ]

    def _is_at_it(self, name: str) -> bool:
        thread = self._threads.get(name)
        return thread is not None and thread.is_alive()

    def _start(self, plan: WebhookPlan) -> None:
        round_ = TellingRound(self.store, self.clock, plan, self._stopping, self._taken)
        thread = threading.Thread(target=round_.run, name=f"webhook-{plan.name}", daemon=True)
        self._threads[plan.name] = thread
        thread.start()
