"""Returns as rows: aggregates, their ledger and postings, promises, master data and closed periods."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from gateway.store.tables.columns import id_column, metadata, text

# The aggregate. `body` is the domain object without its rows; status and blocked_at are derived, kept to be shown.
return_ = Table(
    "return",
    metadata,
    Column("return_no", Text, primary_key=True),
    text("partner"),
    text("stage", "live"),  # test: nothing of it reaches an ERP, a live warehouse or the sums of what was taken back
    text("rma"),
    text("request_number"),
    text("correlation_id"),
    text("status"),
    text("blocked_at"),
    text("blocked_since"),
    text("blocked_on"),
    Column("body", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("told_version", Integer, nullable=False, server_default="0"),  # the version its partner was told of last
    text("told"),  # and what it was told: status rows that say the same are not sent again
    text("opened_at"),
    text("changed_at"),
    text("closed_at"),
    text("expires_on"),  # the last day of an authorization: nothing but time moves a return from here
    Index("ix_return_partner", "partner", "return_no"),
    Index(
        "ix_return_expires",
        "expires_on",
        sqlite_where=sa.text("status = 'authorized'"),
        postgresql_where=sa.text("status = 'authorized'"),
    ),
    Index("ix_return_status", "status", "return_no"),
    # Pages ask for these without touching the bodies: what is blocked, and which return has a number.
    Index(
        "ix_return_blocked",
        "blocked_at",
        "blocked_on",
        "blocked_since",
        sqlite_where=sa.text("blocked_at != ''"),
        postgresql_where=sa.text("blocked_at != ''"),
    ),
    Index("ix_return_numbers", "return_no", "rma", "request_number"),
    Index(
        "ix_return_untold",
        "partner",
        "return_no",
        sqlite_where=sa.text("told_version < version"),
        postgresql_where=sa.text("told_version < version"),
    ),
)

# Every number a return is known by: rma, partner reference, purchase order + item, shipment, tracking …
return_key = Table(
    "return_key",
    metadata,
    Column("key", Text, primary_key=True),
    Column("return_no", Text, ForeignKey("return.return_no"), primary_key=True),
    Index("ix_return_key_return", "return_no"),
)

# Which documents touched which return, in which order.
return_document = Table(
    "return_document",
    metadata,
    Column("return_no", Text, ForeignKey("return.return_no"), primary_key=True),
    Column("document_id", Integer, ForeignKey("document.id"), primary_key=True),
    Index("ix_return_document_document", "document_id"),
)

# What all returns of a sale were authorized to bring back of an item: sums, so that a request asks one row, not every
# earlier return. Kept by `returns.save`, checked by `verify`.
taken_back = Table(
    "taken_back",
    metadata,
    Column("sale", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("order_line", Text, primary_key=True),
    Column("quantity", Text, nullable=False),
)

# Append-only quantity ledger.
movement = Table(
    "movement",
    metadata,
    Column("return_no", Text, ForeignKey("return.return_no"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    text("line_no"),
    text("kind"),
    Column("quantity", Text, nullable=False),
    text("code"),  # condition of a receipt, disposition of an inspection
    text("split"),
    text("source"),  # business key of the document behind it
    Column("document_id", Integer, nullable=True),
    Column("reverses", Integer, nullable=True),
    text("at"),
)

# One instruction to the ERP. state: waiting → ready → batched → delivered → posted | refused; cancelled, reversed
posting = Table(
    "posting",
    metadata,
    Column("key", Text, primary_key=True),  # return line, kind, split, n
    Column("return_no", Text, ForeignKey("return.return_no"), nullable=False),
    text("line_no"),
    text("kind"),
    text("split"),
    Column("n", Integer, nullable=False, server_default="1"),
    text("destination"),
    text("state"),
    text("waits_for"),  # key of the posting whose ERP result it waits for
    Column("body", Text, nullable=False),
    text("batch_id"),
    Column("row_no", Integer, nullable=True),
    text("released"),  # when a person let it go, in a pilot
    text("erp_document_type"),
    text("erp_document"),
    text("error_code"),
    text("error_text"),
    text("created_at"),
    text("changed_at"),
    Index("ix_posting_state", "state", "destination", "kind"),
    Index("ix_posting_return", "return_no"),
    Index("ix_posting_batch", "batch_id"),
    # A credit register of the ERP names its own documents.
    Index(
        "ix_posting_erp_document",
        "erp_document",
        sqlite_where=sa.text("erp_document != ''"),
        postgresql_where=sa.text("erp_document != ''"),
    ),
)

# ERP master data, versioned by load: `body` is the row as JSON, `key` what it is found by. `stage`: live; test for what
# came in stage test, which only tests see.
reference = Table(
    "reference",
    metadata,
    Column("stage", Text, primary_key=True, server_default="live"),
    Column("dataset", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("load_id", Integer, nullable=False),
    Index("ix_reference_load", "load_id"),
)

reference_load = Table(
    "reference_load",
    metadata,
    id_column(),
    text("stage", "live"),
    text("dataset"),
    Column("document_id", Integer, nullable=True),
    Column("row_count", Integer, nullable=False),
    text("at"),
)

# What a clock counts: answer due, receipt due, ERP result due … state: running | met | warned | breached
due = Table(
    "due",
    metadata,
    Column("key", Text, primary_key=True),
    text("class"),
    text("partner"),
    text("return_no"),
    text("subject"),
    text("state", "running"),
    text("started_at"),
    text("warn_at"),
    text("due_at"),
    text("stopped_at"),
    Index("ix_due_state", "state", "due_at"),
)

# A closed reconciliation period: its rows as CSV, frozen, and the hash that proves it.
period_close = Table(
    "period_close",
    metadata,
    Column("period", Text, primary_key=True),  # "2025-03"
    text("closed_at"),
    text("closed_by"),
    Column("row_count", Integer, nullable=False),
    Column("differences", Integer, nullable=False),
    Column("csv", Text, nullable=False),
    text("sha256"),
)


# What has happened to returns, as others are told it (gateway.returns.events). Rows are only ever inserted, in the
# transaction of the change itself; `seq` comes from a counter whose row is locked until the commit, so that whoever
# sees a row sees every row before it.
business_event = Table(
    "business_event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    text("name"),
    text("return_no"),
    text("partner"),
    text("correlation_id"),
    text("stage", "live"),
    text("at"),
    Column("movement", Integer, nullable=True),
    Column("data", Text, nullable=False),
    Index("ix_business_event_return", "return_no", "seq"),
    Index("ix_business_event_partner", "partner", "seq"),
)

# How far each webhook has come in the feed, and why it waits. A webhook is known by the name that its settings give it.
webhook = Table(
    "webhook",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),  # the last event that is done with
    Column("attempts", Integer, nullable=False, server_default="0"),  # at the next one
    text("next_attempt_at"),
    text("failing_since"),
    text("error"),
    text("delivered_at"),
)

# Events that a webhook's receiver did not take however often it was tried.
dead_letter = Table(
    "dead_letter",
    metadata,
    Column("webhook", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("attempts", Integer, nullable=False),
    text("error"),
    text("at"),
)

# The days whose events were written into files: which part of the feed each has.
event_day = Table(
    "event_day",
    metadata,
    Column("day", Text, primary_key=True),  # "2025-03-14", in the house's time zone
    Column("after_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    text("at"),
)
