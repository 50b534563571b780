"""pyx12's judgement of one set: its own walker and element checks on its own reading of the same map."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pyx12.map_walker
import pyx12.segment

from tests.translators.x12.oracle.maps import load_tree, pyx12_map
from translators.profile import Delimiters
from translators.x12.guide.files import segment_elsewhere
from translators.x12.guide.maps import guide_tree
from translators.x12.sets.set_944.shapes import other_shape


@lru_cache(maxsize=64)
def loaded(set_id: str, release: str) -> Any:
    return pyx12_map(set_id, release)


def loaded_in_other_shape(release: str) -> Any:
    """The 944 of a release with its lines in, or out of, LX loops."""
    tree = other_shape(guide_tree("944", release), lambda name: segment_elsewhere(release, name))
    return load_tree(tree, release)


def judge(tree: Any, segments: list[str], delimiters: Delimiters) -> list[str]:
    """What pyx12 finds wrong with a set: one line an error, [] if nothing."""
    walker = pyx12.map_walker.walk_tree()
    walker.forceWalkCounterToLoopStart("/ISA_LOOP", "/ISA_LOOP/ISA")
    walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS")
    node = tree.getnodebypath("/ISA_LOOP/GS_LOOP/GS")
    errors: list[str] = []
    for count, raw in enumerate(segments, 1):
        segment = pyx12.segment.Segment(raw, delimiters.segment, delimiters.element, delimiters.component)
        reached, _, _, found = walker.walk_errors(node, segment, count, count, None)
        errors += [f"{count} {e.err_cde} {e.err_str}" for e in found]
        if reached is None:
            continue
        node = reached
        try:
            good, wrong = node.is_valid_errors(segment)
        except (IndexError, ValueError) as broken:
            # A composite with too many components, a date range with two dashes: pyx12 fails on them.
            errors.append(f"{count} failed: {broken!r}")
            continue
        errors += [f"{count} {e.err_cde} {e.err_str}" for e in wrong]
        if not good and not wrong:
            errors.append(f"{count} not valid")
    if node.id != "SE":
        errors.append("no SE")
    return errors
