"""A strict receiver of what we send: it reads the bytes back and finds every fault."""

from __future__ import annotations

from translators.findings import Finding
from translators.profile import Profile
from translators.x12.envelope.standards import ACKNOWLEDGMENT_GROUP
from translators.x12.read.file import read_interchanges


def check_outbound(data: bytes, profile: Profile | None = None) -> list[Finding]:
    """Read back what we are about to send, as a strict receiver would: every finding but notes; empty means good.

    `profile` gives the overlays of the partner's guides. What is in an industry's version (004010VICS) is read with the
    nearest one, and so is an acknowledgment in a release that we have no guide of, as it answers in the group's own.
    """
    overlays = profile.overlays if profile else {}
    file = read_interchanges(data, Profile(strict=True, tolerate=(), overlays=overlays), {})
    groups = [group for interchange in file.interchanges for group in interchange.groups]
    meant = (g for g in groups if g.functional_id == ACKNOWLEDGMENT_GROUP or g.version[6:])
    if any(finding.code == "group_version" for group in meant for finding in group.findings):
        file = read_interchanges(data, Profile(tolerate=(), overlays=overlays), {})
    findings = list(file.findings)
    for interchange in file.interchanges:
        findings += interchange.findings
        for group in interchange.groups:
            findings += group.findings
            for transaction_set in group.sets:
                findings += transaction_set.findings
    return [finding for finding in findings if finding.severity != "note"]
