"""The files that guides are made of: a set's maps from its folder, data elements and code lists of a release.

A release's data elements and code lists stand in `translators/x12/releases/`; a set's folder adds what its guides need
beyond them (`guides/004010.elements.xml`, `guides/004010.codes.xml`). A file is checked when it is read: what is wrong
in it is a GuideError.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from translators.x12.guide.checks import DataElement, GuideError, check_map, data_element
from translators.x12.sets.table import SETS, folder_of, releases_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def guide_file(set_id: str, release: str) -> str:
    """Where the map of a set in a release stands in the project, for messages."""
    return f"translators/x12/sets/set_{set_id}/guides/{release}.xml"


@lru_cache(maxsize=64)
def guide_map(set_id: str, release: str) -> Element:
    """The map of a set in a release, checked. Raises GuideError; KeyError where there is none.

    It is shared: whoever changes it changes a copy.
    """
    if release not in releases_of(set_id):
        raise KeyError(f"no guide for {set_id} in {release}")
    file = guide_file(set_id, release)
    tree = _parse(folder_of(set_id) / "guides" / f"{release}.xml", file)
    check_map(tree, file, dictionary(release), code_sets(release))
    return tree


def _parse(source: Traversable, file: str) -> Element:
    try:
        return ElementTree.fromstring(source.read_bytes())  # noqa: S314 # our own packaged file
    except ElementTree.ParseError as error:
        raise GuideError(file, "", f"is no XML: {error}") from None


def _definitions(release: str, base: str, added: str) -> Iterator[tuple[str, Element]]:
    """The release's own file and what sets add to it, each with its place in the project.

    `base` is the file's name in the release's folder, `added` its ending in a set's guides ("elements").
    """
    shared = files("translators.x12") / "releases" / release / base
    if shared.is_file():
        place = f"translators/x12/releases/{release}/{base}"
        yield place, _parse(shared, place)
    for set_id in SETS:
        if release in releases_of(set_id):
            source = folder_of(set_id) / "guides" / f"{release}.{added}.xml"
            if source.is_file():
                place = f"translators/x12/sets/set_{set_id}/guides/{release}.{added}.xml"
                yield place, _parse(source, place)


@lru_cache(maxsize=8)
def dictionary(release: str) -> Mapping[str, DataElement]:
    """The data elements of a release by number. Raises GuideError where two files define one differently."""
    known: dict[str, DataElement] = {}
    for file, tree in _definitions(release, "dataele.xml", "elements"):
        for node in tree.iter("data_ele"):
            number, defined = data_element(node, file)
            if known.setdefault(number, defined) != defined:
                raise GuideError(file, number, "another file of the release defines this data element differently")
    return known


@lru_cache(maxsize=8)
def code_sets(release: str) -> Mapping[str, frozenset[str]]:
    """The closed code lists of a release by the id that maps name them with.

    Raises GuideError where two files define one differently.
    """
    known: dict[str, frozenset[str]] = {}
    for file, tree in _definitions(release, "codes.xml", "codes"):
        for node in tree.iter("codeset"):
            name = node.findtext("id", "")
            codes = frozenset(code.text or "" for code in node.iterfind("version/code"))
            if known.setdefault(name, codes) != codes:
                raise GuideError(file, name, "another file of the release defines this code list differently")
    return known


def segment_elsewhere(release: str, name: str) -> Element | None:
    """A segment of that id from any guide of the release, for a set that does not have it."""
    for set_id in SETS:
        if release in releases_of(set_id):
            found = guide_map(set_id, release).find(f".//segment[@xid='{name}']")
            if found is not None:
                return found
    return None


def code_text(data_element: str, code: str) -> str:
    """What a code of a data element means, in a few words; "" where we do not know."""
    return _texts().get((data_element, code), "")


@lru_cache(maxsize=1)
def _texts() -> Mapping[tuple[str, str], str]:
    """The words of the codes of returns, and those that sets bring along; the shared ones go first."""
    texts: dict[tuple[str, str], str] = {}
    sources = [files("translators.x12") / "releases" / "code_texts.csv"]
    sources += [folder_of(set_id) / "code_texts.csv" for set_id in SETS]
    for source in sources:
        if source.is_file():
            for number, code, text in csv.reader(source.read_text(encoding="utf-8").splitlines()):
                texts.setdefault((number, code), text)
    return texts
