"""Tables from sample files, layouts from tables: what is guessed reads the very file it was guessed from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.onboarding.propose.layout import guess_layout
from gateway.onboarding.propose.layout_guess import LayoutGuess
from gateway.onboarding.propose.layout_text import layout_toml
from gateway.onboarding.propose.sample_tables import NoTable, read_table
from gateway.onboarding.propose.values import date_formats
from gateway.partners.files.toml_models import read_toml
from tests.gateway.onboarding.samples import INSPECTIONS, RECEIPTS
from translators.canonical import Inbound, Inspection, Receipt, ReturnRequest, Shipment
from translators.profile import Profile
from translators.registry import translate


def guess(name: str, data: bytes, role: str = "") -> LayoutGuess:
    return guess_layout(read_table(name, data), role=role)


def read(name: str, data: bytes, role: str = "") -> list[Inbound]:
    """The file's documents by the layout that is guessed from it, through its TOML text."""
    layout = guess(name, data, role)
    assert layout.missing == []
    table, problems = read_toml(layout.name, layout_toml(layout).encode())
    assert problems == []
    translation = translate(data, name, Profile(partner="p", layouts={layout.name: table}))
    assert translation.findings == []
    return list(translation.documents())


def test_a_csv_of_receipts() -> None:
    first, second = read("GRN_20250318_01.csv", RECEIPTS)
    assert isinstance(first, Receipt) and isinstance(second, Receipt)
    assert (first.number, first.reference("rma"), first.warehouse) == ("GR-5512", "RMA-000001", "BL1")
    assert first.received_on == date(2025, 3, 18)
    assert [(line.item.gtin, line.quantity) for line in first.lines] == [
        ("400101001003", Decimal(2)),
        ("400101003007", Decimal(3)),
    ]
    assert first.lines[1].exceptions[0].condition.raw == "DMG"
    assert guess("GRN_20250318_01.csv", RECEIPTS).patterns() == ("GRN_*.csv",)


def test_a_fixed_width_file_of_inspections() -> None:
    first, second = read("QC_20250320.txt", INSPECTIONS)
    assert isinstance(first, Inspection) and isinstance(second, Inspection)
    assert (first.number, first.reference("rma")) == ("QC-0311", "RMA-000001")
    assert [(line.quantity, line.condition.raw, line.disposition.raw) for line in first.lines] == [
        (Decimal(2), "OK", "RESTOCK"),
        (Decimal(13), "DMG", "SCRAP"),
    ]


def test_a_number_column_keeps_the_blanks_before_it() -> None:
    """Quantities of one digit in the sample must not cut those of three that come later."""
    data = INSPECTIONS.replace(b"   13", b"    3")
    layout = guess("QC_20250320.txt", data)
    column = next(column for column in layout.columns if "lines.quantity" in column.paths)
    assert column.settings["width"] >= 4


def test_a_csv_of_requests_with_commas_in_numbers_and_no_number_of_its_own() -> None:
    data = (
        b"RMA No,Order Date,SKU,Qty,Unit Price,Return Reason\n"
        b'R-1,3/14/2025,A-1,"1,000",12.50,DEFECTIVE\nR-1,3/14/2025,A-2,2,1.00,WRONG\nR-2,3/25/2025,A-1,1,1.00,OTHER\n'
    )
    layout = guess("claims.csv", data)
    assert any("serves for it" in doubt for doubt in layout.doubts)
    first, second = read("claims.csv", data)
    assert isinstance(first, ReturnRequest) and isinstance(second, ReturnRequest)
    assert (first.number, first.purpose, second.number) == ("R-1", "request", "R-2")
    assert first.lines[0].quantity == Decimal(1000)


def test_a_tab_separated_shipment() -> None:
    data = (
        b"ASN\tShip Date\tCarrier\tTracking No\tCarton\tUPC\tQty\n"
        b"S1\t2025-03-14\tUPSN\t1Z999AA10123456784\tC1\t400101001003\t2\n"
    )
    (document,) = read("asn.txt", data)
    assert isinstance(document, Shipment)
    assert (document.number, document.carrier, document.tracking) == ("S1", "UPSN", ("1Z999AA10123456784",))


def test_without_a_header_columns_are_found_by_their_place() -> None:
    data = b"WR-77;RMA-000001;18.03.2025;400101001003;4;A;ok\nWR-77;RMA-000001;18.03.2025;400101003007;12;D;broken\n"
    (document,) = read("x.csv", data, role="warehouse")
    assert isinstance(document, Receipt)
    assert (document.number, len(document.lines)) == ("WR-77", 2)


def test_the_role_narrows_what_a_file_may_be() -> None:
    data = b"Number;Article;Qty;Date\nN1;A1;2;2025-03-14\n"
    assert guess("x.csv", data, "warehouse").document in ("receipt", "inspection")
    assert guess("x.csv", data, "retailer").document in ("return_request", "shipment")


def test_what_cannot_be_guessed_is_said() -> None:
    layout = guess("x.csv", b"Foo;Bar\na;b\nc;d\n")
    assert any("lines.quantity" in problem for problem in layout.missing)


def test_days_that_fit_two_formats_are_a_doubt() -> None:
    data = b"Receipt;Date;Article;Qty\nG1;03/04/2025;A1;2\nG2;05/06/2025;A1;2\n"
    assert any("DD/MM/YYYY" in doubt for doubt in guess("x.csv", data).doubts)
    assert date_formats(["03/14/2025"])[0] == "MM/DD/YYYY"
    assert date_formats(["14/03/2025"])[0] == "DD/MM/YYYY"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<a/>", "XML"),
        (b"\n \n", "no rows"),
        (b"a\0b\0", "not text"),
        (b"H;1;2\nD;1\nD;2\nT;2;3;4\n", "several kinds of record|fixed width"),
        (b"one row only", "one row"),
        (b"ABCDEF\nGHIJKL\n", "without blanks"),
    ],
)
def test_what_is_no_table_is_said(data: bytes, why: str) -> None:
    with pytest.raises(NoTable, match=why):
        read_table("x", data)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_guessing(data: bytes) -> None:
    try:
        table = read_table("x.csv", data)
    except NoTable:
        return
    layout = guess_layout(table)
    _, problems = read_toml("x", layout_toml(layout).encode())
    assert problems == []


@given(st.lists(st.text(max_size=12), min_size=2, max_size=5), st.sampled_from(",;\t|"))
def test_no_headings_break_the_toml(headings: list[str], delimiter: str) -> None:
    data = delimiter.join(headings).encode() + b"\n" + delimiter.join("1" for _ in headings).encode() + b"\n"
    try:
        layout = guess_layout(read_table("x.csv", data))
    except NoTable:
        return
    _, problems = read_toml("x", layout_toml(layout).encode())
    assert problems == []
