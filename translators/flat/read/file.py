"""A flat file and its layout → sets of canonical documents, and findings a partner can act on.

The file is read twice. The first look finds what is wrong with the file as a whole (its header, its trailer's counts
and totals) and which rows make one document; the second builds the documents one by one, so that a file of any number
of rows takes the memory of a few of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from translators.findings import Finding, new_finding
from translators.flat.layout.fields import WHOLE_FILE
from translators.flat.layout.model import Layout
from translators.flat.read.assemble import Assembler
from translators.flat.read.collector import collector_paused
from translators.flat.read.delimited import DelimitedRows, Read
from translators.flat.read.file_findings import file_findings
from translators.flat.read.fixed import FixedRows
from translators.flat.read.rows import RecordReader, Row
from translators.flat.read.shapes import date_of
from translators.flat.read.survey import DocumentStretches, RecordSurvey
from translators.flat.read.text import CONTROLS, TextFacts, look_through, text_lines
from translators.flat.read.trailer import Totals
from translators.profile import Profile
from translators.translation import SetResult


@dataclass(frozen=True, slots=True)
class FlatFile:
    """A file's own findings, all known before its first set; and its sets, each built when it is asked for."""

    findings: list[Finding]
    sets: Iterator[SetResult]


def read_flat(data: bytes, layout: Layout, profile: Profile) -> tuple[list[SetResult], list[Finding]]:
    """A file's bytes → one SetResult per document, and the findings about the file as a whole: `stream_flat`, gathered.

    Bad rows come back as findings of their set (position = row, column, value) and good rows go on; an error of the
    file itself (a missing column, bytes of another character set, a wrong trailer) rejects every set. Never raises for
    what is in the file; `LayoutError` for a constant of the layout that has no meaning.
    """
    with collector_paused():
        file = stream_flat(data, layout, profile)
        return list(file.sets), file.findings


def stream_flat(data: bytes, layout: Layout, profile: Profile) -> FlatFile:
    """As `read_flat`, with sets that are built while the caller takes them, in the order of their first rows.

    A document is built when its last row was read. If its rows stand far apart, documents that begin after it wait.
    An XML file is one tree, which is read whole.
    """
    if layout.format == "xml":
        from translators.flat.read.xml import read_xml

        with collector_paused():
            sets, findings = read_xml(data, layout, profile)
        return FlatFile(findings, iter(sets))
    text = _Text(data, layout, profile)
    with collector_paused():
        findings = text.survey()
    return FlatFile(findings, text.sets(rejected=any(finding.severity == "error" for finding in findings)))


class _Text:
    """One delimited or fixed-width file on its way to documents."""

    def __init__(self, data: bytes, layout: Layout, profile: Profile) -> None:
        self._data = data
        self._layout = layout
        self._readers = {name: RecordReader(layout, name, record, profile) for name, record in layout.records.items()}
        self._stretches = DocumentStretches(whole=layout.document in WHOLE_FILE)
        self._assembler = Assembler(layout, profile, self._stretches)
        self._facts = TextFacts(readable=False)

    def survey(self) -> list[Finding]:
        """The first look: everything that is wrong with the file as a whole."""
        self._facts = look_through(self._data, self._layout.charset)
        findings = list(self._facts.findings)
        if not self._facts.readable:
            return findings
        totals = Totals(self._layout)
        surveys = {name: RecordSurvey(reader, totals.total_of) for name, reader in self._readers.items()}
        rows = self._rows({name: surveyed.columns for name, surveyed in surveys.items()})
        stretches = self._stretches
        counting, rows_skipped = totals.wanted, False
        for row in rows:
            if len(row) == 2:
                totals.count(row[0], "")
                stretches.bad_row()
                continue
            number, name, texts = row
            surveyed = surveys[name]
            if surveyed.in_full is not None:
                self._read_file_record(surveyed.in_full, number, texts, totals)
                continue
            if counting:
                totals.count(number, surveyed.role)
                if surveyed.total_at >= 0:
                    totals.add(number, surveyed.convert, texts[surveyed.total_at].strip())
            if not surveyed.counts:
                continue
            if surveyed.skips and surveyed.is_skipped(texts):
                rows_skipped = True
            else:
                stretches.row(surveyed.key(texts), surveyed.is_line)
        stretches.close()
        findings += rows.findings
        return file_findings(self._assembler, totals, findings, stretches.documents, rows_skipped=rows_skipped)

    def _read_file_record(self, reader: RecordReader, number: int, texts: Sequence[str], totals: Totals) -> None:
        """Read a record about the file as a whole: its header or trailer."""
        row = reader.read(number, texts)
        if self._facts.unclean:
            _check_controls(row, reader, texts)
        if row.role == "trailer":
            totals.trailer(row)
            return
        totals.count(number, row.role)
        if not row.skipped:
            self._assembler.add(row)

    def sets(self, *, rejected: bool) -> Iterator[SetResult]:
        """The second look: the sets, in order. `rejected`: an error of the file takes every set with it."""
        if not self._facts.readable:
            return
        wanted = {name: [column for column, _ in reader.columns] for name, reader in self._readers.items()}
        sets = self._built(self._rows(wanted))
        if not rejected:
            yield from sets
        for result in sets:
            result.verdict = "rejected"
            result.documents.clear()
            yield result

    def _built(self, rows: Iterable[Read]) -> Iterator[SetResult]:
        assembler, readers, unclean = self._assembler, self._readers, self._facts.unclean
        day = of_file = date_of(assembler.file.head)
        built = assembler.built
        for read in rows:
            if len(read) == 2:
                assembler.bad_row(*read)
            else:
                number, name, texts = read
                reader = readers[name]
                role = reader.record.role
                if role in {"ignore", "file", "trailer"}:
                    continue
                row = reader.read(number, texts, day if role == "line" else of_file)
                if unclean:
                    _check_controls(row, reader, texts)
                if role == "document":
                    day = date_of(row.head) or of_file
                if row.skipped:
                    continue
                assembler.add(row)
            if built:
                yield from built
                built.clear()
        yield from assembler.finish()

    def _rows(self, wanted: dict[str, list[str]]) -> DelimitedRows | FixedRows:
        if self._layout.format == "delimited":
            lines = text_lines(self._data, self._layout.charset, ends_dos=self._facts.ends_dos)
            return DelimitedRows(lines, self._layout, wanted)
        return FixedRows(self._data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\x1a"), self._layout, wanted)


def _check_controls(row: Row, reader: RecordReader, texts: Sequence[str]) -> None:
    """Refuse a row with a control character in a value: systems that read our files break on it."""
    for cell, text in zip(reader.cells, texts, strict=True):
        bad = CONTROLS.search(text)
        if bad:
            row.ok = False
            row.findings.append(
                new_finding(
                    "bad_value",
                    f"{cell.name} holds a control character (0x{ord(bad[0]):02X}); expected text",
                    segment=reader.name,
                    position=row.number,
                    column=cell.name,
                    value=CONTROLS.sub("\ufffd", text)[:80],
                )
            )
