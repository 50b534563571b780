"""The rows of one document while a file is read."""

from __future__ import annotations

from typing import Any

from translators.findings import Finding
from translators.flat.read.shapes import Pairs

# One good line: its fields, and where they came from (record, row, path and column).
Line = tuple[dict[str, Any], str, int, Pairs]


class Group:
    """The rows of one document so far. `traces` are (record, row, path and column) of what the head says.

    A plain class, because there is one for each document and a dataclass with factories takes twice as long to make.
    """

    __slots__ = (
        "broken",
        "done",
        "dropped",
        "findings",
        "first_row",
        "head",
        "key",
        "lines",
        "number",
        "ordinal",
        "rows",
        "traces",
    )

    def __init__(self, first_row: int, key: tuple[str, ...] = ()) -> None:
        self.first_row = first_row
        self.key = key
        self.rows = 0
        self.dropped = 0
        self.broken = False  # the document itself (not one of its lines) is wrong
        self.number = ""  # as a bad row gave it, when no good one did
        self.head: dict[str, Any] = {}
        self.traces: list[tuple[str, int, Pairs]] = []
        self.lines: list[Line] = []
        self.ordinal = 0  # lines seen, the bad ones too: the lines that follow keep their numbers
        self.findings: list[Finding] = []
        self.done = False  # no row of it follows
