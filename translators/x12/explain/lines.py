"""What is shown of a file: a line a segment, with its elements by name and the findings that lie there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from translators.findings import Finding

LineKind = Literal["file", "interchange", "group", "set", "segment"]


@dataclass(frozen=True, slots=True)
class ExplainedElement:
    """One element or component with a value. `ref` is "BGN02" or "MEA04-1"; `text` spells a code out, "" if none."""

    ref: str
    name: str
    value: str
    text: str = ""


@dataclass(slots=True)
class ExplainedLine:
    """One segment (or, for the file itself, its findings). `raw` is the segment as received, `offset` in bytes.

    `position` counts from ST = 1 inside a set, 0 outside; `verdict` stands on ISA, GS and ST lines.
    """

    depth: int
    kind: LineKind
    segment: str
    name: str
    elements: list[ExplainedElement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    offset: int = 0
    raw: str = ""
    position: int = 0
    verdict: str = ""
