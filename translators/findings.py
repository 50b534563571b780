"""The closed catalogue of findings: what can be wrong with a partner's file, each with a stable code.

A Finding is data, never an exception: it is the partner's problem, and an acknowledgment or a report tells them.
Support questions are a search for the code, so codes never change their meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
Level = Literal["file", "interchange", "group", "set", "segment", "element", "row"]


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One row of the catalogue. `ack_code` is the TA105, AK905, AK502, AK304 or AK403 code its level maps to."""

    code: str
    level: Level
    severity: Severity
    ack_code: str
    title: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one place.

    `position` counts segments from ST = 1 (X12) or rows from 1 (flat files); `element` and `component` count from 1,
    0 = the whole segment. `column` names a flat file's column. `ack_code` is the AK3/AK4/AK5 (IK) code.
    """

    code: str
    severity: Severity
    message: str
    segment: str = ""
    position: int = 0
    element: int = 0
    component: int = 0
    repeat: int = 0
    ack_code: str = ""
    value: str = ""
    column: str = ""
    data_element: str = ""
    loop: str = ""

    def as_json(self) -> dict[str, object]:
        """The stable shape printed by `translate`; `column` and `loop` only where they say something."""
        shown: dict[str, object] = {
            "code": self.code,
            "severity": self.severity,
            "segment": self.segment,
            "position": self.position,
            "element": self.element,
            "component": self.component,
            "ack_code": self.ack_code,
            "value": self.value,
            "message": self.message,
        }
        if self.column:
            shown["column"] = self.column
        if self.loop:
            shown["loop"] = self.loop
        return shown


def _kinds(*rows: tuple[str, Level, Severity, str, str]) -> dict[str, FindingKind]:
    return {code: FindingKind(code, level, severity, ack, title) for code, level, severity, ack, title in rows}


# Codes and notes: X12 997 (DE 715-723), TA1 (DE I18). One row per finding; the X12 engine and the flat readers
# construct findings only from here, through `found`.
CATALOGUE: dict[str, FindingKind] = _kinds(
    # the file
    ("empty_file", "file", "error", "", "The file has no bytes"),
    ("not_recognised", "file", "error", "", "Neither X12 nor a flat layout of this partner"),
    (
        "no_interchange",
        "file",
        "error",
        "",
        "There is no ISA segment: transaction sets need an interchange around them",
    ),
    ("too_large", "file", "error", "", "The file is larger than the limit"),
    ("charset", "file", "error", "", "The bytes are not text in the declared character set"),
    ("byte_order_mark", "file", "note", "", "A byte order mark stands before the data"),
    ("trailing_data", "file", "warning", "", "There is text after the end of the interchange"),
    ("unknown_partner", "file", "error", "", "No partner folder claims this sender"),
    ("no_layout", "file", "error", "", "No layout of this partner fits the file's name and header"),
    ("ambiguous_layout", "file", "error", "", "More than one layout fits the file"),
    # flat rows
    ("missing_column", "file", "error", "", "A column that the layout needs is missing"),
    ("unknown_column", "file", "warning", "", "The file has a column that the layout does not know"),
    ("unknown_record", "row", "error", "", "No record type of the layout fits this row"),
    ("row_length", "row", "error", "", "The row has another length than the layout says"),
    ("missing_value", "row", "error", "", "A value that must be there is empty"),
    ("bad_number", "row", "error", "", "Not a number as the layout writes numbers"),
    ("bad_date", "row", "error", "", "Not a date as the layout writes dates"),
    ("bad_quantity", "row", "error", "", "A quantity must be more than nothing"),
    ("bad_value", "row", "error", "", "A value that the layout does not allow"),
    ("trailer_count", "file", "error", "", "The trailer's count is not the number of rows"),
    ("trailer_total", "file", "error", "", "The trailer's total is not the sum of the rows"),
    ("bad_xml", "file", "error", "", "The file is not well-formed XML, or uses what is forbidden"),
)


def found(code: str, message: str = "", **where: object) -> Finding:
    """A Finding of the catalogue's kind `code`: its title unless `message` says more. KeyError for an unknown code."""
    kind = CATALOGUE[code]
    where.setdefault("ack_code", kind.ack_code)
    where.setdefault("severity", kind.severity)
    return Finding(code=code, message=message or kind.title, **where)  # type: ignore[arg-type] # keywords of Finding
