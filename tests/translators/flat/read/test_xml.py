from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.flat.layouts import codes, documents, read
from translators.flat.read.xml import parse_safely

RETURNS = """
document = "return_request"
format = "xml"
files = ["*.xml"]
root = "Returns"
namespaces = { r = "urn:cedar:returns" }
document_path = "r:Return"
line_path = "r:Lines/r:Line"

[columns]
"@no" = "number"
"r:Date" = "issued_on"
"/r:Returns/@batch" = "batch_id"
"@sku" = "lines.item.sku"
"r:Qty" = "lines.quantity"
"r:Why" = { field = "lines.reason", crosswalk = "reason" }

[records.totals]
role = "trailer"
[records.totals.columns]
"/r:Returns/@count" = "trailer.rows"
"""


def returns(inner: str, count: int = 2) -> str:
    return f'<?xml version="1.0"?>\n<Returns xmlns="urn:cedar:returns" batch="B1" count="{count}">{inner}</Returns>'


GOOD = """
<Return no="R1"><Date>2025-03-14</Date><Lines>
<Line sku="A"><Qty>2</Qty><Why>DEF</Why></Line>
<Line sku="B"><Qty>0.5</Qty></Line></Lines></Return>"""


def test_nodes_become_documents_and_lines() -> None:
    sets, findings = read(RETURNS, returns(GOOD))
    assert not findings
    (document,) = documents(sets)
    assert document.kind == "return_request"
    assert (document.number, document.reference("batch"), str(document.issued_on)) == ("R1", "B1", "2025-03-14")
    assert [(line.item.sku, line.quantity) for line in document.lines] == [("A", Decimal(2)), ("B", Decimal("0.5"))]
    assert document.lines[0].reason.canonical == "defective"
    source = document.provenance["lines.1.quantity"]
    assert (source.segment, source.position, source.column) == ("Line", 5, "r:Qty")


def test_bad_lines_come_back() -> None:
    sets, _ = read(RETURNS, returns(GOOD.replace("0.5", "half")))
    assert sets[0].verdict == "accepted_with_errors"
    assert codes(sets[0].findings) == [("bad_number", 5, "r:Qty")]


def test_another_namespace_is_named() -> None:
    prefixed = RETURNS.replace('root = "Returns"', 'root = "r:Returns"')
    assert prefixed != RETURNS
    assert not read(prefixed, returns(GOOD))[1]
    sets, findings = read(prefixed, returns(GOOD).replace("urn:cedar:returns", "urn:cedar:returns:v2"))
    assert not sets
    assert "namespace urn:cedar:returns:v2; expected urn:cedar:returns" in findings[0].message


def test_a_doctype_is_seen_in_every_character_set() -> None:
    text = '<?xml version="1.0" ?><!DOCTYPE Returns [<!ENTITY a "b">]><Returns/>'
    root, findings = parse_safely(text.encode("utf-32-be"))
    assert root is None
    assert "DOCTYPE" in findings[0].message


def test_counts_are_checked() -> None:
    sets, findings = read(RETURNS, returns(GOOD, count=3))
    assert [finding.code for finding in findings] == ["trailer_count"]
    assert not documents(sets)


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><Returns xmlns="urn:cedar:returns"><Return no="&a;"/></Returns>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><Returns/>',
        "<Returns><Return></Returns>",
        "not xml",
        "<Other/>",
        "",
    ],
)
def test_forbidden_and_broken_xml(data: str) -> None:
    sets, findings = read(RETURNS, data)
    assert not sets
    assert [finding.code for finding in findings] == ["bad_xml"]


def test_a_doctype_in_another_encoding_is_seen() -> None:
    data = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><Returns/>'.encode("utf-16")
    _, findings = read(RETURNS, data)
    assert "DOCTYPE" in findings[0].message


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    sets, findings = read(RETURNS, data)
    assert findings or sets
