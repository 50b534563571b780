"""Guides: pyx12 implementation-guide maps, one folder per release, and a partner's overlay on them.

Every release folder under `guides/` is a complete pyx12 map path: the maps, its data elements, its code lists, its
control map and `maps.xml`. pyx12 reads them as they stand; `pyx12_map` has it do so. At run time the same XML tree,
with the overlay worked into it, becomes a `Plan` directly: importing pyx12 costs more than the whole of a small file.
A test holds the two readings against each other, node by node.

The overlay's format is described in `overlay`.
"""

from __future__ import annotations

import copy
import csv
from collections.abc import Mapping
from functools import lru_cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from xml.etree import ElementTree

from translators.x12.guide.nodes import ElementDef, LoopNode, Note, SegmentDef, SegmentNode, Usage
from translators.x12.guide.plan import Plan

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = [
    "GUIDES",
    "Release",
    "code_text",
    "element_name",
    "load_plan",
    "nearest_release",
    "pyx12_map",
    "segment_name",
]

# Which sets have a guide in which releases, the oldest first.
GUIDES: Mapping[str, tuple[str, ...]] = {
    "180": ("004010", "005010"),
    "824": ("004010", "005010"),
    "856": ("004010", "005010"),
    "861": ("004010", "005010"),
    "943": ("004010", "005010"),
    "944": ("004010", "004030", "005010"),
    "997": ("004010", "005010"),
    "999": ("005010",),
}
RELEASES = ("004010", "004030", "005010")
LOOP_OF_A_SET = "./loop/loop/loop[@xid='ST_LOOP']"


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
    releases = GUIDES.get(set_id)
    wanted = gs08[:6]
    if releases is None or len(wanted) != 6 or not wanted.isascii() or not wanted.isdigit():
        return None
    earlier = [release for release in releases if release <= wanted]
    name = earlier[-1] if earlier else releases[0]
    return Release(name, name == wanted, gs08[6:].strip())


def load_plan(set_id: str, release: str, overlay: Mapping[str, Any] | None = None) -> Plan:
    """The compiled guide of a set in a release of `GUIDES`, with a partner's overlay (parsed TOML) worked in.

    Compiled once per set, release and overlay. KeyError where there is no such guide; OverlayError, with the place,
    where the overlay does not fit the guide.
    """
    if release not in GUIDES[set_id]:
        raise KeyError(f"no guide for {set_id} in {release}")
    return _plan(set_id, release, _frozen(overlay))


@lru_cache(maxsize=256)
def _plan(set_id: str, release: str, overlay: Any) -> Plan:
    plan = compile_tree(set_id, release, guide_tree(set_id, release, overlay))
    if set_id == "944":
        plan.other_shape = lru_cache(maxsize=1)(lambda: _other_944(release, overlay))
    return plan


def _frozen(overlay: Mapping[str, Any] | None) -> Any:
    """The overlay as a hashable value; None for none, which does without the module that works overlays in."""
    if not overlay:
        return None
    from translators.x12.guide.overlay import freeze

    return freeze(overlay)


def _other_944(release: str, overlay: Any) -> Plan:
    from translators.x12.sets.set_944.shapes import other_shape

    tree = guide_tree("944", release, overlay)
    return compile_tree("944", release, other_shape(tree, lambda name: segment_elsewhere(release, name)))


def guide_tree(set_id: str, release: str, overlay: Any = None) -> Element:
    """The map's XML tree with the overlay worked in; what `load_plan` compiles and `pyx12_map` loads."""
    tree = _parse(release, f"{set_id}.xml")
    if overlay:
        from translators.x12.guide.overlay import apply_overlay

        tree = copy.deepcopy(tree)
        apply_overlay(
            tree, overlay, lambda name: segment_elsewhere(release, name), dictionary(release), code_sets(release)
        )
    return tree


def pyx12_map(set_id: str, release: str, overlay: Mapping[str, Any] | None = None) -> Any:
    """The same tree, loaded by pyx12: a `pyx12.map_if.map_if`. For the tests, where pyx12 is the oracle."""
    import pyx12.map_if  # 80 ms that only the tests should pay
    import pyx12.params

    tree = guide_tree(set_id, release, _frozen(overlay))
    return pyx12.map_if.map_if(tree, pyx12.params.params(), map_path(release))


def map_path(release: str) -> str:
    """The folder that pyx12 takes as its `map_path` for a release."""
    return str(_folder(release))


def _folder(release: str) -> Traversable:
    return files("translators.x12") / "guides" / release


@lru_cache(maxsize=64)
def _parse(release: str, name: str) -> Element:
    text = (_folder(release) / name).read_bytes()
    return ElementTree.fromstring(text)  # noqa: S314 # our own packaged file


@lru_cache(maxsize=8)
def dictionary(release: str) -> Mapping[str, tuple[str, int, int]]:
    """The data elements of a release: number → (type, least length, greatest length)."""
    return {
        each.attrib["ele_num"]: (each.attrib["data_type"], int(each.attrib["min_len"]), int(each.attrib["max_len"]))
        for each in _parse(release, "dataele.xml").iter("data_ele")
    }


@lru_cache(maxsize=8)
def code_sets(release: str) -> Mapping[str, frozenset[str]]:
    """The closed code lists of a release by the id that the maps name them with."""
    return {
        each.findtext("id", ""): frozenset(code.text or "" for code in each.iterfind("version/code"))
        for each in _parse(release, "codes.xml").iter("codeset")
    }


def compile_tree(set_id: str, release: str, tree: Element) -> Plan:
    """A map's XML tree → the plan of its transaction set."""
    found = tree.find(LOOP_OF_A_SET)
    assert found is not None, f"the {release} map of {set_id} has no ST_LOOP"
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
        ordered = sorted((each for each in xml if each.tag in ("loop", "segment")), key=lambda e: int(e.attrib["pos"]))
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
        made = SegmentDef(
            id=xml.attrib["xid"],
            name=xml.attrib["name"],
            elements=tuple(self.element(each) for each in xml if each.tag in ("element", "composite")),
            notes=_notes(xml),
        )
        return self._known.setdefault(made, made)

    def element(self, xml: Element) -> ElementDef:
        number = xml.attrib["data_ele"]
        components: tuple[ElementDef, ...] = ()
        kind, low, high = "", 0, 0
        if xml.tag == "composite":
            components = tuple(self.element(each) for each in xml.iterfind("element"))
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
        inline = frozenset(each.text or "" for each in xml.iterfind("code"))
        outside = xml.get("external")
        return inline | self._codes[outside] if outside else inline


def _most(text: str) -> int | None:
    return None if text == ">1" else int(text)


def _notes(xml: Element) -> tuple[Note, ...]:
    texts = [each.text or "" for each in xml.iterfind("syntax")]
    return tuple(Note(t[0], tuple(int(t[i : i + 2]) for i in range(1, len(t), 2))) for t in texts)


def segment_elsewhere(release: str, name: str) -> Element | None:
    """A segment of that id from any guide of the release, for a set that does not have it."""
    for set_id, releases in GUIDES.items():
        if release in releases:
            found = _parse(release, f"{set_id}.xml").find(f".//segment[@xid='{name}']")
            if found is not None:
                return found
    return None


@lru_cache(maxsize=8)
def segment_definitions(release: str) -> Mapping[str, SegmentDef]:
    """Every segment that a guide of the release defines, by id."""
    known: dict[str, SegmentDef] = {}
    for set_id, releases in GUIDES.items():
        if release in releases:
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


def code_text(data_element: str, code: str) -> str:
    """What a code of a data element means, in a few words; "" where we do not know."""
    return _texts().get((data_element, code), "")


def _have(release: str) -> str:
    return release if release in RELEASES else RELEASES[0]


@lru_cache(maxsize=1)
def _texts() -> Mapping[tuple[str, str], str]:
    source = files("translators.x12") / "guides" / "code_texts.csv"
    rows = csv.reader(source.read_text(encoding="utf-8").splitlines())
    return {(number, code): text for number, code, text in rows}
