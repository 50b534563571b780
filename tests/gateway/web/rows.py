"""Writing rows of the story, and strings that no page may obey."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

Row = dict[str, Any]

HOSTILE = "<script>alert('x')</script>"
HOSTILE_NAME = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%E2%80%AEfdp.exe"


def insert(tx: sa.Connection, table: sa.Table, *rows: Row) -> None:
    for row in rows:
        tx.execute(table.insert().values(**row))
