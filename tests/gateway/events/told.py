"""A home whose feed a test writes by itself, with webhooks that it sets up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.clock import FixedClock, instant
from gateway.events import DailyFiles, WebhookDispatch
from gateway.home import Home
from gateway.partners import House, PartnerBook
from gateway.partners.sections.events import Events, Webhook
from gateway.returns.events import BusinessEvent, EventName
from gateway.store import Store
from gateway.store.feed import business_events, webhooks
from gateway.store.feed.business_events import EventSubject
from gateway.store.feed.webhooks import DeadEvent, WebhookState
from gateway.store.system import faults

SECRET = {"env": "WEBHOOK_SECRET"}


@dataclass
class Told:
    """`webhook` sets one up; `happens` writes an event; `tell` gives the receivers what waits."""

    home: Home
    store: Store
    clock: FixedClock
    dispatch: WebhookDispatch = field(init=False)
    daily: DailyFiles = field(init=False)
    ours: list[dict[str, Any]] = field(default_factory=list)
    drop: Mapping[str, Any] | None = None
    partners: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """As a new process over the same store."""
        self.dispatch = WebhookDispatch(self.store, self.clock)
        self.daily = DailyFiles(self.store, self.home, self.clock)

    def webhook(self, name: str, url: str, **settings: Any) -> None:
        """A receiver of the house's, from the first event on."""
        self.ours.append({"name": name, "url": url, "secret": SECRET, "begin": "first", **settings})

    def book(self) -> PartnerBook:
        events = Events.model_validate({"webhook": self.ours, "drop": self.drop})
        return PartnerBook.of(self.partners, House(events=events))

    def happens(
        self, name: EventName = "received", return_no: str = "R000001", partner: str = "northgate", stage: str = "live"
    ) -> int:
        """One event about a return, now → its number."""
        with self.store.write() as tx:
            subject = EventSubject(return_no, partner, f"{return_no}C", stage)
            event = BusinessEvent(name, {"line_no": "1", "quantity": "1"}, "1")
            business_events.append(tx, subject, [event], instant(self.clock.now()))
            return business_events.last_seq(tx)

    def tell(self, wait: bool = True) -> int:
        return self.dispatch.tell(self.book(), wait)

    def state(self, name: str) -> WebhookState:
        with self.store.read() as snapshot:
            return webhooks.states(snapshot)[name]

    def dead(self) -> list[DeadEvent]:
        with self.store.read() as snapshot:
            return webhooks.dead_letters(snapshot)

    def faults(self) -> list[str]:
        with self.store.read() as snapshot:
            return [fault.class_ for fault in faults.open_faults(snapshot)]


def partner_webhook(url: str, **settings: Any) -> Webhook:
    return Webhook.model_validate({"name": "portal", "url": url, "secret": SECRET, "begin": "first", **settings})
