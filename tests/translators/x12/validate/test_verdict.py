"""Verdicts, and the way a clean set takes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from translators.findings import Finding, Severity, new_finding
from translators.profile import DEFAULT_TOLERATE, Delimiters
from translators.translation import Verdict
from translators.x12.guide.maps import load_plan
from translators.x12.guide.plan import WARM_UP
from translators.x12.validate.verdict import validate_set, verdict_of


@pytest.mark.parametrize(
    ("severities", "wanted"),
    [
        ([], "accepted"),
        (["note"], "accepted"),
        (["note", "warning"], "accepted_with_errors"),
        (["warning", "error", "note"], "rejected"),
    ],
)
def test_the_worst_finding_decides(severities: list[Severity], wanted: Verdict) -> None:
    findings = [Finding(code="x", severity=severity, message="") for severity in severities]
    assert verdict_of(iter(findings)) == wanted


def test_every_tolerated_code_is_in_the_catalogue() -> None:
    for code in DEFAULT_TOLERATE:
        assert new_finding(code).code == code


def test_a_clean_set_needs_no_diagnosis() -> None:
    lines = [
        "import sys",
        "from translators.x12.guide.maps import load_plan",
        "from translators.x12.validate.verdict import validate_set",
        "from translators.profile import Delimiters",
        "segments = ['ST*180*0001', 'BGN*00*1*20250314', 'SE*3*0001']",
        "assert validate_set(load_plan('180', '004010'), segments, Delimiters()) == []",
        "print('translators.x12.validate.diagnose' in sys.modules)",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_sets_text_can_be_proven_without_cutting_it_up() -> None:
    plan, delimiters = load_plan("180", "005010"), Delimiters(segment="'")
    segments = ["ST*180*0001", "BGN*00*1*20250314", "BLI*UP*012345678905*3*EA", "SE*4*0001"]
    text = "'".join(segments) + "'"
    assert not plan.check_text(text, delimiters)
    for _ in range(WARM_UP // 4 + 1):
        assert validate_set(plan, segments, delimiters) == []
    assert plan.check_text(text, delimiters)
    for wrong in (
        text[:-1],
        text.replace("EA'", "EA*'"),
        text.replace("1*2025", "1 *2025"),
        text.replace("0314", "0231"),
    ):
        assert not plan.check_text(wrong, delimiters)
