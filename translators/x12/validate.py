"""Validate one transaction set against its plan, and settle its verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from translators.findings import Finding
from translators.profile import Delimiters
from translators.translation import Verdict
from translators.x12.plan import Plan


def validate_set(
    plan: Plan,
    segments: list[str],
    delimiters: Delimiters,
    *,
    strict: bool = False,
    tolerate: Collection[str] = (),
) -> list[Finding]:
    """Everything wrong between ST and SE, in the order of the segments; [] for a clean set.

    `segments` are the raw segments of one set, ST first and SE last, without terminators and line breaks. A finding
    whose code is in `tolerate` is a warning, or one place of it: "element_too_long:W1703", "segment_too_many:N9".
    `strict` tolerates nothing. Counts and control numbers of the SE are not compared here.
    """
    if plan.check(segments, delimiters):
        return []
    from translators.x12.diagnose import diagnose  # needed after a miss only

    return diagnose(plan, segments, delimiters, strict=strict, tolerate=tolerate)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Any error rejects the set, warnings accept it with errors, notes change nothing."""
    verdict: Verdict = "accepted"
    for finding in findings:
        if finding.severity == "error":
            return "rejected"
        if finding.severity == "warning":
            verdict = "accepted_with_errors"
    return verdict
