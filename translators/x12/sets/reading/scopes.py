"""A set cut into scopes for bindings to read (header, lines, nested loops), and the bindings of each set."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from translators.bindings import Bindings, Located, Provenance, compile_bindings
from translators.profile import Profile
from translators.x12.sets.code_meanings import BUILTIN
from translators.x12.sets.context import SetContext
from translators.x12.sets.table import SETS, folder_of

Loops = Mapping[str, "Loops | None"]
"""Loop start → what may stand in the loop: a segment (None) or a loop of its own (its Loops)."""

ADDRESS: Loops = {"N2": None, "N3": None, "N4": None, "PER": None, "REF": None, "FOB": None}
CODE_SOURCE: Loops = {"LQ": None}

_CACHED_PROFILES = 512
_compiled: dict[tuple[int, str], tuple[Profile, Bindings]] = {}


@cache
def base_bindings(set_id: str) -> Mapping[str, Any]:
    """The bindings table in a set's folder ("180"). FileNotFoundError for a set that has none."""
    if set_id not in SETS:
        raise FileNotFoundError(f"no set {set_id}")
    return tomllib.loads((folder_of(set_id) / "bindings.toml").read_text(encoding="utf-8"))


def bindings_for(set_id: str, profile: Profile) -> Bindings:
    """The set's bindings with the partner's overrides, compiled once per profile. Raises BindingError."""
    key = (id(profile), set_id)
    known = _compiled.get(key)
    if known is not None and known[0] is profile:
        return known[1]
    bindings = compile_bindings(base_bindings(set_id), profile.bindings.get(set_id), profile=profile, builtin=BUILTIN)
    if len(_compiled) >= _CACHED_PROFILES:
        _compiled.clear()
    _compiled[key] = (profile, bindings)
    return bindings


def locate(segments: list[list[str]], context: SetContext) -> list[Located]:
    """Segments with their positions, in the partner's character set, without ST, SE and what has no segment id."""
    if context.profile.charset != "latin-1":
        segments = [[context.text(element) for element in segment] for segment in segments]
    return [
        (position, segment)
        for position, segment in enumerate(segments, 1)
        if segment and segment[0] and segment[0] not in {"ST", "SE"}
    ]


def scope_of(located: Iterable[Located], loops: Loops) -> dict[str, list[Located]]:
    """Located segments → scope: segments by their path ("N9", "N1/N4", "QTY/LX/N9"), in order."""
    scope: dict[str, list[Located]] = {}
    open_loops: list[tuple[str, Loops]] = []
    for entry in located:
        segment_id = entry[1][0]
        while open_loops and segment_id not in open_loops[-1][1]:
            open_loops.pop()
        if open_loops:
            path, members = open_loops[-1]
            path = f"{path}/{segment_id}"
        else:
            path, members = segment_id, loops
        scope.setdefault(path, []).append(entry)
        inner = members.get(segment_id)
        if inner is not None:
            open_loops.append((path, inner))
    return scope


def split_at(located: list[Located], start_id: str) -> list[list[Located]]:
    """Runs of segments: the first is what stands before any `start_id` segment, each other begins with one."""
    runs: list[list[Located]] = [[]]
    for entry in located:
        if entry[1][0] == start_id:
            runs.append([])
        runs[-1].append(entry)
    return runs


class ScopeValues(NamedTuple):
    """What bindings gave for one scope."""

    fields: dict[str, Any]
    provenance: Provenance

    def text(self, name: str) -> str:
        """The text field `name`, "" where there is none."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else str(value)

    def keywords(self, *names: str) -> dict[str, Any]:
        """Those of the fields that have a value, as keywords of a document."""
        return {name: self.fields[name] for name in names if name in self.fields}

    def trace(self, into: Provenance, prefix: str, *names: str) -> None:
        """Note where `names` came from under `prefix`."""
        for name in names:
            source = self.provenance.get(name)
            if source is not None:
                into[prefix + name] = source


def at(segment: list[str], element: int) -> str:
    """One element without outer blanks, "" beyond the end."""
    return segment[element].strip() if element < len(segment) else ""
