"""What samples have and the base guides do not → overlays that let it in: codes, and segments of other sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gateway.onboarding.propose.sample_x12 import X12Facts
from translators.profile import Profile
from translators.x12.guide.maps import load_plan, nearest_release
from translators.x12.guide.overlay import OverlayError

Overlays = dict[str, dict[str, list[dict[str, Any]]]]
"""Set → table of its overlay (codes, allow) → entries."""


def guess_overlays(facts: X12Facts, samples: Sequence[tuple[str, bytes]], profile: Profile) -> Overlays:
    """Entries for what the samples use beyond the guides; only those that fit the guide."""
    overlays: Overlays = {}
    release = next(iter(facts.versions), "004010")
    for set_id, entry in _codes(facts):
        _keep_if_it_fits(overlays, set_id, release, "codes", entry)
    for set_id, segment in sorted(facts.strange_segments):
        for after in ("", *sorted(facts.strange_segments[set_id, segment])):
            entry = {"segment": segment, **({"after": f"/{after}"} if after else {})}
            if not _keep_if_it_fits(overlays, set_id, release, "allow", entry):
                continue
            if not _still_strange(set_id, segment, samples, profile.model_copy(update={"overlays": overlays})):
                break
            overlays[set_id]["allow"].pop()
    return {
        set_id: entries for set_id, tables in overlays.items() if (entries := {k: v for k, v in tables.items() if v})
    }


def _codes(facts: X12Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    for set_id, found in facts.bad_codes.items():
        by_element: dict[str, set[str]] = {}
        for element, value in found:
            by_element.setdefault(element, set()).add(value.strip())
        for element, values in sorted(by_element.items()):
            yield set_id, {"element": element, "add": sorted(values)}


def _keep_if_it_fits(overlays: Overlays, set_id: str, release: str, table: str, entry: dict[str, Any]) -> bool:
    guide = nearest_release(set_id, release)
    tables = overlays.get(set_id, {})
    tried = {**tables, table: [*tables.get(table, []), entry]}
    try:
        load_plan(set_id, guide.name if guide else "", tried)
    except (OverlayError, KeyError):
        return False
    overlays[set_id] = tried
    return True


def _still_strange(set_id: str, segment: str, samples: Sequence[tuple[str, bytes]], profile: Profile) -> bool:
    facts = X12Facts()
    for name, data in samples:
        facts.add(data, name, profile)
    return (set_id, segment) in facts.strange_segments or bool(facts.misplaced & {(set_id, segment)})
