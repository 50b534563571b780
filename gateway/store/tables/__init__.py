"""The tables, in SQLAlchemy Core. Names are the words of the glossary (README, "Words").

Rows that tell history (movement, event, attempt) are only ever inserted. A state column moves only through the guarded
moves of `gateway.store`, which write an `event` row in the same transaction. Instants are UTC ISO 8601 text with
microseconds ("2025-03-14T09:30:00.000000Z"), so that they sort and read alike in SQLite and PostgreSQL. Quantities and
money are decimal text: no database rounds them.

One module an area; all tables are imported from here.
"""

from __future__ import annotations

from gateway.store.tables.columns import metadata
from gateway.store.tables.files import (
    acknowledgment,
    dispatch,
    dispatch_attempt,
    document,
    functional_group,
    intake,
    interchange,
    parked_key,
    remote_file,
    set_,
)
from gateway.store.tables.people import hold, request
from gateway.store.tables.returns import (
    business_event,
    dead_letter,
    due,
    event_day,
    movement,
    period_close,
    posting,
    reference,
    reference_load,
    return_,
    return_document,
    return_key,
    taken_back,
    webhook,
)
from gateway.store.tables.system import config_folder, config_version, counter, event, fault, step

__all__ = [
    "acknowledgment",
    "business_event",
    "config_folder",
    "config_version",
    "counter",
    "dead_letter",
    "dispatch",
    "dispatch_attempt",
    "document",
    "due",
    "event",
    "event_day",
    "fault",
    "functional_group",
    "hold",
    "intake",
    "interchange",
    "metadata",
    "movement",
    "parked_key",
    "period_close",
    "posting",
    "reference",
    "reference_load",
    "remote_file",
    "request",
    "return_",
    "return_document",
    "return_key",
    "set_",
    "step",
    "taken_back",
    "webhook",
]
