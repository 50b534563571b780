"""Everything the gateway remembers: SQLAlchemy Core tables, migrations, and one module of plain functions per area.

Functions that change rows take a `Transaction` (from `Store.write`), functions that read take a `Snapshot` (from
`Store.read`, or a Transaction): the types keep reads out of the way of the one writer.
"""

from __future__ import annotations

from gateway.store.database import DatabaseError, DatabaseUnusable, Snapshot, Store, Transaction
from gateway.store.migrations.run import migrate
from gateway.store.opening import open_store

__all__ = ["DatabaseError", "DatabaseUnusable", "Snapshot", "Store", "Transaction", "migrate", "open_store"]
