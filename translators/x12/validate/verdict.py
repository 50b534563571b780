"""Validate one transaction set against its plan, and settle its verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from translators.findings import Finding, new_finding
from translators.profile import Delimiters
from translators.translation import Verdict
from translators.x12.guide.plan import Plan


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
    `strict` tolerates nothing; otherwise a 944 may also have its lines in, or out of, LX loops against its release.
    Counts and control numbers of the SE are not compared here.
    """
    if plan.check(segments, delimiters):
        return []
    if not strict and plan.other_shape is not None:
        opener = "LX" + delimiters.element
        position = next((i for i, segment in enumerate(segments, 1) if segment.startswith(opener)), 0)
        if bool(position) != ("LX" in plan.ids):
            note = new_finding("other_shape", position=position)
            return [note, *validate_set(plan.other_shape(), segments, delimiters, tolerate=tolerate)]
    from translators.x12.validate.diagnose import diagnose  # needed after a miss only

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
