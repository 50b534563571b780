"""The verdicts that leave the whole engine, set by set, against pyx12's: framing, validation and judgement together."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.translators.x12.files import GROUPS, whole_file
from tests.translators.x12.oracle.differences import explained
from tests.translators.x12.oracle.generate import damaged, valid_set
from tests.translators.x12.oracle.judge import judge, loaded
from translators.profile import Delimiters, Profile
from translators.translation import SetResult
from translators.x12.guide.maps import load_plan
from translators.x12.read.file import InterchangeRead, stream_groups
from translators.x12.sets.table import SETS, releases_of

PAIRS = [(set_id, release) for set_id in SETS for release in releases_of(set_id)]
SETS_IN_A_FILE = 12


def a_file(set_id: str, release: str, sets: list[list[str]]) -> bytes:
    whole_sets = ["".join(f"{raw}~" for raw in segments) for segments in sets]
    return whole_file(*whole_sets, functional_id=GROUPS[set_id], version=release)


def verdicts(data: bytes) -> list[SetResult]:
    read = [e for e in stream_groups(data, Profile(strict=True), {}) if isinstance(e, InterchangeRead)]
    return [transaction_set for event in read for group in event.interchange.groups for transaction_set in group.sets]


def framed(segments: list[str], set_id: str, number: int) -> list[str]:
    """The set with its ST and SE in order, and no segment that framing would take for something else."""
    inner = [
        raw for raw in segments[1:-1] if raw.strip() and raw[:3].strip("*> ") not in {"ST", "SE", "GE", "IEA", "ISA"}
    ]
    return [f"ST*{set_id}*{number:04d}", *inner, f"SE*{len(inner) + 2}*{number:04d}"]


def compare(seed: int) -> None:
    random = Random(seed)
    set_id, release = random.choice(PAIRS)
    plan = load_plan(set_id, release)
    delimiters = Delimiters(repetition="^") if release == "005010" else Delimiters()
    sets = []
    for number in range(1, SETS_IN_A_FILE + 1):
        segments = valid_set(plan, random)
        if random.random() < 0.6:
            segments = damaged(plan, segments, random)
        sets.append(framed(segments, set_id, number))
    results = verdicts(a_file(set_id, release, sets))
    assert [transaction_set.control_number for transaction_set in results] == [
        f"{n:04d}" for n in range(1, SETS_IN_A_FILE + 1)
    ]
    for segments, result in zip(sets, results, strict=True):
        theirs = judge(loaded(set_id, release), segments, delimiters)
        shown = "\n".join([set_id, release, *segments, *map(str, result.findings), *theirs])
        if theirs:
            assert result.verdict == "rejected", shown
        else:
            assert result.verdict == "accepted" or explained(result.findings), shown


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**48))
def test_the_engines_verdicts_are_pyx12s(seed: int) -> None:
    compare(seed)


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**48))
def test_the_engines_verdicts_are_pyx12s_on_thousands_of_sets(seed: int) -> None:
    compare(seed)
