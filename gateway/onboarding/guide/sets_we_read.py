"""The X12 part of a partner's guide: the structure of a set after the overlay, and what we read from each element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gateway.onboarding.certificate import Certificate
from translators.profile import Profile
from translators.translation import SetResult
from translators.x12.guide.files import code_text
from translators.x12.guide.maps import load_plan, nearest_release
from translators.x12.guide.nodes import ElementDef, LoopNode, SegmentNode
from translators.x12.guide.plan import Plan
from translators.x12.sets.code_meanings import BUILTIN
from translators.x12.sets.reading.scopes import bindings_for

# Longer code lists are named, not printed.
MOST_CODES = 48
REQUIREMENT = {"R": "required", "S": "optional", "N": "not used"}
_TYPES = {
    "ID": "code",
    "AN": "text",
    "DT": "date",
    "TM": "time",
    "R": "number, explicit decimal point",
    "B": "binary",
    "": "composite",
}
# Composed by the readers from several segments; bindings name only scalars.
_READ_BY_READERS = {
    "N1": "party",
    "N2": "party",
    "N3": "party: address",
    "N4": "party: address",
    "HL": "level of the shipment (shipment, order, carton, item)",
}


@dataclass(slots=True)
class GuideElement:
    """One element: what it must be, and what we take it for. `codes`: (code, words, our word); None where open."""

    ref: str
    name: str
    type: str
    length: str
    requirement: str
    read_as: list[str] = field(default_factory=list)
    codes: list[tuple[str, str, str]] | None = None
    codes_note: str = ""
    changed: bool = False
    in_samples: int = 0


@dataclass(slots=True)
class GuideSegment:
    """One place in the set: a loop or a segment. `shown` are the elements worth a row, `others` the rest.

    `idle`: accepted, but neither read nor used in the samples nor required whatever is sent.
    """

    depth: int
    id: str
    name: str
    requirement: str
    most: str
    is_loop: bool = False
    changed: bool = False
    anchor: str = ""
    in_samples: int = 0
    idle: bool = False
    read_as: str = ""
    shown: list[GuideElement] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def detailed(self) -> bool:
        """Does the segment have a table of its elements?"""
        return bool(self.shown)


@dataclass(slots=True)
class GuideSet:
    """One transaction set as this partner sends it."""

    set_id: str
    title: str
    release: str
    segments: list[GuideSegment]

    @property
    def detailed(self) -> list[GuideSegment]:
        """Segments with a table of their elements, each definition once."""
        return [segment for segment in self.segments if segment.detailed]


@dataclass(slots=True)
class SampleSet:
    """One set of a sample file: what it became, and its segments."""

    result: SetResult
    segments: list[list[str]]


def guide_set(
    set_id: str, title: str, version: str, profile: Profile, certificate: Certificate, samples: list[SampleSet]
) -> GuideSet | None:
    """The guide of a set that the partner sends; None for a set without a guide. `samples`: the sample sets of it."""
    release = nearest_release(set_id, version)
    if release is None:
        return None
    plan = load_plan(set_id, release.name, profile.overlays.get(set_id))
    base = {node.path: node for node in load_plan(set_id, release.name).root.walk()}
    reads = _reads(set_id, profile, [sample.result for sample in samples])
    used = _places(plan, samples)
    segments: list[GuideSegment] = []
    detailed: set[tuple[str, tuple[ElementDef, ...]]] = set()
    for node in plan.root.walk():
        before = base.get(node.path)
        if isinstance(node, LoopNode):
            changed = before is None or (before.usage, before.most) != (node.usage, node.most)
            segments.append(describe_place(node, node.id, f"Loop {node.id}", changed, is_loop=True))
            continue
        known = before if isinstance(before, SegmentNode) else None
        segment = describe_place(node, node.id, node.definition.name, differs(node, known))
        segment.in_samples = used[node.path]
        segment.read_as = _READ_BY_READERS.get(node.id, "")
        segment.idle = not (_matters(node, segment, reads) or segment.read_as)
        key = (node.id, node.definition.elements)
        if key not in detailed and node.id != "SE" and _matters(node, segment, reads):
            detailed.add(key)
            segment.notes = [note_words(node.id, str(note)) for note in node.definition.notes]
            segment.anchor = f"s{set_id}-{node.path.strip('/').replace('/', '-')}"
            _fill(segment, set_id, node, known, reads, certificate, profile)
        segments.append(segment)
    return GuideSet(set_id, title, release.name, segments)


def _places(plan: Plan, samples: list[SampleSet]) -> Counter[str]:
    """How often each place of the set is used in the samples, by path; segments out of place count nowhere."""
    used: Counter[str] = Counter()
    for sample in samples:
        node = plan.first
        for number, segment in enumerate(sample.segments):
            if number:
                step = plan.step(node, segment[0])
                if step is None:
                    continue
                node = step.node
            used[node.path] += 1
    return used


def _matters(node: SegmentNode, segment: GuideSegment, reads: dict[tuple[str, int], list[str]]) -> bool:
    """Do the elements of this place deserve a table? Read, used, agreed, or required whatever is sent."""
    if segment.in_samples or segment.changed or any(name == node.id for name, _ in reads):
        return True
    loop: LoopNode | None = node.parent
    while loop is not None and loop.parent is not None:
        if loop.usage != "R":
            return False
        loop = loop.parent
    return node.usage == "R"


def describe_place(
    node: SegmentNode | LoopNode, id_: str, name: str, changed: bool, *, is_loop: bool = False
) -> GuideSegment:
    """A loop or segment as one line of the structure."""
    most = "any number" if node.most is None else str(node.most)
    depth = max(0, node.depth - 1)
    return GuideSegment(depth, id_, name, REQUIREMENT[node.usage], most, is_loop, changed)


def differs(node: SegmentNode, before: SegmentNode | None) -> bool:
    """Has the partner's overlay changed this segment?"""
    return before is None or (before.usage, before.most, before.definition) != (node.usage, node.most, node.definition)


def _fill(
    segment: GuideSegment,
    set_id: str,
    node: SegmentNode,
    before: SegmentNode | None,
    reads: dict[tuple[str, int], list[str]],
    certificate: Certificate,
    profile: Profile,
) -> None:
    """The elements worth a row: required, read, used by the samples, or changed by the partner's overlay."""
    known = before.definition.elements if before else ()
    for number, element in enumerate(node.definition.elements, start=1):
        described = describe_element(element, reads.get((node.id, number), []), profile)
        described.in_samples = certificate.elements[f"{set_id} {described.ref}"]
        described.changed = number > len(known) or known[number - 1] != element
        if (
            element.usage == "R"
            or described.read_as
            or described.in_samples
            or (described.changed and before is not None)
        ):
            segment.shown.append(described)
        elif element.usage == "S":
            segment.others.append(described.ref)


def describe_element(element: ElementDef, read_as: list[str], profile: Profile) -> GuideElement:
    """An element as the guide has it, with the words for what it is read as."""
    length = f"{element.low}" if element.low == element.high else f"{element.low}–{element.high}"
    kind = _TYPES.get(element.data_type) or _number_type(element.data_type)
    described = GuideElement(
        element.id, element.name, kind, length if element.high else "", REQUIREMENT[element.usage], read_as
    )
    if element.codes is not None:
        if len(element.codes) <= MOST_CODES:
            table = next((name for name in BUILTIN if any(_is_named_after(words, name) for words in read_as)), "")
            described.codes = [
                (code, code_text(element.data_element, code), _meaning(profile, table, code))
                for code in sorted(element.codes)
            ]
        else:
            described.codes_note = f"one of the {len(element.codes)} codes of data element {element.data_element}"
    elif element.data_type == "ID" and element.data_element:
        described.codes_note = f"any code of data element {element.data_element}"
    return described


def _number_type(data_type: str) -> str:
    """N0, N2 …: whole numbers, with decimals that are not written."""
    if data_type[:1] == "N" and data_type[1:].isdigit():
        decimals = int(data_type[1:])
        return f"digits, the last {decimals} are decimals" if decimals else "whole number"
    return data_type


def _is_named_after(words: str, table: str) -> bool:
    """Is a field, as it is worded here, the one that a table of codes is named after?"""
    return words.rpartition(": ")[2].partition(" (")[0].replace(" ", "_") == table


def _meaning(profile: Profile, table: str, code: str) -> str:
    if not table:
        return ""
    return (profile.crosswalk(table).ours(code) or BUILTIN[table].get(code, "")).replace("_", " ")


def _reads(set_id: str, profile: Profile, results: Iterable[SetResult]) -> dict[tuple[str, int], list[str]]:
    """(segment, element) → the fields that are read there: by the bindings, and as the samples have shown."""
    reads: dict[tuple[str, int], list[str]] = {}
    for segment, element, words in [*_read_by_bindings(set_id, profile), *_read_in_samples(results)]:
        known = reads.setdefault((segment, element), [])
        if words not in known and not any(longer.startswith(words) for longer in known):
            known.append(words)
    return reads


def _read_by_bindings(set_id: str, profile: Profile) -> Iterator[tuple[str, int, str]]:
    try:
        bindings = bindings_for(set_id, profile)
    except FileNotFoundError:
        return
    for scope, fields in bindings.scopes.items():
        for binding in fields:
            for candidate in binding.candidates:
                words = binding.name.replace("_", " ")
                if scope not in ("header", "line"):
                    words = f"{scope}: {words}"
                if candidate.qualifier:
                    words += f" (if {candidate.segment}{candidate.qualifier_element:02d} is {candidate.qualifier})"
                yield candidate.segment, candidate.element, words


def _read_in_samples(results: Iterable[SetResult]) -> Iterator[tuple[str, int, str]]:
    """What readers compose beyond the bindings (items, references), learned from where sample documents came from."""
    for result in results:
        for document in result.documents:
            for name, source in document.provenance.items():
                parts = [part for part in name.split(".") if not part.isdigit() and part != "lines"]
                if source.element:
                    yield source.segment, source.element, " ".join(parts).replace("_", " ").removesuffix("s") or name


def note_words(segment: str, note: str) -> str:
    """A syntax note in words: P0304 → "N103 and N104 go together"."""
    refs = [f"{segment}{note[i : i + 2]}" for i in range(1, len(note), 2)]
    listed = ", ".join(refs[:-1]) + (" and " if len(refs) > 1 else "") + refs[-1]
    first, rest = refs[0], ", ".join(refs[1:])
    return {
        "P": f"{listed}: all or none",
        "R": f"{listed}: at least one",
        "E": f"{listed}: at most one",
        "C": f"{first} asks for {rest}",
        "L": f"{first} asks for at least one of {rest}",
    }[note[0]]
