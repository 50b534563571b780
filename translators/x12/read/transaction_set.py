"""One transaction set: from its place in the text to a verdict, findings and documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from translators.findings import Finding, new_finding
from translators.profile import Profile
from translators.translation import GroupResult, InterchangeResult, SetResult
from translators.x12.envelope.framing import (
    Marks,
    careful_frame,
    is_within_limits,
    quick_frame,
    tidy_segments,
    within_limits,
)
from translators.x12.envelope.grading import graded_finding
from translators.x12.envelope.isa import Header
from translators.x12.envelope.limits import MAX_FINDINGS_PER_SET, MAX_SEGMENT_LENGTH
from translators.x12.envelope.standards import SET_ID
from translators.x12.envelope.window import Window
from translators.x12.read.guides import Guide, Guides
from translators.x12.read.set_checks import (
    group_finding,
    header_findings,
    set_header_finding,
    trailer_findings,
    version_finding,
)
from translators.x12.sets.context import Reader, SetContext

# After so many sets that the quick way could not frame, the rest of an interchange is framed with care.
MISSES = 8


@dataclass(slots=True)
class OpenGroup:
    """A functional group while it is read: its result, the set numbers seen, how its sets are read."""

    result: GroupResult
    context: SetContext
    numbers: set[str] = field(default_factory=set)
    known_sets: bool = False
    # Set ids met in this group that belong into it, with their guides; and their readers.
    plain: dict[str, Guide] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)


Validate = Callable[..., list[Finding]]


class SetReader:
    """Reads the transaction sets of one interchange: frames, validates, judges, and has documents made of them."""

    def __init__(
        self,
        window: Window,
        marks: Marks,
        header: Header,
        profile: Profile,
        guides: Guides,
        readers: Mapping[str, Reader],
    ) -> None:
        from translators.x12.validate.verdict import validate_set, verdict_of

        self._window = window
        self._marks = marks
        self._profile = profile
        self._guides = guides
        self._readers = readers
        self._validate: Validate = validate_set
        self._verdict_of = verdict_of
        self._strict = profile.strict
        self._tolerate = profile.tolerate
        self._misses = 0
        self._context = SetContext(
            profile=profile,
            delimiters=marks.delimiters,
            interchange_control_number=header[13],
            sender_qualifier=header[5],
            sender=header[6],
            receiver_qualifier=header[7],
            receiver=header[8],
            interchange_date=header[9],
            interchange_time=header[10],
            usage=header[15],
        )

    def interchange_context(self) -> SetContext:
        """What is known outside of any group: for a TA1."""
        return self._context._replace(set_id="TA1")

    def open_group(self, result: GroupResult) -> OpenGroup:
        """A new group of the interchange, with what its sets' readers will know."""
        context = self._context._replace(
            version=result.version,
            functional_id=result.functional_id,
            group_control_number=result.control_number,
            group_sender=result.sender,
            group_receiver=result.receiver,
            group_date=result.date,
            group_time=result.time,
        )
        return OpenGroup(result, context)

    def read(self, at: int, group: OpenGroup) -> tuple[SetResult, int]:
        """The set whose ST stands at index `at` of the window → (its result, the index after it)."""
        marks, text = self._marks, self._window.text
        # The plain case first: a tidy set of a known kind, all of it in the window.
        trailer_at = text.find(marks.se, at)
        end = text.find(marks.segment, trailer_at + 4) if trailer_at >= 0 else -1
        # "ST*180": an id of another length is no set that we know.
        set_id = text[at + 3 : at + 6]
        guide = group.plain.get(set_id)
        if guide is None or end < 0 or (end - at > MAX_SEGMENT_LENGTH and not is_within_limits(text[at:end], marks)):
            return self._read_first(at, group)
        after = end + len(marks.segment)
        raw = text[at:after]
        if marks.newline:
            raw = raw.replace(marks.split, marks.segment)
        segments: list[str] = []
        if not guide.plan.check_text(raw, marks.delimiters):
            segments = text[at:end].split(marks.split)
            # Segments cut wrongly (another line end, a terminator inside) never pass the plan.
            findings = self._validate(
                guide.plan, segments, marks.delimiters, strict=self._strict, tolerate=self._tolerate
            )
            if findings:
                return self._read_with_care(at, self._window.offset(at), group, (segments, findings))
        count = raw.count(marks.segment)
        number = raw[7 : raw.find(marks.segment)].partition(marks.element)[0]
        if number in group.numbers or not raw.endswith(f"{marks.trailer}{count}{marks.element}{number}{marks.segment}"):
            return self._read_with_care(at, self._window.offset(at), group)
        group.numbers.add(number)
        offset = self._window.offset(at)
        result = SetResult(set_id, number, count, "accepted", [], [], offset, self._window.offset(after) - offset)
        reader = group.readers.get(set_id)
        if reader is not None:
            segments = segments or text[at:end].split(marks.split)
            self._read_documents(result, segments, guide, group, reader)
        return result, after

    def _read_first(self, at: int, group: OpenGroup) -> tuple[SetResult, int]:
        """As `read`, for the first set of its kind in a group, or one that the window does not yet hold."""
        offset = self._window.offset(at)
        frame = quick_frame(self._window, at, self._marks) if self._misses <= MISSES else None
        if frame is None:
            self._misses += 1
        elif len(frame.raw) <= MAX_SEGMENT_LENGTH or is_within_limits(frame.raw, self._marks):
            segments = frame.raw.split(self._marks.split)
            start = segments[0].split(self._marks.element, 3)
            guide = self._guides.guide(start[1], group.result.version) if len(start) > 2 else None
            if guide is not None:
                findings = self._validate(
                    guide.plan, segments, self._marks.delimiters, strict=self._strict, tolerate=self._tolerate
                )
                return self._read_with_care(at, offset, group, (segments, findings))
        return self._read_with_care(at, offset, group)

    def _read_with_care(
        self, at: int, offset: int, group: OpenGroup, judged: tuple[list[str], list[Finding]] | None = None
    ) -> tuple[SetResult, int]:
        """As `read`, for a set that is not plainly good: every deviation gets its finding.

        `judged` are segments that the plan has seen already, with what it found.
        """
        marks, profile = self._marks, self._profile
        head = self._window.text[at : at + 64].split(marks.segment)[0].split(marks.element)
        frame = careful_frame(self._window, at, marks)
        result = SetResult("", "", 0, "rejected", offset=offset, length=self._window.offset(frame.end) - offset)
        raw, limit, emptied = frame.raw, "set_too_long" if frame.oversize else "", False
        if len(raw) > MAX_SEGMENT_LENGTH:
            raw, limit = within_limits(raw, marks)
            emptied = len(raw) != len(frame.raw)
        if limit:
            result.set_id, result.control_number = (*head[1:3], "", "")[:2]
            result.findings.append(new_finding(limit))
            self._register(result, group)
            return result, frame.end
        segments, untidy, lower = tidy_segments(raw, marks, strict=profile.strict)
        header = [*segments[0].split(marks.element), "", ""]
        result.set_id, result.control_number = header[1].strip(), header[2].strip()
        if untidy or emptied:
            result.findings.append(graded_finding("segment_untidy", profile))
        if lower:
            result.findings.append(graded_finding("segment_id_case", profile))
        result.segment_count = len(segments)
        # An SE without any elements is a damaged trailer, not a missing one.
        has_trailer = frame.has_trailer or segments[-1] == "SE"
        trailer = segments[-1].split(marks.element) if has_trailer else None
        result.findings += trailer_findings(trailer, len(segments), result.control_number, profile)
        self._register(result, group)
        known = judged[1] if judged and has_trailer and judged[0] == segments else None
        guide = self._judge(result, segments, group, known, has_trailer=has_trailer)
        if guide is not None:
            self._finish(result, segments, guide, group)
        return result, frame.end

    def _register(self, result: SetResult, group: OpenGroup) -> None:
        """Check the set's id and number, and keep the number for the sets that follow."""
        result.findings += header_findings(result, group.numbers, self._profile)
        group.numbers.add(result.control_number)

    def _judge(
        self,
        result: SetResult,
        segments: list[str],
        group: OpenGroup,
        judged: list[Finding] | None,
        *,
        has_trailer: bool,
    ) -> Guide | None:
        """Validate against the guide and set the verdict; the guide, or None where the set is unknown."""
        profile, version = self._profile, group.result.version
        guide = self._guides.guide(result.set_id, version) if SET_ID.match(result.set_id) else None
        if guide is None:
            known = SET_ID.match(result.set_id) and self._guides.knows(result.set_id)
            if SET_ID.match(result.set_id) and not known:
                result.findings.append(set_header_finding("set_unknown", 1, result.set_id, profile))
            result.verdict = "rejected"
            return None
        if judged is None:
            checked = segments
            if not has_trailer:
                checked = [*segments, self._marks.element.join(("SE", str(len(segments) + 1), result.control_number))]
            judged = self._validate(
                guide.plan, checked, self._marks.delimiters, strict=profile.strict, tolerate=profile.tolerate
            )
        result.findings += judged
        if len(result.findings) > MAX_FINDINGS_PER_SET:
            left_out = len(result.findings) - MAX_FINDINGS_PER_SET
            verdict = self._verdict_of(result.findings)
            del result.findings[MAX_FINDINGS_PER_SET:]
            result.findings.append(new_finding("too_many_findings", f"{left_out} further findings are not listed"))
            result.verdict = verdict
        else:
            result.verdict = self._verdict_of(result.findings)
        return guide

    def _finish(self, result: SetResult, segments: list[str], guide: Guide, group: OpenGroup) -> None:
        """Put a known set into its group: version and group findings, then its documents."""
        group.known_sets = True
        group.numbers.add(result.control_number)
        misplaced = group_finding(result.set_id, group.result, self._profile)
        if misplaced is None:
            group.plain[result.set_id] = guide
        else:
            result.findings.append(misplaced)
            result.verdict = self._verdict_of(result.findings)
        if not guide.exact or group.result.version != guide.release:
            note = version_finding(guide, group.result, self._profile)
            if note is not None:
                group.result.findings.append(note)
        reader = self._readers.get(result.set_id)
        if reader is not None:
            group.readers[result.set_id] = reader
            if result.verdict != "rejected":
                self._read_documents(result, segments, guide, group, reader)

    def _read_documents(
        self, result: SetResult, segments: list[str], guide: Guide, group: OpenGroup, reader: Reader
    ) -> None:
        mark = self._marks.element
        context = group.context._replace(
            set_id=result.set_id, set_control_number=result.control_number, release=guide.release
        )
        result.documents = reader([segment.split(mark) for segment in segments], context)


def interchange_result(header: Header, offset: int) -> InterchangeResult:
    """The result of an interchange with what its ISA says; groups and findings are added while it is read."""
    return InterchangeResult(
        control_number=header[13],
        sender_qualifier=header[5],
        sender=header[6],
        receiver_qualifier=header[7],
        receiver=header[8],
        date=header[9],
        time=header[10],
        version=header[12],
        usage=header[15],
        ack_requested=header[14],
        verdict="accepted",
        findings=list(header.findings),
        offset=offset,
    )
