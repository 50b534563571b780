"""Limits of what one file may contain. What is beyond a limit becomes a finding, so that no file fills the memory."""

from __future__ import annotations

# One segment, in characters. The elements of the sets that we read allow far less.
MAX_SEGMENT_LENGTH = 65_536
# One transaction set, in segments and in characters.
MAX_SEGMENTS_PER_SET = 500_000
MAX_SET_LENGTH = 32 * 1024 * 1024
MAX_SETS_PER_FILE = 2_000_000
MAX_GROUPS_PER_INTERCHANGE = 100_000
MAX_INTERCHANGES_PER_FILE = 10_000
# ISA segments that cannot be read. A file with more of them is not X12.
MAX_UNREADABLE_HEADERS = 1_000
# Findings of one set. A person reads the first ten.
MAX_FINDINGS_PER_SET = 200
# A value shown in a finding.
MAX_VALUE_SHOWN = 99
# Bytes taken from a source at a time.
CHUNK_SIZE = 1024 * 1024
