"""A stored event in its envelope: CloudEvents 1.0 in the structured JSON form, and one row of CSV.

Attributes beside the required ones are `subject` (our return number), `time`, `datacontenttype`, `dataschema`, and the
extensions `sequence`, `correlationid`, `partner` and `stage`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from gateway.returns.events.kinds import EVENT_FIELDS, EVENT_KINDS, EventName

SPEC_VERSION = "1.0"
MEDIA_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "returns-gateway.return."
SCHEMA_PREFIX = "urn:returns-gateway:schema:return."
# Digits of the extension `sequence`, which CloudEvents wants to be text that sorts.
SEQUENCE_DIGITS = 18

ENVELOPE_COLUMNS = ("sequence", "id", "time", "type", "subject", "partner", "stage", "correlationid")
CSV_COLUMNS: tuple[str, ...] = (*ENVELOPE_COLUMNS, *EVENT_FIELDS)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One row of the feed. `seq` is its place, without hole; `data` is JSON text, `at` an instant (ISO 8601, UTC)."""

    seq: int
    name: EventName
    return_no: str
    partner: str
    correlation_id: str
    stage: str
    at: str
    data: str


def versioned(name: EventName) -> str:
    """The name of a kind with the version of what it says: "credited.v1"."""
    return f"{name}.v{EVENT_KINDS[name].version}"


def short_name(event_type: str) -> EventName | None:
    """The kind that a type names, whole ("returns-gateway.return.credited.v1") or short ("credited"); None for none."""
    wanted = event_type.removeprefix(TYPE_PREFIX)
    return next((name for name in EVENT_KINDS if wanted in (name, versioned(name))), None)


def cloud_event(event: StoredEvent, source: str) -> dict[str, object]:
    """The event in its envelope. `source` names this gateway: with the id it makes the event unique in the world."""
    about = {"subject": event.return_no} if event.return_no else {}
    return {
        "specversion": SPEC_VERSION,
        "id": str(event.seq),
        "source": source,
        "type": TYPE_PREFIX + versioned(event.name),
        **about,
        "time": event.at,
        "datacontenttype": "application/json",
        "dataschema": SCHEMA_PREFIX + versioned(event.name),
        "sequence": f"{event.seq:0{SEQUENCE_DIGITS}}",
        **({"correlationid": event.correlation_id} if event.correlation_id else {}),
        **({"partner": event.partner} if event.partner else {}),
        "stage": event.stage,
        "data": json.loads(event.data),
    }


def json_line(event: StoredEvent, source: str) -> str:
    """The event as one line of JSON, without its line end: the body of a webhook, a row of a JSON Lines file."""
    return json.dumps(cloud_event(event, source), ensure_ascii=False, separators=(",", ":"))


def csv_row(event: StoredEvent, source: str) -> list[str]:
    """The event as the values of CSV_COLUMNS: text as it is, "" for what is not known, lines as JSON."""
    whole = cloud_event(event, source)
    data = whole["data"]
    assert isinstance(data, dict)
    values = [whole.get(name, "") for name in ENVELOPE_COLUMNS] + [data.get(name, "") for name in EVENT_FIELDS]
    return [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values]
