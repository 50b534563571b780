"""What is wrong with a set's own header and trailer, and with its place in the group."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from translators.findings import Finding, FindingFields, new_finding
from translators.profile import Profile
from translators.translation import GroupResult, SetResult
from translators.x12.envelope.grading import graded_finding
from translators.x12.envelope.limits import MAX_VALUE_SHOWN
from translators.x12.envelope.standards import SET_ID, SET_NUMBER_LENGTHS, not_in_group_code, same_number
from translators.x12.read.guides import Guide
from translators.x12.sets.table import set_description


def header_findings(result: SetResult, numbers: Collection[str], profile: Profile) -> Iterator[Finding]:
    """ST01 and ST02 by themselves: present, well formed, not among the `numbers` used before in the group."""
    number = result.control_number
    if not SET_ID.match(result.set_id):
        yield set_header_finding("set_id", 1, result.set_id, profile)
    if not number or (len(number) not in SET_NUMBER_LENGTHS and not profile.strict and not number.isalnum()):
        yield set_header_finding("set_control_number", 2, number, profile)
    elif number in numbers:
        yield set_header_finding("set_duplicate", 2, number, profile)


def set_header_finding(code: str, element: int, value: str, profile: Profile) -> Finding:
    """A finding about an element of the ST."""
    return graded_finding(code, profile, segment="ST", position=1, element=element, value=value[:MAX_VALUE_SHOWN])


def trailer_findings(trailer: list[str] | None, count: int, number: str, profile: Profile) -> list[Finding]:
    """The SE's elements against the `count` of segments and ST02; None where there is no SE."""
    if trailer is None:
        return [graded_finding("se_missing", profile, segment="SE", position=count)]
    elements = [*trailer, "", ""]
    claimed_count, claimed_number = elements[1].strip(), elements[2].strip()
    findings: list[Finding] = []
    if not same_number(claimed_count, str(count)):
        message = f"SE01 says {claimed_count or 'nothing'}, the set has {count} segments"
        findings.append(graded_finding("se_segment_count", profile, message, **_in_trailer(count, 1, claimed_count)))
    if not same_number(claimed_number, number):
        message = f"SE02 is {claimed_number or 'empty'}, ST02 is {number or 'empty'}"
        findings.append(graded_finding("se_control_number", profile, message, **_in_trailer(count, 2, claimed_number)))
    if not findings and (claimed_number != number or claimed_count != str(count)):
        findings.append(new_finding("set_number_padding", segment="SE", position=count))
    return findings


def _in_trailer(position: int, element: int, value: str) -> FindingFields:
    return {"segment": "SE", "position": position, "element": element, "value": value[:MAX_VALUE_SHOWN]}


def group_finding(set_id: str, group: GroupResult, profile: Profile) -> Finding | None:
    """A set that stands in a functional group of another kind; None if it belongs there, or has no row of its own."""
    description = set_description(set_id)
    if description is None or description.group == group.functional_id:
        return None
    message = f"{set_id} is not a set of functional group {group.functional_id}"
    code = not_in_group_code(group.version)
    fields: FindingFields = {"segment": "ST", "position": 1, "element": 1, "value": set_id, "ack_code": code}
    return graded_finding("set_not_in_group", profile, message, **fields)


def version_finding(guide: Guide, group: GroupResult, profile: Profile) -> Finding | None:
    """A group's version that is read with the guide of another release; None if the group has such a finding already.

    Strict partners have the group rejected, others are told which guide was used. An industry's conventions
    (004010VICS) that were agreed with a strict partner, as its own version, are no reason to reject.
    """
    version = group.version
    if any(finding.code in {"group_version", "group_version_nearest"} for finding in group.findings):
        return None
    fields: FindingFields = {"segment": "GS", "element": 8, "value": version[:MAX_VALUE_SHOWN]}
    if profile.strict and not (guide.exact and version == profile.envelope.version):
        return new_finding("group_version", **fields)
    return new_finding(
        "group_version_nearest", f"Version {version} is read with the guide of {guide.release}", **fields
    )
