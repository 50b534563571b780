"""The tree of hierarchical levels (HL) of a ship notice, from HL02, with level order where HL02 says nothing usable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from translators.bindings import Located

# BSN05 (DE 1005) → the order of levels from the outside in. A tare is a pack of packs.
STRUCTURES: Mapping[str, str] = {"0001": "SOTPI", "0002": "SOITP", "0003": "STPOI", "0004": "SOITP"}
SHIPMENT, ORDER, CONTAINERS = "S", "O", frozenset("TP")
OUTER = frozenset({SHIPMENT, ORDER})
MAX_DEPTH = 12
# HL01 holds 12 characters; what is longer is not a running number.
ID_LENGTH = 12


@dataclass(slots=True, eq=False)
class Level:
    """One HL loop: its segments, its parent and children in the tree."""

    id: str
    parent_id: str
    code: str
    order: int
    run: list[Located]
    scope: dict[str, list[Located]]
    parent: Level | None = None
    children: list[Level] = field(default_factory=list)

    def ancestors(self) -> Iterator[Level]:
        """From the parent up to the root, at most MAX_DEPTH of them: real trees have six levels."""
        level = self.parent
        for _ in range(MAX_DEPTH):
            if level is None:
                return
            yield level
            level = level.parent

    @property
    def rank(self) -> tuple[int, int, int]:
        """Children stand by HL01 where it is a number, then in the order of the file."""
        number = self.id.isascii() and self.id.isdigit() and len(self.id) <= ID_LENGTH
        return (0, int(self.id), self.order) if number else (1, 0, self.order)


def build_tree(levels: list[Level], structure: str = "0001") -> list[Level]:
    """Set parent and children of every level; the roots, in order.

    A parent id that is missing, unknown, its own, or part of a ring falls back on level order.
    """
    by_id: dict[str, Level] = {}
    for level in levels:
        by_id.setdefault(level.id, level)
    for level in levels:
        level.parent = by_id.get(level.parent_id) if level.parent_id and level.parent_id != level.id else None
    for level in _rings(levels):
        level.parent = None
    adopted = _adopt(levels, STRUCTURES.get(structure, STRUCTURES["0001"]))
    for level in _rings(levels):
        if level in adopted:
            level.parent = None
    roots: list[Level] = []
    for level in sorted(levels, key=lambda level: level.rank):
        (roots if level.parent is None else level.parent.children).append(level)
    return roots


def _rings(levels: list[Level]) -> list[Level]:
    """Levels that are their own ancestors."""
    walk: dict[Level, int] = {}
    in_rings: list[Level] = []
    for number, start in enumerate(levels):
        level: Level | None = start
        path: list[Level] = []
        while level is not None and level not in walk:
            walk[level] = number
            path.append(level)
            level = level.parent
        if level is not None and walk[level] == number:
            in_rings.extend(path[path.index(level) :])
    return in_rings


def _adopt(levels: list[Level], inside: str) -> set[Level]:
    """Levels without a parent get the nearest level before them that stands further out, if there is one."""
    adopted: set[Level] = set()
    open_levels: list[tuple[int, Level]] = []
    for level in levels:
        depth = inside.find(level.code) if level.code and level.code in inside else len(inside)
        while open_levels and open_levels[-1][0] >= depth:
            open_levels.pop()
        if level.parent is None and open_levels:
            level.parent = open_levels[-1][1]
            adopted.add(level)
        open_levels.append((depth, level))
    return adopted


def in_order(roots: list[Level]) -> list[Level]:
    """The tree from the top, each level before what it holds."""
    ordered: list[Level] = []
    waiting = roots[::-1]
    while waiting:
        level = waiting.pop()
        ordered.append(level)
        waiting.extend(level.children[::-1])
    return ordered


def line_levels(ordered: list[Level]) -> list[Level]:
    """The levels that are shipped items, in order.

    An item (LIN) with a quantity (SN1) is one; without a quantity it is one unless items below it are; a level that
    is neither shipment, order nor container is one by its quantity alone.
    """
    lines: set[Level] = set()
    above_lines: set[Level] = set()
    for level in reversed(ordered):
        quantity = "SN1" in level.scope
        if "LIN" in level.scope:
            is_line = quantity or (level.code not in OUTER and level not in above_lines)
        else:
            is_line = quantity and level.code not in OUTER and level.code not in CONTAINERS
        if is_line:
            lines.add(level)
        if level.parent is not None and (is_line or level in above_lines):
            above_lines.add(level.parent)
    return [level for level in ordered if level in lines]


def packs_below(level: Level, lines: set[Level]) -> list[Level]:
    """What a line is packed as: the levels below it down to the next line."""
    packs: list[Level] = []
    waiting = level.children[::-1]
    while waiting:
        below = waiting.pop()
        if below not in lines:
            packs.append(below)
            waiting.extend(below.children[::-1])
    return packs
