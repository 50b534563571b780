"""What is wrong in the files of guides: found when a file is read, and said by file and node."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SET_LOOP = "ST_LOOP"

_USAGE, _NUMBER, _TIMES = (re.compile(form) for form in ("[RSN]", "[0-9]+", "[0-9]+|>1"))
_TEXT = None
# What each kind of node of a map must say of itself, and in which form.
_ATTRIBUTES: Mapping[str, Mapping[str, re.Pattern[str] | None]] = {
    "loop": {"xid": _TEXT, "name": _TEXT, "usage": _USAGE, "pos": _NUMBER, "repeat": _TIMES},
    "segment": {"xid": _TEXT, "name": _TEXT, "usage": _USAGE, "pos": _NUMBER, "max_use": _TIMES},
    "composite": {"xid": _TEXT, "name": _TEXT, "usage": _USAGE, "data_ele": _TEXT},
    "element": {"xid": _TEXT, "name": _TEXT, "usage": _USAGE, "data_ele": _TEXT},
}
_NOTE = re.compile("[PRECL](?:[0-9]{2}){2,}")
_DATA_TYPE = re.compile("AN|ID|R|DT|TM|N[0-9]?")


class GuideError(ValueError):
    """A guide that cannot work: `file` in the project, `node` of the map ("/BLI/N9/N902", "" for the whole file)."""

    def __init__(self, file: str, node: str, problem: str) -> None:
        super().__init__(file, node, problem)
        self.file = file
        self.node = node
        self.problem = problem

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.file, self.node, self.problem)))


class DataElement(NamedTuple):
    """One data element of a release: its type ("AN", "N2", "DT", …), least and greatest length."""

    data_type: str
    low: int
    high: int


def data_element(node: Element, file: str) -> tuple[str, DataElement]:
    """A `data_ele` of pyx12's format → its number and what it is. Raises GuideError for one that says too little."""
    number, data_type = node.get("ele_num", ""), node.get("data_type", "")
    low, high = node.get("min_len", ""), node.get("max_len", "")
    if not number or not _DATA_TYPE.fullmatch(data_type) or not low.isdigit() or not high.isdigit():
        raise GuideError(file, number, "a data element needs ele_num, data_type, min_len and max_len")
    return number, DataElement(data_type, int(low), int(high))


def check_map(
    tree: Element, file: str, elements: Mapping[str, DataElement], lists: Mapping[str, frozenset[str]]
) -> None:
    """Raises GuideError for the first node of a map that says too little, or names what is not defined.

    `elements` are the data elements by number, `lists` the code lists by id that the map may name.
    """
    root = tree.find(f".//loop[@xid='{SET_LOOP}']")
    if root is None:
        raise GuideError(file, "", f"has no loop {SET_LOOP}")
    for path, node in _walk(root, ""):
        problem = _attribute_problem(node) or _definition_problem(node, elements, lists)
        if not problem and node.tag in ("segment", "composite"):
            problem = _note_problem(node)
        if problem:
            raise GuideError(file, path, problem)


def _walk(node: Element, path: str) -> Iterator[tuple[str, Element]]:
    """A loop, and every loop, segment, composite and element in it, each with its path ("/BLI/N9/N902")."""
    yield path or "/", node
    for child in node:
        if child.tag in _ATTRIBUTES:
            yield from _walk(child, f"{path}/{child.get('xid', '?')}")


def _attribute_problem(node: Element) -> str:
    for name, form in _ATTRIBUTES[node.tag].items():
        value = node.get(name)
        if not value:
            return f"the {node.tag} has no attribute {name}"
        if form is not None and not form.fullmatch(value):
            return f"{name} cannot be {value!r}"
    return ""


def _definition_problem(node: Element, elements: Mapping[str, DataElement], lists: Mapping[str, frozenset[str]]) -> str:
    if node.tag == "loop" and (len(node) == 0 or node[0].tag != "segment"):
        return "a loop begins with a segment"
    if node.tag != "element":
        return ""
    if node.attrib["data_ele"] not in elements:
        return f"data element {node.attrib['data_ele']} is not defined"
    codes = node.find("valid_codes") if len(node) else None
    outside = codes.get("external") if codes is not None else None
    return f"code list {outside} is not defined" if outside and outside not in lists else ""


def _note_problem(node: Element) -> str:
    notes = (note.text or "" for note in node.iterfind("syntax"))
    return next((f"{note!r} is no syntax note like P0304" for note in notes if not _NOTE.fullmatch(note)), "")
