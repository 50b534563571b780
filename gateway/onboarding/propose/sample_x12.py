"""What X12 sample files say about the partner that sent them: ids, delimiters, releases, sets, habits, codes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from gateway.onboarding.x12_segments import delimiters_of, segments_of
from translators.canonical import Inbound, Receipt
from translators.profile import Delimiters, Profile
from translators.registry import translate
from translators.translation import GroupResult, InterchangeResult, SetResult, Translation

# Segments that frame others, or that are read as a part of the one before them.
FRAMES = frozenset({"ST", "SE", "HL", "LX", "CTT", "N2", "N3", "N4", "W06", "W17", "BSN", "BGN", "BRA", "RCD"})
_INDEX = re.compile(r"\.[0-9]+")
Address = tuple[str, str]


@dataclass(slots=True)
class X12Facts:
    """Counts over all samples. `unread`: "180 N9*ZZ" → segments that no field is read from; `fields`: set → what is."""

    senders: Counter[Address] = field(default_factory=Counter)
    receivers: Counter[Address] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    usages: Counter[str] = field(default_factory=Counter)
    asks_ta1: bool = False
    delimiters: Delimiters | None = None
    sets: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    bad_codes: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    # (set, segment that it does not have) → the segments that stand before it
    strange_segments: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    misplaced: set[tuple[str, str]] = field(default_factory=set)
    fields: dict[str, Counter[str]] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    documents: list[Inbound] = field(default_factory=list)
    w07_includes_exceptions: bool | None = None

    def add(self, data: bytes, name: str, profile: Profile) -> Translation:
        """Count what one file says, read with `profile`."""
        translation = translate(data, name, profile)
        for interchange in translation.interchanges:
            self._interchange(interchange, data)
        self.documents += translation.documents()
        self._exceptions(data, name, profile)
        return translation

    def _interchange(self, interchange: InterchangeResult, data: bytes) -> None:
        self.senders[interchange.sender_qualifier.strip(), interchange.sender.strip()] += 1
        self.receivers[interchange.receiver_qualifier.strip(), interchange.receiver.strip()] += 1
        self.usages[interchange.usage] += 1
        self.asks_ta1 = self.asks_ta1 or interchange.ack_requested == "1"
        self.findings.update(f"interchange: {finding.code}" for finding in interchange.findings)
        delimiters = delimiters_of(data[interchange.offset :])
        self.delimiters = self.delimiters or delimiters
        for group in interchange.groups:
            self.groups[group.sender.strip()] += 1
            self.versions[group.version.strip()] += 1
            self.findings.update(f"group {group.functional_id}: {finding.code}" for finding in group.findings)
            for result in group.sets:
                self._set(result, group, data, delimiters)

    def _set(self, result: SetResult, group: GroupResult, data: bytes, delimiters: Delimiters | None) -> None:
        self.sets[result.set_id] += 1
        self.rejected[result.set_id] += result.verdict == "rejected"
        for finding in result.findings:
            place = f"{finding.segment}{finding.element:02d}" if finding.element else finding.segment
            self.findings[f"{result.set_id} {place}: {finding.code} {finding.value}".strip()] += 1
            if finding.code == "bad_code":
                self.bad_codes.setdefault(result.set_id, Counter())[place, finding.value] += 1
        raw = data[result.offset : result.offset + result.length].decode("latin-1")
        segments = list(segments_of(raw, delimiters)) if delimiters else []
        for finding in result.findings:
            if finding.code == "segment_not_in_set" and 1 < finding.position <= len(segments):
                before = self.strange_segments.setdefault((result.set_id, finding.segment), set())
                before.add(segments[finding.position - 2][0])
            elif finding.code.startswith("segment_"):
                self.misplaced.add((result.set_id, finding.segment))
        read = {source.position for document in result.documents for source in document.provenance.values()}
        found = self.fields.setdefault(result.set_id, Counter())
        for document in result.documents:
            found.update({_INDEX.sub("", name) for name in document.provenance})
        if result.documents:
            for position, segment in enumerate(segments, start=1):
                if segment[0] not in FRAMES and position not in read:
                    name = "*".join(segment[:2]) if _is_code(segment) else segment[0]
                    self.unread[f"{result.set_id} {name}"] += 1

    def _exceptions(self, data: bytes, name: str, profile: Profile) -> None:
        """Does W0701 include the W13 quantities? The total of the W14 says so, where there are any."""
        for includes in (True, False) if b"W13" in data else ():
            reading = profile.model_copy(update={"w07_includes_exceptions": includes})
            receipts = [
                document for document in translate(data, name, reading).documents() if isinstance(document, Receipt)
            ]
            if any(_adds_up(receipt) for receipt in receipts):
                self.w07_includes_exceptions = includes
                return


def _adds_up(document: Receipt) -> bool:
    """Does a receipt with exceptions come to the total that it declares?"""
    total = sum((line.quantity for line in document.lines), Decimal(0))
    return _except(document) and total == document.total_quantity


def _except(document: Receipt) -> bool:
    return any(exception.quantity for line in document.lines for exception in line.exceptions)


def _is_code(segment: list[str]) -> bool:
    return len(segment) > 1 and 0 < len(segment[1]) <= 3 and segment[1].isalnum()
