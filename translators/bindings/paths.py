"""Paths of candidates in pyx12's syntax: `BGN02`, `N9[RZ]02`, `QTY03-1`, `BLI/RDR02`, `/BGN02`."""

from __future__ import annotations

import re
from typing import NamedTuple

from translators.bindings.errors import BindingError

# The element that qualifies a segment in `SEG[qualifier]`: the first, but for these.
QUALIFIER_ELEMENT = {"TD5": 2, "LIN": 2, "SLN": 9, "PID": 2, "SAC": 2, "HL": 3, "W13": 3}

_PATH = re.compile(r"([A-Z][A-Z0-9]{1,2})(?:\[([A-Z0-9]+)\])?([0-9]{2})(?:-([0-9]+))?")
_LOOP = re.compile(r"[A-Z][A-Z0-9]{0,4}")


class Candidate(NamedTuple):
    """One compiled path. `key` is the path of the segment below the scope; `in_header` looks there instead."""

    path: str
    key: str
    segment: str
    qualifier: str
    qualifier_element: int
    element: int
    component: int
    in_header: bool


def parse_path(path: str, loop: str = "", place: str = "") -> Candidate:
    """One path → Candidate. `loop` is the scope's own loop, which a path may name. Raises BindingError."""
    in_header = path.startswith("/")
    *loops, last = path.removeprefix("/").split("/")
    match = _PATH.fullmatch(last)
    if match is None or not all(_LOOP.fullmatch(loop) for loop in loops):
        raise BindingError(place, f"{path!r} is not a path like BGN02, N9[RZ]02, QTY03-1 or BLI/RDR02")
    segment, qualifier, element, component = match.groups()
    if not in_header:
        own = loop.split("/") if loop else []
        for start in range(len(own)):
            if loops[: len(own) - start] == own[start:]:
                loops = loops[len(own) - start :]
                break
    if loops and loops[-1] == segment:
        loops.pop()
    return Candidate(
        path=path,
        key="/".join([*loops, segment]),
        segment=segment,
        qualifier=qualifier or "",
        qualifier_element=QUALIFIER_ELEMENT.get(segment, 1),
        element=int(element),
        component=int(component or 0),
        in_header=in_header,
    )
