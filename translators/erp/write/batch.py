"""An ERP batch and a profile → the bytes of the import file, the files that go with it, and the control file.

`write_batch` takes the rows from wherever they are and writes them out as it goes: counts and totals, which a header
may need, are taken in a first pass. `render_batch` is the same in memory.
"""

from __future__ import annotations

import hashlib
import io
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from translators.canonical import ErpBatch, PostingRow
from translators.erp.profile.model import ErpProfile, FileSpec
from translators.erp.profile.sources import SOURCES, Place, Totals, group_key
from translators.erp.write.records import FileWriter, Group
from translators.erp.write.values import Unrenderable

__all__ = ["RenderedFile", "Unrenderable", "WrittenFile", "find_unrenderable", "render_batch", "write_batch"]

PIECE = 64 * 1024  # bytes that are written at once
_SAFE_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """`data` is the import file under `name`; `others` go with it (headers beside lines); `control` comes last."""

    name: str
    data: bytes
    control: tuple[str, bytes] | None = None
    others: tuple[tuple[str, bytes], ...] = ()


def render_batch(batch: ErpBatch, profile: ErpProfile) -> RenderedFile:
    """A batch → its import file(s). The same batch and profile give the same bytes.

    Raises `Unrenderable` (a ValueError) for the first row with a value that the format cannot carry: too long, a
    character the encoding does not have, decimals that would be lost, text that begins like a formula. `row_no` 0 =
    not one row's fault: no rows, no file for this posting kind, an unusable file name.
    """
    buffers: list[tuple[str, io.BytesIO]] = []

    def create(name: str) -> BinaryIO:
        buffers.append((name, io.BytesIO()))
        return buffers[-1][1]

    written = write_batch(batch, batch.rows, profile, create)
    files = [(name, buffer.getvalue()) for name, buffer in buffers]
    control = files.pop() if written[-1].is_control else None
    return RenderedFile(*files[0], control, tuple(files[1:]))


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file that was written: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str
    is_control: bool = False


def write_batch(
    batch: ErpBatch, rows: Sequence[PostingRow], profile: ErpProfile, create: Callable[[str], BinaryIO]
) -> tuple[WrittenFile, ...]:
    """A batch whose rows are `rows` (those of `batch` do not count) → its files, written into what `create` opens.

    `rows` may fetch each row when it is asked for: they are gone through once for the totals, once for the groups of
    each file and once to write it, and none is kept. `create` gets the name of each file, in the order in which they
    are to be sent (the control file last), and the caller closes what it opened. Raises as `render_batch`, with what is
    written so far of no use.
    """
    specs = _specs(batch, rows, profile)
    totals = Totals.of(rows)
    written: list[WrittenFile] = []
    for spec in specs:
        name = file_name(spec.name, batch, profile)
        out = _Pieces(create(name))
        _writer(profile, spec).write(cast("BinaryIO", out), Place(batch, totals, rows[0]), _groups(batch, rows, spec))
        written.append(out.finished(name))
    control = _control(batch, profile, totals, written)
    if control is not None:
        name, data = control
        out = _Pieces(create(name))
        out.write(data)
        written.append(out.finished(name, is_control=True))
    return tuple(written)


class _Pieces:
    """A file that is written in pieces of PIECE bytes; counts its size and its hash."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._held: list[bytes] = []
        self._holds = 0
        self._size = 0
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._held.append(data)
        self._holds += len(data)
        if self._holds >= PIECE:
            self._write_out()
        return len(data)

    def _write_out(self) -> None:
        data = b"".join(self._held)
        self._held.clear()
        self._size += self._holds
        self._holds = 0
        self._digest.update(data)
        self._out.write(data)

    def finished(self, name: str, *, is_control: bool = False) -> WrittenFile:
        self._write_out()
        return WrittenFile(name, self._size, self._digest.hexdigest(), is_control)


def find_unrenderable(batch: ErpBatch, profile: ErpProfile) -> tuple[Unrenderable, ...]:
    """Every row that `render_batch` would refuse, once each, in row order: hold these and render the others."""
    found: dict[int, Unrenderable] = {}
    rows = batch.rows
    specs = _specs(batch, rows, profile)
    totals = Totals.of(rows)
    for spec in specs:
        writer = _writer(profile, spec)
        for group in _groups(batch, rows, spec):
            for problem in writer.problems(Place(batch, totals, rows[0]), group):
                found.setdefault(problem.row_no, problem)
    return tuple(found[row_no] for row_no in sorted(found))


def file_name(pattern: str, batch: ErpBatch, profile: ErpProfile, stem: str = "") -> str:
    """The file's name from the batch alone. Raises `Unrenderable` (row 0) for a name that is no plain file name."""
    created = "".join(character for character in batch.created_at if character.isdigit())[:14]
    name = pattern.format(
        profile=profile.name,
        PROFILE=profile.name.upper(),
        kind=batch.posting_kind,
        KIND=batch.posting_kind.upper(),
        destination=batch.destination,
        DESTINATION=batch.destination.upper(),
        batch_id=batch.batch_id,
        sequence=batch.sequence,
        created=created,
        date=created[:8],
        stem=stem,
    )
    if not _SAFE_NAME.fullmatch(name) or name.startswith("."):
        raise Unrenderable(0, "file name", name, "a file name has letters, digits, dot, hyphen and underscore only")
    return name


def _specs(batch: ErpBatch, rows: Sequence[PostingRow], profile: ErpProfile) -> tuple[FileSpec, ...]:
    specs = profile.files_of(batch.posting_kind)
    if not specs:
        raise Unrenderable(0, "posting_kind", batch.posting_kind, f"the profile {profile.name} writes no such postings")
    if not rows:
        raise Unrenderable(0, "rows", "", "the batch has no rows")
    return specs


def _writer(profile: ErpProfile, spec: FileSpec) -> FileWriter:
    if profile.format == "xml":
        from translators.erp.write.xml import XmlWriter

        return XmlWriter(profile, spec)
    if profile.format == "idoc":
        from translators.erp.write.idoc import IdocWriter

        return IdocWriter(profile, spec)
    from translators.erp.write.text import CsvWriter, FixedWriter

    return CsvWriter(profile, spec) if profile.format == "csv" else FixedWriter(profile, spec)


def _groups(batch: ErpBatch, rows: Sequence[PostingRow], spec: FileSpec) -> Iterator[Group]:
    """The rows in groups by `group_by`, in order of their first rows; one group if no record needs groups."""
    if not _needs_groups(spec):
        yield Group(1, rows, Totals())
        return
    found: dict[tuple[str, ...], array[int]] = {}
    whole = Totals()
    for index, row in enumerate(rows):
        found.setdefault(group_key(spec.group_by, Place(batch, whole, row)), array("l")).append(index)
    for number, indexes in enumerate(found.values(), start=1):
        of_group = [rows[index] for index in indexes]
        yield Group(number, of_group, Totals.of(of_group))


def _needs_groups(spec: FileSpec) -> bool:
    """Does a record stand around a group, or a field speak of one?"""
    sources = {name for record in spec.records for field in record.fields for name in (field.fed_from, *field.of)}
    of_group = {name for name, source in SOURCES.items() if source.scope == "group"} | {"row_in_group"}
    return bool(sources & of_group) or any(record.when in {"group", "group_end"} for record in spec.records)


def _control(
    batch: ErpBatch, profile: ErpProfile, totals: Totals, written: Sequence[WrittenFile]
) -> tuple[str, bytes] | None:
    """`key=value` lines: the batch, its count and totals (absolute: the sum of the columns; signed: what takes back
    counts negative), and each file's name, size and SHA-256."""
    if profile.control is None:
        return None
    stem = written[0].name.rpartition(".")[0] or written[0].name
    lines = [
        f"batch_id={batch.batch_id}",
        f"posting_kind={batch.posting_kind}",
        f"rows={totals.count}",
        f"absolute_quantity_total={totals.quantity:f}",
        f"absolute_amount_total={totals.amount:f}",
        f"signed_quantity_total={totals.signed_quantity:f}",
        f"signed_amount_total={totals.signed_amount:f}",
    ]
    for file in written:
        lines += [f"file={file.name}", f"bytes={file.size}", f"sha256={file.sha256}"]
    text = "".join(f"{line}{profile.newline}" for line in lines)
    return file_name(profile.control.name, batch, profile, stem), text.encode("ascii", "backslashreplace")
