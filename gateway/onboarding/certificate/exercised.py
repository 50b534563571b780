"""What files exercise of a partner's guide, layouts and codes: the certificate that `check` prints."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from gateway.onboarding.coded_values import codes_in
from translators.profile import Profile
from translators.translation import GroupResult, InterchangeResult, SetResult, Translation
from translators.x12.guide.maps import load_plan, nearest_release
from translators.x12.guide.nodes import SegmentDef

_UNKNOWN = "(no crosswalk)"
# Data elements of type ID that name a place, a carrier or the set itself: no codes that anybody maps.
_NAMES = frozenset({"26", "116", "140", "143", "156"})


@dataclass(slots=True)
class Certificate:
    """Counts by what was exercised. Keys are the words of the standard: "180", "180 BLI", "180 BLI03", "180 RDR02=DR".

    `layouts` counts documents by flat layout, `columns` "layout: column". `meanings` counts what codes became:
    "reason DR → defective". `verdicts` and `findings` are the branches: "180 rejected", "bad_character".
    """

    sets: Counter[str] = field(default_factory=Counter)
    segments: Counter[str] = field(default_factory=Counter)
    elements: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    columns: Counter[str] = field(default_factory=Counter)
    meanings: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)

    def add(self, translation: Translation, data: bytes, profile: Profile) -> None:
        """Count what one translated file exercises."""
        for interchange in translation.interchanges:
            self._interchange(interchange, data, profile)
        for result in translation.sets:
            self.layouts[translation.layout] += 1
            self.verdicts[f"{translation.layout} {result.verdict}"] += 1
            self.findings.update(finding.code for finding in result.findings)
            for document in result.documents:
                columns = {source.column for source in document.provenance.values() if source.column}
                self.columns.update(f"{translation.layout}: {column}" for column in columns)
        self.findings.update(finding.code for finding in translation.findings)
        for document in translation.documents():
            for name, code in codes_in(document):
                self.meanings[f"{name} {code.raw} → {code.canonical or _UNKNOWN}"] += 1

    def _interchange(self, interchange: InterchangeResult, data: bytes, profile: Profile) -> None:
        self.findings.update(finding.code for finding in interchange.findings)
        # ISA16 ends at byte 104; what follows it ends every segment (X12 envelope, ISA is of fixed length).
        terminator = data[interchange.offset + 105 : interchange.offset + 106].decode("latin-1")
        for group in interchange.groups:
            self.findings.update(finding.code for finding in group.findings)
            for result in group.sets:
                self._set(result, group, data, terminator, profile)

    def _set(self, result: SetResult, group: GroupResult, data: bytes, terminator: str, profile: Profile) -> None:
        set_id = result.set_id
        self.sets[set_id] += 1
        self.verdicts[f"{set_id} {result.verdict}"] += 1
        self.findings.update(finding.code for finding in result.findings)
        raw = data[result.offset : result.offset + result.length].decode("latin-1").strip()
        if not terminator or len(raw) < 4:
            return
        definitions = _definitions(set_id, group.version, profile)
        for segment in raw.split(terminator):
            elements = segment.strip().split(raw[2])
            if not elements[0]:
                continue
            self.segments[f"{set_id} {elements[0]}"] += 1
            self._elements(set_id, elements, definitions.get(elements[0]))

    def _elements(self, set_id: str, elements: list[str], definition: SegmentDef | None) -> None:
        for number, value in enumerate(elements[1:], start=1):
            if not value.strip():
                continue
            name = f"{set_id} {elements[0]}{number:02d}"
            self.elements[name] += 1
            if definition is not None and number <= len(definition.elements):
                known = definition.elements[number - 1]
                if known.data_element not in _NAMES and (known.codes is not None or known.data_type == "ID"):
                    self.codes[f"{name}={value.strip()}"] += 1

    def beyond(self, other: Certificate) -> dict[str, list[str]]:
        """What this one has and the other has not, by part: live traffic beyond the samples."""
        parts = ("sets", "segments", "elements", "codes", "layouts", "columns", "meanings", "findings")
        extra = {part: sorted(set(getattr(self, part)) - set(getattr(other, part))) for part in parts}
        return {part: names for part, names in extra.items() if names}


def _definitions(set_id: str, version: str, profile: Profile) -> dict[str, SegmentDef]:
    guide = nearest_release(set_id, version)
    if guide is None:
        return {}
    plan = load_plan(set_id, guide.name, profile.overlays.get(set_id))
    return {node.id: node.definition for node in plan.root.segments()}


def guide_segments(set_id: str, release: str, profile: Profile) -> int:
    """How many different segments the partner's guide for a set has; 0 for a set without a guide."""
    return len(_definitions(set_id, release, profile))


def unknown_codes(certificate: Certificate) -> list[str]:
    """Coded values of the samples that nothing gives a meaning to: their lines would be held."""
    return sorted(
        meaning.removesuffix(f" → {_UNKNOWN}") for meaning in certificate.meanings if meaning.endswith(_UNKNOWN)
    )
