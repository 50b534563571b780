"""Which encoding a file is in, told from its first bytes."""

from __future__ import annotations

from translators.findings import Finding, new_finding

# First bytes, codec, length of the byte order mark, name.
ENCODINGS: tuple[tuple[bytes, str, int, str], ...] = (
    (b"\xef\xbb\xbf", "latin-1", 3, "UTF-8"),
    (b"\xff\xfe", "utf-16-le", 2, "UTF-16"),
    (b"\xfe\xff", "utf-16-be", 2, "UTF-16"),
    (b"I\x00S\x00A\x00", "utf-16-le", 0, "UTF-16"),
    (b"\x00I\x00S\x00A", "utf-16-be", 0, "UTF-16"),
)
EBCDIC_ISA = b"\xc9\xe2\xc1"
EBCDIC_BLANKS = b"\x40\x15\x25\x0d"


def sniff_encoding(head: bytes) -> tuple[str, int, list[Finding]]:
    """First bytes of a file → codec, length of the byte order mark, and notes.

    The codec is latin-1 unless the bytes say otherwise. With it each byte is one character: nothing is lost, and
    indexes are byte offsets.
    """
    for signature, codec, mark, name in ENCODINGS:
        if head.startswith(signature):
            notes = [new_finding("byte_order_mark", value=name)] if mark else []
            return codec, mark, notes + ([] if codec == "latin-1" else [_transcoded(name)])
    if head.lstrip(EBCDIC_BLANKS).startswith(EBCDIC_ISA):
        return "cp037", 0, [_transcoded("EBCDIC")]
    return "latin-1", 0, []


def _transcoded(name: str) -> Finding:
    return new_finding("transcoded", f"The file is in {name}; it was converted", value=name)
