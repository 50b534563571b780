"""What we answer to a received interchange: TA1 for its envelope, 997 or 999 for each of its groups.

Two steps, because control numbers are allotted only for what is really sent: `acknowledgments_due` says what is owed,
`render_acknowledgment` makes the bytes. Groups of acknowledgments (FA) and TA1s are never acknowledged. An interchange
that is rejected as a whole is answered by a TA1 only: nothing inside it was processed.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal, NamedTuple

from translators.profile import Delimiters, Envelope, Profile
from translators.translation import GroupResult, InterchangeResult
from translators.x12.acknowledge.response import Dialect, response_segments, sanitized
from translators.x12.envelope.isa import ID_QUALIFIERS
from translators.x12.envelope.standards import ACKNOWLEDGMENT_GROUP, is_date, is_time
from translators.x12.writer import (
    ControlNumbers,
    DelimiterInData,
    effective_delimiters,
    encode,
    interchange_header,
    render_segments,
)

__all__ = [
    "AcknowledgmentDue",
    "AcknowledgmentFile",
    "ControlNumbers",
    "acknowledge",
    "acknowledgments_due",
    "render_acknowledgment",
]

Kind = Literal["TA1", "997", "999"]

# Used in turn when an id or a copied value holds one of the partner's delimiters.
OTHER_DELIMITERS = (
    Delimiters(element="*", component=">", segment="~"),
    Delimiters(element="|", component=":", segment="~"),
    Delimiters(element="\x1d", component="\x1e", segment="\x1c"),
)
TA1_VERDICTS = {"accepted": "A", "accepted_with_errors": "E", "rejected": "R"}
# Which code a TA1 carries when several things are wrong: the first of these.
TA1_FIRST = ("023", "018", "025", "024")
NOT_AN_ID = re.compile(r"[^ -~]")
RELEASE = re.compile("00[2-8][0-9]{3}")
INDUSTRY = re.compile("(?!X[0-9])[0-9A-Z]{1,6}")


class AcknowledgmentDue(NamedTuple):
    """One acknowledgment that is owed. `groups` are indexes into the interchange's groups; a TA1 has none.

    `version` is the GS08 to write (for a TA1: what its ISA12 follows). Without `accepted_sets` good sets are
    only counted.
    """

    kind: Kind
    interchange: InterchangeResult
    groups: tuple[int, ...] = ()
    version: str = "004010"
    accepted_sets: bool = True

    @property
    def subject(self) -> str:
        """What is acknowledged, as a stable word: "ta1", or "groups 0,1"."""
        return "ta1" if self.kind == "TA1" else "groups " + ",".join(map(str, self.groups))


class AcknowledgmentFile(NamedTuple):
    """One acknowledgment as bytes: a whole interchange. `group_control_number` is 0 for a TA1."""

    kind: Kind
    subject: str
    data: bytes
    control_number: int
    group_control_number: int = 0
    version: str = ""


def acknowledge(
    interchange: InterchangeResult, profile: Profile, numbers: ControlNumbers, at: datetime | None = None
) -> list[AcknowledgmentFile]:
    """Everything owed for one received interchange; the numbers count on where more than one file is owed."""
    files = []
    interchange_number, group_number = numbers.interchange, numbers.group
    for due in acknowledgments_due(interchange, profile):
        files.append(render_acknowledgment(due, profile, ControlNumbers(interchange_number, group_number), at))
        interchange_number += 1
        group_number += due.kind != "TA1"
    return files


def acknowledgments_due(interchange: InterchangeResult, profile: Profile) -> list[AcknowledgmentDue]:
    """Which acknowledgments are owed, the TA1 first; groups that one FA group may answer share one file."""
    due: list[AcknowledgmentDue] = []
    if not interchange.sender and not profile.partner:
        # Nobody to answer to.
        return due
    if _ta1_due(interchange, profile):
        due.append(AcknowledgmentDue("TA1", interchange, version=_ta1_version(interchange)))
    if interchange.verdict == "rejected" or profile.acknowledgments.send == "none":
        return due
    shares: dict[tuple[Kind, str, str, str], list[int]] = {}
    for ordinal, group in enumerate(interchange.groups):
        if group.functional_id == ACKNOWLEDGMENT_GROUP:
            continue
        kind, version = _kind_and_version(group, profile)
        # One FA group answers groups of one application sender, to one application receiver.
        parties = ("", "") if profile.partner else (group.sender, group.receiver)
        shares.setdefault((kind, version, *parties), []).append(ordinal)
    due += [
        AcknowledgmentDue(kind, interchange, tuple(ordinals), version, profile.acknowledgments.accepted_sets)
        for (kind, version, _, _), ordinals in shares.items()
    ]
    return due


def _ta1_due(interchange: InterchangeResult, profile: Profile) -> bool:
    """By the partner's policy and ISA14 (2: only if rejected, 3: only if rejected or errors were noted).

    An interchange of acknowledgments alone gets none, so that two gateways never answer each other for ever.
    """
    policy, verdict = profile.acknowledgments.ta1, interchange.verdict
    if policy == "never":
        return False
    only_answers = all(group.functional_id == ACKNOWLEDGMENT_GROUP for group in interchange.groups)
    empty = any(finding.code in {"no_group", "set_outside_group"} for finding in interchange.findings)
    if only_answers and not empty and (interchange.groups or verdict != "rejected"):
        return False
    is_asked = {
        "1": True,
        "2": verdict == "rejected",
        "3": verdict != "accepted",
    }.get(interchange.ack_requested, False)
    if policy == "always":
        return True
    return is_asked or (policy == "on_error" and verdict != "accepted")


def _ta1_version(interchange: InterchangeResult) -> str:
    """The release whose ISA12 is the received one."""
    release = f"{interchange.version}0"
    return release if RELEASE.fullmatch(release) else "004010"


def _kind_and_version(group: GroupResult, profile: Profile) -> tuple[Kind, str]:
    """997 or 999, and the GS08 of our answer: the received one, or what the partner's profile says."""
    wanted = profile.acknowledgments.version
    version = _echo(group.version) if wanted == "echo" else wanted
    # There is no 999 before 005010.
    kind: Kind = "999" if profile.acknowledgments.send == "999" and version[:6] >= "005010" else "997"
    return kind, version


def _echo(version: str) -> str:
    """A received GS08 for our answer: release and industry ("004030VICS"), but not the implementation guide of
    another set ("005010X212"); 004010 where it is none."""
    release, suffix = version[:6], version[6:]
    if not RELEASE.fullmatch(release):
        return "004010"
    return release + suffix if INDUSTRY.fullmatch(suffix) else release


# --- bytes ------------------------------------------------------------------------------------------------------------


def render_acknowledgment(
    due: AcknowledgmentDue, profile: Profile, numbers: ControlNumbers, at: datetime | None = None
) -> AcknowledgmentFile:
    """One owed acknowledgment → its file. Without `at`, date and time are those of the received interchange."""
    envelope = _envelope(due, profile)
    last: DelimiterInData | None = None
    for delimiters in (envelope.delimiters, *OTHER_DELIMITERS):
        try:
            text = _render(due, envelope.model_copy(update={"delimiters": delimiters}), numbers, at)
        except DelimiterInData as collision:
            last = collision
        else:
            group_number = 0 if due.kind == "TA1" else numbers.group
            return AcknowledgmentFile(
                due.kind, due.subject, encode(text), numbers.interchange, group_number, due.version
            )
    raise last or AssertionError("no delimiters were tried")


def _envelope(due: AcknowledgmentDue, profile: Profile) -> Envelope:
    """Our address and theirs: from the profile of a known partner, else the received ISA's and GS's the other way."""
    received = due.interchange
    usage = received.usage if received.usage in {"P", "T", "I"} else "P"
    if profile.partner:
        return profile.envelope.model_copy(update={"usage": usage, "ack_requested": "0"})
    group = received.groups[due.groups[0]] if due.groups else None
    return Envelope(
        our_qualifier=_qualifier(received.receiver_qualifier),
        our_id=_printable(received.receiver) or profile.envelope.our_id,
        their_qualifier=_qualifier(received.sender_qualifier),
        their_id=_printable(received.sender),
        our_group_id=_printable(group.receiver) if group else "",
        their_group_id=_printable(group.sender) if group else "",
        usage=usage,
        ack_requested="0",
        delimiters=profile.envelope.delimiters,
    )


def _qualifier(value: str) -> str:
    """A qualifier as received, if it is one; else "mutually defined"."""
    return value if value in ID_QUALIFIERS else "ZZ"


def _printable(value: str) -> str:
    return NOT_AN_ID.sub("?", value)


def _render(due: AcknowledgmentDue, envelope: Envelope, numbers: ControlNumbers, at: datetime | None) -> str:
    delimiters = effective_delimiters(envelope, due.version)
    short, long, clock = _when(due.interchange, at)
    number = f"{numbers.interchange % 1_000_000_000:09d}"
    head = interchange_header(envelope, delimiters, due.version, numbers.interchange, (short, clock))
    if due.kind == "TA1":
        ta1 = render_segments([_ta1(due.interchange), ["IEA", "0", number]], delimiters)
        return head + ta1
    group_number = str(numbers.group % 1_000_000_000)
    parts = [head]
    day = long if due.version >= "004010" else short
    gs = ["GS", "FA", _group_id(envelope.gs_ours), _group_id(envelope.gs_theirs), day, clock, group_number, "X"]
    parts.append(render_segments([[*gs, due.version]], delimiters))
    dialect = Dialect(due.kind, due.version, delimiters)
    for count, ordinal in enumerate(due.groups, start=1):
        group = due.interchange.groups[ordinal]
        parts.append(response_segments(group, f"{count:04d}", dialect, accepted_sets=due.accepted_sets))
    tail = [["GE", str(len(due.groups)), group_number], ["IEA", "1", number]]
    parts.append(render_segments(tail, delimiters))
    return "".join(parts)


def _group_id(value: str) -> str:
    """An application code: 2 to 15 characters."""
    return sanitized(value, 2, 15, "0")


def _ta1(interchange: InterchangeResult) -> list[str]:
    """The TA1 segment: the received control number, date and time, A, E or R, and the first note code that matters."""
    notes = [finding.ack_code for finding in interchange.findings if finding.severity == "error" and finding.ack_code]
    if not notes:
        notes = [
            finding.ack_code for finding in interchange.findings if finding.severity == "warning" and finding.ack_code
        ]
    note = next((code for code in TA1_FIRST if code in notes), notes[0] if notes else "000")
    verdict = TA1_VERDICTS[interchange.verdict]
    if verdict != "A" and note == "000":
        note = "022"
    number = re.sub(r"[^0-9]", "", interchange.control_number)[-9:].zfill(9)
    date = interchange.date if is_date(interchange.date, 6) else "000101"
    time = interchange.time if is_time(interchange.time, 4) else "0000"
    return ["TA1", number, date, time, verdict, note]


def _when(interchange: InterchangeResult, at: datetime | None) -> tuple[str, str, str]:
    """(YYMMDD, CCYYMMDD, HHMM): the moment given, or the received interchange's own where it is a date and time."""
    if at is not None:
        return at.strftime("%y%m%d"), at.strftime("%Y%m%d"), at.strftime("%H%M")
    short = interchange.date if is_date(f"20{interchange.date}", 8) else "000101"
    clock = interchange.time if is_time(interchange.time, 4) else "0000"
    return short, f"20{short}", clock
