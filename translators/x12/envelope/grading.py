"""How severe a finding is for this partner."""

from __future__ import annotations

from dataclasses import replace
from typing import Unpack

from translators.findings import Finding, FindingFields, new_finding
from translators.profile import Profile


def graded_finding(code: str, profile: Profile, message: str = "", **fields: Unpack[FindingFields]) -> Finding:
    """A finding of the catalogue with the severity that it has for this partner: errors in `tolerate` are warnings."""
    return with_partner_severity(new_finding(code, message, **fields), profile)


def with_partner_severity(finding: Finding, profile: Profile) -> Finding:
    """The finding; as a warning if it is an error that this partner is forgiven (`tolerate`, unless `strict`)."""
    if finding.severity == "error" and not profile.strict and finding.code in profile.tolerate:
        return replace(finding, severity="warning")
    return finding
