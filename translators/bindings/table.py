"""A compiled table of bindings: reads the values of one scope, each with the element it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from translators.bindings.paths import Candidate
from translators.canonical import Code
from translators.provenance import Source

Located = tuple[int, list[str]]
"""A segment and its position in the set, ST = 1."""

Scope = Mapping[str, Sequence[Located]]
"""The segments of one scope by path below it ("N9", "QTY/LX/N9"), in the order of the file."""

Values = dict[str, Any]
Provenance = dict[str, Source]


Steps = tuple[tuple[str, str, int, str, int, int, bool], ...]
"""Candidates as plain tuples for the loop that runs for every line: key, segment, element, qualifier, its element,
component, in_header."""


class BoundField(NamedTuple):
    """One canonical field: where its value comes from and what it becomes. `convert` is None for text as it stands."""

    name: str
    candidates: tuple[Candidate, ...]
    steps: Steps
    constant: Any
    crosswalk: str
    kind: str
    convert: Callable[[str], Any] | None
    overridden: bool


class Bindings(NamedTuple):
    """A compiled table: scope name → its fields."""

    scopes: Mapping[str, tuple[BoundField, ...]]
    translate: Callable[[str, str, str], str | None]

    def read(
        self, scope_name: str, scope: Scope, header: Scope | None = None, *, on: str = "", component: str = ">"
    ) -> tuple[Values, Provenance]:
        """The values of one scope, and for each the element it was read from.

        `header` is where `/` paths look. `on` (ISO date) picks the crosswalk rows valid then; where the scope itself
        has an `issued_on`, that date serves the fields after it. Fields without a value are absent from both results;
        constants have no provenance. A value that is not of its field's type counts as absent: validation has said
        so already, or will for the partner's samples.
        """
        values: Values = {}
        provenance: Provenance = {}
        for field in self.scopes[scope_name]:
            value = None
            for step in field.steps:
                located = (header if step[6] and header is not None else scope).get(step[0])
                if located:
                    value = _first(field.convert, step, located, component, field.name, provenance)
                    if value is not None:
                        break
            else:
                value = field.constant
                if value is None:
                    continue
            if field.crosswalk:
                value = self._translated(field, value, on)
            values[field.name] = value
            if not on and field.name == "issued_on" and isinstance(value, date):
                on = value.isoformat()
        return values, provenance

    def _translated(self, field: BoundField, value: Any, on: str) -> Any:
        if field.kind == "code":
            return Code(raw=value, canonical=self.translate(field.crosswalk, value, on) or "")
        ours = self.translate(field.crosswalk, str(value), on)
        return value if ours is None else ours


def _first(
    convert: Callable[[str], Any] | None,
    step: tuple[str, str, int, str, int, int, bool],
    located: Sequence[Located],
    component: str,
    name: str,
    provenance: Provenance,
) -> Any:
    """The candidate's first usable value among its segments, noted in `provenance`; None if there is none."""
    _, segment_id, element, qualifier, qualifier_element, number, _ = step
    for position, segment in located:
        if len(segment) <= element or (qualifier and segment[qualifier_element] != qualifier):
            continue
        raw = segment[element]
        if number and raw:
            parts = raw.split(component)
            raw = parts[number - 1] if number <= len(parts) else ""
        raw = raw.strip()
        if raw:
            value = convert(raw) if convert else raw
            if value is not None:
                provenance[name] = Source(segment_id, position, element, number)
                return value
    return None
