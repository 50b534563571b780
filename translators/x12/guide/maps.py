"""Guides: pyx12 implementation-guide maps from the folders of the sets, and a partner's overlay on them.

A map is pyx12's, but for the envelope (ISA, GS): that is the same for all sets of a release. The XML tree, with the
overlay worked into it, becomes a `Plan`; the tests hand the same tree to pyx12 and hold the two readings against each
other, node by node. Importing pyx12 costs more than the whole of a small file, so nothing here does.

The overlay's format is described in `overlay`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from translators.x12.guide.checks import SET_LOOP
from translators.x12.guide.files import code_sets, dictionary, guide_map, segment_elsewhere
from translators.x12.guide.nodes import ElementDef, LoopNode, Note, SegmentDef, SegmentNode, Usage
from translators.x12.guide.plan import Plan
from translators.x12.sets.table import SETS, function_of, releases, releases_of, set_description

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class Release(NamedTuple):
    """The release of the guide that a set is read with; `exact` if it is the one that GS08 names.

    `suffix` is what GS08 says beyond the release ("VICS"): an industry's conventions, which the guide does not check.
    """

    name: str
    exact: bool
    suffix: str = ""


def nearest_release(set_id: str, gs08: str) -> Release | None:
    """The guide for a set in the version that GS08 names, by its first six characters.

    Without a guide of that very release it is the latest one before it, or else the earliest one there is. None for a
    set without a guide, and for a GS08 that does not begin with a release.
    """
    known = releases_of(set_id)
    wanted = gs08[:6]
    if not known or len(wanted) != 6 or not wanted.isascii() or not wanted.isdigit():
        return None
    earlier = [release for release in known if release <= wanted]
    name = earlier[-1] if earlier else known[0]
    return Release(name, name == wanted, gs08[6:].strip())


def load_plan(set_id: str, release: str, overlay: Mapping[str, Any] | None = None) -> Plan:
    """The compiled guide of a set in a release, with a partner's overlay (parsed TOML) worked in.

    Compiled once per set, release and overlay. KeyError where there is no such guide; GuideError, with file and node,
    for a guide that cannot work; OverlayError, with the place, where the overlay does not fit the guide.
    """
    return _plan(set_id, release, _frozen(overlay))


@lru_cache(maxsize=256)
def _plan(set_id: str, release: str, overlay: Any) -> Plan:
    plan = compile_tree(set_id, release, guide_tree(set_id, release, overlay))
    description = set_description(set_id)
    if description is not None and description.other_shape:
        shape = function_of(set_id, description.other_shape)
        plan.other_shape = lru_cache(maxsize=1)(lambda: _other_shape(set_id, release, overlay, shape))
    return plan


def _frozen(overlay: Mapping[str, Any] | None) -> Any:
    """The overlay as a hashable value; None for none, which does without the module that works overlays in."""
    if not overlay:
        return None
    from translators.x12.guide.overlay import freeze

    return freeze(overlay)


def _other_shape(set_id: str, release: str, overlay: Any, shape: Callable[..., Element]) -> Plan:
    tree = guide_tree(set_id, release, overlay)
    return compile_tree(set_id, release, shape(tree, lambda name: segment_elsewhere(release, name)))


def guide_tree(set_id: str, release: str, overlay: Any = None) -> Element:
    """The map's XML tree with the overlay (as `overlay.freeze` gives it) worked in; what `load_plan` compiles."""
    tree = guide_map(set_id, release)
    if overlay:
        from translators.x12.guide.overlay import apply_overlay

        tree = copy.deepcopy(tree)
        apply_overlay(
            tree, overlay, lambda name: segment_elsewhere(release, name), dictionary(release), code_sets(release)
        )
    return tree


def compile_tree(set_id: str, release: str, tree: Element) -> Plan:
    """A map's XML tree → the plan of its transaction set."""
    found = tree.find(f".//loop[@xid='{SET_LOOP}']")
    assert found is not None, "a map is checked when it is read"
    return Plan(set_id, release, _Builder(release).loop(found, None, 0))


class _Builder:
    """Turns the XML of one guide into nodes; equal segment definitions become one object."""

    def __init__(self, release: str) -> None:
        self._elements = dictionary(release)
        self._codes = code_sets(release)
        self._known: dict[SegmentDef, SegmentDef] = {}

    def loop(self, xml: Element, parent: LoopNode | None, index: int) -> LoopNode:
        node = LoopNode(
            id=xml.attrib["xid"],
            name=xml.attrib["name"],
            usage=cast("Usage", xml.attrib["usage"]),
            most=_most(xml.attrib["repeat"]),
            parent=parent,
            index=index,
            depth=parent.depth + 1 if parent else 0,
        )
        ordered = sorted(
            (child for child in xml if child.tag in ("loop", "segment")), key=lambda e: int(e.attrib["pos"])
        )
        for number, child in enumerate(ordered):
            if child.tag == "loop":
                node.children.append(self.loop(child, node, number))
            else:
                node.children.append(self.segment(child, node, number))
        return node

    def segment(self, xml: Element, parent: LoopNode, index: int) -> SegmentNode:
        usage, most = cast("Usage", xml.attrib["usage"]), _most(xml.attrib["max_use"])
        return SegmentNode(
            xml.attrib["xid"], usage, most, parent, index, parent.depth + 1, partial(self.definition, xml)
        )

    def definition(self, xml: Element) -> SegmentDef:
        definition = SegmentDef(
            id=xml.attrib["xid"],
            name=xml.attrib["name"],
            elements=tuple(self.element(child) for child in xml if child.tag in ("element", "composite")),
            notes=_notes(xml),
        )
        return self._known.setdefault(definition, definition)

    def element(self, xml: Element) -> ElementDef:
        number = xml.attrib["data_ele"]
        components: tuple[ElementDef, ...] = ()
        kind, low, high = "", 0, 0
        if xml.tag == "composite":
            components = tuple(self.element(child) for child in xml.iterfind("element"))
        else:
            kind, low, high = self._elements[number]
        return ElementDef(
            id=xml.attrib["xid"],
            data_element=number,
            name=xml.attrib["name"],
            data_type=kind,
            low=low,
            high=high,
            usage=cast("Usage", xml.attrib["usage"]),
            codes=self.codes(xml.find("valid_codes")),
            components=components,
            notes=_notes(xml),
            repeat=int(xml.get("repeat", "1")),
        )

    def codes(self, xml: Element | None) -> frozenset[str] | None:
        if xml is None:
            return None
        inline = frozenset(code.text or "" for code in xml.iterfind("code"))
        outside = xml.get("external")
        return inline | self._codes[outside] if outside else inline


def _most(text: str) -> int | None:
    return None if text == ">1" else int(text)


def _notes(xml: Element) -> tuple[Note, ...]:
    texts = [note.text or "" for note in xml.iterfind("syntax")]
    return tuple(Note(t[0], tuple(int(t[i : i + 2]) for i in range(1, len(t), 2))) for t in texts)


@lru_cache(maxsize=8)
def segment_definitions(release: str) -> Mapping[str, SegmentDef]:
    """Every segment that a guide of the release defines, by id."""
    known: dict[str, SegmentDef] = {}
    for set_id in SETS:
        if release in releases_of(set_id):
            plan = load_plan(set_id, release)
            known.update((node.id, node.definition) for node in plan.root.segments())
    return known


def segment_name(release: str, segment_id: str) -> str:
    """The title of a segment ("Reference Identification"); "" where no guide of the release has it."""
    definition = segment_definitions(_have(release)).get(segment_id)
    return definition.name if definition else ""


def element_name(release: str, segment_id: str, element: int, component: int = 0) -> str:
    """The title of an element, or of a component of it, both counted from 1; "" where the guides have none."""
    definition = segment_definitions(_have(release)).get(segment_id)
    if definition is None or not 0 < element <= len(definition.elements):
        return ""
    found = definition.elements[element - 1]
    if not component:
        return found.name
    return found.components[component - 1].name if 0 < component <= len(found.components) else ""


def _have(release: str) -> str:
    known = releases()
    return release if release in known else known[0]
