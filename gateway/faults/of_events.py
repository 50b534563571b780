"""Trouble with those who are told of business events."""

from __future__ import annotations

from gateway.faults.error import GatewayError


class WebhookFailing(GatewayError):
    """A receiver does not take its events."""

    retry = True
    severity = "business_day"
    remedy = (
        "Look at the receiver; it is tried again by itself, with growing pauses, and its events wait in their order."
    )
    runbook = (
        "The receiver of a webhook does not answer with a 2xx status, or cannot be reached. 401 or 403 mostly means "
        "that its secret is not ours any more. A redirect is not followed: correct the address. Others go on."
    )


class EventsUndelivered(GatewayError):
    """Events were tried so often that they are dead letters."""

    remedy = "Mend the receiver, then `returns-gateway events replay --from {first} --webhook {webhook}`."
    runbook = (
        "A receiver did not take these events, however often it was tried, and later ones went on without them. "
        "`returns-gateway events webhooks` lists them. A replay sends them again, and all events after the first of "
        "them; receivers know an event that comes twice by its id."
    )
