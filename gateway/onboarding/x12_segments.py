"""Cut the text of an X12 sample into segments and elements."""

from __future__ import annotations

from collections.abc import Iterator

from translators.profile import Delimiters


def segments_of(raw: str, delimiters: Delimiters) -> Iterator[list[str]]:
    """The text of one set → its segments as elements, empty ones left out."""
    for segment in raw.split(delimiters.segment):
        text = segment.strip("\r\n ")
        if text:
            yield text.split(delimiters.element)


def delimiters_of(data: bytes) -> Delimiters | None:
    """The separators of an interchange that begins with its ISA (of fixed length: X12.5); None if it is cut."""
    text = data[:110].decode("latin-1")
    if not text.startswith("ISA") or len(text) < 106:
        return None
    rest = text[106:]
    newline = rest[: len(rest) - len(rest.lstrip("\r\n"))]
    has_repetition = text[84:89] >= "00402" and not text[82].isalnum()
    separators = {"element": text[3], "repetition": text[82] if has_repetition else "", "component": text[104]}
    return Delimiters(**separators, segment=text[105], newline=newline)
