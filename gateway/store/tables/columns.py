"""The metadata that all tables belong to, and the two columns that most of them have."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Integer, Text

metadata = sa.MetaData()


def id_column() -> Column[int]:
    """A number of its own for each row, given in order."""
    return Column("id", Integer, primary_key=True, autoincrement=True)


def text(name: str, default: str = "") -> Column[str]:
    """A text that is never null: "" stands for nothing."""
    return Column(name, Text, nullable=False, server_default=default)
