"""The sets' guides as a map folder of pyx12, put together for the tests: pyx12 is the oracle of our own reading.

A guide in a set's folder is a map of pyx12 without the envelope. The envelope comes from its control map, which has
ISA, GS, GE and IEA; data elements and code lists are those of the release and what the sets' folders add.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import pyx12.map_if
import pyx12.params

from translators.x12.guide.checks import SET_LOOP
from translators.x12.guide.maps import guide_tree
from translators.x12.guide.overlay import freeze
from translators.x12.sets.table import SETS, all_sets, folder_of, releases_of

RELEASE_FILES = Path(__file__).resolve().parents[4] / "translators" / "x12" / "releases"
CONTROL_MAPS = Path(__file__).parent / "control_maps"
INDUSTRY = "VICS"
_FOLDERS = TemporaryDirectory(prefix="pyx12-maps-")


def with_envelope(tree: ElementTree.Element, release: str) -> ElementTree.Element:
    """A set's map → the whole map as pyx12 has it: the release's control map with the set's loop in it."""
    whole = ElementTree.parse(CONTROL_MAPS / f"{release}.xml").getroot()
    whole.set("xid", tree.attrib["xid"])
    name, group = whole.find("name"), whole.find(".//loop[@xid='GS_LOOP']")
    loop = tree.find(f".//loop[@xid='{SET_LOOP}']")
    assert name is not None and group is not None and loop is not None
    name.text = tree.findtext("name")
    group.insert(1, copy.deepcopy(loop))
    return whole


def pyx12_map(set_id: str, release: str, overlay: Mapping[str, Any] | None = None) -> Any:
    """A guide, with a partner's overlay worked in, as pyx12 loads it: a `pyx12.map_if.map_if`."""
    return load_tree(guide_tree(set_id, release, freeze(overlay) if overlay else None), release)


def load_tree(tree: ElementTree.Element, release: str) -> Any:
    """A set's map as pyx12 loads it."""
    return pyx12.map_if.map_if(with_envelope(tree, release), pyx12.params.params(), map_path(release))


@cache
def map_path(release: str) -> str:
    """A folder that pyx12 takes as its `map_path`: every set's map of the release, and what they need."""
    folder = Path(_FOLDERS.name) / release
    folder.mkdir()
    control = f"x12.control.{control_version(release)}.xml"
    shutil.copy2(CONTROL_MAPS / f"{release}.xml", folder / control)
    sets = [set_id for set_id in SETS if release in releases_of(set_id)]
    for set_id in sets:
        _write(with_envelope(guide_tree(set_id, release), release), folder / f"{set_id}.xml")
    for base, added in (("dataele.xml", "elements"), ("codes.xml", "codes")):
        _write(_merged(release, base, added, sets), folder / base)
    _write(_index(release), folder / "maps.xml")
    return str(folder)


def control_version(release: str) -> str:
    """ISA12 of a release: the maps of 004030 are those of 00401, as in pyx12's own catalogue."""
    return "00501" if release >= "005010" else "00401"


def _merged(release: str, base: str, added: str, sets: list[str]) -> ElementTree.Element:
    """The release's definitions with those that the sets' folders add."""
    whole = ElementTree.parse(RELEASE_FILES / release / base).getroot()
    for set_id in sets:
        source = folder_of(set_id) / "guides" / f"{release}.{added}.xml"
        if source.is_file():
            whole.extend(ElementTree.fromstring(source.read_text(encoding="utf-8")))
    return whole


def indexed(release: str) -> list[str]:
    """The sets that pyx12 finds by release and functional group: the first of a group, so a 997 and no 999."""
    first: dict[str, str] = {}
    for known in all_sets():
        if release in releases_of(known.id):
            first.setdefault(known.group, known.id)
    return list(first.values())


def _index(release: str) -> ElementTree.Element:
    """maps.xml: which map reads which set, in the release itself and in an industry's version of it."""
    index = ElementTree.Element("maps")
    version = ElementTree.SubElement(index, "version", icvn=control_version(release))
    groups = {known.id: known.group for known in all_sets()}
    for set_id in indexed(release):
        for vriic in (release, release + INDUSTRY):
            entry = ElementTree.SubElement(version, "map", vriic=vriic, fic=groups[set_id], abbr=set_id)
            entry.text = f"{set_id}.xml"
    return index


def _write(tree: ElementTree.Element, path: Path) -> None:
    ElementTree.ElementTree(tree).write(path, encoding="utf-8", xml_declaration=True)
