"""The tables, in SQLAlchemy Core. Names are the words of the glossary (README, "Words").

Rows that tell history (movement, event, attempt) are only ever inserted. A state column moves only through the guarded
moves of `gateway.store`, which write an `event` row in the same transaction. Instants are UTC ISO 8601 text with
microseconds ("2025-03-14T09:30:00.000000Z"), so that they sort and read alike in SQLite and PostgreSQL. Quantities and
money are decimal text: no database rounds them.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

metadata = sa.MetaData()


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


# One received file. state: received → processed | partial | rejected | duplicate | quarantined | held | failed
intake = Table(
    "intake",
    metadata,
    _id(),
    Column("claim", Text, nullable=False, unique=True),  # name under inbox/.claimed: makes a re-observation harmless
    _text("partner"),
    _text("source"),  # "folder:inbox/northgate", or where it was fetched: "sftp:user@host:22/path/name"
    _text("name"),  # as the partner wrote it, percent-encoded
    Column("size", Integer, nullable=False),
    _text("sha256"),
    _text("format"),
    _text("state", "received"),
    _text("reason"),  # finding or hold code behind a quarantine, hold or failure
    _text("detail"),
    _text("config_hash"),  # content of the partner's folder that read it
    _text("config_version"),  # and the whole configuration, the house's with it
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("duplicate_of", Integer, ForeignKey("intake.id"), nullable=True),
    Column("replay_of", Integer, ForeignKey("intake.id"), nullable=True),
    _text("received_at"),
    _text("finished_at"),
    _text("bytes_removed_at"),  # after the house's retention: the row stays, its archived bytes are gone
    Index("ix_intake_state", "state", "id"),
    Index("ix_intake_sha", "sha256"),
    Index("ix_intake_partner", "partner", "id"),
)

# One ISA…IEA. `dedupe_key` is ISA05+06+07+08+13 (+ an epoch) of an accepted interchange.
interchange = Table(
    "interchange",
    metadata,
    _id(),
    Column("intake_id", Integer, ForeignKey("intake.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    _text("partner"),
    _text("control_number"),
    _text("sender"),
    _text("receiver"),
    _text("version"),
    _text("usage"),
    _text("verdict"),
    Column("dedupe_key", Text, nullable=True, unique=True),
    Column("findings", Text, nullable=False, server_default="[]"),
    _text("at"),
    UniqueConstraint("intake_id", "ordinal"),
)

functional_group = Table(
    "functional_group",
    metadata,
    _id(),
    Column("interchange_id", Integer, ForeignKey("interchange.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    _text("functional_id"),
    _text("control_number"),
    _text("version"),
    _text("verdict"),
    Column("findings", Text, nullable=False, server_default="[]"),
    UniqueConstraint("interchange_id", "ordinal"),
)

# One transaction set, or one group of flat rows (group_id is then null).
# verdict: accepted, accepted_with_errors, rejected
set_ = Table(
    "set",
    metadata,
    _id(),
    Column("intake_id", Integer, ForeignKey("intake.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("functional_group.id"), nullable=True),
    Column("ordinal", Integer, nullable=False),
    _text("set_id"),
    _text("control_number"),
    Column("segment_count", Integer, nullable=False, server_default="0"),
    _text("verdict"),
    Column("findings", Text, nullable=False, server_default="[]"),
    UniqueConstraint("intake_id", "ordinal"),
)

# One canonical message. state: applied | parked | held | ignored (an identical re-send)
document = Table(
    "document",
    metadata,
    _id(),
    Column("intake_id", Integer, ForeignKey("intake.id"), nullable=True),
    Column("set_id", Integer, ForeignKey("set.id"), nullable=True),
    Column("ordinal", Integer, nullable=False),
    _text("partner"),
    _text("kind"),
    _text("number"),
    Column("body", Text, nullable=False),
    _text("first_body"),  # as it was decided first, where `body` is a later reading of the same bytes
    _text("stage", "live"),  # of its kind, when it came: test, pilot or live
    _text("state", "applied"),
    _text("reason"),
    _text("at"),
    UniqueConstraint("intake_id", "ordinal"),
    Index("ix_document_number", "kind", "number"),
    Index("ix_document_state", "state", "id"),
)

# Which numbers a parked document waits for: when a return learns one of them, the document is tried again.
parked_key = Table(
    "parked_key",
    metadata,
    Column("document_id", Integer, ForeignKey("document.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Index("ix_parked_key", "key"),
)

# The aggregate. `body` is the domain object without its rows; status and blocked_at are derived, kept to be shown.
return_ = Table(
    "return",
    metadata,
    Column("return_no", Text, primary_key=True),
    _text("partner"),
    _text("stage", "live"),  # test: nothing of it reaches an ERP, a live warehouse or the sums of what was taken back
    _text("rma"),
    _text("request_number"),
    _text("correlation_id"),
    _text("status"),
    _text("blocked_at"),
    _text("blocked_since"),
    _text("blocked_on"),
    Column("body", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("told_version", Integer, nullable=False, server_default="0"),  # the version its partner was told of last
    _text("told"),  # and what it was told: status rows that say the same are not sent again
    _text("opened_at"),
    _text("changed_at"),
    _text("closed_at"),
    _text("expires_on"),  # the last day of an authorization: nothing but time moves a return from here
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

# Which documents touched which return, in which order.
return_document = Table(
    "return_document",
    metadata,
    Column("return_no", Text, ForeignKey("return.return_no"), primary_key=True),
    Column("document_id", Integer, ForeignKey("document.id"), primary_key=True),
    Index("ix_return_document_document", "document_id"),
)

# Append-only quantity ledger.
movement = Table(
    "movement",
    metadata,
    Column("return_no", Text, ForeignKey("return.return_no"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    _text("line_no"),
    _text("kind"),
    Column("quantity", Text, nullable=False),
    _text("code"),  # condition of a receipt, disposition of an inspection
    _text("split"),
    _text("source"),  # business key of the document behind it
    Column("document_id", Integer, nullable=True),
    Column("reverses", Integer, nullable=True),
    _text("at"),
)

# One instruction to the ERP. state: waiting → ready → batched → delivered → posted | refused; cancelled, reversed
posting = Table(
    "posting",
    metadata,
    Column("key", Text, primary_key=True),  # return line, kind, split, n
    Column("return_no", Text, ForeignKey("return.return_no"), nullable=False),
    _text("line_no"),
    _text("kind"),
    _text("split"),
    Column("n", Integer, nullable=False, server_default="1"),
    _text("destination"),
    _text("state"),
    _text("waits_for"),  # key of the posting whose ERP result it waits for
    Column("body", Text, nullable=False),
    _text("batch_id"),
    Column("row_no", Integer, nullable=True),
    _text("released"),  # when a person let it go, in a pilot
    _text("erp_document_type"),
    _text("erp_document"),
    _text("error_code"),
    _text("error_text"),
    _text("created_at"),
    _text("changed_at"),
    Index("ix_posting_state", "state", "destination", "kind"),
    Index("ix_posting_return", "return_no"),
    Index("ix_posting_batch", "batch_id"),
)

# A business exception that waits for a person. `key` makes opening it twice one Hold. state: open | resolved
hold = Table(
    "hold",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    _text("class"),
    _text("owner"),  # partner, warehouse, customer_service, finance, it
    _text("partner"),
    _text("return_no"),
    _text("line_no"),
    Column("intake_id", Integer, nullable=True),
    Column("document_id", Integer, nullable=True),
    _text("posting_key"),
    _text("message"),
    _text("next_action"),
    _text("state", "open"),
    _text("resolution"),
    _text("resolved_by"),
    _text("opened_at"),
    _text("resolved_at"),
    Index("ix_hold_state", "state", "id"),
    Index("ix_hold_return", "return_no"),
)

# A technical trouble of ours. One row per (class, subject) while it lasts; it clears itself.
fault = Table(
    "fault",
    metadata,
    _id(),
    Column("key", Text, nullable=False),
    _text("class"),
    _text("severity"),  # page, urgent, business_day, info
    _text("subject"),
    _text("message"),
    _text("remedy"),
    _text("since"),
    _text("last_seen"),
    _text("cleared_at"),
    Column("count", Integer, nullable=False, server_default="1"),
    Index("ix_fault_open", "cleared_at", "key"),
)

# One outbound file: immutable bytes and name. state: pending → staged → delivered; held, void
dispatch = Table(
    "dispatch",
    metadata,
    _id(),
    Column("dedupe_key", Text, nullable=False, unique=True),
    _text("partner"),
    _text("kind"),  # acknowledgment, return_answer, expected_receipt, vendor_request, erp_batch, status
    _text("channel"),  # the kind of transport: "folder", "sftp"
    _text("name"),
    Column("size", Integer, nullable=False),
    _text("sha256"),
    Column("bytes", LargeBinary, nullable=True),  # small payloads inline; else in the archive by sha256
    _text("set_id"),
    _text("control_number"),
    _text("return_no"),
    Column("intake_id", Integer, nullable=True),
    _text("batch_id"),
    _text("state", "pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("next_attempt_at"),
    _text("error"),
    _text("proof"),
    _text("ack_state", "not_expected"),  # not_expected, awaiting, accepted, accepted_with_errors, rejected
    _text("created_at"),
    _text("delivered_at"),
    _text("bytes_removed_at"),
    UniqueConstraint("partner", "channel", "name"),
    Index("ix_dispatch_state", "state", "id"),
    Index("ix_dispatch_partner", "partner", "state", "id"),
    Index(
        "ix_dispatch_batch",
        "batch_id",
        sqlite_where=sa.text("batch_id != ''"),
        postgresql_where=sa.text("batch_id != ''"),
    ),
    Index(
        "ix_dispatch_ack",
        "ack_state",
        sqlite_where=sa.text("ack_state != 'not_expected'"),
        postgresql_where=sa.text("ack_state != 'not_expected'"),
    ),
    Index("ix_dispatch_intake", "intake_id"),
    Index("ix_dispatch_return", "return_no"),
)

dispatch_attempt = Table(
    "dispatch_attempt",
    metadata,
    _id(),
    Column("dispatch_id", Integer, ForeignKey("dispatch.id"), nullable=False),
    _text("at"),
    _text("outcome"),
    _text("detail"),
)

# Which received group or interchange a dispatch acknowledges: at most one acknowledgment each (invariant I5).
acknowledgment = Table(
    "acknowledgment",
    metadata,
    Column("subject", Text, primary_key=True),  # "ta1:<interchange id>" or "group:<functional_group id>"
    Column("dispatch_id", Integer, ForeignKey("dispatch.id"), nullable=False),
)

# Numbers we allot: interchange and group control numbers per partner, RMA, batch sequences.
counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("epoch", Integer, nullable=False, server_default="0"),
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
    _id(),
    _text("stage", "live"),
    _text("dataset"),
    Column("document_id", Integer, nullable=True),
    Column("row_count", Integer, nullable=False),
    _text("at"),
)

# What a clock counts: answer due, receipt due, ERP result due … state: running | met | warned | breached
due = Table(
    "due",
    metadata,
    Column("key", Text, primary_key=True),
    _text("class"),
    _text("partner"),
    _text("return_no"),
    _text("subject"),
    _text("state", "running"),
    _text("started_at"),
    _text("warn_at"),
    _text("due_at"),
    _text("stopped_at"),
    Index("ix_due_state", "state", "due_at"),
)

# What the command line or the web asks of the running process: replay, hold answers, returns by API. The next tick does
# the work. `dedupe_key`: asking the same thing twice is one request.
request = Table(
    "request",
    metadata,
    _id(),
    _text("kind"),
    Column("dedupe_key", Text, nullable=True, unique=True),
    Column("body", Text, nullable=False),
    _text("actor"),
    _text("state", "open"),
    _text("outcome"),
    _text("created_at"),
    _text("finished_at"),
    Index("ix_request_state", "state", "id"),
)

# A closed reconciliation period: its rows as CSV, frozen, and the hash that proves it.
period_close = Table(
    "period_close",
    metadata,
    Column("period", Text, primary_key=True),  # "2025-03"
    _text("closed_at"),
    _text("closed_by"),
    Column("row_count", Integer, nullable=False),
    Column("differences", Integer, nullable=False),
    Column("csv", Text, nullable=False),
    _text("sha256"),
)

# Every change of state, with its cause: the timeline pages read this.
event = Table(
    "event",
    metadata,
    _id(),
    _text("at"),
    _text("actor"),
    _text("subject"),  # "intake:12", "return:R000123", "dispatch:4", "posting:…", "hold:3"
    _text("return_no"),
    _text("from_state"),
    _text("to_state"),
    _text("message"),
    Index("ix_event_subject", "subject", "id"),
    Index("ix_event_return", "return_no", "id"),
)

# The configuration files of one folder in partners/, by the hash of their content: each content is kept once.
config_folder = Table(
    "config_folder",
    metadata,
    Column("hash", Text, primary_key=True),  # config_hash of a Partner or of the House
    Column("body", LargeBinary, nullable=False),  # path → text as JSON, compressed
)

# One configuration as it was in force: which content each folder had. `changed` is what differs from version `base`.
config_version = Table(
    "config_version",
    metadata,
    Column("hash", Text, primary_key=True),
    _text("base"),
    Column("changed", Text, nullable=False),  # JSON: folder → hash of its content, null where it is gone
    _text("at"),
)

# Whatever decides or moves something about returns, in the order it was committed, with the configuration it was
# decided under: `gateway.rebuild` makes all of it again. Rows are only ever inserted, in the transaction they tell of.
step = Table(
    "step",
    metadata,
    _id(),
    _text("at"),
    _text("kind"),
    _text("config_version"),  # "" where the configuration makes no difference
    Column("body", Text, nullable=False),  # what it takes to make the step again, as JSON
)

# What the last poll saw of a file on a partner's server: two equal looks make it complete, a row makes it taken once.
remote_file = Table(
    "remote_file",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    _text("mtime"),
    _text("state", "seen"),  # seen → fetched → removed
    _text("claim"),  # the claim that its bytes became
    Column("intake_id", Integer, nullable=True),
    _text("at"),
)
