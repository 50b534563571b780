"""One ISA as read, and what is wrong with it: its delimiters, its elements, its parties."""

from __future__ import annotations

from dataclasses import dataclass, field

from translators.findings import Finding, new_finding
from translators.profile import Delimiters, Profile
from translators.x12.envelope.limits import MAX_VALUE_SHOWN
from translators.x12.envelope.standards import CONTROL_VERSION, DIGITS, REPETITION_SINCE, is_date, is_letter, is_time

AUTHORIZATION_QUALIFIERS = frozenset({"00", "01", "02", "03", "04", "05", "06"})
SECURITY_QUALIFIERS = frozenset({"00", "01"})
ID_QUALIFIERS = frozenset(
    [f"{n:02d}" for n in range(1, 39)] + ["AM", "IP", "IQ", "NR", "SA", "SN", "ZZ"],
)


@dataclass(slots=True)
class Header:
    """One ISA as read: its elements without padding, the interchange's delimiters, and what was wrong with it.

    `length` counts characters from the I of ISA up to and including terminator and the newline that follows it.
    """

    elements: list[str]
    delimiters: Delimiters
    length: int
    wrapped: bool = False
    findings: list[Finding] = field(default_factory=list)

    def __getitem__(self, number: int) -> str:
        """ISA`number`, counted from 1."""
        return self.elements[number - 1]


def isa_finding(code: str, element: int, value: str = "", message: str = "") -> Finding:
    """A finding about element ISA`element`; 0 is the whole segment."""
    return new_finding(code, message, segment="ISA", element=element, value=value[:MAX_VALUE_SHOWN])


def delimiter_findings(header: Header) -> list[Finding]:
    """Delimiters that cannot be told apart or cannot be delimiters."""
    element, component, segment = header.delimiters.element, header[16], header.delimiters.segment
    findings = []
    if element in "\r\n":
        findings.append(isa_finding("isa_element_separator", 1, element))
    if is_letter(segment[0]):
        findings.append(isa_finding("isa_terminator", 0, segment))
    if segment in (element, component):
        findings.append(
            isa_finding("isa_terminator", 0, segment, "Segment terminator and another separator are the same")
        )
    if component and (is_letter(component) or component == element or component in " \r\n"):
        findings.append(isa_finding("isa_component_separator", 16, component))
    return findings


def element_findings(header: Header, profile: Profile) -> list[Finding]:
    """Every element of the ISA against the standard, and ids against the partner's where the profile has them."""
    checks = (
        ("isa_authorization_qualifier", 1, header[1] in AUTHORIZATION_QUALIFIERS),
        ("isa_security_qualifier", 3, header[3] in SECURITY_QUALIFIERS),
        ("isa_sender_qualifier", 5, header[5] in ID_QUALIFIERS),
        ("isa_sender_id", 6, bool(header[6])),
        ("isa_receiver_qualifier", 7, header[7] in ID_QUALIFIERS),
        ("isa_receiver_id", 8, bool(header[8])),
        ("isa_date", 9, is_date(header[9], 6)),
        ("isa_time", 10, is_time(header[10], 4)),
        ("isa_version", 12, bool(CONTROL_VERSION.match(header[12]))),
        ("isa_control_number", 13, len(header[13]) == 9 and bool(DIGITS.match(header[13]))),
        ("isa_ack_requested", 14, header[14] in {"0", "1", "2", "3"}),
        ("isa_usage", 15, header[15] in {"P", "T", "I"}),
    )
    findings = [isa_finding(code, element, header[element]) for code, element, good in checks if not good]
    findings += _standards_id_findings(header)
    if profile.partner:
        findings += _party_findings(header, profile)
    return findings


def _standards_id_findings(header: Header) -> list[Finding]:
    if not CONTROL_VERSION.match(header[12]):
        return []
    if header[12] < REPETITION_SINCE:
        return [] if header[11] == "U" else [isa_finding("isa_standards_id", 11, header[11])]
    if header.delimiters.repetition:
        return []
    return [isa_finding("isa_repetition_off", 11, header[11])]


def _party_findings(header: Header, profile: Profile) -> list[Finding]:
    """Sender and receiver ids that are not those of the profile. Ids that it does not state are not compared."""
    envelope, findings = profile.envelope, []
    if "their_id" in envelope.model_fields_set and header[6] != envelope.their_id.strip():
        findings.append(isa_finding("isa_sender_unknown", 6, header[6]))
    if "our_id" in envelope.model_fields_set and header[8] != envelope.our_id.strip():
        findings.append(isa_finding("isa_receiver_unknown", 8, header[8]))
    return findings
