"""Who is told of business events: `[[webhook]]` of `partner.toml`, `[events]` of `_house/partner.toml`."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from gateway.settings import SecretRef, Section

# Kinds of event that a partner may be told of its own returns; the rest is for the house alone.
PartnerEvent = Literal[
    "requested",
    "answered",
    "authorized",
    "denied",
    "cancelled",
    "shipped",
    "carrier_event",
    "received",
    "inspected",
    "dispositioned",
    "credited",
    "charged_back",
    "closed_short",
    "status_changed",
    "closed",
    "reopened",
]
HouseEvent = (
    PartnerEvent
    | Literal[
        "claimed",
        "vendor_asked",
        "vendor_answered",
        "sent",
        "posted",
        "refused",
        "voided",
        "held",
        "decided",
        "cleared",
    ]
)
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def is_loopback(host: str) -> bool:
    """Does the name of a host mean this machine itself?"""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class WebhookReceiver(Section):
    """One receiver of events over HTTP, which is told them in the order of the feed.

    `begin`: at the events from now on, or at the first one there is. `old_secret`: signed with it too, while the
    receiver changes its secret. `attempts`: after so many an event is a dead letter.
    """

    name: Name
    url: Annotated[str, Field(max_length=2000)]
    secret: SecretRef
    old_secret: SecretRef | None = None
    begin: Literal["now", "first"] = "now"
    attempts: Annotated[int, Field(ge=1, le=100)] = 20
    timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10.0

    @field_validator("url", mode="after")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.username or parts.password:
            raise ValueError("no user or password in the address; receivers check the signature")
        if parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname):
            return value
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError("begin with https:// (http:// for this machine itself only)")
        return value


class Webhook(WebhookReceiver):
    """A receiver that a partner names: it is told of the partner's own returns. Without `types`: all that it may be."""

    types: tuple[PartnerEvent, ...] = ()


class HouseWebhook(WebhookReceiver):
    """A receiver of the house's own: it is told of all partners' returns, or of those that are named."""

    types: tuple[HouseEvent, ...] = ()
    partners: tuple[str, ...] = ()
    tests: bool = False


class Drop(Section):
    """One file a day with the events of the day before, for BI: it leaves as files to the partner folder `to` do."""

    to: Annotated[str, Field(min_length=1)]
    at: TimeOfDay = "02:00"
    formats: Annotated[tuple[Literal["jsonl", "csv"], ...], Field(min_length=1)] = ("jsonl", "csv")
    types: tuple[HouseEvent, ...] = ()
    partners: tuple[str, ...] = ()
    tests: bool = False


class Events(Section):
    """`[events]`: who we are as the source of events, who may read all of them by API, and whom we tell."""

    source: Annotated[str, Field(pattern=r"^[^\s]+$")] = "urn:returns-gateway"
    token: SecretRef | None = None
    webhook: tuple[HouseWebhook, ...] = ()
    drop: Drop | None = None

    @model_validator(mode="after")
    def _names_once(self) -> Events:
        names_once(self.webhook)
        return self


def names_once(webhooks: tuple[WebhookReceiver, ...]) -> None:
    """Raises ValueError where two webhooks of a folder have the same name."""
    names = [webhook.name for webhook in webhooks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two webhooks are called {twice[0]}; give each its own name")
