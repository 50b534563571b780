"""XML files → rows: a document node gives the document's fields, each line node one line, by XPath.

The parser reads no DTD, no entities, no network and no huge trees. A file with a DOCTYPE is refused.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from translators.findings import Finding, new_finding
from translators.flat.layout.fields import KINDS, resolve
from translators.flat.layout.model import Layout, Record
from translators.flat.read.assemble import Assembler
from translators.flat.read.file_findings import file_findings
from translators.flat.read.rows import RecordReader, Row
from translators.flat.read.shapes import date_of
from translators.flat.read.trailer import Totals
from translators.profile import Profile
from translators.translation import SetResult

FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


def safe_parser() -> etree.XMLParser:
    """A parser that resolves nothing and fetches nothing."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def parse_safely(data: bytes) -> tuple[Any, list[Finding]]:
    """Bytes → (root element, no findings), or (None, the `bad_xml` finding that says where it stops being XML)."""
    declared = new_finding("bad_xml", "The file has a DOCTYPE or entity declaration; expected XML without one")
    if any(mark in data for mark in FORBIDDEN):
        return None, [declared]
    try:
        root = etree.fromstring(data, safe_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        return None, [new_finding("bad_xml", f"The file is not well-formed XML: {error}", position=line)]
    if root.getroottree().docinfo.internalDTD is not None:  # in a character set in which the bytes above look different
        return None, [declared]
    return root, []


def read_xml(data: bytes, layout: Layout, profile: Profile) -> tuple[list[SetResult], list[Finding]]:
    """An XML file → one SetResult per document node. A row's position is the line of the file its element starts on."""
    root, findings = parse_safely(data)
    if root is None:
        return [], findings
    if etree.QName(root).localname != layout.root.rpartition("}")[2].rpartition(":")[2]:
        name = etree.QName(root).localname
        return [], [
            new_finding("bad_xml", f"The root element is {name}; expected {layout.root}", position=1, value=name)
        ]
    wanted = layout.namespaces.get(layout.root.rpartition(":")[0]) if ":" in layout.root else None
    if wanted is not None and etree.QName(root).namespace != wanted:
        name = etree.QName(root).namespace or ""
        space = f"is of the namespace {name}" if name else "is of no namespace"
        return [], [new_finding("bad_xml", f"The root element {space}; expected {wanted}", position=1, value=name)]
    reader = _NodeReader(layout, profile)
    assembler = Assembler(layout, profile)
    totals = Totals(layout)
    for node in _nodes(reader.documents(root)):
        reader.add(node, assembler, totals)
    for trailer in reader.trailers:
        totals.trailer(_row(trailer, root, reader.paths))
    return _settle(assembler, totals)


def _settle(assembler: Assembler, totals: Totals) -> tuple[list[SetResult], list[Finding]]:
    """The sets and file findings, once all rows are in: an error of the file takes every set with it."""
    findings = file_findings(assembler, totals, [], assembler.documents)
    sets = list(assembler.finish())
    if any(finding.severity == "error" for finding in findings):
        for result in sets:
            result.verdict = "rejected"
            result.documents.clear()
    return sets, findings


class _NodeReader:
    """A layout's columns, parted into what is read at a document node and what at its line nodes."""

    def __init__(self, layout: Layout, profile: Profile) -> None:
        names = layout.namespaces or None
        kind = KINDS[layout.document]
        self.documents = etree.XPath(layout.document_path, namespaces=names)
        self.lines = etree.XPath(layout.line_path, namespaces=names) if layout.line_path else None
        self.trailers = [
            RecordReader(layout, name, record, profile)
            for name, record in layout.records.items()
            if record.role == "trailer"
        ]
        columns = {
            n: c for r in layout.records.values() if r.role != "trailer" for n, c in r.columns.items() if c.field
        }
        of_line = {
            name for name, column in columns.items() if resolve(kind, column.field[0], layout.dataset).scope == "line"
        }
        in_line = of_line if self.lines is not None else set(columns)
        heads = {name: column for name, column in columns.items() if name not in in_line}
        lines = {name: column for name, column in columns.items() if name in in_line}
        self.head = RecordReader(layout, "row", Record(role="document", columns=heads), profile)
        role: Any = "line" if self.lines is not None else "row"
        self.line = RecordReader(layout, "row", Record(role=role, columns=lines), profile) if lines else None
        self.paths = {
            name: etree.XPath(name, namespaces=names, smart_strings=False)
            for record in layout.records.values()
            for name in record.columns
        }

    def add(self, node: Any, assembler: Assembler, totals: Totals) -> None:
        """One document node and its lines."""
        day = ""
        if self.lines is not None:
            row = _row(self.head, node, self.paths)
            day = date_of(row.head)
            assembler.add(row)
        if self.line is None:
            return
        total = next((at for at, (name, _) in enumerate(self.line.columns) if name == totals.total_of), -1)
        for line in _nodes(self.lines(node)) if self.lines is not None else [node]:
            texts = _texts(self.line, line, self.paths)
            row = self.line.read(line.sourceline or 0, texts, day)
            row.segment = etree.QName(line).localname
            totals.count(row.number, row.role)
            if total >= 0:
                totals.add(row.number, self.line.cells[total].convert, texts[total].strip())
            if not row.skipped:
                assembler.add(row)


def _nodes(result: Any) -> list[Any]:
    """The elements of an XPath result."""
    return [element for element in result if isinstance(element, etree._Element)] if isinstance(result, list) else []


def _row(reader: RecordReader, node: Any, paths: dict[str, Any]) -> Row:
    row = reader.read(node.sourceline or 0, _texts(reader, node, paths))
    row.segment = etree.QName(node).localname
    return row


def _texts(reader: RecordReader, node: Any, paths: dict[str, Any]) -> list[str]:
    return [_text(paths[name](node)) for name, _ in reader.columns]


def _text(result: Any) -> str:
    """An XPath result as text: the first node's text, an attribute, or what a function gave."""
    if isinstance(result, list):
        if not result:
            return ""
        first = result[0]
        return str(first if isinstance(first, str) else first.xpath("string()"))
    if isinstance(result, float):
        return str(int(result)) if result.is_integer() else repr(result)
    return str(result)
