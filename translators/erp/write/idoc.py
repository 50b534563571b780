"""SAP IDoc flat files: a control record EDI_DC40 and data records of 1,063 bytes, one IDoc per group.

Data record: SEGNAM 30, MANDT 3, DOCNUM 16, SEGNUM 6, PSGNUM 6, HLEVEL 2, SDATA 1000. The control record's fields are
the profile's. DOCNUM is made from the batch sequence and the group's number: status reports name it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from translators.erp.profile.checks import CONTROL_RECORD, SEGMENT_DATA
from translators.erp.profile.model import ErpProfile, FileSpec
from translators.erp.profile.sources import Place, docnum
from translators.erp.write.records import Group, Record, Records, encode_strictly
from translators.erp.write.values import Unrenderable

DATA_RECORD = 1063


class IdocWriter:
    """One file of an IDoc profile: every group is one IDoc."""

    def __init__(self, profile: ErpProfile, spec: FileSpec) -> None:
        self.profile = profile
        self.records = Records(profile, spec)

    def write(self, out: BinaryIO, place: Place, groups: Iterable[Group]) -> None:
        """The whole file, IDoc by IDoc. Raises `Unrenderable`."""
        for group in groups:
            segments = _Segments(self.profile.client, docnum(place.batch.sequence, group.ordinal))
            for record, record_place in self.records.of_group(place, group):
                out.write(self._line(segments, record, record_place))

    def problems(self, place: Place, group: Group) -> list[Unrenderable]:
        """What of one group cannot be written."""
        return self.records.problems(place, group)

    def _line(self, segments: _Segments, record: Record, place: Place) -> bytes:
        newline = self.profile.newline
        if record.spec.segment == CONTROL_RECORD:
            return encode_strictly(record, place, lambda texts: "".join(texts) + newline)
        head = segments.head(record)
        return encode_strictly(record, place, lambda texts: head + "".join(texts).ljust(SEGMENT_DATA) + newline)


class _Segments:
    """Numbers the segments of one IDoc and remembers which one a child stands under."""

    def __init__(self, client: str, number: str) -> None:
        self._start = f"{client:<3}{number:>16}"
        self._last: dict[str, int] = {}
        self._count = 0

    def head(self, record: Record) -> str:
        spec = record.spec
        self._count += 1
        self._last[spec.segment] = self._count
        parent = self._last.get(spec.parent, 0) if spec.parent else 0
        return f"{spec.segment:<30}{self._start}{self._count:06}{parent:06}{spec.level:02}"
