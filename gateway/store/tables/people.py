"""What waits for people, and what people and machines ask of the gateway."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from gateway.store.tables.columns import id_column, metadata, text

# A business exception that waits for a person. `key` makes opening it twice one Hold. state: open | resolved
hold = Table(
    "hold",
    metadata,
    id_column(),
    Column("key", Text, nullable=False, unique=True),
    text("class"),
    text("owner"),  # partner, warehouse, customer_service, finance, it
    text("partner"),
    text("return_no"),
    text("line_no"),
    Column("intake_id", Integer, nullable=True),
    Column("document_id", Integer, nullable=True),
    text("posting_key"),
    text("message"),
    text("next_action"),
    text("state", "open"),
    text("resolution"),
    text("resolved_by"),
    text("opened_at"),
    text("resolved_at"),
    Index("ix_hold_state", "state", "id"),
    Index("ix_hold_return", "return_no"),
)

# What the command line or the web asks of the running process: replay, hold answers, returns by API. The next tick does
# the work. `dedupe_key`: asking the same thing twice is one request.
request = Table(
    "request",
    metadata,
    id_column(),
    text("kind"),
    Column("dedupe_key", Text, nullable=True, unique=True),
    Column("body", Text, nullable=False),
    text("actor"),
    text("state", "open"),
    text("outcome"),
    text("created_at"),
    text("finished_at"),
    Index("ix_request_state", "state", "id"),
)
