"""Reading sets in tests: X12 text to split segments, and the check that provenance tells the truth."""

from __future__ import annotations

from typing import Any

from translators.canonical import InboundDocument
from translators.profile import Crosswalk, CrosswalkRow, Profile
from translators.x12.sets.context import SetContext


def split_segments(text: str) -> list[list[str]]:
    """`ST*…~SE*…~` → split segments."""
    return [segment.split("*") for segment in text.replace("\n", "").strip("~").split("~")]


def whole_set(set_id: str, body: str) -> list[list[str]]:
    """The segments between ST and SE → a whole set with a true count."""
    inner = split_segments(body)
    return [["ST", set_id, "0001"], *inner, ["SE", str(len(inner) + 2), "0001"]]


def context_from(role: str = "", **settings: Any) -> SetContext:
    """The context of a set that a partner of this role sent."""
    return SetContext(profile=Profile(role=role, **settings))


def crosswalk(name: str, **rows: str) -> dict[str, Crosswalk]:
    """theirs=ours pairs as the profile's crosswalks."""
    return {name: Crosswalk(name=name, rows=tuple(CrosswalkRow(theirs=k, ours=v) for k, v in rows.items()))}


def follow(document: InboundDocument, path: str) -> Any:
    """The value a provenance path names; AttributeError, IndexError or TypeError if there is none."""
    value: Any = document
    for step in path.split("."):
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    return value


def check_provenance(document: InboundDocument, segments: list[list[str]]) -> None:
    """Every noted place exists, in the document and in the set, and holds the segment it says."""
    assert document.provenance
    for path, source in document.provenance.items():
        assert follow(document, path) not in ("", None, ()), path
        segment = segments[source.position - 1]
        assert segment[0] == source.segment, path
        if source.element:
            assert segment[source.element].strip(), path
