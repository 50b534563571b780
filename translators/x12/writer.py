"""Transaction sets → one X12 interchange in the partner's envelope, with true counts and one terminator each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from translators.profile import Delimiters, Envelope
from translators.x12.envelope.standards import REPETITION_SINCE

CONTROL_VERSIONS = {"003030": "00303", "003040": "00304", "003050": "00305", "003060": "00306", "003070": "00307"}


class DelimiterInData(ValueError):
    """A value contains a character that the envelope uses as a delimiter; X12 has no escape for it."""

    def __init__(self, segment: str, element: int, value: str) -> None:
        super().__init__(f"{segment}{element:02d} contains a delimiter of the envelope: {value!r}")
        self.segment = segment
        self.element = element
        self.value = value


class ControlNumbers(NamedTuple):
    """The numbers of one outbound interchange: ISA13 and the first GS06 (further groups count on from it)."""

    interchange: int
    group: int


class OutboundSet(NamedTuple):
    """One transaction set to send: its segments as elements, without ST and SE.

    A composite element is written with `COMPONENT_MARK` between its components; the envelope's own separator takes
    its place. `implementation` becomes ST03.
    """

    functional_id: str
    set_id: str
    segments: list[list[str]]
    implementation: str = ""


# A writer that needs a composite puts this between its components: it cannot occur in a partner's data.
COMPONENT_MARK = "\x1f"


def control_version(version: str) -> str:
    """GS08 → ISA12: "004010VICS" → "00401"."""
    release = version[:6]
    return CONTROL_VERSIONS.get(release, release[:5] if len(release) == 6 and release.isdigit() else "00401")


def render_segments(segments: Iterable[Sequence[str]], delimiters: Delimiters) -> str:
    """Segments as text, empty elements at their ends left out. Raises DelimiterInData."""
    element, component, end = delimiters.element, delimiters.component, delimiters.segment + delimiters.newline
    # The mark between components is no data: it may be the very separator that it becomes.
    forbidden = {element, component, delimiters.repetition, delimiters.segment, "\r", "\n"} - {"", COMPONENT_MARK}
    lines = []
    for segment in segments:
        kept = list(segment)
        while len(kept) > 1 and not kept[-1]:
            kept.pop()
        line = element.join(kept)
        # One look at the whole line first: data that holds a delimiter is rare.
        if line.count(element) != len(kept) - 1 or any(mark in line for mark in forbidden - {element}):
            for number, value in enumerate(kept):
                if any(mark in value for mark in forbidden):
                    raise DelimiterInData(kept[0], number, value)
        lines.append(line)
    text = end.join(lines) + end if lines else ""
    return text.replace(COMPONENT_MARK, component) if COMPONENT_MARK in text else text


def effective_delimiters(envelope: Envelope, version: str) -> Delimiters:
    """The envelope's delimiters as the version has them: a repetition separator only where ISA11 is one."""
    delimiters = envelope.delimiters
    if control_version(version) < REPETITION_SINCE:
        return delimiters.model_copy(update={"repetition": ""})
    if delimiters.repetition:
        return delimiters
    taken = {delimiters.element, delimiters.component, delimiters.segment}
    return delimiters.model_copy(update={"repetition": next(mark for mark in "^`|!" if mark not in taken)})


def interchange_header(
    envelope: Envelope, delimiters: Delimiters, version: str, number: int, when: tuple[str, str]
) -> str:
    """The ISA, 106 characters and the newline if any. `when` is (YYMMDD, HHMM). Raises DelimiterInData."""
    elements = [
        "00",
        " " * 10,
        "00",
        " " * 10,
        envelope.our_qualifier.ljust(2)[:2],
        envelope.our_id.ljust(15)[:15],
        envelope.their_qualifier.ljust(2)[:2],
        envelope.their_id.ljust(15)[:15],
        *when,
        delimiters.repetition or "U",
        control_version(version),
        f"{number % 1_000_000_000:09d}",
        envelope.ack_requested,
        envelope.usage,
    ]
    marks = {delimiters.element, delimiters.component, delimiters.segment, "\r", "\n"}
    for place in (5, 7):
        if any(mark in elements[place] for mark in marks):
            raise DelimiterInData("ISA", place + 1, elements[place])
    head = delimiters.element.join(["ISA", *elements, delimiters.component])
    return f"{head}{delimiters.segment}{delimiters.newline}"


def render_interchange(sets: Sequence[OutboundSet], envelope: Envelope, numbers: ControlNumbers, at: datetime) -> bytes:
    """Sets → the bytes of one interchange: a group per run of one functional id, sets numbered from 0001 in each.

    Group numbers count on from `numbers.group`. Raises DelimiterInData where a value holds a delimiter.
    """
    version = envelope.version
    delimiters = effective_delimiters(envelope, version)
    short, long, clock = at.strftime("%y%m%d"), at.strftime("%Y%m%d"), at.strftime("%H%M")
    parts = [interchange_header(envelope, delimiters, version, numbers.interchange, (short, clock))]
    groups = 0
    for functional_id, members in groupby(sets, key=lambda outbound: outbound.functional_id):
        group_number = str((numbers.group + groups) % 1_000_000_000)
        groups += 1
        head = [functional_id, envelope.gs_ours, envelope.gs_theirs, long, clock, group_number, "X", version]
        parts.append(render_segments([["GS", *head]], delimiters))
        count = 0
        for count, outbound in enumerate(members, start=1):
            parts.append(render_set(outbound, f"{count:04d}", delimiters))
        parts.append(render_segments([["GE", str(count), group_number]], delimiters))
    parts.append(render_segments([["IEA", str(groups), f"{numbers.interchange % 1_000_000_000:09d}"]], delimiters))
    return encode("".join(parts))


def render_set(outbound: OutboundSet, number: str, delimiters: Delimiters) -> str:
    """One set with its ST and SE."""
    head = ["ST", outbound.set_id, number, outbound.implementation]
    tail = ["SE", str(len(outbound.segments) + 2), number]
    return render_segments([head, *outbound.segments, tail], delimiters)


def encode(text: str) -> bytes:
    """Text → bytes: latin-1 if it can carry the text (then bytes that we received leave as they came), else UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8")
