"""Bytes of an X12 file → interchanges, groups and sets with verdicts, findings and documents.

`stream_groups` holds one transaction set's text at a time (and one group's results); `read_interchanges` collects it
all. Neither raises for what is in a file. The end of an envelope decides about all of it: a group whose GE is wrong is
rejected with every set in it, and so is an interchange without IEA. Documents of rejected sets are taken away again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from translators.findings import Finding, new_finding
from translators.profile import Profile
from translators.translation import GroupResult, InterchangeResult, SetResult
from translators.x12.envelope.header import HEADER_ROOM, has_fixed_shape, read_header
from translators.x12.envelope.isa import Header
from translators.x12.envelope.limits import CHUNK_SIZE, MAX_INTERCHANGES_PER_FILE, MAX_UNREADABLE_HEADERS
from translators.x12.envelope.standards import BLANKS, is_letter
from translators.x12.envelope.window import BinaryFile, Window
from translators.x12.read.guides import Guides
from translators.x12.read.interchange import InterchangeReader
from translators.x12.sets.context import Reader, SetContext

__all__ = [
    "Event",
    "FileFinding",
    "GroupRead",
    "InterchangeOpened",
    "InterchangeRead",
    "Reader",
    "SetContext",
    "SetRead",
    "X12File",
    "read_interchanges",
    "stream_groups",
]

HEADER_START = re.compile("ISA", re.IGNORECASE)


@dataclass(slots=True)
class X12File:
    """A whole file as read."""

    interchanges: list[InterchangeResult] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class InterchangeOpened(NamedTuple):
    """An ISA was read; groups follow. The result is filled while they do."""

    interchange: InterchangeResult


class SetRead(NamedTuple):
    """One set is done. Provisional: the end of its group or interchange may still reject it."""

    interchange: InterchangeResult
    group: GroupResult
    set: SetResult


class GroupRead(NamedTuple):
    """One group is done, its sets with it. Provisional only in that the interchange may lack its IEA."""

    interchange: InterchangeResult
    group: GroupResult


class InterchangeRead(NamedTuple):
    """The interchange is done; its verdict stands."""

    interchange: InterchangeResult


class FileFinding(NamedTuple):
    """Something about the file outside of any interchange."""

    finding: Finding


Event = InterchangeOpened | SetRead | GroupRead | InterchangeRead | FileFinding


def read_interchanges(data: bytes, profile: Profile, readers: Mapping[str, Reader]) -> X12File:
    """All interchanges of a file, with the documents of every set that is not rejected."""
    result = X12File()
    for event in stream_groups(data, profile, readers):
        if isinstance(event, InterchangeRead):
            result.interchanges.append(event.interchange)
        elif isinstance(event, FileFinding):
            result.findings.append(event.finding)
    return result


def stream_groups(
    source: bytes | Iterable[bytes] | BinaryFile,
    profile: Profile,
    readers: Mapping[str, Reader],
    keep_documents: bool = True,
    each_set: bool = False,
) -> Iterator[Event]:
    """The file as events, in the order of its bytes.

    `source` is bytes, an iterable of pieces or an open binary file. `keep_documents=False` runs no readers: framing,
    validation and verdicts only. `each_set=True` adds a SetRead per set, for callers that take documents away as
    they come. Groups stay attached to their interchange (acknowledgments need them).
    """
    return _File(source, profile, readers if keep_documents else {}, each_set).events()


class _File:
    """Finds the interchanges of one file and has each read."""

    def __init__(
        self,
        source: bytes | Iterable[bytes] | BinaryFile,
        profile: Profile,
        readers: Mapping[str, Reader],
        each_set: bool,
    ) -> None:
        self._window = Window(source)
        self._profile = profile
        self._readers = readers
        self._each_set = each_set
        self._guides = Guides(profile)
        self._totals = {"sets": 0}
        self._terminator = ""
        self._unreadable = 0

    def events(self) -> Iterator[Event]:
        """The file's events, in the order of its bytes."""
        window = self._window
        if window.empty:
            yield FileFinding(new_finding("empty_file"))
            return
        yield from map(FileFinding, window.findings)
        at, count = 0, 0
        while True:
            header, at, findings = self._next_header(at, first=count == 0)
            yield from map(FileFinding, findings)
            if header is None:
                break
            count += 1
            if count > MAX_INTERCHANGES_PER_FILE:
                yield FileFinding(new_finding("too_many_interchanges"))
                return
            reader = self._reader(at, header)
            yield from self._read(reader)
            if reader.over_limit:
                yield FileFinding(new_finding("too_many_sets"))
                return
            at = reader.at
            self._terminator = header.delimiters.segment
        if not count and not _has(findings, "unreadable_header"):
            yield FileFinding(new_finding("no_interchange"))

    def _reader(self, at: int, header: Header) -> InterchangeReader:
        return InterchangeReader(
            self._window, at, header, self._profile, self._guides, self._readers, self._totals, each_set=self._each_set
        )

    @staticmethod
    def _read(reader: InterchangeReader) -> Iterator[Event]:
        """The events of one interchange."""
        yield InterchangeOpened(reader.result)
        for done in reader.run():
            if isinstance(done, GroupResult):
                yield GroupRead(reader.result, done)
            else:
                yield SetRead(reader.result, done[0], done[1])
        yield InterchangeRead(reader.result)

    def _next_header(self, at: int, *, first: bool) -> tuple[Header | None, int, list[Finding]]:
        """From index `at`, the next ISA that can be read → (header, its index, findings about what is before it).

        There is one finding for text before it, and one for ISAs that cannot be read, however many there are.
        """
        window, findings = self._window, list[Finding]()
        blank = BLANKS + self._terminator
        junk = False
        while True:
            match = HEADER_START.search(window.text, at)
            if match is None:
                junk = junk or bool(window.text[at:].strip(blank))
                window.drop(max(at, len(window.text) - 8))
                at = 0
                if window.more():
                    continue
                if junk and not first:
                    findings.append(new_finding("trailing_data"))
                return None, len(window.text), findings
            place = match.start()
            junk = junk or bool(window.text[at:place].strip(blank))
            at = place + 3
            # The shape can only be judged when all of the ISA is loaded.
            window.have(place + HEADER_ROOM)
            if not self._begins_segment(place, clean=not junk):
                junk = True
                continue
            header = read_header(window.text, place, self._profile)
            if header is None:
                junk = True
                if not self._note_unreadable(findings, window.text[place : place + 99]):
                    return None, place, findings
                continue
            if junk and not _has(findings, "unreadable_header"):
                findings.append(new_finding("leading_data" if first else "trailing_data"))
            if place > CHUNK_SIZE:
                window.drop(place)
                place = 0
            return header, place, findings

    def _note_unreadable(self, findings: list[Finding], value: str) -> bool:
        """Note an unreadable ISA; False after so many of them that the file is no X12."""
        if not _has(findings, "unreadable_header"):
            findings.append(new_finding("unreadable_header", segment="ISA", value=value))
        self._unreadable += 1
        return self._unreadable < MAX_UNREADABLE_HEADERS

    def _begins_segment(self, place: int, *, clean: bool) -> bool:
        """May an ISA stand at `place`: first of all, on a new line, after a terminator, or in its exact shape?"""
        text = self._window.text
        if is_letter(text[place + 3 : place + 4]):
            return False
        if clean:
            return True
        before = text[max(0, place - 64) : place].rstrip(" \t")
        if before.endswith(("\r", "\n")) or (self._terminator and before.endswith(self._terminator)):
            return True
        return has_fixed_shape(text, place)


def _has(findings: Iterable[Finding], code: str) -> bool:
    return any(finding.code == code for finding in findings)
