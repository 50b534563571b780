"""Trouble with the store."""

from __future__ import annotations

from gateway.faults.error import GatewayError


class StoreError(GatewayError):
    """The store failed."""


class StoreBusy(StoreError):
    """The store is locked by another process."""

    retry = True
    remedy = "Nothing, if it passes. Otherwise find the process that holds the database."
    runbook = (
        "Another process holds a lock of the database: a backup, a shell, or a second gateway. It usually passes "
        "within a second."
    )


class StoreTooNew(StoreError):
    """The store was written by a newer version of the gateway."""

    remedy = "Run the newer version, or restore the backup made before the upgrade."
    runbook = (
        "A newer version has upgraded the tables of the store. This version would not understand what is in "
        "them, so it does not start."
    )


class StoreDriverOld(StoreError):
    """This SQLite has the WAL-reset bug: several processes writing may damage the store."""

    severity = "business_day"
    remedy = "Install pysqlite3 (or an SQLite of 3.51.3 or later); until then run nothing beside `run`."
    runbook = (
        "The SQLite library may damage a store in WAL mode when several processes write. `run` alone is safe; do "
        "not run commands that write beside it."
    )


class StateMoved(StoreError):
    """The row is not in the state this change starts from: somebody else moved it."""

    retry = True
    severity = "info"


class NameTaken(StoreError):
    """Another dispatch to this partner has the same file name."""
