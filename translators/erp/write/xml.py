"""XML import files: a root, an element per record, fields as child elements or (`@name`) attributes.

A group's records open an element that holds what the group's rows write; `within` puts those into one more element.
Empty fields are left out. Text goes through lxml, which escapes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from lxml import etree

from translators.erp.profile.model import ErpProfile, FileSpec
from translators.erp.profile.sources import Place
from translators.erp.write.records import Group, Record, Records, refusal
from translators.erp.write.values import Unfit, Unrenderable

CHUNK = 1000  # finished lines that are written at once
# What XML 1.0 cannot carry even escaped (line breaks and tabs are refused earlier, with all control characters).
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


class XmlWriter:
    """One file of an XML profile; each group (or, without group records, each row) is built and written on its own."""

    def __init__(self, profile: ErpProfile, spec: FileSpec) -> None:
        self.spec = spec
        self.records = Records(profile, spec)
        self._shapes: dict[tuple[int | bool, ...], str] = {}
        # Widths, attributes, namespaces and records without fields go the exact way.
        self._plain = not spec.namespace and not any(
            field.width or field.name.startswith("@")
            for record in spec.records
            if record.when == "row"
            for field in record.fields
        )
        self._prefix = f"{{{spec.namespace}}}" if spec.namespace else ""
        # lxml takes None for the default namespace; its stubs know only text.
        self._nsmap: Any = {None: spec.namespace} if spec.namespace else None

    def write(self, out: BinaryIO, place: Place, groups: Iterable[Group]) -> None:
        """The whole file, a group (or some lines) at a time. Raises `Unrenderable`."""
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        attributes, opening = self._start(place)
        root = self._prefix + self.spec.root
        with (
            etree.xmlfile(out, encoding="utf-8") as document,
            document.element(root, attributes, nsmap=self._nsmap),
        ):
            for element in opening:
                self._put(document, element)
            for group in groups:
                self._write_group(document, out, place, group)
            for record in self.records.end:
                if record.wanted(place):
                    self._put(document, self._element(record, place))
            document.write("\n")
        out.write(b"\n")

    def problems(self, place: Place, group: Group) -> list[Unrenderable]:
        """What of one group cannot be written."""
        found = []
        for record, record_place in self.records.of_group(place, group):
            try:
                self._element(record, record_place)
            except Unrenderable as problem:
                found.append(problem)
        return found

    def _start(self, place: Place) -> tuple[dict[str, str], list[Any]]:
        """Start records: one named like the root gives its attributes, others are elements at its head."""
        attributes: dict[str, str] = {}
        opening = []
        for record in self.records.start:
            element = self._element(record, place)
            if record.spec.element == self.spec.root:
                attributes.update({str(key): str(value) for key, value in element.attrib.items()})
                opening += list(element)
            else:
                opening.append(element)
        return attributes, opening

    def _write_group(self, document: Any, out: BinaryIO, place: Place, group: Group) -> None:
        if not (self.records.group or self.records.group_end):
            lines: list[str] = []
            for record, record_place in self.records.of_group(place, group):
                line = self._quick(record, record_place)
                if line is not None:
                    lines.append(line)
                if line is None or len(lines) >= CHUNK:
                    _write_lines(document, out, lines)
                if line is None:
                    self._put(document, self._element(record, record_place))
            _write_lines(document, out, lines)
            return
        top: Any = None
        for record, record_place in self.records.of_group(place, group):
            element = self._element(record, record_place)
            if top is None:
                top = element
                continue
            self._parent(top, record).append(element)
        if top is not None:
            self._put(document, top)

    def _parent(self, top: Any, record: Record) -> Any:
        within = record.spec.within
        if not within:
            return top
        found = top.find(self._prefix + within)
        return etree.SubElement(top, self._prefix + within) if found is None else found

    def _element(self, record: Record, place: Place) -> Any:
        element = etree.Element(self._prefix + record.spec.element, nsmap=self._nsmap)
        try:
            for name, text in zip(record.names, record.texts(place), strict=True):
                if not text:
                    continue
                if _NOT_XML.search(text):
                    raise Unfit(name, text, "holds a character that XML cannot carry")
                if name.startswith("@"):
                    element.set(name[1:], text)
                else:
                    etree.SubElement(element, self._prefix + name).text = text
        except Unfit as unfit:
            raise refusal(unfit, record, place) from unfit
        return element

    def _quick(self, record: Record, place: Place) -> str | None:
        """A record whose texts are all printable as one line of XML, from a shape that is made once for all rows that
        fill the same fields; None for any other record.
        """
        if not self._plain:
            return None
        try:
            texts = record.quick_texts(place)
        except Unfit as unfit:
            raise refusal(unfit, record, place) from unfit
        if texts is None:
            return None
        joined = "".join(texts)
        if not joined or not joined.isprintable():
            return None
        filled = (id(record), *map(bool, texts))
        shape = self._shapes.get(filled)
        if shape is None:
            inner = "".join(f"<{name}>%s</{name}>" for name, text in zip(record.names, texts, strict=True) if text)
            shape = self._shapes[filled] = f"\n<{record.spec.element}>{inner}</{record.spec.element}>"
        if "&" in joined or "<" in joined or ">" in joined:
            texts = [escape(text) for text in texts]
        return shape % tuple(filter(None, texts))

    @staticmethod
    def _put(document: Any, element: Any) -> None:
        document.write("\n")
        document.write(element)


def _write_lines(document: Any, out: BinaryIO, lines: list[str]) -> None:
    """Lines of finished XML between what lxml writes; the list is empty afterwards."""
    if lines:
        document.flush()
        out.write("".join(lines).encode("utf-8"))
        lines.clear()
