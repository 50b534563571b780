"""The findings of one set while it is diagnosed: graded by what the partner is forgiven, and bounded in number."""

from __future__ import annotations

from collections.abc import Collection

from translators.findings import Finding, Severity, new_finding
from translators.x12.envelope.limits import MAX_FINDINGS_PER_SET


class FindingList:
    """At most MAX_FINDINGS_PER_SET findings, the last of which then says that there are more.

    The first error is always listed, so that the findings tell the verdict.
    """

    def __init__(self, tolerate: Collection[str]) -> None:
        """`tolerate` are codes, or codes at one place ("segment_too_many:N9", "element_too_long:W1703")."""
        self._tolerate = tolerate
        self._findings: list[Finding] = []
        self._rejected = False
        self._more = False

    @property
    def full(self) -> bool:
        """True if as many findings as may be listed are there, an error among them."""
        return self._more and self._rejected

    def result(self) -> list[Finding]:
        """All findings, in the order in which they were added."""
        return [*self._findings, new_finding("too_many_findings")] if self._more else self._findings

    def severity(self, code: str, segment: str, reference: str = "") -> Severity:
        """error, or warning where the partner is forgiven the code; `reference` is the element, such as W1703."""
        tolerate = self._tolerate
        if code in tolerate or f"{code}:{segment}" in tolerate or (reference and f"{code}:{reference}" in tolerate):
            return "warning"
        return "error"

    def has_room(self, severity: Severity) -> bool:
        """May one more finding of this severity be added? Makes room for the first error by dropping the last one."""
        if self._more or len(self._findings) >= MAX_FINDINGS_PER_SET - 1:
            self._more = True
            if severity != "error" or self._rejected:
                return False
            self._findings.pop()
        return True

    def add(self, finding: Finding) -> None:
        """Add a finding for which there is room (`has_room`)."""
        self._rejected = self._rejected or finding.severity == "error"
        self._findings.append(finding)

    def remove(self, finding: Finding) -> None:
        """Take a finding back: what was missing did come. Nothing happens if it was dropped for want of room."""
        if finding in self._findings:
            self._findings.remove(finding)
