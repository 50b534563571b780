"""A guessed layout and its columns, before it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gateway.onboarding.propose.sample_tables import SampleColumn, SampleTable


@dataclass(slots=True)
class ColumnGuess:
    """What a column is taken for: its settings in the layout ({} with no field: known, not needed), and why."""

    column: SampleColumn
    settings: dict[str, Any] = field(default_factory=dict)
    why: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The fields that the column feeds."""
        return tuple(self.settings.get("field", ()))


@dataclass(slots=True)
class LayoutGuess:
    """A proposed layout. `missing` says what keeps it from being one that loads; `doubts` what a person must check."""

    name: str
    table: SampleTable
    document: str
    columns: list[ColumnGuess]
    group_by: tuple[str, ...] = ()
    constants: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    dataset: str = ""

    def settings(self) -> dict[str, Any]:
        """The layout as the TOML table that `parse_layout` takes."""
        table = self.table
        settings: dict[str, Any] = {
            "document": self.document,
            **({"dataset": self.dataset} if self.dataset else {}),
            "format": table.format,
            "files": list(self.patterns()),
            "charset": table.charset,
        }
        if table.format == "delimited":
            settings |= {"delimiter": table.delimiter, "header": table.header}
        if table.uneven:
            settings["short_rows"] = "pad"
        if self.group_by:
            settings["group_by"] = list(self.group_by)
        settings["columns"] = {guess.column.name: guess.settings or "" for guess in self.columns}
        if self.constants:
            settings["constants"] = dict(self.constants)
        return settings

    def patterns(self) -> tuple[str, ...]:
        """File names with what changes from file to file left open: the digits, or what may come before the ending."""
        opened = [re.sub(r"[0-9]+(?:[-_.][0-9]+)*", "*", name, count=1) for name in self.table.files]
        return tuple(
            dict.fromkeys(name if "*" in name else re.sub(r"(\.[^.]*)?$", r"*\1", name, count=1) for name in opened)
        )
