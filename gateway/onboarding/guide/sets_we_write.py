"""The X12 that we write, for a partner's guide: the structure of its set, and what we put into each element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.onboarding.guide.sets_we_read import (
    REQUIREMENT,
    GuideSegment,
    GuideSet,
    describe_element,
    describe_place,
    differs,
    note_words,
)
from gateway.onboarding.x12_segments import delimiters_of, segments_of
from gateway.partners import Partner
from translators.x12.guide.maps import load_plan, nearest_release
from translators.x12.guide.nodes import ElementDef, LoopNode, SegmentNode
from translators.x12.guide.plan import Plan
from translators.x12.sets.table import title_of

EXAMPLES = 3  # values of one element that are shown
Segments = list[list[str]]
Values = dict[tuple[str, int], dict[str, None]]  # (path, element) → what we wrote there, each once


@dataclass(frozen=True, slots=True)
class WrittenSet:
    """A set that we send this partner; `id` tells it from others on the page."""

    id: str
    set: GuideSet


def written_set(id_: str, set_id: str, partner: Partner, files: Iterable[bytes]) -> WrittenSet | None:
    """What we write of one set → its part of the guide; None for a set that there is no guide of (a TA1).

    `files` are interchanges that we made for this partner: what is in them is shown as an example, and counts as used.
    The set's overlay counts only where the partner does not send that set: otherwise it speaks of the partner's files.
    """
    found = [segments for data in files for segments in _sets_of(data, set_id)]
    versions = Counter(version for version, _ in found)
    version = versions.most_common(1)[0][0] if versions else partner.x12.version
    release = nearest_release(set_id, version)
    if release is None:
        return None
    overlay = None if set_id in partner.sends.sets else partner.profile.overlays.get(set_id)
    plan = load_plan(set_id, release.name, overlay)
    base = {node.path: node for node in load_plan(set_id, release.name).root.walk()}
    used, values = _written(plan, [segments for _, segments in found])
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
        segment.idle = bool(found) and not segment.in_samples
        key = (node.path if segment.in_samples else node.id, node.definition.elements)
        if (segment.in_samples or not found) and key not in detailed and node.id != "SE":
            detailed.add(key)
            segment.anchor = f"w{id_}-{node.path.strip('/').replace('/', '-')}"
            segment.notes = [note_words(node.id, str(note)) for note in node.definition.notes]
            _fill(segment, node, values, partner, known)
        segments.append(segment)
    return WrittenSet(id_, GuideSet(set_id, title_of(set_id), release.name, segments))


def _fill(
    segment: GuideSegment, node: SegmentNode, values: Values, partner: Partner, before: SegmentNode | None
) -> None:
    """The elements that we write, and those that must be there."""
    known = before.definition.elements if before else ()
    for number, element in enumerate(node.definition.elements, start=1):
        written = list(values.get((node.path, number), ()))
        described = describe_element(element, [], partner.profile)
        described.read_as = written[:EXAMPLES] + (["…"] if len(written) > EXAMPLES else [])
        described.changed = number > len(known) or known[number - 1] != element
        if described.codes is not None:
            # Of a list of codes only those that we write are shown.
            described.codes = [code for code in described.codes if code[0] in written]
        if written or element.usage == "R":
            segment.shown.append(described)
        elif REQUIREMENT[element.usage] == "optional":
            segment.others.append(described.ref)


def _sets_of(data: bytes, set_id: str) -> list[tuple[str, Segments]]:
    """The sets of this id in one interchange, each with the GS08 it stands under."""
    marks = delimiters_of(data)
    if marks is None:
        return []
    found: list[tuple[str, Segments]] = []
    version, inside = "", False
    for segment in segments_of(data.decode("latin-1"), marks):
        if segment[0] == "GS":
            version = segment[8] if len(segment) > 8 else ""
        if segment[0] == "ST":
            inside = segment[1:2] == [set_id]
            if inside:
                found.append((version, []))
        if inside:
            found[-1][1].append(segment)
    return found


def _written(plan: Plan, sets: Sequence[Segments]) -> tuple[Counter[str], Values]:
    """How often each place is used, by path, and what stands in its elements."""
    used: Counter[str] = Counter()
    values: Values = {}
    for segments in sets:
        node = plan.first
        for number, segment in enumerate(segments):
            if number:
                step = plan.step(node, segment[0])
                if step is None:
                    continue
                node = step.node
            used[node.path] += 1
            for at, value in enumerate(segment[1:], start=1):
                if value:
                    values.setdefault((node.path, at), {})[value] = None
    return used, values
