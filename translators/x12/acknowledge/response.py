"""One received functional group → the 997 or 999 transaction set that answers it.

Codes: AK304/IK304 per segment, AK403/IK403 per element, AK5/IK5 per set, AK9 with true counts. Values copied from a
broken file are fitted to the elements that carry them, so that the answer is always valid itself.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

from translators.findings import CATALOGUE, Finding
from translators.profile import Delimiters
from translators.translation import GroupResult, SetResult
from translators.x12.guide.pattern import EXTENDED
from translators.x12.writer import COMPONENT_MARK, render_segments

VERDICTS = {"accepted": "A", "accepted_with_errors": "E", "rejected": "R"}
GROUP_VERDICTS = {"accepted": "A", "accepted_with_errors": "E", "partially_accepted": "P", "rejected": "R"}
# A 999 has codes for what only the partner's guide forbids. A 997 carries the nearest code that it has.
IMPLEMENTATION_CODES = {"segment_forbidden": "I4", "element_forbidden": "I10"}
# The codes for too many repetitions or components came with 005010. Before, they are too many elements.
EARLY_ELEMENT_CODES = {"12": "3", "13": "3"}
# The bad value is not copied for these: there is none (missing), or it cannot be shown (invalid characters).
NO_COPY = frozenset({"1", "2", "6"})
# Characters of every release's text.
SHOWABLE = frozenset(EXTENDED)
MAX_ELEMENT_NOTES = 99
MAX_CODES = 5
# Findings of sets that are rejected only because their group or interchange is.
TAKEN_DOWN = frozenset({"group_rejected", "interchange_rejected"})
NUMBER_AS_IT_IS = re.compile("[0-9A-Z]{4,9}\\Z")
NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")


class Dialect(NamedTuple):
    """Which answer is written: 997 or 999, its version, with which delimiters."""

    kind: str
    version: str
    delimiters: Delimiters

    @property
    def early(self) -> bool:
        """Before 005010: no version in AK1, no repeat in AK401, shorter code lists."""
        return self.version[:6] < "005010"

    @property
    def implementation(self) -> bool:
        """Is the answer a 999 (IK segments)? Otherwise it is a 997 (AK segments)."""
        return self.kind == "999"

    def name(self, number: str) -> str:
        """AK3 or IK3, AK4 or IK4, AK5 or IK5."""
        return f"{'IK' if self.implementation else 'AK'}{number}"


def response_segments(group: GroupResult, number: str, dialect: Dialect, *, accepted_sets: bool = True) -> str:
    """The whole set, ST to SE, as text; without `accepted_sets` those are only counted.

    Raises DelimiterInData only where a delimiter is a letter or digit.
    """
    delimiters = dialect.delimiters
    parts = [render_segments([["AK1", *_group_reference(group, dialect)]], delimiters)]
    count = 1
    clean = _clean_response(dialect)
    for received in group.sets:
        if received.verdict == "accepted":
            # Most sets: id and number were validated and can be copied.
            if not accepted_sets:
                continue
            if (
                NUMBER_AS_IT_IS.match(received.control_number)
                and received.set_id.isalnum()
                and len(received.set_id) == 3
            ):
                parts.append(clean % (received.set_id, received.control_number))
                count += 2
                continue
        elif received.verdict == "rejected" and not _own_reasons(received):
            continue
        segments = _set_response(received, dialect)
        count += len(segments)
        parts.append(render_segments(segments, delimiters))
    parts.append(render_segments([_group_response(group)], delimiters))
    implementation = dialect.version if dialect.implementation and "X" in dialect.version else ""
    head = render_segments([["ST", dialect.kind, number, implementation]], delimiters)
    tail = render_segments([["SE", str(count + 3), number]], delimiters)
    return "".join((head, *parts, tail))


def _clean_response(dialect: Dialect) -> str:
    """AK2 and AK5 of an accepted set, as a pattern for its id and number."""
    element, end = dialect.delimiters.element, dialect.delimiters.segment + dialect.delimiters.newline
    pattern = f"AK2{element}\0{element}\0{end}{dialect.name('5')}{element}A{end}"
    return pattern.replace("%", "%%").replace("\0", "%s")


def _own_reasons(result: SetResult) -> bool:
    return not any(finding.code in TAKEN_DOWN for finding in result.findings)


def _group_reference(group: GroupResult, dialect: Dialect) -> list[str]:
    number = re.sub("[^0-9]", "", group.control_number)[-9:] or "0"
    reference = [sanitized(group.functional_id.upper(), 2, 2, "Z"), number]
    if not dialect.early and group.version:
        reference.append(_free(group.version, 12, dialect))
    return reference


def _set_response(result: SetResult, dialect: Dialect) -> list[list[str]]:
    """AK2 … AK5 of one set."""
    set_number = sanitized(result.control_number, 4, 9, "0", left=True)
    segments = [["AK2", sanitized(result.set_id.upper(), 3, 3, "0", left=True), set_number]]
    reported = [f for f in result.findings if f.severity != "note"] if result.findings else []
    notes = _segment_notes(reported, dialect) if reported else []
    segments += notes
    codes = ["5"] if notes else []
    codes += [f.ack_code for f in reported if CATALOGUE[f.code].level == "set" and f.ack_code]
    if result.verdict == "rejected" and not codes:
        codes = ["5"]
    unique = list(dict.fromkeys(codes))[:MAX_CODES]
    segments.append([dialect.name("5"), VERDICTS[result.verdict], *unique])
    return segments


def _segment_notes(findings: list[Finding], dialect: Dialect) -> list[list[str]]:
    """AK3 and AK4 segments in the order of the set: for each place first the segment's trouble, then its elements'."""
    placed = [f for f in findings if CATALOGUE[f.code].level in {"segment", "element"} and f.ack_code]
    # Blanks in a mandatory element are one mistake: that it is missing.
    missing = {(f.position, f.element, f.component) for f in placed if f.code == "element_missing"}
    placed = [f for f in placed if f.code != "blank_element" or (f.position, f.element, f.component) not in missing]
    placed.sort(key=lambda f: (f.position, f.segment, CATALOGUE[f.code].level != "segment", f.element, f.component))
    notes: list[list[str]] = []
    for _, of_segment in groupby(placed, key=lambda f: (f.position, f.segment)):
        together = list(of_segment)
        elements = [f for f in together if CATALOGUE[f.code].level == "element"]
        for code in dict.fromkeys(_code(f, dialect) for f in together if CATALOGUE[f.code].level == "segment"):
            notes.append(_segment_note(together[0], code, dialect))
        if elements:
            notes.append(_segment_note(elements[0], "8", dialect))
            for finding in elements[:MAX_ELEMENT_NOTES]:
                notes += _element_note(finding, dialect)
    return notes


def _code(finding: Finding, dialect: Dialect) -> str:
    """The AK304 or AK403 code (in a 999 the IK304 or IK403 code) of a finding."""
    if dialect.implementation and finding.code in IMPLEMENTATION_CODES:
        return IMPLEMENTATION_CODES[finding.code]
    return EARLY_ELEMENT_CODES.get(finding.ack_code, finding.ack_code) if dialect.early else finding.ack_code


def _segment_note(finding: Finding, code: str, dialect: Dialect) -> list[str]:
    ident = sanitized(finding.segment.upper(), 2, 3, "Z")
    position = str(min(finding.position, 999_999 if dialect.early else 9_999_999_999))
    return [dialect.name("3"), ident, position, _loop(finding, dialect), code]


def _loop(finding: Finding, dialect: Dialect) -> str:
    """The loop's id, in a 999 only: in a 997 it is for loops bounded by LS and LE, which our sets do not have."""
    if not dialect.implementation or not finding.loop:
        return ""
    name = NOT_ALPHANUMERIC.sub("", finding.loop.rsplit("/", 1)[-1].upper())
    return name if 1 <= len(name) <= 4 else ""


def _element_note(finding: Finding, dialect: Dialect) -> list[list[str]]:
    code = _code(finding, dialect)
    place = [str(min(finding.element, 99))]
    repeated = finding.repeat > 0 and not dialect.early
    if finding.component or repeated:
        place.append(str(finding.component or ""))
    if repeated:
        place.append(str(min(finding.repeat, 9999)))
    reference = finding.data_element if re.fullmatch("[0-9]{1,4}", finding.data_element) else ""
    copy = "" if code in NO_COPY else _free(finding.value, 99, dialect)
    notes = [[dialect.name("4"), COMPONENT_MARK.join(place), reference, code, copy]]
    if dialect.implementation and finding.trigger:
        ident = sanitized(finding.segment.upper(), 2, 3, "Z")
        trigger = [place[0], str(finding.trigger)] if finding.component else [str(finding.trigger)]
        context_elements = [ident, str(finding.position), _loop(finding, dialect), COMPONENT_MARK.join(trigger)]
        notes.append(["CTX", "SITUATIONAL TRIGGER", *context_elements])
    return notes


def _group_response(group: GroupResult) -> list[str]:
    """AK9: the claimed, received and accepted counts, and up to five group codes. A rejected group accepts none."""
    verdict = GROUP_VERDICTS[group.verdict]
    received = min(len(group.sets), 999_999)
    accepted = 0 if verdict == "R" else min(sum(result.verdict != "rejected" for result in group.sets), 999_999)
    codes = [
        finding.ack_code
        for finding in group.findings
        if finding.severity != "note" and finding.ack_code and CATALOGUE[finding.code].level == "group"
    ]
    counts = [str(group.claimed_sets), str(received), str(accepted)]
    return ["AK9", verdict, *counts, *list(dict.fromkeys(codes))[:MAX_CODES]]


def sanitized(value: str, shortest: int, longest: int, fill: str, *, left: bool = False) -> str:
    """A value made to fit an element: letters, digits, blanks and ._- are kept, too short ones are filled up."""
    kept = re.sub(r"[^0-9A-Za-z ._-]", "", value).strip()
    if left:
        # Of a number that is too long, its end tells it from others.
        return kept[-longest:].strip().rjust(shortest, fill)
    return kept[:longest].strip().ljust(shortest, fill)


def _free(value: str, longest: int, dialect: Dialect) -> str:
    """A copied value for a text element; "" where it holds our delimiters, or what X12 text may not."""
    delimiters = dialect.delimiters
    marks = (delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment)
    if any(mark and mark in value for mark in marks) or not SHOWABLE.issuperset(value):
        return ""
    return value[:longest].rstrip()
