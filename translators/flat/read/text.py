"""The bytes of a flat file → lines of text, without a second copy of the whole file."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from translators.findings import Finding, new_finding

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
DOS_END_OF_FILE = "\x1a"
# Supersets of ASCII with one byte a character. UTF-8 that is read as one of them gives wrong letters.
ANY_BYTES = frozenset({"iso8859-1", "iso8859-15", "cp1252", "iso8859-2", "cp1250", "cp850", "cp437"})
_BYTE_ORDER_MARK = "\ufeff"
_PIECE = 1 << 20


@dataclass(slots=True)
class TextFacts:
    """What is known of a file as text once all of it was looked at; `readable` is False where it stops being text."""

    readable: bool = True
    unclean: bool = False  # control characters stand somewhere
    ends_dos: bool = False  # DOS marks the end of a file with a character
    findings: list[Finding] = field(default_factory=list)


def look_through(data: bytes, charset: str) -> TextFacts:
    """The whole file, piece by piece: is it text of its character set? A finding names the row and byte where not."""
    facts = TextFacts()
    decoder = codecs.getincrementaldecoder(charset)()
    last = ""
    try:
        for at in range(0, len(data), _PIECE):
            piece = decoder.decode(data[at : at + _PIECE], final=at + _PIECE >= len(data))
            if at == 0 and piece.startswith(_BYTE_ORDER_MARK):
                facts.findings.append(new_finding("byte_order_mark"))
            facts.unclean = facts.unclean or bool(CONTROLS.search(piece))
            last = piece or last
    except UnicodeDecodeError:
        facts.readable = False
        facts.findings = [_not_text(data, charset)]
    if facts.readable and not facts.findings and _is_other_charset(data, charset):
        facts.readable = False
        facts.findings = [
            new_finding(
                "charset",
                f"All letters beyond ASCII are those of UTF-8, not of {charset}; expected a file in {charset}",
            )
        ]
    facts.ends_dos = last.endswith(DOS_END_OF_FILE)
    return facts


def _is_other_charset(data: bytes, charset: str) -> bool:
    """Is the text UTF-8, although the layout names a character set of single bytes (in which any bytes are text)?

    Letters of such a set hardly ever come in the pairs that UTF-8 makes of them, and never all through a file.
    """
    if codecs.lookup(charset).name not in ANY_BYTES or data.isascii():
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _PIECE):
            decoder.decode(data[at : at + _PIECE], final=at + _PIECE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _not_text(data: bytes, charset: str) -> Finding:
    start = 0
    try:
        data.decode(charset)
    except UnicodeDecodeError as error:
        start = error.start
    row = data.count(b"\n", 0, start) + 1
    return new_finding(
        "charset",
        f"Byte {start} (row {row}) is not {charset} text; expected a file in {charset}",
        position=row,
        value=data[start : start + 4].hex(),
    )


def text_lines(data: bytes, charset: str, *, ends_dos: bool) -> Iterator[str]:
    """The lines with their line ends, without a byte order mark and DOS end mark. The bytes must be text."""
    lines: Iterator[str] = iter(io.TextIOWrapper(io.BytesIO(data), encoding=charset, newline=""))
    first = next(lines, "")
    lines = chain([first.removeprefix(_BYTE_ORDER_MARK)], lines)
    return _without_end_mark(lines) if ends_dos else lines


def _without_end_mark(lines: Iterator[str]) -> Iterator[str]:
    held = ""
    for line in lines:
        if held:
            yield held
        held = line
    held = held.rstrip(DOS_END_OF_FILE)
    if held:
        yield held


def byte_lines(data: bytes, newline: bytes, carriage: bytes) -> Iterator[bytes]:
    """The lines without their line ends; what stands after the last line end is a line too, also when it is empty."""
    at, step = 0, len(newline)
    while (end := data.find(newline, at)) >= 0:
        yield data[at:end].removesuffix(carriage)
        at = end + step
    yield data[at:].removesuffix(carriage)
