"""The bytes of a file, for a person: X12 explained segment by segment, rows as rows, anything else as bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, cast

from gateway.disk import archive_path, read_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.store.read.rows import FindingRow
from gateway.web.display.formatting import visible
from gateway.web.sources import Sources
from translators.findings import Finding
from translators.profile import Profile
from translators.registry import looks_like_x12

if TYPE_CHECKING:
    from translators.x12.explain.lines import ExplainedLine

SHOWN_BYTES = 400_000  # of a larger file only the beginning is explained; the download has all of it
SHOWN_LINES = 300
LINE_CHARACTERS = 2_000
_DUMP_BYTES = 4_096
_DUMP_WIDTH = 16
_TEXT_CONTROLS = frozenset(b"\t\n\f\r")


class ElementData(TypedDict):
    """One element of a segment: what it is ("BGN02 Reference"), its value, and what a code of it means."""

    what: str
    value: str
    text: str


class LineData(TypedDict):
    """One segment or row: its number from 1, depth in the loops, text, and what is known of it."""

    no: int
    depth: int
    text: str
    name: str
    verdict: str
    elements: list[ElementData]
    findings: list[FindingRow]


class ExplainedFile(TypedDict):
    """A page of a file's lines. `kind` is x12, rows, bytes or "" for no bytes; `trouble` says why there are none.

    `cut`: the file goes on beyond what is looked at here. `ours`: we wrote it, and it is read by the standard alone.
    `count` lines are there in all; `first` is the first one of this page, `next` that of the next.
    """

    kind: str
    trouble: str
    cut: bool
    ours: bool
    count: int
    first: int
    next: int | None
    lines: list[LineData]


@dataclass(frozen=True, slots=True)
class FileBytes:
    """The first bytes of a file, or what is wrong with the archive that should have them."""

    data: bytes
    trouble: str = ""


def archived_bytes(
    sources: Sources, sha256: str, size: int, stored: bytes | None = None, removed_at: str = ""
) -> FileBytes:
    """The bytes to show of a file: `stored` if the store has them, else from the archive (verified if read whole)."""
    if stored is not None:
        return FileBytes(stored)
    if removed_at:
        return FileBytes(b"", f"The bytes were removed at {removed_at[:16]}: they are older than we keep them.")
    try:
        if size <= SHOWN_BYTES:
            return FileBytes(read_archive(sources.home, sha256))
        with archive_path(sources.home, sha256).open("rb") as file:
            return FileBytes(file.read(SHOWN_BYTES))
    except (ArchiveMissing, ArchiveCorrupt) as trouble:
        return FileBytes(b"", f"{trouble.message} {trouble.remedy}")
    except OSError as trouble:
        return FileBytes(b"", f"The archived bytes cannot be read: {trouble.strerror}.")


def explain_file(
    sources: Sources,
    content: FileBytes,
    partner: str,
    size: int,
    first: int,
    findings: list[FindingRow] | None = None,
    *,
    ours: bool = False,
) -> ExplainedFile:
    """A page of a file's lines from line `first` on. `findings` are a flat file's, found by row.

    A file of `ours` is read as the standard has it: the partner's ids and rules are for what the partner sends.
    """
    cut = size > len(content.data) and not content.trouble
    profile = Profile() if ours else _profile(sources, partner)
    kind, lines = _lines(content.data, profile, findings or [], cut)
    first = max(first, 1)
    return {
        "kind": kind,
        "trouble": content.trouble,
        "cut": cut,
        "ours": ours,
        "count": len(lines),
        "first": first,
        "next": first + SHOWN_LINES if first + SHOWN_LINES <= len(lines) else None,
        "lines": lines[first - 1 : first - 1 + SHOWN_LINES],
    }


def _lines(data: bytes, profile: Profile, findings: list[FindingRow], cut: bool) -> tuple[str, list[LineData]]:
    if not data:
        return "", []
    if looks_like_x12(data):
        segments = _segments(data, profile, with_findings=not cut)
        if any(segment["text"] for segment in segments):
            return "x12", segments
    if _is_text(data):
        return "rows", _rows(data, findings)
    return "bytes", _hex_dump(data)


def _profile(sources: Sources, partner: str) -> Profile:
    book = sources.book()
    known = book.get(partner) if book is not None else None
    return known.profile if known is not None else Profile()


def _line(number: int, text: str, findings: list[FindingRow]) -> LineData:
    """A line of which nothing is known but its text and findings."""
    return {"no": number, "depth": 0, "text": text, "name": "", "verdict": "", "elements": [], "findings": findings}


def _segments(data: bytes, profile: Profile, *, with_findings: bool) -> list[LineData]:
    """Segments with names and findings. Findings are left out of a file's beginning, whose missing end would be one."""
    from translators.x12.explain.file import explain

    return [_segment(number, segment, with_findings) for number, segment in enumerate(explain(data, profile), start=1)]


def _segment(number: int, segment: ExplainedLine, with_findings: bool) -> LineData:
    return {
        "no": number,
        "depth": segment.depth,
        "text": visible(segment.raw[:LINE_CHARACTERS]),
        "name": segment.name,
        "verdict": segment.verdict,
        "elements": [
            {
                "what": f"{element.ref} {element.name}".rstrip(),
                "value": visible(element.value),
                "text": element.text,
            }
            for element in segment.elements
        ],
        "findings": [_finding(finding) for finding in segment.findings] if with_findings else [],
    }


def _finding(finding: Finding) -> FindingRow:
    """A finding as the store keeps it, every key there."""
    return cast(FindingRow, {"column": "", "loop": "", **finding.as_json()})


def _is_text(data: bytes) -> bool:
    """Are nearly all bytes text: at most one control character in twenty, layout characters aside?"""
    head = data[:_DUMP_BYTES]
    odd = sum(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in head)
    return odd * 20 <= len(head)


def _rows(data: bytes, findings: list[FindingRow]) -> list[LineData]:
    """Rows of a flat file as text; characters that are not text are shown, not obeyed."""
    by_row: dict[int, list[FindingRow]] = {}
    for finding in findings:
        by_row.setdefault(finding["position"], []).append(finding)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    rows = text.removesuffix("\n").split("\n")
    return [
        _line(number, visible(row.removesuffix("\r")[:LINE_CHARACTERS]), by_row.get(number, []))
        for number, row in enumerate(rows, start=1)
    ]


def _hex_dump(data: bytes) -> list[LineData]:
    """The first bytes, sixteen a line, as hexadecimal numbers and as ASCII."""
    lines = []
    for number, start in enumerate(range(0, min(len(data), _DUMP_BYTES), _DUMP_WIDTH), start=1):
        part = data[start : start + _DUMP_WIDTH]
        ascii_ = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
        lines.append(_line(number, f"{start:06x}  {part.hex(' '):<{_DUMP_WIDTH * 3}} {ascii_}", []))
    return lines
