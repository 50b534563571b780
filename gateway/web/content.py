"""The bytes of a file, for a person: X12 explained segment by segment, rows as rows, anything else as bytes."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.disk import archive_path, read_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.store.read.rows import FindingRow
from gateway.web.present import visible
from gateway.web.reading import Data, Reading
from translators.findings import Finding
from translators.profile import Profile
from translators.registry import looks_like_x12

SHOWN_BYTES = 400_000  # of a larger file only the beginning is explained; the download has all of it
SHOWN_LINES = 300
LINE_CHARACTERS = 2_000
_DUMP_BYTES = 4_096
_DUMP_WIDTH = 16
_TEXT_CONTROLS = frozenset(b"\t\n\f\r")


@dataclass(frozen=True, slots=True)
class Content:
    """The first bytes of a file, or what is wrong with the archive that should have them."""

    data: bytes
    trouble: str = ""


def archived(reading: Reading, sha256: str, size: int, kept: bytes | None = None, removed_at: str = "") -> Content:
    """The bytes to show of a file: `kept` if the store has them, else from the archive (verified if read whole)."""
    if kept is not None:
        return Content(kept)
    if removed_at:
        return Content(b"", f"The bytes were removed at {removed_at[:16]}: they are older than we keep them.")
    try:
        if size <= SHOWN_BYTES:
            return Content(read_archive(reading.home, sha256))
        with archive_path(reading.home, sha256).open("rb") as file:
            return Content(file.read(SHOWN_BYTES))
    except (ArchiveMissing, ArchiveCorrupt) as trouble:
        return Content(b"", f"{trouble.message} {trouble.remedy}")
    except OSError as trouble:
        return Content(b"", f"The archived bytes cannot be read: {trouble.strerror}.")


def explained(
    reading: Reading,
    content: Content,
    partner: str,
    size: int,
    first: int,
    findings: list[FindingRow] | None = None,
    *,
    ours: bool = False,
) -> Data:
    """A page of a file's lines from line `first` on. `findings` are a flat file's, found by row. A file of `ours` is
    read as the standard has it: the partner's ids and rules are for what they send.

    Each line: its number, depth, text, name, verdict, elements (what, value, spelt out) and findings. `kind` is x12,
    rows or bytes. `cut` says that the file goes on beyond what is looked at here.
    """
    cut = size > len(content.data) and not content.trouble
    profile = Profile() if ours else _profile(reading, partner)
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


def _lines(data: bytes, profile: Profile, findings: list[FindingRow], cut: bool) -> tuple[str, list[Data]]:
    if not data:
        return "", []
    if looks_like_x12(data):
        segments = _segments(data, profile, with_findings=not cut)
        if any(each["text"] for each in segments):
            return "x12", segments
    if _is_text(data):
        return "rows", _rows(data, findings)
    return "bytes", _dump(data)


def _profile(reading: Reading, partner: str) -> Profile:
    book = reading.book()
    known = book.get(partner) if book is not None else None
    return known.profile if known is not None else Profile()


def _line(number: int, text: str) -> Data:
    return {"no": number, "depth": 0, "text": text, "name": "", "verdict": "", "elements": [], "findings": []}


def _segments(data: bytes, profile: Profile, *, with_findings: bool) -> list[Data]:
    """Segments with names and findings. Of a file's beginning, findings are left out: its end would be blamed."""
    from translators.x12.explain.file import explain

    return [
        _line(number, visible(each.raw[:LINE_CHARACTERS]))
        | {
            "depth": each.depth,
            "name": each.name,
            "verdict": each.verdict,
            "elements": [
                {"what": f"{one.ref} {one.name}".rstrip(), "value": visible(one.value), "text": one.text}
                for one in each.elements
            ],
            "findings": [_told(one) for one in each.findings] if with_findings else [],
        }
        for number, each in enumerate(explain(data, profile), start=1)
    ]


def _told(finding: Finding) -> Data:
    return {"column": "", "loop": "", **finding.as_json()}


def _is_text(data: bytes) -> bool:
    """Hardly a control character but those that lay out text."""
    head = data[:_DUMP_BYTES]
    odd = sum(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in head)
    return odd * 20 <= len(head)


def _rows(data: bytes, findings: list[FindingRow]) -> list[Data]:
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
        _line(number, visible(row.removesuffix("\r")[:LINE_CHARACTERS])) | {"findings": by_row.get(number, [])}
        for number, row in enumerate(rows, start=1)
    ]


def _dump(data: bytes) -> list[Data]:
    """The first bytes, sixteen a line, as hexadecimal numbers and as ASCII."""
    lines = []
    for number, start in enumerate(range(0, min(len(data), _DUMP_BYTES), _DUMP_WIDTH), start=1):
        part = data[start : start + _DUMP_WIDTH]
        ascii_ = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
        lines.append(_line(number, f"{start:06x}  {part.hex(' '):<{_DUMP_WIDTH * 3}} {ascii_}"))
    return lines
