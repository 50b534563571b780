"""One interchange: its groups and trailers, counts and control numbers, from the ISA to the IEA."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Unpack

from translators.findings import FindingFields, new_finding
from translators.profile import Profile
from translators.translation import GroupResult, SetResult
from translators.x12.envelope.framing import Marks
from translators.x12.envelope.grading import graded_finding
from translators.x12.envelope.isa import Header
from translators.x12.envelope.limits import (
    CHUNK_SIZE,
    MAX_GROUPS_PER_INTERCHANGE,
    MAX_SEGMENT_LENGTH,
    MAX_SETS_PER_FILE,
    MAX_VALUE_SHOWN,
)
from translators.x12.envelope.standards import BLANKS, same_number
from translators.x12.envelope.window import Window
from translators.x12.read.group import end_group, read_group_header, reject_sets
from translators.x12.read.guides import Guides
from translators.x12.read.transaction_set import OpenGroup, SetReader, interchange_result
from translators.x12.sets.context import Reader

ENVELOPE_SEGMENTS = frozenset({"ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"})
# Segments before which an open group ends, if only for want of its GE; "" is the end of the file.
GROUP_EDGES = frozenset({"GS", "GE", "IEA", "ISA", ""})
# How much of the interchange is looked at to learn whether line breaks follow its terminators.
SAMPLE = 4096


class InterchangeReader:
    """Reads one interchange of a window, beginning at its ISA; `result` fills while `run` yields sets and groups.

    `at` is the index after the interchange once `run` is through. `totals["sets"]` counts across the whole file.
    """

    def __init__(
        self,
        window: Window,
        at: int,
        header: Header,
        profile: Profile,
        guides: Guides,
        readers: Mapping[str, Reader],
        totals: dict[str, int],
        *,
        each_set: bool,
    ) -> None:
        self._window = window
        self._profile = profile
        self._guides = guides
        self._totals = totals
        self._each_set = each_set
        self._codes_noted: set[str] = {finding.code for finding in header.findings}
        self._group: OpenGroup | None = None
        self._group_numbers: set[str] = set()
        self._groups_seen = 0
        self._acknowledgments = 0
        self.over_limit = False
        self.result = interchange_result(header, window.offset(at))
        if header.wrapped:
            window.unwrap(at)
        self.at = at + header.length
        self._marks = self._learn_marks(header)
        self._set_verdict()
        self._readers = {} if self.result.verdict == "rejected" else readers
        self._sets = SetReader(window, self._marks, header, profile, guides, self._readers)

    def _learn_marks(self, header: Header) -> Marks:
        """The delimiters with the newline that follows the segments; lines that are cut elsewhere are joined first."""
        window, delimiters = self._window, header.delimiters
        if delimiters.segment[0] in "\r\n":
            return Marks(delimiters)
        window.have(self.at + SAMPLE)
        # What follows the IEA may be another interchange with other line ends.
        sample = window.text[self.at : self.at + SAMPLE].partition(f"{delimiters.segment}IEA{delimiters.element}")[0]
        first = min((place for place in (sample.find("\n"), sample.find("\r")) if place >= 0), default=-1)
        line = sample[: max(first, 0)].rstrip(" \t")
        if first >= 0 and line and not line.endswith(delimiters.segment):
            self._add_finding("isa_wrapped")
            window.unwrap(self.at)
            first = -1
        newline = ""
        if first >= 0:
            ends = {end: sample.count(delimiters.segment + end) for end in ("\r\n", "\n", "\r")}
            best = max(ends, key=lambda end: ends[end])
            newline = best if 2 * ends[best] > sample.count(delimiters.segment) else ""
        return Marks(delimiters.model_copy(update={"newline": newline}))

    def _add_finding(self, code: str, message: str = "", **fields: Unpack[FindingFields]) -> None:
        """Add a finding of the interchange. Each code once, so that a broken file does not fill the report."""
        if code not in self._codes_noted:
            self._codes_noted.add(code)
            self.result.findings.append(graded_finding(code, self._profile, message, **fields))
            self._set_verdict()

    def _set_verdict(self) -> None:
        severities = {finding.severity for finding in self.result.findings}
        if "error" in severities:
            self.result.verdict = "rejected"
        elif "warning" in severities:
            self.result.verdict = "accepted_with_errors"

    # --- the walk ---------------------------------------------------------------------------------------------------

    def run(self) -> Iterator[GroupResult | tuple[GroupResult, SetResult]]:
        """The sets (where asked for) and groups, as they end."""
        while not self.over_limit:
            if self.at > CHUNK_SIZE:
                self._forget_read_text()
            ident = "ST" if self._window.text.startswith(self._marks.st, self.at) else self._next_segment_id()
            if ident == "ST" and self._group is not None:
                result = self._read_set(self._group)
                if self._each_set:
                    yield self._group.result, result
            elif ident in GROUP_EDGES:
                ended = self._leave_group(ident)
                if ended is not None:
                    yield ended
                if ident == "GS":
                    self._open_group()
                elif ident != "GE":
                    self._end(ident)
                    break
            else:
                self._read_other_segment(ident)
        self._finish()

    def _leave_group(self, ident: str) -> GroupResult | None:
        """The group that ends before this segment, or with it if it is a GE; None if no group is open."""
        if self._group is not None:
            return self._end_group(self._take() if ident == "GE" else None)
        if ident == "GE":
            self._skip_stray("stray_segment")
        return None

    def _forget_read_text(self) -> None:
        self._window.drop(self.at)
        self.at = 0

    def _next_segment_id(self) -> str:
        """Move `at` to the next segment; its id if it is one of the envelope's, "?" if not, "" at the file's end."""
        window, marks = self._window, self._marks
        while True:
            gap = marks.gap.match(window.text, self.at)
            self.at = gap.end() if gap else self.at
            if self.at < len(window.text):
                break
            self._forget_read_text()
            if not window.more():
                return ""
        window.have(self.at + 8)
        ident, mark, _ = window.text[self.at : self.at + 4].partition(marks.element)
        return ident.upper() if mark and ident.upper() in ENVELOPE_SEGMENTS else "?"

    def _take(self) -> list[str]:
        """The elements of the segment at `at`, without padding; `at` moves behind it."""
        window, marks = self._window, self._marks
        while True:
            end = marks.between.search(window.text, self.at)
            if end or len(window.text) - self.at > MAX_SEGMENT_LENGTH or not window.more():
                break
        text = window.text[self.at : end.start() if end else self.at + MAX_SEGMENT_LENGTH]
        self.at = end.end() if end else min(len(window.text), self.at + MAX_SEGMENT_LENGTH)
        return [element.strip(BLANKS)[: 10 * MAX_VALUE_SHOWN] for element in text.split(marks.element)]

    def _skip(self) -> None:
        """Move `at` to the next envelope segment, or to the file's end."""
        window, marks = self._window, self._marks
        begin = self.at + 1
        while True:
            for edge in marks.edges.finditer(window.text, min(begin, len(window.text))):
                if marks.starts_segment(window.text, edge.start(), self.at):
                    self.at = edge.start()
                    return
            keep = max(self.at, len(window.text) - 256)
            window.drop(keep)
            self.at, begin = 0, 1
            if not window.more():
                self.at = len(window.text)
                return

    def _skip_stray(self, code: str) -> None:
        head = self._window.text[self.at : self.at + MAX_VALUE_SHOWN].split(self._marks.segment)[0]
        self._add_finding(code, segment=head.partition(self._marks.element)[0][:3], value=head)
        self._skip()

    def _read_other_segment(self, ident: str) -> None:
        """A TA1, or a segment where only envelope segments may stand: a finding of the group, if one is open."""
        if ident == "TA1":
            self._read_ta1()
            return
        if self._group is None:
            self._skip_stray("set_outside_group" if ident in ("ST", "SE") else "stray_segment")
            return
        findings = self._group.result.findings
        if not any(finding.code == "group_stray_segment" for finding in findings):
            head = self._window.text[self.at : self.at + MAX_VALUE_SHOWN].split(self._marks.segment)[0]
            ident = head.partition(self._marks.element)[0][:3]
            findings.append(graded_finding("group_stray_segment", self._profile, segment=ident, value=head))
        self._skip()

    # --- sets and groups --------------------------------------------------------------------------------------------

    def _read_set(self, group: OpenGroup) -> SetResult:
        result, self.at = self._sets.read(self.at, group)
        newline = self._marks.newline
        if newline and self._window.text.startswith(newline, self.at):
            self.at += len(newline)
        group.result.sets.append(result)
        self._totals["sets"] += 1
        self.over_limit = self._totals["sets"] >= MAX_SETS_PER_FILE
        return result

    def _open_group(self) -> None:
        result = read_group_header(self._take())
        self._groups_seen += 1
        if self._groups_seen > MAX_GROUPS_PER_INTERCHANGE:
            self.over_limit = True
        number = result.control_number.lstrip("0")
        if number in self._group_numbers:
            result.findings.append(
                graded_finding("group_duplicate", self._profile, segment="GS", element=6, value=result.control_number)
            )
        self._group_numbers.add(number)
        self.result.groups.append(result)
        self._group = self._sets.open_group(result)

    def _end_group(self, trailer: list[str] | None) -> GroupResult:
        group = self._group
        if group is None:
            raise AssertionError("a group is ended only while one is open")
        self._group = None
        end_group(group, trailer, self._profile, self._guides)
        return group.result

    def _read_ta1(self) -> None:
        elements = self._take()
        self._acknowledgments += 1
        if len(elements) < 6:
            self._add_finding("ta1_unreadable", segment="TA1", value=self._marks.element.join(elements))
            return
        if self._readers:
            from translators.x12.sets.acknowledgments.interchange_response import read_ta1

            self.result.documents += read_ta1([elements], self._sets.interchange_context())

    # --- the end ----------------------------------------------------------------------------------------------------

    def _end(self, ident: str) -> None:
        """The IEA, or what stands in its place."""
        if ident != "IEA":
            self._add_finding("iea_missing", segment="IEA")
            return
        elements = [*self._take(), "", ""]
        count, number = elements[1][:MAX_VALUE_SHOWN], elements[2][:MAX_VALUE_SHOWN]
        if not same_number(count, str(self._groups_seen)):
            message = f"IEA01 says {count or 'nothing'}, the interchange has {self._groups_seen} groups"
            self._add_finding("iea_group_count", message, segment="IEA", element=1, value=count)
        if not same_number(number, self.result.control_number):
            message = f"IEA02 is {number or 'empty'}, ISA13 is {self.result.control_number or 'empty'}"
            self._add_finding("iea_control_number", message, segment="IEA", element=2, value=number)
        elif number != self.result.control_number:
            self._add_finding("control_number_padding", segment="IEA", element=2, value=number)
        if not self._groups_seen and not self._acknowledgments:
            self._add_finding("no_group")

    def _finish(self) -> None:
        """Note the interchange's length. If it is rejected, all its groups and sets are."""
        if self._group is not None:
            self._end_group(None)
        if self.over_limit:
            self._add_finding("iea_missing", segment="IEA")
        self.result.length = self._window.offset(self.at) - self.result.offset
        if self.result.verdict == "rejected":
            self.result.documents.clear()
            for group in self.result.groups:
                group.verdict = "rejected"
                reject_sets(group, new_finding("interchange_rejected"))
