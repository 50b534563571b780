"""The gateway's own rows: Faults, counters, events, configurations in force, and steps."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from gateway.store.tables.columns import id_column, metadata, text

# A technical trouble of ours. One row per (class, subject) while it lasts; it clears itself.
fault = Table(
    "fault",
    metadata,
    id_column(),
    Column("key", Text, nullable=False),
    text("class"),
    text("severity"),  # page, urgent, business_day, info
    text("subject"),
    text("message"),
    text("remedy"),
    text("since"),
    text("last_seen"),
    text("cleared_at"),
    Column("count", Integer, nullable=False, server_default="1"),
    Index("ix_fault_open", "cleared_at", "key"),
)

# Numbers we allot: interchange and group control numbers per partner, RMA, batch sequences.
counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("epoch", Integer, nullable=False, server_default="0"),
)

# Every change of state, with its cause: the timeline pages read this.
event = Table(
    "event",
    metadata,
    id_column(),
    text("at"),
    text("actor"),
    text("subject"),  # "intake:12", "return:R000123", "dispatch:4", "posting:…", "hold:3"
    text("return_no"),
    text("from_state"),
    text("to_state"),
    text("message"),
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
    text("base"),
    Column("changed", Text, nullable=False),  # JSON: folder → hash of its content, null where it is gone
    text("at"),
)

# Whatever decides or moves something about returns, in the order it was committed, with the configuration it was
# decided under: `gateway.rebuild` makes all of it again. Rows are only ever inserted, in the transaction they tell of.
step = Table(
    "step",
    metadata,
    id_column(),
    text("at"),
    text("kind"),
    text("config_version"),  # "" where the configuration makes no difference
    Column("body", Text, nullable=False),  # what it takes to make the step again, as JSON
)
