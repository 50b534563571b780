"""Outbound documents as XML: a document element each, its fields as child elements, a line element per line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from lxml import etree

from translators.flat.layout.fields import OUT_KINDS
from translators.flat.layout.model import Layout

if TYPE_CHECKING:
    from translators.canonical import ExpectedReceipt, ReturnAnswer, StatusReport, VendorRequest


class TextColumn(Protocol):
    """A column that gives its text for a document and line (see `write.file`)."""

    name: str

    def text(self, document: Any, line: Any) -> str:
        """The column's text. Raises ValueError for a value that the layout cannot carry."""


def xml_file(
    documents: Sequence[ReturnAnswer | ExpectedReceipt | VendorRequest | StatusReport],
    layout: Layout,
    head: Sequence[TextColumn],
    lines: Sequence[TextColumn],
) -> bytes:
    """Documents → XML in UTF-8. Empty values are left out; a column named `@x` is an attribute."""
    root = etree.Element(layout.root)
    for document in documents:
        element = etree.SubElement(root, layout.document_element)
        _fill(element, head, document, None)
        for line in getattr(document, OUT_KINDS[layout.document].lines):
            _fill(etree.SubElement(element, layout.line_element), lines, document, line)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _fill(element: Any, columns: Sequence[TextColumn], document: Any, line: Any) -> None:
    for column in columns:
        text = column.text(document, line)
        if text and column.name.startswith("@"):
            element.set(column.name[1:], text)
        elif text:
            etree.SubElement(element, column.name).text = text
