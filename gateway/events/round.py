"""One round of one webhook: the events that wait for its receiver, one after the other, until one is not taken."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from queue import SimpleQueue

from gateway.clock import Clock, instant
from gateway.events.receiver import ReceiverConnection, connected
from gateway.events.subscription import WebhookPlan
from gateway.faults import EventsUndelivered, GatewayError, SecretUnusable, WebhookFailing, crashpoint
from gateway.logs import logger
from gateway.returns.events import StoredEvent
from gateway.store import Store, Transaction
from gateway.store.feed import business_events, webhooks
from gateway.store.feed.webhooks import WebhookState
from gateway.store.system import faults

FIRST_DELAY = 5.0  # seconds; doubles with every attempt
LONGEST_DELAY = 3600.0
SECRET_DELAY = 60.0  # until a missing secret is looked for again
ROUND_SECONDS = 60.0  # after so long the round ends; the next tick begins another
PAGE = 50
# A webhook that nothing is for is noted to have come this far, so that it need not look at all of it again.
FAR_BEHIND = 1000

log = logger("gateway.webhooks")


def subject_of(name: str) -> str:
    """What Faults of a webhook are about."""
    return f"webhook:{name}"


def subject_of_dead(name: str) -> str:
    """What the Fault about dead letters of a webhook is about."""
    return f"webhook:{name}:dead letters"


def delay_after(attempts: int) -> float:
    """Seconds to wait after so many attempts that failed."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(attempts - 1, 20))


@dataclass(frozen=True, slots=True)
class TellingRound:
    """One round, in a thread of its own. Counts in `taken` what the receiver has taken."""

    store: Store
    clock: Clock
    plan: WebhookPlan
    stopping: threading.Event
    taken: SimpleQueue[int]

    def run(self) -> None:
        """Tell what waits; what goes wrong with us or the receiver ends the round, and is tried again later."""
        try:
            with connected(self.plan) as receiver:
                self._tell(receiver)
        except SecretUnusable as missing:
            self._put_off(missing)
        except GatewayError as trouble:
            log.warning("webhook.put_off", webhook=self.plan.name, error=trouble.code)

    def _tell(self, receiver: ReceiverConnection) -> None:
        until = self.clock.monotonic() + ROUND_SECONDS
        while (state := self._state()) is not None and (events := self._waiting(state)):
            for event in events:
                if self.stopping.is_set() or self.clock.monotonic() >= until:
                    return
                moved = self._tell_one(receiver, state, event)
                if moved is None:  # not taken, or set back by a replay: how it stands now is read again
                    break
                state = moved

    def _state(self) -> WebhookState | None:
        """How far the webhook has come; None if it must wait."""
        with self.store.read() as snapshot:
            state = webhooks.states(snapshot).get(self.plan.name)
        return state if state is not None and state.next_attempt_at <= self._at() else None

    def _at(self) -> str:
        return instant(self.clock.now())

    def _waiting(self, state: WebhookState) -> list[StoredEvent]:
        """The next events for this webhook. Where none is, it has come to the end of the feed."""
        with self.store.read() as snapshot:
            head = business_events.last_seq(snapshot)
            found = business_events.matching(snapshot, replace(self.plan.asks, after=state.position, limit=PAGE))
        if not found and head - state.position >= FAR_BEHIND:
            with self.store.write() as tx:
                webhooks.passed_over(tx, state, head)
        return found

    def _tell_one(self, receiver: ReceiverConnection, state: WebhookState, event: StoredEvent) -> WebhookState | None:
        """Tell one event → how far the webhook is then; None if the round is to end, or begin again elsewhere."""
        error = receiver.post(event, int(self.clock.now().timestamp()))
        crashpoint("webhook.posted")
        if self.stopping.is_set():
            return None
        with self.store.write() as tx:
            if error:
                self._not_taken(tx, state, event, error)
                return None
            if not webhooks.delivered(tx, state, event.seq, self._at()):
                return None
            if state.error:
                for class_ in (WebhookFailing, SecretUnusable):
                    faults.clear(tx, class_, subject_of(self.plan.name), at=self._at())
        self.taken.put(1)
        return replace(state, position=event.seq, attempts=0, error="", failing_since="", next_attempt_at="")

    def _not_taken(self, tx: Transaction, state: WebhookState, event: StoredEvent, error: str) -> None:
        at, name = self._at(), self.plan.name
        attempts = state.attempts + 1
        faults.raise_(tx, WebhookFailing(f"event {event.seq}: {error}", subject=subject_of(name)), at=at)
        if attempts < self.plan.attempts:
            later = self.clock.now() + timedelta(seconds=delay_after(attempts))
            webhooks.failed(tx, state, error, instant(later), at)
        elif webhooks.given_up(tx, state, event.seq, error, at):
            dead = [letter for letter in webhooks.dead_letters(tx) if letter.webhook == name]
            first = str(dead[0].seq)
            message = f"{len(dead)} events were not taken, the first is {first}"
            trouble = EventsUndelivered(message, subject=subject_of_dead(name), first=first, webhook=name)
            faults.raise_(tx, trouble, at=at)

    def _put_off(self, missing: SecretUnusable) -> None:
        """Without its secret nothing is sent; no attempt is counted."""
        state = self._state()
        if state is None:
            return
        later = self.clock.now() + timedelta(seconds=SECRET_DELAY)
        with self.store.write() as tx:
            webhooks.put_off(tx, state, missing.message, instant(later), self._at())
            faults.raise_(tx, missing, subject=subject_of(self.plan.name), at=self._at())
