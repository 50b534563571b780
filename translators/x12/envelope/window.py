"""A moving window of text over a file that is read in pieces: it bounds the memory and keeps byte offsets."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Protocol

from translators.findings import Finding
from translators.x12.envelope.encoding import sniff_encoding
from translators.x12.envelope.limits import CHUNK_SIZE


class BinaryFile(Protocol):
    """An open binary file."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; b"" at the end of the file."""


def chunks(source: bytes | Iterable[bytes] | BinaryFile) -> Iterator[bytes]:
    """The source in pieces: bytes and files are cut at CHUNK_SIZE, the pieces of an iterable stay as they are."""
    if isinstance(source, bytes | bytearray | memoryview):
        for at in range(0, len(source), CHUNK_SIZE):
            yield bytes(source[at : at + CHUNK_SIZE])
    elif hasattr(source, "read"):
        while chunk := source.read(CHUNK_SIZE):
            yield chunk
    else:
        yield from (chunk for chunk in source if chunk)


class Window:
    """`text` is what is loaded and not yet dropped. Indexes into it are valid until the next `drop`.

    `more` only ever appends. Line breaks can be taken out (`unwrap`) for files cut into lines of a fixed width; byte
    offsets count them all the same.
    """

    def __init__(self, source: bytes | Iterable[bytes] | BinaryFile) -> None:
        self._chunks = chunks(source)
        first = next(self._chunks, b"")
        while len(first) < 512 and (chunk := next(self._chunks, b"")):
            first += chunk
        codec, mark, self.findings = self._sniff(first)
        self._decoder = None if codec == "latin-1" else codecs.getincrementaldecoder(codec)(errors="replace")
        self._ebcdic = codec == "cp037"
        self._width = 2 if codec.startswith("utf-16") else 1
        self._first_byte = mark
        self._removed: list[int] = []
        self._unwrapping = False
        self.base = 0
        self.at_end = False
        self.text = self._decode(first[mark:])
        self.empty = not first

    @staticmethod
    def _sniff(first: bytes) -> tuple[str, int, list[Finding]]:
        return sniff_encoding(first[:512])

    def _decode(self, chunk: bytes) -> str:
        if self._decoder is None:
            return chunk.decode("latin-1")
        text = self._decoder.decode(chunk)
        # NEL is the line end of EBCDIC files.
        return text.replace("\x85", "\n") if self._ebcdic else text

    def more(self) -> bool:
        """Load more text, at least half as much as there is, so that a long set takes linear time. False at the end."""
        if self.at_end:
            return False
        wanted, parts, gained = max(1, len(self.text) // 2), [self.text], 0
        while gained < wanted:
            chunk = next(self._chunks, b"")
            if not chunk:
                self.at_end = True
                break
            text = self._decode(chunk)
            if self._unwrapping:
                text = self._without_breaks(text, self.base + len(self.text) + gained)
            parts.append(text)
            gained += len(text)
        self.text = "".join(parts)
        return gained > 0

    def have(self, until: int) -> bool:
        """Load until the text reaches index `until`; False if the file ends before."""
        while len(self.text) < until:
            if not self.more():
                return False
        return True

    def drop(self, until: int) -> None:
        """Forget the text before index `until`, which becomes index 0."""
        self.base += until
        self.text = self.text[until:]

    def unwrap(self, at: int) -> None:
        """From index `at` on, take out every line break, here and in all that will be loaded."""
        if self._unwrapping:
            return
        self._unwrapping = True
        self.text = self.text[:at] + self._without_breaks(self.text[at:], self.base + at)

    def _without_breaks(self, text: str, start: int) -> str:
        lines = text.replace("\r", "\n").split("\n")
        place = start
        for line in lines[:-1]:
            place += len(line)
            self._removed.append(place)
        return "".join(lines)

    def offset(self, index: int) -> int:
        """Where the character at `index` stands in the file, in bytes."""
        place = self.base + index
        if self._removed:
            place += bisect_right(self._removed, place)
        return self._first_byte + place * self._width
