"""The interchange header: delimiters, the sixteen elements of an ISA, and every way in which real ones deviate.

The ISA is fixed: 3 letters, 16 separators, 86 characters of data and the terminator make 106. Everything else in the
interchange depends on the characters found in it, so it is read first, and again for each interchange.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Unpack

from translators.findings import Finding, Where, found
from translators.profile import Delimiters, Profile
from translators.x12.envelope.limits import MAX_VALUE_SHOWN

ISA_LENGTH = 106
ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
SEPARATOR_OFFSETS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
# Room for an ISA with every blank doubled, its line breaks and the start of what follows.
HEADER_ROOM = 1024
BLANKS = " \t\r\n\x00\x1a"
# From this control version on, ISA11 is the repetition separator; before, it is the letter U.
REPETITION_SINCE = "00402"
NO_COMPONENT = "\x1f"

AUTHORIZATION_QUALIFIERS = frozenset({"00", "01", "02", "03", "04", "05", "06"})
SECURITY_QUALIFIERS = frozenset({"00", "01"})
ID_QUALIFIERS = frozenset(
    [f"{n:02d}" for n in range(1, 39)] + ["AM", "IP", "IQ", "NR", "SA", "SN", "ZZ"],
)
DIGITS = re.compile(r"[0-9]+\Z")
CONTROL_VERSION = re.compile(r"00[0-9]{3}\Z")
# First bytes, codec, length of the byte order mark, name.
ENCODINGS: tuple[tuple[bytes, str, int, str], ...] = (
    (b"\xef\xbb\xbf", "latin-1", 3, "UTF-8"),
    (b"\xff\xfe", "utf-16-le", 2, "UTF-16"),
    (b"\xfe\xff", "utf-16-be", 2, "UTF-16"),
    (b"I\x00S\x00A\x00", "utf-16-le", 0, "UTF-16"),
    (b"\x00I\x00S\x00A", "utf-16-be", 0, "UTF-16"),
)
EBCDIC_ISA = b"\xc9\xe2\xc1"
EBCDIC_BLANKS = b"\x40\x15\x25\x0d"


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


def graded(code: str, profile: Profile, message: str = "", **where: Unpack[Where]) -> Finding:
    """A finding with the severity the partner's `tolerate` list and `strict` give it: tolerated errors are warnings."""
    return regraded(found(code, message, **where), profile)


def regraded(finding: Finding, profile: Profile) -> Finding:
    """The finding, as a warning where it is an error that this partner is forgiven."""
    if finding.severity == "error" and not profile.strict and finding.code in profile.tolerate:
        return replace(finding, severity="warning")
    return finding


def sniff_encoding(head: bytes) -> tuple[str, int, list[Finding]]:
    """First bytes of a file → codec, length of the byte order mark, and notes.

    latin-1 unless proven otherwise: each byte is one character, so nothing is lost and offsets are byte offsets.
    """
    for signature, codec, mark, name in ENCODINGS:
        if head.startswith(signature):
            notes = [found("byte_order_mark", value=name)] if mark else []
            return codec, mark, notes + ([] if codec == "latin-1" else [_transcoded(name)])
    if head.lstrip(EBCDIC_BLANKS).startswith(EBCDIC_ISA):
        return "cp037", 0, [_transcoded("EBCDIC")]
    return "latin-1", 0, []


def _transcoded(name: str) -> Finding:
    return found("transcoded", f"The file is in {name}; it was converted", value=name)


def is_letter(character: str) -> bool:
    """An ASCII letter or digit: what no delimiter can be. Letters outside ASCII have been seen as delimiters."""
    return character.isascii() and character.isalnum()


def has_fixed_shape(text: str, at: int = 0) -> bool:
    """Does an ISA with every separator at its fixed place start at `at`?"""
    if not text.startswith("ISA", at) or len(text) < at + ISA_LENGTH - 1:
        return False
    mark = text[at + 3]
    if is_letter(mark) or mark == " ":
        return False
    return all(text[at + offset] == mark for offset in SEPARATOR_OFFSETS)


def read_header(text: str, at: int, profile: Profile) -> Header | None:
    """The ISA at `at`, repaired where it deviates from its fixed shape; None if its parts cannot be told apart.

    `text` should hold HEADER_ROOM characters from `at`, or all there is.
    """
    head = text[at : at + HEADER_ROOM]
    if len(head) < 4 or is_letter(head[3]) or head[3] in BLANKS:
        return None
    fixed = has_fixed_shape(head)
    header = _with_delimiters(head[:105].split(head[3], 16)[1:16] if fixed else None, head, fixed=fixed)
    if header is None and ("\n" in head or "\r" in head):
        header = _unwrapped(head)
    if header is None:
        return None
    header.findings += _delimiter_findings(header, profile)
    header.findings += _element_findings(header, profile)
    header.findings = [regraded(finding, profile) for finding in header.findings]
    return header


def _isa(code: str, element: int, value: str = "", message: str = "") -> Finding:
    return found(code, message, segment="ISA", element=element, value=value[:MAX_VALUE_SHOWN])


def _with_delimiters(elements: list[str] | None, head: str, *, fixed: bool) -> Header | None:
    """Fifteen elements (split on the separator where the shape is not fixed), then ISA16 and terminator."""
    mark = head[3]
    parts = head.split(mark, 16)
    if len(parts) < 17:
        return None
    if elements is None:
        elements = parts[1:16]
        if any("\n" in element or "\r" in element for element in elements):
            return None
    rest = parts[16]
    tail = _tail(rest, mark)
    if tail is None:
        return None
    component, terminator, used, missing = tail
    newline = _newline_after(rest, used) if terminator not in ("\n", "\r\n", "\r") else ""
    length = len(head) - len(rest) + used + len(newline)
    findings = []
    if missing:
        findings.append(_isa("isa_component_separator_missing", 16))
    widths = tuple(len(element) for element in elements)
    if not fixed or widths != ISA_WIDTHS[:15]:
        total = sum(widths) + 22
        findings.append(_isa("isa_length", 0, "", f"The ISA is {total} characters long instead of {ISA_LENGTH}"))
    values = [element.strip(BLANKS) for element in elements]
    values[10] = elements[10][:1]
    values.append(component)
    delimiters = Delimiters(
        element=mark,
        component=component or NO_COMPONENT,
        repetition=_repetition(values, mark, component, terminator),
        segment=terminator,
        newline=newline,
    )
    return Header(values, delimiters, length, findings=findings)


def _newline_after(rest: str, used: int) -> str:
    if rest.startswith("\r\n", used):
        return "\r\n"
    following = rest[used : used + 1]
    return following if following in ("\n", "\r") else ""


def _repetition(values: list[str], mark: str, component: str, terminator: str) -> str:
    candidate = values[10]
    if not CONTROL_VERSION.match(values[11]) or values[11] < REPETITION_SINCE:
        return ""
    if is_letter(candidate) or not candidate.strip():
        return ""
    return "" if candidate in (mark, component, terminator) else candidate


def _tail(rest: str, mark: str) -> tuple[str, str, int, bool] | None:
    """What follows the sixteenth separator → component separator, terminator, characters used, is ISA16 missing."""
    follows = re.compile(rf"[ \t\r\n]*(?:(?:GS|TA1|IEA|ST){re.escape(mark)}|\Z)", re.IGNORECASE)
    if len(rest) < 2:
        return (rest, "~", 1, False) if rest and not is_letter(rest) else None
    first, second = rest[0], rest[1]
    if second in "\r\n" and _line_ends_with(rest, first):
        return "", first, 1, True
    wide = 2 if rest.startswith("\r\n", 1) else _utf8_length(second)
    for size in (wide, 1):
        if follows.match(rest, 1 + size) and not (size == 1 and is_letter(second)):
            return first, rest[1 : 1 + size], 1 + size, False
    if follows.match(rest, 1) and not is_letter(first):
        return _one_short(rest, first)
    return None


def _one_short(rest: str, only: str) -> tuple[str, str, int, bool] | None:
    """One character stands where ISA16 and the terminator should: it is the one that ends the segments after it."""
    if only in "\r\n" or only in rest[1:]:
        crlf = rest.startswith("\r\n")
        return "", "\r\n" if crlf else only, 2 if crlf else 1, True
    return (only, "\n", 1, False) if "\n" in rest[1:] else None


def _line_ends_with(rest: str, candidate: str) -> bool:
    """Do the lines after the ISA end in `candidate`? Then it is the terminator, and ISA16 is what is missing."""
    lines = rest[1:].replace("\r", "\n").split("\n")
    following = [line for line in lines if line.strip()]
    return len(following) > 1 and all(line.endswith(candidate) for line in following[:-1][:4])


def _utf8_length(lead: str) -> int:
    """Bytes of the UTF-8 character that starts with this byte: a terminator outside ASCII in a UTF-8 file."""
    code = ord(lead)
    if 0xC2 <= code <= 0xDF:
        return 2
    if 0xE0 <= code <= 0xEF:
        return 3
    return 1


def _unwrapped(head: str) -> Header | None:
    """The header with line breaks taken out: lines cut at a fixed width, wherever a segment ends."""
    flat = head.replace("\r", "").replace("\n", "")
    fixed = has_fixed_shape(flat)
    header = _with_delimiters(flat[:105].split(flat[3], 16)[1:16] if fixed else None, flat, fixed=fixed)
    if header is None:
        return None
    header.wrapped = True
    header.findings.insert(0, _isa("isa_wrapped", 0))
    return header


def _delimiter_findings(header: Header, profile: Profile) -> list[Finding]:
    element, component, segment = header.delimiters.element, header[16], header.delimiters.segment
    findings = []
    if element in "\r\n":
        findings.append(_isa("isa_element_separator", 1, element))
    if is_letter(segment[0]):
        findings.append(_isa("isa_terminator", 0, segment))
    if segment in (element, component):
        findings.append(_isa("isa_terminator", 0, segment, "Segment terminator and another separator are the same"))
    if component and (is_letter(component) or component == element or component in " \r\n"):
        findings.append(_isa("isa_component_separator", 16, component))
    return findings


def _element_findings(header: Header, profile: Profile) -> list[Finding]:
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
    findings = [_isa(code, element, header[element]) for code, element, good in checks if not good]
    findings += _standards_id_findings(header)
    if profile.partner:
        findings += _party_findings(header, profile)
    return findings


def _standards_id_findings(header: Header) -> list[Finding]:
    if not CONTROL_VERSION.match(header[12]):
        return []
    if header[12] < REPETITION_SINCE:
        return [] if header[11] == "U" else [_isa("isa_standards_id", 11, header[11])]
    if header.delimiters.repetition:
        return []
    return [_isa("isa_repetition_off", 11, header[11])]


def _party_findings(header: Header, profile: Profile) -> list[Finding]:
    """Known and unknown parties, for partners whose ids the profile really states."""
    envelope, findings = profile.envelope, []
    if "their_id" in envelope.model_fields_set and header[6] != envelope.their_id.strip():
        findings.append(_isa("isa_sender_unknown", 6, header[6]))
    if "our_id" in envelope.model_fields_set and header[8] != envelope.our_id.strip():
        findings.append(_isa("isa_receiver_unknown", 8, header[8]))
    return findings


DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(value: str, length: int) -> bool:
    """YYMMDD (6) or CCYYMMDD (8) of a day that exists; of a two-digit year, 29 February always may."""
    if len(value) != length or not value.isascii() or not value.isdigit():
        return False
    month, day = int(value[-4:-2]), int(value[-2:])
    if not 1 <= month <= 12 or not 1 <= day <= DAYS_IN_MONTH[month - 1]:
        return False
    if length == 8 and month == 2 and day == 29:
        year = int(value[:4])
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return True


def is_time(value: str, shortest: int, longest: int = 0) -> bool:
    """HHMM, HHMMSS or HHMMSSd[d] on a 24-hour clock, within the given lengths (`longest` 0: exactly `shortest`)."""
    if not shortest <= len(value) <= (longest or shortest) or not value.isascii() or not value.isdigit():
        return False
    if len(value) == 5 or int(value[:2]) > 23 or int(value[2:4]) > 59:
        return False
    return len(value) < 6 or int(value[4:6]) <= 59
