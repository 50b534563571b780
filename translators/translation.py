"""What reading a file yields: interchanges, groups and sets with their verdicts, findings and documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from translators.canonical import Inbound
from translators.findings import Finding

Verdict = Literal["accepted", "accepted_with_errors", "rejected"]


@dataclass(slots=True)
class SetResult:
    """One transaction set (or one group of flat rows) as received, and what it means.

    `offset` and `length` count bytes of the file; of flat rows, `segment_count` counts rows.
    """

    set_id: str
    control_number: str
    segment_count: int
    verdict: Verdict
    findings: list[Finding] = field(default_factory=list)
    documents: list[Inbound] = field(default_factory=list)
    offset: int = 0
    length: int = 0


@dataclass(slots=True)
class GroupResult:
    """One functional group as received (GS…GE). `claimed_sets` is GE01, `date` and `time` are GS04 and GS05."""

    functional_id: str
    control_number: str
    version: str
    sender: str
    receiver: str
    verdict: Literal["accepted", "accepted_with_errors", "partially_accepted", "rejected"]
    sets: list[SetResult] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    claimed_sets: int = 0
    date: str = ""
    time: str = ""


@dataclass(slots=True)
class InterchangeResult:
    """One interchange as received (ISA…IEA), its ISA elements without padding.

    `documents` are those outside of any group (TA1). `offset` and `length` count bytes of the file.
    """

    control_number: str
    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str
    time: str
    version: str
    usage: str
    ack_requested: str
    verdict: Verdict
    groups: list[GroupResult] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    documents: list[Inbound] = field(default_factory=list)
    offset: int = 0
    length: int = 0


@dataclass(slots=True)
class Translation:
    """A whole file, translated. Flat files have no interchanges; their rows stand in `sets`.

    Or a part of a long flat file: `more` parts follow, and the findings of the file stand in the first.
    """

    format: Literal["x12", "delimited", "fixed", "xml", "json", "unknown"]
    interchanges: list[InterchangeResult] = field(default_factory=list)
    sets: list[SetResult] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    layout: str = ""
    more: bool = False

    def all_sets(self) -> Iterator[SetResult]:
        """Every set of the file, in its order."""
        for interchange in self.interchanges:
            for group in interchange.groups:
                yield from group.sets
        yield from self.sets

    def documents(self) -> Iterator[Inbound]:
        """Every document of the file, in its order."""
        for interchange in self.interchanges:
            yield from interchange.documents
            for group in interchange.groups:
                for result in group.sets:
                    yield from result.documents
        for result in self.sets:
            yield from result.documents
