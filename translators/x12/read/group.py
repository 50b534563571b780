"""A functional group's header and trailer: what GS says, whether GE agrees, and the verdict on the group."""

from __future__ import annotations

from typing import Literal

from translators.findings import Finding, new_finding
from translators.profile import Profile
from translators.translation import GroupResult
from translators.x12.envelope.grading import with_partner_severity
from translators.x12.envelope.limits import MAX_VALUE_SHOWN
from translators.x12.envelope.standards import DIGITS, is_date, is_time, same_number
from translators.x12.read.guides import Guides
from translators.x12.read.transaction_set import OpenGroup
from translators.x12.sets.table import groups

GroupVerdict = Literal["accepted", "accepted_with_errors", "partially_accepted", "rejected"]


def read_group_header(elements: list[str]) -> GroupResult:
    """A GS segment's elements → an open group's result, with what is wrong with the header."""
    values = [*elements, *[""] * 8][1:9]
    functional_id, sender, receiver, date, time, number, agency, version = values
    checks = (
        (1, len(functional_id) == 2),
        (2, 2 <= len(sender) <= 15),
        (3, 2 <= len(receiver) <= 15),
        (4, is_date(date, 8) or (version < "004010" and is_date(date, 6))),
        (5, is_time(time, 4, 8)),
        (7, agency in {"X", "T"}),
        (8, len(version) <= 12),
    )
    findings = [_gs("group_header", element, values[element - 1]) for element, good in checks if not good]
    if not DIGITS.match(number) or len(number) > 9:
        findings.append(_gs("group_control_number", 6, number))
    if not version:
        findings.append(_gs("group_version", 8, version))
    return GroupResult(
        functional_id=functional_id,
        control_number=number,
        version=version,
        sender=sender,
        receiver=receiver,
        verdict="accepted",
        findings=findings,
        date=date,
        time=time,
    )


def _gs(code: str, element: int, value: str) -> Finding:
    return new_finding(code, segment="GS", element=element, value=value[:MAX_VALUE_SHOWN])


def end_group(group: OpenGroup, trailer: list[str] | None, profile: Profile, guides: Guides) -> None:
    """Settle a group with its GE (None where there is none): counts, numbers, version, functional id, verdict."""
    result = group.result
    result.findings += _trailer_findings(result, trailer, profile)
    result.findings += _support_findings(group, profile, guides)
    result.findings[:] = [with_partner_severity(finding, profile) for finding in result.findings]
    result.verdict = group_verdict(result)
    if any(finding.severity == "error" for finding in result.findings):
        reject_sets(result, new_finding("group_rejected"))


def _trailer_findings(result: GroupResult, trailer: list[str] | None, profile: Profile) -> list[Finding]:
    held = len(result.sets)
    result.claimed_sets = held
    if trailer is None:
        return [new_finding("ge_missing", segment="GE")]
    elements = [*trailer, "", ""]
    count, number = elements[1][:MAX_VALUE_SHOWN], elements[2][:MAX_VALUE_SHOWN]
    findings = []
    if not same_number(count, str(held)):
        message = f"GE01 says {count or 'nothing'}, the group has {held} sets"
        findings.append(new_finding("ge_set_count", message, segment="GE", element=1, value=count))
        if DIGITS.match(count) and len(count) <= 6:
            result.claimed_sets = int(count)
    if not same_number(number, result.control_number):
        message = f"GE02 is {number or 'empty'}, GS06 is {result.control_number or 'empty'}"
        findings.append(new_finding("ge_control_number", message, segment="GE", element=2, value=number))
    elif number != result.control_number:
        findings.append(new_finding("group_number_padding", segment="GE", element=2, value=number))
    return findings


def _support_findings(group: OpenGroup, profile: Profile, guides: Guides) -> list[Finding]:
    """Is the functional id one that we process, and is there a guide for the version?

    A known set in a group of another id is routed by its own id, unless the partner is strict.
    """
    result = group.result
    if result.functional_id not in groups() and (profile.strict or not group.known_sets):
        return [_gs("group_functional_id", 1, result.functional_id)]
    if (
        result.sets
        and not group.known_sets
        and any(guides.knows(transaction_set.set_id) for transaction_set in result.sets)
    ):
        return (
            []
            if any(finding.code == "group_version" for finding in result.findings)
            else [_gs("group_version", 8, result.version)]
        )
    return []


def group_verdict(result: GroupResult) -> GroupVerdict:
    """The group's verdict from its own findings and those of its sets (AK901: R, P, E or A)."""
    if any(finding.severity == "error" for finding in result.findings):
        return "rejected"
    accepted = sum(transaction_set.verdict != "rejected" for transaction_set in result.sets)
    if result.sets and not accepted:
        return "rejected"
    if accepted < len(result.sets):
        return "partially_accepted"
    noted = any(finding.severity == "warning" for finding in result.findings)
    if noted or any(transaction_set.verdict == "accepted_with_errors" for transaction_set in result.sets):
        return "accepted_with_errors"
    return "accepted"


def reject_sets(result: GroupResult, reason: Finding) -> None:
    """Reject every set of the group and take its documents away; sets without an error of their own get `reason`."""
    for transaction_set in result.sets:
        transaction_set.documents = []
        if transaction_set.verdict != "rejected" or not any(
            finding.severity == "error" for finding in transaction_set.findings
        ):
            transaction_set.verdict = "rejected"
            transaction_set.findings.append(reason)
