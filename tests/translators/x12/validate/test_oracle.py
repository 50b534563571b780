"""pyx12 as the oracle: what the plan accepts it accepts, what we reject under strict it rejects, or we say why."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.translators.x12.oracle.differences import explained
from tests.translators.x12.oracle.generate import damaged, valid_set
from tests.translators.x12.oracle.judge import judge, loaded, loaded_in_other_shape
from tests.translators.x12.oracle.maps import pyx12_map
from translators.profile import DEFAULT_TOLERATE, Delimiters
from translators.x12.guide.maps import load_plan
from translators.x12.guide.plan import Plan
from translators.x12.sets.table import SETS, releases_of
from translators.x12.validate.diagnose import diagnose
from translators.x12.validate.verdict import validate_set, verdict_of

PAIRS = [(set_id, release) for set_id in SETS for release in releases_of(set_id)]
SEEDS = st.integers(0, 2**48)
# A run of the long proof judges LONG_EXAMPLES times SETS_EACH sets.
SETS_EACH = 10
LONG_EXAMPLES = 2_100


@lru_cache
def delimiters(release: str) -> Delimiters:
    return Delimiters(repetition="^") if release == "005010" else Delimiters()


# Overlays that touch what both sides read: usage, codes (also where a segment begins), maxima, foreign segments.
OVERLAYS: dict[tuple[str, str], dict[str, Any]] = {
    ("180", "004010"): {
        "require": [{"path": "/BLI/RDR"}, {"path": "/N1"}, {"element": "BLI03"}],
        "forbid": [{"path": "/BLI/SAC"}, {"path": "/LM"}, {"element": "N903"}],
        "codes": [{"element": "BGN01", "only": ["00", "13"]}, {"element": "RDR02", "add": ["ZZ"]}],
        "maximum": [{"path": "/BLI", "max": 2}, {"path": "/N9", "max": 1}],
        "allow": [{"segment": "CTT"}, {"segment": "REF", "after": "/PRF", "max": 3}],
    },
    ("944", "005010"): {
        "require": [{"path": "/LX/W07"}, {"element": "W1704"}],
        "forbid": [{"path": "/LX/PAL"}],
        "codes": [{"element": "W1701", "only": ["C"]}, {"element": "W1303", "open": True}],
        "maximum": [{"path": "/LX/W07/W13", "max": 1}],
    },
}


def agree(set_id: str, release: str, random: Random) -> None:
    """One generated set, unharmed or damaged, judged by the plan, by the diagnoser and by pyx12."""
    judged(load_plan(set_id, release), loaded(set_id, release), random)


def judged(plan: Plan, tree: Any, random: Random) -> None:
    set_id, release = plan.set_id, plan.release
    marks = delimiters(release)
    segments = valid_set(plan, random)
    unharmed = random.random() < 0.25
    if not unharmed:
        segments = damaged(plan, segments, random)
    accepted = plan.check(segments, marks)
    findings = diagnose(plan, segments, marks, strict=True)
    theirs = judge(tree, segments, marks)
    shown = "\n".join([set_id, release, *segments, *map(str, findings), *theirs])
    assert accepted or not unharmed, shown
    assert accepted == (not findings), shown
    if not theirs:
        assert explained(findings), shown
    else:
        assert findings, shown
    assert validate_set(plan, segments, marks, strict=True) == findings, shown
    assert (verdict_of(findings) == "accepted") == accepted, shown
    if accepted:
        assert validate_set(plan, segments, marks, tolerate=DEFAULT_TOLERATE) == [], shown


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS)
def test_our_verdicts_are_pyx12s(seed: int) -> None:
    random = Random(seed)
    for _ in range(SETS_EACH):
        agree(*random.choice(PAIRS), random)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS)
def test_our_verdicts_are_pyx12s_under_an_overlay(seed: int) -> None:
    random = Random(seed)
    for (set_id, release), overlay in OVERLAYS.items():
        plan, tree = load_plan(set_id, release, overlay), overlaid(set_id, release)
        for _ in range(SETS_EACH):
            judged(plan, tree, random)


@lru_cache
def overlaid(set_id: str, release: str) -> Any:
    return pyx12_map(set_id, release, OVERLAYS[set_id, release])


@pytest.mark.parametrize("release", releases_of("944"))
def test_our_verdicts_are_pyx12s_on_a_944_in_the_other_shape(release: str) -> None:
    make = load_plan("944", release).other_shape
    assert make is not None
    plan, tree, random = make(), loaded_in_other_shape(release), Random(release)
    assert ("LX" in plan.ids) == (release == "004010")
    for _ in range(40):
        judged(plan, tree, random)


@pytest.mark.long
@settings(max_examples=LONG_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS)
def test_our_verdicts_are_pyx12s_on_twenty_thousand_sets(seed: int) -> None:
    random = Random(seed)
    for _ in range(SETS_EACH):
        agree(*random.choice(PAIRS), random)
