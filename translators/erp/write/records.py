"""What every format shares: the order of records, and telling which row and field could not be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import BinaryIO, Protocol

from translators.canonical import PostingRow
from translators.erp.profile.model import ErpProfile, FieldSpec, FileSpec, RecordSpec
from translators.erp.profile.sources import SOURCES, Place, Totals
from translators.erp.write.values import Unfit, Unrenderable, Write, field_writer, unencodable


@dataclass(slots=True)
class Group:
    """Rows that belong together (by default one return), their number in the file and their totals."""

    ordinal: int
    rows: Sequence[PostingRow]
    totals: Totals


class FileWriter(Protocol):
    """Writes one file of a profile; or says of one group what could not be written."""

    def write(self, out: BinaryIO, place: Place, groups: Iterable[Group]) -> None:
        """Write the file's bytes. Raises Unrenderable for the first value that the format cannot carry."""

    def problems(self, place: Place, group: Group) -> list[Unrenderable]:
        """Every value of the group's rows that the format cannot carry."""


class Record:
    """A record of a profile, compiled: its fields' texts at a place."""

    def __init__(self, profile: ErpProfile, spec: RecordSpec) -> None:
        self.spec = spec
        self.encoding = profile.encoding
        self.names = [field.name for field in spec.fields]
        self._writes: list[Write] = [field_writer(profile, field) for field in spec.fields]
        self._only_if = SOURCES[spec.only_if].read if spec.only_if else None
        # Most fields of a row are text as it stands: those are fetched together, without a call for each.
        plain = [(at, field.fed_from) for at, field in enumerate(spec.fields) if _is_plain_text(field)]
        self.widths = [field.width for field in spec.fields]
        self._plain_at = [at for at, _ in plain]
        self._plain = attrgetter(*(name for _, name in plain)) if len(plain) > 1 else None
        self._others = [(at, write) for at, write in enumerate(self._writes) if at not in self._plain_at]

    def wanted(self, place: Place) -> bool:
        """Is the record written at this place (`only_if`)?"""
        return self._only_if is None or bool(self._only_if(place))

    def texts(self, place: Place) -> list[str]:
        """The texts of the fields, each checked and brought to its width. Raises `Unfit`."""
        return [write(place) for write in self._writes]

    def quick_texts(self, place: Place) -> list[str] | None:
        """The texts of the fields, the plain ones unchecked and without their width; None where nothing is plain.

        The caller proves the whole record at once and, whenever the proof fails, takes `texts`, which is exact.
        """
        if self._plain is None:
            return None
        texts = [""] * len(self.names)
        for at, text in zip(self._plain_at, self._plain(place.row), strict=True):
            texts[at] = text
        for at, write in self._others:
            texts[at] = write(place)
        return texts

    def encodable(self, texts: list[str]) -> None:
        """Raises `Unfit` for the field with a character that the encoding does not have."""
        for name, text in zip(self.names, texts, strict=True):
            try:
                text.encode(self.encoding)
            except UnicodeEncodeError as error:
                raise unencodable(name, text, error, self.encoding) from error


def _is_plain_text(spec: FieldSpec) -> bool:
    source = SOURCES.get(spec.fed_from)
    plain_shape = spec.pad == " " and spec.align == "left" and not (spec.map or spec.required)
    return source is not None and source.type == "text" and spec.fed_from in PostingRow.model_fields and plain_shape


class Records:
    """The compiled records of a file by when they are written."""

    def __init__(self, profile: ErpProfile, spec: FileSpec) -> None:
        compiled = self.all = [Record(profile, record) for record in spec.records]
        self.start = [record for record in compiled if record.spec.when == "start"]
        self.group = [record for record in compiled if record.spec.when == "group"]
        self.row = [record for record in compiled if record.spec.when == "row"]
        self.group_end = [record for record in compiled if record.spec.when == "group_end"]
        self.end = [record for record in compiled if record.spec.when == "end"]

    def of_batch(self, place: Place, groups: Iterable[Group]) -> Iterator[tuple[Record, Place]]:
        """Every record of the file in order, each with its place. The place is one object that moves on."""
        yield from self._at(self.start, place)
        for group in groups:
            yield from self.of_group(place, group)
        place.group_ordinal = 0
        yield from self._at(self.end, place)

    def of_group(self, place: Place, group: Group) -> Iterator[tuple[Record, Place]]:
        """The records of one group, in order."""
        place.group, place.group_ordinal = group.totals, group.ordinal
        place.row, place.row_in_group = group.rows[0], 0
        yield from self._at(self.group, place)
        for number, row in enumerate(group.rows, start=1):
            place.row, place.row_in_group = row, number
            for record in self.row:
                if record.wanted(place):
                    place.records += 1
                    yield record, place
        place.row = group.rows[0]
        yield from self._at(self.group_end, place)

    @staticmethod
    def _at(records: list[Record], place: Place) -> Iterator[tuple[Record, Place]]:
        for record in records:
            if record.wanted(place):
                place.records += 1
                yield record, place

    def problems(self, place: Place, group: Group) -> list[Unrenderable]:
        """What of one group could not be written: once per row; a group's own records speak of its first row."""
        found: list[Unrenderable] = []
        for record, record_place in self.of_group(place, group):
            try:
                record.encodable(record.texts(record_place))
            except Unfit as unfit:
                found.append(refusal(unfit, record, record_place))
        return found


def refusal(unfit: Unfit, record: Record, place: Place) -> Unrenderable:
    """`Unfit` at a place → `Unrenderable` with the row it is about (0 for the start and end of a file)."""
    row_no = 0 if record.spec.when in {"start", "end"} else place.row.row_no
    return Unrenderable(row_no, unfit.field, unfit.value, unfit.why)


def encoded(
    record: Record,
    place: Place,
    join: Callable[[list[str]], str],
    quick: Callable[[Record, list[str]], str | None],
) -> bytes:
    """A record at a place → its bytes. `join` makes one text of the fields' exact texts; `quick` proves a whole
    record of unchecked texts at once, or gives None. Raises `Unrenderable`.
    """
    try:
        texts = record.quick_texts(place)
        line = quick(record, texts) if texts is not None else None
        if line is not None:
            return line.encode(record.encoding)
    except UnicodeEncodeError:
        line = None  # the exact way below says which field
    except Unfit as unfit:
        raise refusal(unfit, record, place) from unfit
    return encode_strictly(record, place, join)


def encode_strictly(record: Record, place: Place, join: Callable[[list[str]], str]) -> bytes:
    """A record at a place → its bytes, every field checked on its own. Raises `Unrenderable`."""
    try:
        texts = record.texts(place)
        try:
            return join(texts).encode(record.encoding)
        except UnicodeEncodeError:
            record.encodable(texts)  # says which field
            raise
    except Unfit as unfit:
        raise refusal(unfit, record, place) from unfit
