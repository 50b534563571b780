"""Delimited and fixed-width import files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import BinaryIO

from translators.erp.profile.model import ErpProfile, FileSpec
from translators.erp.profile.sources import Place
from translators.erp.write.records import Group, Record, Records, encoded
from translators.erp.write.values import Unrenderable

_MAY_BE_FORMULA = re.compile(r"(?:^|,)[=@]")


class CsvWriter:
    """RFC 4180 rows in the profile's dialect. Header rows are the records' `header`, or the first record's names."""

    def __init__(self, profile: ErpProfile, spec: FileSpec) -> None:
        self.profile = profile
        self.spec = spec
        self.records = Records(profile, spec)
        self._line = io.StringIO(newline="")
        self._end = (profile.delimiter if spec.trailing_delimiter else "") + profile.newline
        self._writer = csv.writer(
            self._line,
            delimiter=profile.delimiter,
            quoting=csv.QUOTE_ALL if profile.quoting == "all" else csv.QUOTE_MINIMAL,
            lineterminator=self._end,
        )

        self._limited = any(field.width for record in spec.records for field in record.fields)

    def write(self, out: BinaryIO, place: Place, groups: Iterable[Group]) -> None:
        """The whole file, record by record. Raises `Unrenderable`."""
        for names in self._header_rows():
            out.write(self._row(names).encode(self.profile.encoding))
        for record, record_place in self.records.of_batch(place, groups):
            out.write(encoded(record, record_place, self._row, self._quick))

    def problems(self, place: Place, group: Group) -> list[Unrenderable]:
        """What of one group cannot be written."""
        return self.records.problems(place, group)

    def _row(self, texts: list[str]) -> str:
        if self.profile.quoting == "none":
            return self.profile.delimiter.join(texts) + self._end
        self._line.seek(0)
        self._line.truncate()
        self._writer.writerow(texts)
        return self._line.getvalue()

    def _quick(self, record: Record, texts: list[str]) -> str | None:
        """A row whose texts are all printable, none too long and none like a formula; None for any other."""
        joined = ",".join(texts)
        if self.profile.quoting == "none" or not joined.isprintable() or _MAY_BE_FORMULA.search(joined):
            return None
        if self._limited and not (joined.isascii() and _all_fit(record, texts)):
            return None
        return self._row(texts)

    def _header_rows(self) -> list[list[str]]:
        if not self.spec.header_row:
            return []
        rows = [list(record.header) for record in self.spec.records if record.header]
        return rows or [[field.name for field in self.spec.records[0].fields]]


def _all_fit(record: Record, texts: list[str]) -> bool:
    return all(not width or len(text) <= width for width, text in zip(record.widths, texts, strict=True))


class FixedWriter:
    """Records of fixed fields, one a line."""

    def __init__(self, profile: ErpProfile, spec: FileSpec) -> None:
        self.records = Records(profile, spec)
        self._newline = profile.newline
        self._shapes = {
            id(record): ("".join(f"%-{width}s" for width in record.widths), sum(record.widths))
            for record in self.records.all
        }

    def write(self, out: BinaryIO, place: Place, groups: Iterable[Group]) -> None:
        """The whole file, record by record. Raises `Unrenderable`."""
        for record, record_place in self.records.of_batch(place, groups):
            out.write(encoded(record, record_place, self._row, self._quick))

    def problems(self, place: Place, group: Group) -> list[Unrenderable]:
        """What of one group cannot be written."""
        return self.records.problems(place, group)

    def _row(self, texts: list[str]) -> str:
        return "".join(texts) + self._newline

    def _quick(self, record: Record, texts: list[str]) -> str | None:
        """All texts filled up to their widths at once. A record of the right length has no text too long."""
        shape, length = self._shapes[id(record)]
        line = shape % tuple(texts)
        return line + self._newline if len(line) == length and line.isascii() and line.isprintable() else None
