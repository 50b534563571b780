"""A partner's candidates that can never match the guide of the set."""

from __future__ import annotations

from collections.abc import Callable

from translators.bindings.paths import Candidate
from translators.bindings.table import Bindings


def unmatched_bindings(
    bindings: Bindings,
    has: Callable[[str, int], bool],
    may_be: Callable[[str, int, str], bool] = lambda segment, element, code: True,
) -> list[str]:
    """The partner's candidates that can never match: `has(segment id, element)` says what the guide knows,
    `may_be(segment id, element, code)` whether it lets that element have a qualifier.

    Only overridden fields are looked at; each answer names scope, field and path.
    """
    return [
        f"{scope_name}.{field.name}: {why}"
        for scope_name, fields in bindings.scopes.items()
        for field in fields
        if field.overridden
        for candidate in field.candidates
        if (why := _why_unmatched(candidate, has, may_be))
    ]


def _why_unmatched(
    candidate: Candidate, has: Callable[[str, int], bool], may_be: Callable[[str, int, str], bool]
) -> str:
    """Why a candidate can never match; "" if it can."""
    segment = candidate.segment
    if not has(segment, candidate.element):
        return f"the guide has no {segment}{candidate.element:02d} ({candidate.path})"
    if candidate.qualifier and not may_be(segment, candidate.qualifier_element, candidate.qualifier):
        element_name = f"{segment}{candidate.qualifier_element:02d}"
        return f"the guide lets {element_name} never be {candidate.qualifier} ({candidate.path})"
    return ""
