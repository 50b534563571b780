"""Business events: what has happened to returns, in the words that others are told it in.

`kinds` is the closed table of what is told, `derive` finds what is new of a changed return, `cloud_event` puts an event
into its envelope, `schema` says what all of it looks like.
"""

from __future__ import annotations

from gateway.returns.events.cloud_event import (
    CSV_COLUMNS,
    MEDIA_TYPE,
    StoredEvent,
    cloud_event,
    csv_row,
    json_line,
    short_name,
)
from gateway.returns.events.derive import NOTHING_TOLD, ToldState, events_since, told_state
from gateway.returns.events.kinds import (
    EVENT_FIELDS,
    EVENT_KINDS,
    MOVEMENT_EVENTS,
    POSTED_EVENTS,
    POSTING_STATE_EVENTS,
    BusinessEvent,
    EventName,
    names_for_partners,
)
from gateway.returns.events.records import HoldFacts, PostingFacts, hold_event, posting_event
from gateway.returns.events.schema import json_schema

__all__ = [
    "CSV_COLUMNS",
    "EVENT_FIELDS",
    "EVENT_KINDS",
    "MEDIA_TYPE",
    "MOVEMENT_EVENTS",
    "NOTHING_TOLD",
    "POSTED_EVENTS",
    "POSTING_STATE_EVENTS",
    "BusinessEvent",
    "EventName",
    "HoldFacts",
    "PostingFacts",
    "StoredEvent",
    "ToldState",
    "cloud_event",
    "csv_row",
    "events_since",
    "hold_event",
    "json_line",
    "json_schema",
    "names_for_partners",
    "posting_event",
    "short_name",
    "told_state",
]
