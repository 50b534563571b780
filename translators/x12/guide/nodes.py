"""What a guide says, as plain immutable data: loops, segments, elements and the notes that tie elements together.

Built from a guide's XML by `guide`, compiled by `plan`, read by `diagnose` and `explain`. Usages are pyx12's:
R required, S situational (optional), N not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Usage = Literal["R", "S", "N"]


class Note(NamedTuple):
    """A syntax note: P all or none, R at least one, E at most one, C and L what the first one asks for."""

    kind: str
    elements: tuple[int, ...]

    def holds(self, present: frozenset[int]) -> bool:
        """Is the note kept when exactly the elements at the positions `present` have a value?"""
        count = sum(i in present for i in self.elements)
        if self.kind == "P":
            return count in (0, len(self.elements))
        if self.kind == "R":
            return count > 0
        if self.kind == "E":
            return count <= 1
        if self.elements[0] not in present:
            return True
        return count == len(self.elements) if self.kind == "C" else count > 1

    def __str__(self) -> str:
        return self.kind + "".join(f"{i:02d}" for i in self.elements)


class ElementDef(NamedTuple):
    """One element or component: its data element number, type, lengths, usage, codes where closed, repeats."""

    id: str
    data_element: str
    name: str
    data_type: str
    low: int
    high: int
    usage: Usage
    codes: frozenset[str] | None = None
    components: tuple[ElementDef, ...] = ()
    notes: tuple[Note, ...] = ()
    repeat: int = 1


class SegmentDef(NamedTuple):
    """What a segment is made of, wherever it stands. Equal definitions share their compiled pattern."""

    id: str
    name: str
    elements: tuple[ElementDef, ...]
    notes: tuple[Note, ...] = ()

    @property
    def formatted(self) -> bool:
        """Does the second element say how the third is written (DTP)?"""
        return self.id == "DTP" and len(self.elements) == 3


@dataclass(eq=False, slots=True)
class SegmentNode:
    """One place of a segment in a set. `most` is None where it may repeat without bound.

    `define` reads the segment's definition from the guide. It is read when it is first asked for: a small file has a
    few of a guide's segments.
    """

    id: str
    usage: Usage
    most: int | None
    parent: LoopNode
    index: int
    depth: int
    define: Callable[[], SegmentDef]
    _definition: SegmentDef | None = None

    @property
    def definition(self) -> SegmentDef:
        """What the segment is made of."""
        if self._definition is None:
            self._definition = self.define()
        return self._definition

    @property
    def path(self) -> str:
        """The names of the loops around it and its own: "/BLI/RDR"."""
        return f"{self.parent.path}/{self.id}"

    @property
    def opens_loop(self) -> bool:
        """Is it the first segment of a loop? The ST of the set is not meant."""
        return self.index == 0 and self.parent.parent is not None


@dataclass(eq=False, slots=True)
class LoopNode:
    """One loop of a set; the set itself is the outermost one, with no parent and an empty path."""

    id: str
    name: str
    usage: Usage
    most: int | None
    parent: LoopNode | None
    index: int
    depth: int
    children: list[SegmentNode | LoopNode] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The names of the loops from the set on: "/BLI"; "" for the set itself."""
        return "" if self.parent is None else f"{self.parent.path}/{self.id}"

    @property
    def first(self) -> SegmentNode:
        """The segment that opens the loop."""
        first = self.children[0]
        assert isinstance(first, SegmentNode)
        return first

    def walk(self) -> Iterator[SegmentNode | LoopNode]:
        """Every node below, in the order of the guide."""
        for child in self.children:
            yield child
            if isinstance(child, LoopNode):
                yield from child.walk()

    def segments(self) -> Iterator[SegmentNode]:
        """Every segment below, in the order of the guide."""
        return (node for node in self.walk() if isinstance(node, SegmentNode))

    def encloses(self, node: SegmentNode | LoopNode) -> bool:
        """Is `node` this loop, or somewhere inside it?"""
        at: SegmentNode | LoopNode | None = node
        while at is not None and at is not self:
            at = at.parent
        return at is self


def opening(node: SegmentNode | LoopNode) -> SegmentNode:
    """The segment by which `node` is recognised: itself, or the one that opens the loop."""
    return node if isinstance(node, SegmentNode) else node.first
