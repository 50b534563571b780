"""Reading the interchange header: its delimiters and sixteen elements, and the deviations that real ones have.

The ISA is fixed: 3 letters, 16 separators, 86 characters of data and the terminator make 106. Everything else in the
interchange depends on the characters found in it, so it is read first, and again for each interchange.
"""

from __future__ import annotations

import re

from translators.profile import Delimiters, Profile
from translators.x12.envelope.grading import with_partner_severity
from translators.x12.envelope.isa import Header, delimiter_findings, element_findings, isa_finding
from translators.x12.envelope.standards import BLANKS, CONTROL_VERSION, REPETITION_SINCE, is_letter

ISA_LENGTH = 106
ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
SEPARATOR_OFFSETS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
# Room for an ISA with every blank doubled, its line breaks and the start of what follows.
HEADER_ROOM = 1024
NO_COMPONENT = "\x1f"


def has_fixed_shape(text: str, at: int = 0) -> bool:
    """Does an ISA with every separator at its fixed place start at `at`?"""
    if not text.startswith("ISA", at) or len(text) < at + ISA_LENGTH - 1:
        return False
    mark = text[at + 3]
    if is_letter(mark) or mark == " ":
        return False
    return all(text[at + offset] == mark for offset in SEPARATOR_OFFSETS)


def read_header(text: str, at: int, profile: Profile) -> Header | None:
    """The ISA at index `at`, repaired where it deviates from its fixed shape; None if its parts cannot be told apart.

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
    header.findings += delimiter_findings(header)
    header.findings += element_findings(header, profile)
    header.findings = [with_partner_severity(finding, profile) for finding in header.findings]
    return header


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
        findings.append(isa_finding("isa_component_separator_missing", 16))
    widths = tuple(len(element) for element in elements)
    if not fixed or widths != ISA_WIDTHS[:15]:
        total = sum(widths) + 22
        findings.append(isa_finding("isa_length", 0, "", f"The ISA is {total} characters long instead of {ISA_LENGTH}"))
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
    """The text after the sixteenth separator → (component separator, terminator, characters used, is ISA16 missing)."""
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
    """One character stands in place of ISA16 and terminator: which of the two is it? The one that ends the segments."""
    if only in "\r\n" or only in rest[1:]:
        crlf = rest.startswith("\r\n")
        return "", "\r\n" if crlf else only, 2 if crlf else 1, True
    return (only, "\n", 1, False) if "\n" in rest[1:] else None


def _line_ends_with(rest: str, candidate: str) -> bool:
    """Do the lines after the ISA end in `candidate`? Then it is the terminator, and ISA16 is missing."""
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
    header.findings.insert(0, isa_finding("isa_wrapped", 0))
    return header
