from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.flat.layouts import CEDAR, HARBOR, layout
from translators.flat.layout.model import LayoutError
from translators.flat.layout.parse import parse_layout
from translators.flat.layout.shipped import shipped_layouts
from translators.flat.layout.signature import matches, mismatch


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(LayoutError) as error:
        layout(text)
    return list(error.value.problems)


def test_all_problems_are_said_at_once() -> None:
    found = problems("""
document = "return_request"
format = "delimited"
charset = "klingon"
group_by = ["Nr"]
[columns]
"No" = "numbr"
"SKU" = "lines.item.skew"
"Date" = { field = "issued_on", format = "DD/YY" }
""")
    places = [place for place, _ in found]
    assert {"files", "charset", "group_by", "columns.No", "columns.SKU", "columns.Date", "columns"} <= set(places)
    assert "did you mean number" in dict(found)["columns.No"]
    assert "lines.item.sku" in dict(found)["columns.SKU"]


def test_unknown_keys_and_wrong_types_name_their_place() -> None:
    found = dict(
        problems('document="receipt"\nformat="fixed"\ncolour="red"\n[columns]\nA = { field = "number", at = -1 }')
    )
    assert found["colour"] == "no such key"
    assert "columns.A.at" in found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('document="nothing"\nformat="delimited"', "document"),
        ('document="receipt"\nformat="xml"\nfiles=["*"]\n[columns]\n"a[" = "number"', "columns.a["),
        ('document="receipt"\nformat="fixed"\nfiles=["*"]\n[columns]\nA="number"', "columns.A"),
        ('document="reference_data"\nformat="delimited"\nfiles=["*"]\n[columns]\nA="number"', "dataset"),
        ('use="nothing"', "use"),
    ],
)
def test_single_problems(text: str, place: str) -> None:
    assert place in [where for where, _ in problems(text)]


@pytest.mark.parametrize(
    ("column", "message_part"),
    [
        ('{ field = "lines.note", decimal_mark = "," }', "`decimal_mark` does nothing here: lines.note holds text"),
        ('{ field = "lines.quantity", format = "0.00" }', "`format` does nothing here: lines.quantity holds a number"),
        ('{ field = "lines.quantity", allowed = ["1"] }', "`allowed` does nothing here: lines.quantity holds a number"),
        ('{ field = "lines.quantity", crosswalk = "qty" }', "`crosswalk` does nothing here"),
        ('{ field = "lines.note", yes = ["J"] }', "`yes` does nothing here: lines.note holds text"),
        ('{ field = "lines.serials", split = ";", max_length = 9 }', "`max_length` does nothing here"),
        ('{ field = "issued_on", decimals = 2 }', "`decimals` belongs to files that go out"),
        ('["note", "issued_on"]', "note holds text, issued_on a date: one column cannot feed both"),
    ],
)
def test_a_setting_that_would_do_nothing_is_a_problem(column: str, message_part: str) -> None:
    text = f"""
document = "return_request"
format = "delimited"
files = ["*.csv"]
[columns]
No = "number"
Sku = "lines.item.sku"
Qty = "lines.order_line"
Other = {column}
"""
    assert any(message_part in message for place, message in problems(text) if place == "columns.Other")


def test_files_that_go_out_have_settings_of_their_own() -> None:
    text = 'direction="out"\ndocument="status"\nformat="delimited"\n[columns]\n'
    found = problems(
        text + 'A = { field = "rows.since", format = "DD.MM.YYYY" }\nB = { field = "rows.sku", skip = ["X"] }'
    )
    assert dict(found) == {
        "columns.A": "`format` does nothing here: rows.since is no date",
        "columns.B": "`skip` belongs to files that come in",
    }


def test_a_layout_may_start_from_a_shipped_one() -> None:
    used = layout('use = "generic-result"\nfiles = ["atlas-res-*.csv"]\ndelimiter = ";"')
    assert used.files == ("atlas-res-*.csv",)
    assert used.records["row"].columns["status"].values["POSTED"] == "posted"


@pytest.mark.parametrize("name", sorted(shipped_layouts()))
def test_shipped_layouts_are_right(name: str) -> None:
    parsed = parse_layout(name, shipped_layouts()[name])
    assert parsed.title
    assert parsed.direction == "in"


def test_names_and_signatures_route_files() -> None:
    cedar, harbor = layout(CEDAR), layout(HARBOR)
    head = b"Request,SKU,Qty,Why\nR1,A,1,DEF\n"
    assert matches(cedar, "inbox/CEDAR-RETURNS-1.CSV", head)
    assert not matches(cedar, "cedar-other.csv", head)
    assert not matches(cedar, "cedar-returns-1.csv", b"Request,SKU,Why\n")
    assert [finding.column for finding in mismatch(cedar, b"Request,SKU,Why\n")] == ["Qty"]
    assert matches(harbor, "harbor-1.txt", b"H" + b"RC1".ljust(39))
    assert not matches(harbor, "harbor-1.txt", b"X" + b"RC1".ljust(39))
    assert not matches(harbor, "harbor-1.txt", b"")


def test_xml_is_told_by_its_root() -> None:
    xml = layout("""
document = "carrier_event"
format = "xml"
files = ["*.xml"]
root = "Events"
document_path = "Event"
columns."@t" = "tracking"
""")
    assert matches(xml, "a.xml", b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <Other> --><e:Events xmlns:e="urn:x">')
    assert matches(xml, "a.xml", b'<!DOCTYPE Events [<!ENTITY a "b">]><Events>')  # read_flat then says why not
    assert not matches(xml, "a.xml", b"<Other/>")
    assert not matches(xml, "a.xml", b"ISA*00*")


def test_toml_in_the_docstring_is_a_layout() -> None:
    from translators.flat.layout import model as module

    text = "\n".join(line[4:] for line in (module.__doc__ or "").splitlines() if line.startswith("    "))
    assert parse_layout("doc", tomllib.loads(text)).document == "return_request"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_head_raises(head: bytes) -> None:
    for text in (CEDAR, HARBOR):
        assert isinstance(mismatch(layout(text), head), list)
