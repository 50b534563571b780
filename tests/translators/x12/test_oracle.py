"""pyx12 as the oracle: what the plan accepts it accepts, what we reject under strict it rejects, or we say why."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.translators.x12.differences import explained
from tests.translators.x12.generate import damaged, valid_set
from tests.translators.x12.oracle import judge, loaded
from translators.profile import DEFAULT_TOLERATE, Delimiters
from translators.x12.diagnose import diagnose
from translators.x12.guide import GUIDES, load_plan
from translators.x12.validate import validate_set, verdict_of

PAIRS = [(set_id, release) for set_id, releases in GUIDES.items() for release in releases]
SEEDS = st.integers(0, 2**48)
# A run of the long proof judges LONG_EXAMPLES times SETS_EACH sets.
SETS_EACH = 10
LONG_EXAMPLES = 2_100


@lru_cache
def delimiters(release: str) -> Delimiters:
    return Delimiters(repetition="^") if release == "005010" else Delimiters()


def agree(set_id: str, release: str, random: Random) -> None:
    """One generated set, unharmed or damaged, judged by the plan, by the diagnoser and by pyx12."""
    plan, marks = load_plan(set_id, release), delimiters(release)
    segments = valid_set(plan, random)
    unharmed = random.random() < 0.25
    if not unharmed:
        segments = damaged(plan, segments, random)
    accepted = plan.check(segments, marks)
    findings = diagnose(plan, segments, marks, strict=True)
    theirs = judge(loaded(set_id, release), segments, marks)
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


@pytest.mark.long
@settings(max_examples=LONG_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS)
def test_our_verdicts_are_pyx12s_on_twenty_thousand_sets(seed: int) -> None:
    random = Random(seed)
    for _ in range(SETS_EACH):
        agree(*random.choice(PAIRS), random)
