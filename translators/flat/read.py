"""A flat file and its layout → sets of canonical documents, and findings a partner can act on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from translators.findings import Finding, found
from translators.flat.assemble import Assembler
from translators.flat.collector import collector_paused
from translators.flat.delimited import DelimitedRows, Read
from translators.flat.fixed import FixedRows
from translators.flat.rows import RecordReader, Row
from translators.flat.trailer import Totals
from translators.profile import Profile
from translators.translation import SetResult

if TYPE_CHECKING:
    from translators.flat.layout import Layout

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
DOS_END_OF_FILE = "\x1a"


def read_flat(data: bytes, layout: Layout, profile: Profile) -> tuple[list[SetResult], list[Finding]]:
    """A file's bytes → one SetResult per document, and the findings about the file as a whole.

    Bad rows come back as findings of their set (position = row, column, value) and good rows go on; an error of the
    file itself (a missing column, bytes of another character set, a wrong trailer) rejects every set. Never raises for
    what is in the file; `LayoutError` for a constant of the layout that has no meaning.
    """
    with collector_paused():
        if layout.format == "xml":
            from translators.flat.xml import read_xml

            return read_xml(data, layout, profile)
        return _read_text(data, layout, profile)


def _read_text(data: bytes, layout: Layout, profile: Profile) -> tuple[list[SetResult], list[Finding]]:
    findings: list[Finding] = []
    text = _decoded(data, layout, findings)
    if text is None:
        return [], findings
    readers = {name: RecordReader(layout, name, record, profile) for name, record in layout.records.items()}
    wanted = {name: [each for each, _ in reader.columns] for name, reader in readers.items()}
    rows = (
        DelimitedRows(text, layout, wanted)
        if layout.format == "delimited"
        else FixedRows(data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\x1a"), layout, wanted)
    )
    assembler = Assembler(layout, profile)
    totals = Totals(layout)
    _read_rows(rows, readers, assembler, totals, unclean=bool(_CONTROLS.search(text)))
    findings += rows.findings
    return settle(assembler, totals, findings)


def settle(assembler: Assembler, totals: Totals, findings: list[Finding]) -> tuple[list[SetResult], list[Finding]]:
    """The sets and file findings, once all rows are in: an error of the file takes every set with it."""
    findings = [*findings, *assembler.file.findings, *totals.findings(assembler.documents)]
    sets = assembler.finish()
    if not sets and not any(each.severity == "error" for each in findings):
        findings.append(found("empty_file", "The file has no rows with data"))
    if any(each.severity == "error" for each in findings):
        for each in sets:
            each.verdict = "rejected"
            each.documents.clear()
    return sets, findings


def _decoded(data: bytes, layout: Layout, findings: list[Finding]) -> str | None:
    """The file as text, or None with a finding that names the row and byte where it stops being text."""
    try:
        text = data.decode(layout.charset)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        findings.append(
            found(
                "charset",
                f"Byte {error.start} (row {row}) is not {layout.charset} text; expected a file in {layout.charset}",
                position=row,
                value=data[error.start : error.start + 4].hex(),
            )
        )
        return None
    if text.startswith("\ufeff"):
        findings.append(found("byte_order_mark"))
        text = text.removeprefix("\ufeff")
    return text.rstrip(DOS_END_OF_FILE)


def _read_rows(
    rows: Iterable[Read], readers: dict[str, RecordReader], assembler: Assembler, totals: Totals, unclean: bool
) -> None:
    issued_on = ""
    for each in rows:
        if len(each) == 2:
            totals.count(each[0], "")
            assembler.bad_row(*each)
            continue
        number, name, texts = each
        reader = readers[name]
        if reader.record.role == "ignore":
            totals.count(number, "ignore")
            continue
        row = reader.read(number, texts, issued_on if reader.record.role == "line" else "")
        if unclean:
            _check_controls(row, reader, texts)
        if row.role == "document":
            issued_on = row.head["issued_on"].isoformat() if "issued_on" in row.head else ""
        if row.role == "trailer":
            totals.trailer(row)
            continue
        totals.count(number, row.role, reader, texts)
        if not row.skipped:
            assembler.add(row)


def _check_controls(row: Row, reader: RecordReader, texts: list[str]) -> None:
    """Control characters in a value break every system behind us: such a row is refused."""
    for cell, text in zip(reader.cells, texts, strict=True):
        bad = _CONTROLS.search(text)
        if bad:
            row.ok = False
            row.findings.append(
                found(
                    "bad_value",
                    f"{cell.name} holds a control character (0x{ord(bad[0]):02X}); expected text",
                    segment=reader.name,
                    position=row.number,
                    column=cell.name,
                    value=_CONTROLS.sub("\ufffd", text)[:80],
                )
            )
