"""The bytes of a file, for a person: X12 explained segment by segment, flat files row by row, findings in place."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.disk import archive_path, read_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.web.present import visible
from gateway.web.reading import Data, Reading
from translators.profile import Profile
from translators.registry import looks_like_x12

SHOWN_BYTES = 1_000_000  # of a larger file, only the beginning is explained; the download has all of it
SHOWN_LINES = 500
LINE_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Content:
    """The first bytes of a file, or what is wrong with the archive that should have them."""

    data: bytes
    trouble: str = ""


def archived(reading: Reading, sha256: str, size: int, kept: bytes | None = None) -> Content:
    """The bytes to show of a file: `kept` if the store has them, else from the archive (verified if read whole)."""
    if kept is not None:
        return Content(kept)
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
    reading: Reading, content: Content, partner: str, size: int, first: int, findings: list[Data] | None = None
) -> Data:
    """A page of a file's lines from line `first` on. `findings` are a flat file's, found by row.

    Each line: its number, depth, text, name, meaning and findings. `cut` says that the file goes on beyond what is
    looked at here.
    """
    if content.trouble or not content.data:
        lines, kind = [], ""
    elif looks_like_x12(content.data):
        lines, kind = _segments(content.data, _profile(reading, partner)), "x12"
    else:
        lines, kind = _rows(content.data, findings or []), "rows"
    first = max(first, 1)
    return {
        "kind": kind,
        "trouble": content.trouble,
        "cut": size > len(content.data) and not content.trouble,
        "count": len(lines),
        "first": first,
        "next": first + SHOWN_LINES if first + SHOWN_LINES <= len(lines) else None,
        "lines": lines[first - 1 : first - 1 + SHOWN_LINES],
    }


def _profile(reading: Reading, partner: str) -> Profile:
    book = reading.book()
    known = book.get(partner) if book is not None else None
    return known.profile if known is not None else Profile()


def _segments(data: bytes, _profile: Profile) -> list[Data]:
    """Segments of X12 as text, one a line."""
    text = data.decode("latin-1").lstrip()
    terminator = text[105:106] or "~"
    found = [each.strip("\r\n") for each in text.split(terminator)]
    return [
        {"no": number, "depth": 0, "text": visible(each), "name": "", "meaning": [], "findings": []}
        for number, each in enumerate((each for each in found if each), start=1)
    ]


def _rows(data: bytes, findings: list[Data]) -> list[Data]:
    """Rows of a flat file as text; characters that are not text are shown, not obeyed."""
    by_row: dict[int, list[Data]] = {}
    for finding in findings:
        by_row.setdefault(finding["position"], []).append(finding)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return [
        {
            "no": number,
            "depth": 0,
            "text": visible(row[:LINE_CHARACTERS]),
            "name": "",
            "meaning": [],
            "findings": by_row.get(number, []),
        }
        for number, row in enumerate(text.split("\n"), start=1)
        if row or number == 1
    ]
