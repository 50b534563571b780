"""A partner's overlay: a short TOML file that narrows or widens a base guide.

    [[require]]  path = "/BLI/RDR"                       # a segment or loop that must be there
    [[require]]  element = "BGN07"                       # an element that must be there, wherever its segment stands,
    [[require]]  element = "N902"  path = "/BLI/N9"      # … or at one place only
    [[forbid]]   path = "/BLI/SAC"                       # likewise: a segment, loop or element that must not be there
    [[codes]]    element = "BGN01" only = ["00", "13"]   # these codes and no others
    [[codes]]    element = "RDR02" add = ["ZZ"]          # these codes as well
    [[codes]]    element = "W1303" open = true           # any code
    [[maximum]]  path = "/BLI" max = 50                  # repeats of a segment or loop; "unbounded" for no maximum
    [[allow]]    segment = "CTT" after = "/BLI"          # a segment that the set does not have, defined as elsewhere in
                                                         # the release; `max` (1); `after`: else just before the SE

Paths start below the transaction set. The last name means a loop where a loop has that name, else a segment; a loop's
first segment is named twice ("/N1/N1"). Components are written "REF04-1". Entries are applied in the order require,
forbid, codes, maximum, allow. What the guide does not have is an OverlayError that names the entry.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

REFERENCE = re.compile(r"([A-Z][A-Z0-9]{1,2})([0-9]{2})(?:-([0-9]{1,2}))?")
UNBOUNDED = ">1"
# Keys of each table: which must be there, which may be.
KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "require": (frozenset(), frozenset({"path", "element"})),
    "forbid": (frozenset(), frozenset({"path", "element"})),
    "codes": (frozenset({"element"}), frozenset({"path", "only", "add", "open"})),
    "maximum": (frozenset({"path", "max"}), frozenset()),
    "allow": (frozenset({"segment"}), frozenset({"after", "max"})),
}


class OverlayError(ValueError):
    """An overlay that does not fit its guide; `place` names the entry ("require[2]").

    `problems` are all that were found, this one first, each with its place.
    """

    def __init__(self, place: str, problem: str, others: Sequence[OverlayError] = ()) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem
        self.problems = [(place, problem), *((error.place, error.problem) for error in others)]


def freeze(value: Any) -> Any:
    """Parsed TOML as a hashable value; `apply_overlay` takes this form."""
    if isinstance(value, Mapping):
        return tuple((str(key), freeze(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    return value


def apply_overlay(
    tree: Element,
    overlay: Any,
    elsewhere: Callable[[str], Element | None],
    dictionary: Mapping[str, tuple[str, int, int]],
    code_sets: Mapping[str, frozenset[str]],
) -> None:
    """Edit a map's XML tree as the frozen overlay says. OverlayError, with all entries that do not fit.

    `elsewhere` finds a segment in the release's other guides; `dictionary` has the lengths of its data elements,
    `code_sets` its shared code lists.
    """
    root = tree.find(".//loop[@xid='ST_LOOP']")
    assert root is not None
    edit = _Edit(root, elsewhere, dictionary, code_sets)
    tables = dict(overlay)
    errors = [OverlayError(name, f"no such table: {', '.join(KEYS)}") for name in tables if name not in KEYS]
    for name in KEYS:
        table = tables.get(name, ())
        if not isinstance(table, tuple):
            errors.append(OverlayError(name, "must be an array of tables"))
            continue
        for number, entry in enumerate(table, 1):
            try:
                place = f"{name}[{number}]"
                edit.apply(name, place, _entry(name, place, entry))
            except OverlayError as error:
                errors.append(error)
    if errors:
        raise OverlayError(errors[0].place, errors[0].problem, errors[1:])


def _entry(name: str, place: str, entry: Any) -> dict[str, Any]:
    """One entry of a table, with the keys that such an entry has."""
    if not isinstance(entry, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in entry):
        raise OverlayError(place, "must be a table")
    keys = dict(entry)
    needed, optional = KEYS[name]
    if set(keys) - needed - optional or not needed <= set(keys):
        raise OverlayError(place, f"keys are {', '.join(sorted(needed | optional))}")
    return keys


class _Edit:
    """The edits of one overlay on one tree."""

    def __init__(
        self,
        root: Element,
        elsewhere: Callable[[str], Element | None],
        dictionary: Mapping[str, tuple[str, int, int]],
        code_sets: Mapping[str, frozenset[str]],
    ) -> None:
        self._root = root
        self._elsewhere = elsewhere
        self._dictionary = dictionary
        self._code_sets = code_sets

    def apply(self, table: str, place: str, entry: Mapping[str, Any]) -> None:
        """One entry of the overlay's `table`; `place` names it in errors ("require[2]"). Raises OverlayError."""
        if table in ("require", "forbid"):
            usage = "R" if table == "require" else "N"
            for node in self._targets(place, entry):
                node.set("usage", usage)
        elif table == "codes":
            for node in self._elements(place, entry):
                self._set_codes(place, node, entry)
        elif table == "maximum":
            node = self._node(place, entry["path"])
            node.set("repeat" if node.tag == "loop" else "max_use", self._most(place, entry["max"]))
        else:
            self._allow(place, entry)

    def _targets(self, place: str, entry: Mapping[str, Any]) -> Iterable[Element]:
        if "element" in entry:
            return self._elements(place, entry)
        if "path" not in entry:
            raise OverlayError(place, "needs a path or an element")
        node = self._node(place, entry["path"])
        if node in (self._root[0], self._root[-1]):
            raise OverlayError(place, "ST and SE are the envelope's")
        return [node]

    def _node(self, place: str, path: Any) -> Element:
        names = str(path).strip("/").split("/")
        node = self._root
        for position, name in enumerate(names):
            last = position == len(names) - 1
            inner = node.find(f"./loop[@xid='{name}']")
            if inner is None and last:
                inner = node.find(f"./segment[@xid='{name}']")
            if inner is None:
                raise OverlayError(place, f"the guide has no {path}")
            node = inner
        return node

    def _elements(self, place: str, entry: Mapping[str, Any]) -> list[Element]:
        reference = REFERENCE.fullmatch(str(entry["element"]))
        if reference is None:
            raise OverlayError(place, f"{entry['element']} is not an element: write BGN01 or REF04-1")
        segment_id, number, component = reference.groups()
        if "path" in entry:
            node = self._node(place, entry["path"])
            if node.tag == "loop" and (first := node.find(f"./segment[@xid='{segment_id}']")) is not None:
                node = first
            segments = [node] if node.get("xid") == segment_id and node.tag == "segment" else []
        else:
            segments = list(self._root.iterfind(f".//segment[@xid='{segment_id}']"))
        name = f"{segment_id}{number}" + (f"-{int(component):02d}" if component else "")
        named = [node for segment in segments for node in segment.iter() if node.get("xid") == name]
        elements = [node for node in named if node.tag in ("element", "composite")]
        if not elements:
            raise OverlayError(place, f"the guide has no {entry['element']}" + f" at {entry.get('path', 'any place')}")
        return elements

    def _set_codes(self, place: str, node: Element, entry: Mapping[str, Any]) -> None:
        """A `codes` entry at one element: any code (`open`), these only (`only`), or these as well (`add`)."""
        choices = [key for key in ("only", "add", "open") if key in entry]
        if len(choices) != 1:
            raise OverlayError(place, "needs one of only, add, open")
        if node.tag == "composite":
            raise OverlayError(place, f"{node.get('xid')} is a composite: name its component")
        choice = choices[0]
        if choice == "open":
            if entry["open"] is not True:
                raise OverlayError(place, "open can only be true")
            _remove_codes(node)
            return
        codes = self._checked_codes(place, node, entry[choice])
        if choice == "add":
            self._add_codes(place, node, codes)
        else:
            _remove_codes(node)
            _append_codes(ElementTree.SubElement(node, "valid_codes"), codes)

    def _add_codes(self, place: str, node: Element, codes: Sequence[str]) -> None:
        present = node.find("valid_codes")
        if present is None:
            raise OverlayError(place, f"{node.get('xid')} takes any code already")
        # pyx12 knows a segment by the codes written out in its map, not by those of a shared list.
        shared = self._code_sets.get(present.attrib.pop("external", ""), frozenset())
        _append_codes(present, [*sorted(shared), *codes])

    def _checked_codes(self, place: str, node: Element, codes: Any) -> Sequence[str]:
        _, low, high = self._dictionary[node.attrib["data_ele"]]
        if not isinstance(codes, tuple) or not codes or not all(isinstance(code, str) for code in codes):
            raise OverlayError(place, "codes are a list of texts")
        for code in codes:
            if not low <= len(code) <= high or code != code.strip():
                raise OverlayError(place, f"{code!r} does not fit {node.get('xid')}: {low} to {high} characters")
        return codes

    @staticmethod
    def _most(place: str, value: Any) -> str:
        if value == "unbounded":
            return UNBOUNDED
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise OverlayError(place, 'a maximum is a number from 1 on, or "unbounded"')
        return str(value)

    def _allow(self, place: str, entry: Mapping[str, Any]) -> None:
        name = str(entry["segment"])
        source = self._elsewhere(name)
        if source is None:
            raise OverlayError(place, f"no guide of this release has a segment {name}")
        if "after" in entry:
            before = self._node(place, entry["after"])
            parent = next(loop for loop in [self._root, *self._root.iter("loop")] if before in list(loop))
        else:
            before, parent = self._root[-2], self._root
        if parent.find(f"./segment[@xid='{name}']") is not None:
            raise OverlayError(place, f"the guide has {name} there already")
        if before is self._root[-1]:
            raise OverlayError(place, "nothing stands after the SE")
        taken = {_position(child) for child in parent}
        position = _position(before)
        while position in taken:
            position += 1
        later = [taken_position for taken_position in taken if taken_position > _position(before)]
        if later and position > min(later):
            position = self._make_room(_position(before))
        added = copy.deepcopy(source)
        added.set("usage", "S")
        added.set("max_use", self._most(place, entry.get("max", 1)))
        added.set("pos", f"{position:03d}")
        parent.insert(list(parent).index(before) + 1, added)

    def _make_room(self, after: int) -> int:
        """Move everything behind position `after` up by one; gives the position that is free now."""
        for node in self._root.iter():
            if node.tag in ("loop", "segment") and _position(node) > after:
                node.set("pos", f"{_position(node) + 1:03d}")
        return after + 1


def _position(node: Element) -> int:
    return int(node.attrib["pos"])


def _remove_codes(node: Element) -> None:
    present = node.find("valid_codes")
    if present is not None:
        node.remove(present)


def _append_codes(valid_codes: Element, codes: Iterable[str]) -> None:
    for code in codes:
        ElementTree.SubElement(valid_codes, "code").text = code
