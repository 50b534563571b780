"""Files as rows: received ones with what was read of them, sent ones, and what polls saw on partners' servers."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from gateway.store.tables.columns import id_column, metadata, text

# One received file. state: received → processed | partial | rejected | duplicate | quarantined | held | failed
intake = Table(
    "intake",
    metadata,
    id_column(),
    Column("claim", Text, nullable=False, unique=True),  # name under inbox/.claimed: makes a re-observation harmless
    text("partner"),
    text("source"),  # "folder:inbox/northgate", or where it was fetched: "sftp:user@host:22/path/name"
    text("name"),  # as the partner wrote it, percent-encoded
    Column("size", Integer, nullable=False),
    text("sha256"),
    text("format"),
    text("state", "received"),
    text("reason"),  # finding or hold code behind a quarantine, hold or failure
    text("detail"),
    text("config_hash"),  # content of the partner's folder that read it
    text("config_version"),  # and the whole configuration, the house's with it
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("duplicate_of", Integer, ForeignKey("intake.id"), nullable=True),
    Column("replay_of", Integer, ForeignKey("intake.id"), nullable=True),
    text("received_at"),
    text("finished_at"),
    text("bytes_removed_at"),  # after the house's retention: the row stays, its archived bytes are gone
    Index("ix_intake_state", "state", "id"),
    Index("ix_intake_sha", "sha256"),
    Index("ix_intake_partner", "partner", "id"),
)

# One ISA…IEA. `dedupe_key` is ISA05+06+07+08+13 (+ an epoch) of an accepted interchange.
interchange = Table(
    "interchange",
    metadata,
    id_column(),
    Column("intake_id", Integer, ForeignKey("intake.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    text("partner"),
    text("control_number"),
    text("sender"),
    text("receiver"),
    text("version"),
    text("usage"),
    text("verdict"),
    Column("dedupe_key", Text, nullable=True, unique=True),
    Column("findings", Text, nullable=False, server_default="[]"),
    text("at"),
    UniqueConstraint("intake_id", "ordinal"),
)

functional_group = Table(
    "functional_group",
    metadata,
    id_column(),
    Column("interchange_id", Integer, ForeignKey("interchange.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    text("functional_id"),
    text("control_number"),
    text("version"),
    text("verdict"),
    Column("findings", Text, nullable=False, server_default="[]"),
    UniqueConstraint("interchange_id", "ordinal"),
)

# One transaction set, or one group of flat rows (group_id is then null).
# verdict: accepted, accepted_with_errors, rejected
set_ = Table(
    "set",
    metadata,
    id_column(),
    Column("intake_id", Integer, ForeignKey("intake.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("functional_group.id"), nullable=True),
    Column("ordinal", Integer, nullable=False),
    text("set_id"),
    text("control_number"),
    Column("segment_count", Integer, nullable=False, server_default="0"),
    text("verdict"),
    Column("findings", Text, nullable=False, server_default="[]"),
    UniqueConstraint("intake_id", "ordinal"),
)

# One canonical message. state: applied | parked | held | ignored (an identical re-send)
document = Table(
    "document",
    metadata,
    id_column(),
    Column("intake_id", Integer, ForeignKey("intake.id"), nullable=True),
    Column("set_id", Integer, ForeignKey("set.id"), nullable=True),
    Column("ordinal", Integer, nullable=False),
    text("partner"),
    text("kind"),
    text("number"),
    Column("body", Text, nullable=False),
    text("first_body"),  # as it was decided first, where `body` is a later reading of the same bytes
    text("stage", "live"),  # of its kind, when it came: test, pilot or live
    text("state", "applied"),
    text("reason"),
    text("at"),
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

# One outbound file: immutable bytes and name. state: pending → staged → delivered; held, void
dispatch = Table(
    "dispatch",
    metadata,
    id_column(),
    Column("dedupe_key", Text, nullable=False, unique=True),
    text("partner"),
    text("kind"),  # acknowledgment, return_answer, expected_receipt, vendor_request, erp_batch, status
    text("channel"),  # the kind of transport: "folder", "sftp"
    text("name"),
    Column("size", Integer, nullable=False),
    text("sha256"),
    Column("bytes", LargeBinary, nullable=True),  # small payloads inline; else in the archive by sha256
    text("set_id"),
    text("control_number"),
    text("return_no"),
    Column("intake_id", Integer, nullable=True),
    text("batch_id"),
    text("state", "pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    text("next_attempt_at"),
    text("error"),
    text("proof"),
    text("ack_state", "not_expected"),  # not_expected, awaiting, accepted, accepted_with_errors, rejected
    text("created_at"),
    text("delivered_at"),
    text("bytes_removed_at"),
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
    id_column(),
    Column("dispatch_id", Integer, ForeignKey("dispatch.id"), nullable=False),
    text("at"),
    text("outcome"),
    text("detail"),
)

# Which received group or interchange a dispatch acknowledges: at most one acknowledgment each (invariant I5).
acknowledgment = Table(
    "acknowledgment",
    metadata,
    Column("subject", Text, primary_key=True),  # "ta1:<interchange id>" or "group:<functional_group id>"
    Column("dispatch_id", Integer, ForeignKey("dispatch.id"), nullable=False),
)

# What the last poll saw of a file on a partner's server: two equal looks make it complete, a row makes it taken once.
remote_file = Table(
    "remote_file",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    text("mtime"),
    text("state", "seen"),  # seen → fetched → removed
    text("claim"),  # the claim that its bytes became
    Column("intake_id", Integer, nullable=True),
    text("at"),
)
