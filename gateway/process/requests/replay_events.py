"""A person asks that webhooks are told again what came after an event."""

from __future__ import annotations

from gateway.faults import EventsUndelivered, WebhookFailing
from gateway.process.requests.refused import Refused
from gateway.process.work import Processing
from gateway.store import Transaction
from gateway.store.feed import webhooks
from gateway.store.people.requests import Request
from gateway.store.system import faults

KIND = "replay_events"


def replay_events(tx: Transaction, work: Processing, request: Request, at: str) -> str:
    """Set one webhook, or all, back to before an event → what was done. Raises Refused for a webhook that is none."""
    first, wanted = int(request.body["from"]), str(request.body["webhook"])
    names = [name for name, _, _ in work.book.webhooks() if wanted in ("", name)]
    if not names:
        known = ", ".join(name for name, _, _ in work.book.webhooks())
        raise Refused(f"there is no webhook {wanted!r}; there are: {known}" if wanted else "there is no webhook")
    begun = [name for name in names if webhooks.rewind(tx, name, first - 1)]
    if not begun:
        raise Refused(f"{', '.join(names)} has not been told anything yet")
    for name in begun:
        faults.clear(tx, WebhookFailing, f"webhook:{name}", at=at)
        if name not in webhooks.dead_counts(tx):
            faults.clear(tx, EventsUndelivered, f"webhook:{name}:dead letters", at=at)
    return f"told again from event {first}: {', '.join(begun)}"
