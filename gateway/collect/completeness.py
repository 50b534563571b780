"""Is a file complete? What the bytes themselves say, and how long to wait where they say nothing."""

from __future__ import annotations

import fnmatch
import os
import re
from dataclasses import dataclass
from pathlib import Path

from gateway.disk import open_plain

_HEAD = 128
_TAIL = 4096
_PADDING = b" \t\r\n\x00\x1a"  # what transfers append: line ends, blanks, NUL, the end-of-file mark of old systems
_BOM = b"\xef\xbb\xbf"
_WHOLE_IEA = re.compile(rb"IEA[^A-Za-z0-9]\d{1,5}[^A-Za-z0-9]\d{9}[^A-Za-z0-9]?\Z")

# Names that are not there for us: uploads in progress, editors' and file managers' leavings, our own READMEs.
IGNORED = (
    ".*",
    "~$*",
    "*.tmp",
    "*.part",
    "*.partial",
    "*.filepart",
    "*.writing",
    "*.uploading",
    "*.crdownload",
    "*.swp",
    "@eadir",
    "readme",
    "readme.*",
)


@dataclass(frozen=True)
class CompletionRule:
    """When a partner's file counts as complete.

    `settle`: seconds between two equal looks; `quiet`: the same for files whose bytes do not show their end;
    `incomplete_timeout`: seconds after which a quiet file that lacks its end is taken as truncated;
    `marker`: if not "", the file `<name><marker>` beside it says that it is complete, and nothing else does before the
    timeout. `result_folders` (as `folder_key` spells them) are looked into too: an ERP moves our files there.
    """

    settle: float = 0.5
    quiet: float = 2.0
    incomplete_timeout: float = 900.0
    marker: str = ""
    result_folders: frozenset[str] = frozenset()


def is_ignored(name: str) -> bool:
    """Whether this name is never taken from an inbox."""
    lowered = name.lower()
    return any(fnmatch.fnmatchcase(lowered, pattern) for pattern in IGNORED)


def shows_its_end(path: Path, shown: str) -> bool | None:
    """True if it is X12 and ends in an IEA, False if it is X12 and does not, None if its bytes cannot tell.

    Raises OddObject, CollectDenied, StillChanging.
    """
    descriptor = open_plain(path, shown)
    try:
        size = os.fstat(descriptor).st_size
        head = os.pread(descriptor, _HEAD + len(_BOM), 0)
        tail = os.pread(descriptor, _TAIL, max(0, size - _TAIL))
    finally:
        os.close(descriptor)
    return x12_end(head, tail)


def x12_end(head: bytes, tail: bytes) -> bool | None:
    """The first and last bytes of a file → True: an X12 interchange with its IEA; False: one without; None: not X12.

    The IEA counts with its segment terminator; without one, or after an ISA of another length than 106, which does not
    tell it, if its control number has all nine digits. Whether the number is right is for the acknowledgment to say.
    """
    start = head.removeprefix(_BOM).lstrip(_PADDING)
    if not start.startswith(b"ISA") or start[3:4].isalnum():
        return None
    terminator = start[105:106]
    end = tail.rstrip(_PADDING.replace(terminator, b""))
    if _WHOLE_IEA.search(end):
        return True
    if len(terminator) != 1 or terminator.isalnum() or not end.endswith(terminator):
        return False  # cut off; or the ISA itself is not whole, and nothing tells where segments end
    last = end.rstrip(_PADDING + terminator).rsplit(terminator, 1)[-1].lstrip(_PADDING)
    return last.startswith(b"IEA" + start[3:4])
