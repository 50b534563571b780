"""Everything the gateway remembers: SQLAlchemy Core tables, migrations, and modules of plain functions by area.

Functions that change rows take a `Transaction` (from `Store.write`), functions that read take a `Snapshot` (from
`Store.read`, or a Transaction): the types keep reads out of the way of the one writer. SQL is written here only.

Storeys, each above those after it: `read` (the rows of pages and checks) and `rebuild` (what is compared when steps are
repeated), `people` (Holds, requests), `returns` (aggregates, postings, clocks), `files` (intakes, documents,
dispatches), `system` (events, steps, counters, Faults, configurations), `tables`. Beside them `opening` opens a store
with its `drivers` and `migrations`.
"""

from __future__ import annotations

from gateway.store.database import DatabaseError, DatabaseUnusable, Snapshot, Store, Transaction
from gateway.store.migrations.run import migrate
from gateway.store.opening import open_store

__all__ = ["DatabaseError", "DatabaseUnusable", "Snapshot", "Store", "Transaction", "migrate", "open_store"]
