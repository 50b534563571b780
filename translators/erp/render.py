"""An ERP batch and a profile → the bytes of the import file, the files that go with it, and the control file."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from translators.canonical import ErpBatch, PostingRow
from translators.erp.records import FileWriter, Group
from translators.erp.sources import SOURCES, Place, Totals
from translators.erp.values import Unrenderable

if TYPE_CHECKING:
    from translators.erp.profile import ErpProfile, FileSpec

__all__ = ["RenderedFile", "Unrenderable", "find_unrenderable", "render_batch"]

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
    specs = _specs(batch, profile)
    rendered: list[tuple[str, bytes]] = []
    totals = Totals.of(batch.rows)
    for spec in specs:
        writer = _writer(profile, spec)
        rendered.append((file_name(spec.name, batch, profile), writer.write(batch, totals, _groups(batch, spec))))
    name, data = rendered[0]
    return RenderedFile(name, data, _control(batch, profile, totals, rendered), tuple(rendered[1:]))


def find_unrenderable(batch: ErpBatch, profile: ErpProfile) -> tuple[Unrenderable, ...]:
    """Every row that `render_batch` would refuse, once each, in row order: hold these and render the others."""
    found: dict[int, Unrenderable] = {}
    totals = Totals.of(batch.rows)
    for spec in _specs(batch, profile):
        writer = _writer(profile, spec)
        for group in _groups(batch, spec):
            for problem in writer.problems(batch, totals, group):
                found.setdefault(problem.row_no, problem)
    return tuple(found[row_no] for row_no in sorted(found))


def file_name(pattern: str, batch: ErpBatch, profile: ErpProfile, stem: str = "") -> str:
    """The file's name from the batch alone. Raises `Unrenderable` (row 0) for a name that is no plain file name."""
    created = "".join(each for each in batch.created_at if each.isdigit())[:14]
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


def _specs(batch: ErpBatch, profile: ErpProfile) -> tuple[FileSpec, ...]:
    specs = profile.files_of(batch.posting_kind)
    if not specs:
        raise Unrenderable(0, "posting_kind", batch.posting_kind, f"the profile {profile.name} writes no such postings")
    if not batch.rows:
        raise Unrenderable(0, "rows", "", "the batch has no rows")
    return specs


def _writer(profile: ErpProfile, spec: FileSpec) -> FileWriter:
    if profile.format == "xml":
        from translators.erp.xml import XmlWriter

        return XmlWriter(profile, spec)
    if profile.format == "idoc":
        from translators.erp.idoc import IdocWriter

        return IdocWriter(profile, spec)
    from translators.erp.text import CsvWriter, FixedWriter

    return CsvWriter(profile, spec) if profile.format == "csv" else FixedWriter(profile, spec)


def _groups(batch: ErpBatch, spec: FileSpec) -> list[Group]:
    """Rows by the file's group key, in order of first appearance; one group of all where no record needs groups."""
    if not _needs_groups(spec):
        return [Group(1, list(batch.rows), Totals())]
    read = SOURCES[spec.group_by].read
    found: dict[str, list[PostingRow]] = {}
    whole = Totals()
    for row in batch.rows:
        found.setdefault(str(read(Place(batch, whole, row))), []).append(row)
    return [Group(number, rows, Totals.of(rows)) for number, rows in enumerate(found.values(), start=1)]


def _needs_groups(spec: FileSpec) -> bool:
    """Does a record stand around a group, or a field speak of one?"""
    sources = {name for record in spec.records for each in record.fields for name in (each.fed_from, *each.of)}
    of_group = {name for name, source in SOURCES.items() if source.scope == "group"} | {"row_in_group"}
    return bool(sources & of_group) or any(record.when in {"group", "group_end"} for record in spec.records)


def _control(
    batch: ErpBatch, profile: ErpProfile, totals: Totals, rendered: list[tuple[str, bytes]]
) -> tuple[str, bytes] | None:
    """`key=value` lines: the batch, its counts and totals, and each file's name, size and SHA-256."""
    if profile.control is None:
        return None
    stem = rendered[0][0].rpartition(".")[0] or rendered[0][0]
    lines = [
        f"batch_id={batch.batch_id}",
        f"posting_kind={batch.posting_kind}",
        f"rows={totals.count}",
        f"quantity_total={totals.quantity:f}",
        f"amount_total={totals.amount:f}",
    ]
    for name, data in rendered:
        lines += [f"file={name}", f"bytes={len(data)}", f"sha256={hashlib.sha256(data).hexdigest()}"]
    text = "".join(f"{line}{profile.newline}" for line in lines)
    return file_name(profile.control.name, batch, profile, stem), text.encode("ascii", "backslashreplace")
