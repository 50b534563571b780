"""Bounds on what one file may ask of us. Beyond each there is a finding, never a traceback and never a full memory."""

from __future__ import annotations

# One segment: the longest the standard's elements allow in the sets we read is far below this.
MAX_SEGMENT_LENGTH = 65_536
# One transaction set, in segments and in characters.
MAX_SEGMENTS_PER_SET = 500_000
MAX_SET_LENGTH = 32 * 1024 * 1024
MAX_SETS_PER_FILE = 2_000_000
MAX_GROUPS_PER_INTERCHANGE = 100_000
MAX_INTERCHANGES_PER_FILE = 10_000
# ISA segments that cannot be read: a file with more is something else.
MAX_UNREADABLE_HEADERS = 1_000
# Findings kept per set; a 997 carries no more, and a person reads the first ten.
MAX_FINDINGS_PER_SET = 200
# A value shown in a finding.
MAX_VALUE_SHOWN = 99
# Bytes taken from a source at a time.
CHUNK_SIZE = 1024 * 1024
