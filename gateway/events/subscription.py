"""Who is told what: the webhooks that partner folders name, as questions to the feed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from gateway.partners import PartnerBook
from gateway.partners.sections.events import HouseWebhook, Webhook, WebhookReceiver, is_loopback
from gateway.returns.events import names_for_partners
from gateway.settings import SecretRef
from gateway.store.feed.business_events import EventFilter


@dataclass(frozen=True, slots=True)
class WebhookPlan:
    """One receiver with what it is told. `asks` is what it would be told from the first event on."""

    name: str
    url: str
    secrets: tuple[SecretRef, ...]
    asks: EventFilter
    source: str
    from_first: bool
    attempts: int
    timeout: float

    @property
    def on_this_machine(self) -> bool:
        """Is the receiver on this machine? No proxy stands between then."""
        return is_loopback(urlsplit(self.url).hostname or "")


def plans_of(book: PartnerBook) -> list[WebhookPlan]:
    """Every webhook of the house and of the partners. A partner is told of its own returns only, tests too."""
    return [_plan(name, partner, webhook, book.house.events.source) for name, partner, webhook in book.webhooks()]


def _plan(name: str, partner: str, webhook: WebhookReceiver, source: str) -> WebhookPlan:
    if isinstance(webhook, HouseWebhook):
        asks = EventFilter(
            names=webhook.types or None,
            partners=webhook.partners or None,
            stage="" if webhook.tests else "live",
        )
    else:
        types = webhook.types if isinstance(webhook, Webhook) else ()
        asks = EventFilter(names=types or names_for_partners(), partners=(partner,))
    secrets = (webhook.secret, *((webhook.old_secret,) if webhook.old_secret else ()))
    return WebhookPlan(
        name,
        webhook.url,
        secrets,
        asks,
        source,
        webhook.begin == "first",
        webhook.attempts,
        webhook.timeout_seconds,
    )
