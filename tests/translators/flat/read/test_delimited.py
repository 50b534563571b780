from __future__ import annotations

import csv
import io
import tomllib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.flat.layouts import CEDAR, codes, documents, layout, only, profile, read
from translators.canonical import Inspection, Receipt, Reference, ReturnRequest
from translators.flat.read.file import read_flat
from translators.profile import Crosswalk, CrosswalkRow, Profile
from translators.provenance import Source
from translators.registry import translate

HEAD = "Request,Batch,Order,Date,Store,SKU,Qty,Why,Remark\n"


def test_rows_of_one_number_are_one_document_with_provenance() -> None:
    sets, findings = read(CEDAR, HEAD + "R1,B7,SO1,03/14/2025,77,A,2,DEF,\nR1,B7,SO1,03/14/2025,77,B,1.5,XX,\n")
    assert not findings
    document = only(sets)
    assert isinstance(document, ReturnRequest)
    assert (sets[0].set_id, sets[0].control_number, sets[0].segment_count) == ("test", "R1", 2)
    assert document.purpose == "request"
    assert document.references == (Reference(kind="request", value="R1"), Reference(kind="batch", value="B7"))
    assert [(line.line_no, line.item.sku, line.quantity) for line in document.lines] == [
        ("1", "A", Decimal(2)),
        ("2", "B", Decimal("1.5")),
    ]
    assert (document.lines[0].reason.raw, document.lines[0].reason.canonical) == ("DEF", "defective")
    assert (document.lines[1].reason.raw, document.lines[1].reason.canonical) == ("XX", "")
    assert document.provenance["lines.1.quantity"] == Source(position=3, column="Qty")
    assert document.provenance["references.1"] == Source(position=2, column="Batch")
    assert document.provenance["parties.0.id"] == Source(position=2, column="Store")


def test_bad_rows_come_back_and_good_rows_go_on() -> None:
    sets, findings = read(
        CEDAR,
        HEAD
        + "R1,B,SO1,03/14/2025,7,A,2,DEF,\n"
        + "R1,B,SO1,03/14/2025,7,B,-1,DEF,\n"
        + "R1,B,SO1,03/14/2025,7,C,3,DEF,\n"
        + "R2,B,SO2,02/30/2025,7,A,1O,,\n",
    )
    assert not findings
    assert [result.verdict for result in sets] == ["accepted_with_errors", "rejected"]
    assert [result.control_number for result in sets] == ["R1", "R2"]
    first = sets[0].documents[0]
    assert isinstance(first, ReturnRequest)
    assert [(line.line_no, line.item.sku) for line in first.lines] == [("1", "A"), ("3", "C")]
    assert codes(sets[0].findings) == [("bad_quantity", 3, "Qty")]
    assert sets[0].findings[0].value == "-1"
    assert codes(sets[1].findings) == [("bad_date", 5, "Date"), ("bad_number", 5, "Qty"), ("missing_value", 5, "Why")]


def test_a_document_can_be_refused_whole() -> None:
    text = CEDAR.replace("files =", 'bad_rows = "reject_document"\nfiles =')
    sets, _ = read(text, HEAD + "R1,B,SO1,03/14/2025,7,A,2,DEF,\nR1,B,SO1,03/14/2025,7,B,0,DEF,\n")
    assert [result.verdict for result in sets] == ["rejected"]
    assert not documents(sets)


def test_rows_of_one_document_must_agree() -> None:
    sets, _ = read(CEDAR, HEAD + "R1,B,SO1,03/14/2025,7,A,2,DEF,\nR1,B,SO9,03/14/2025,7,B,1,DEF,\n")
    assert codes(sets[0].findings) == [("inconsistent_rows", 3, "Order")]
    assert "row 2" in sets[0].findings[0].message


@pytest.mark.parametrize("value", ["NaN", "1e9", "1,5", "--1", "0x10", "1234567890123456789", "Infinity", "٣"])
def test_impossible_numbers(value: str) -> None:
    sets, _ = read(CEDAR, HEAD + f'R1,B,SO1,03/14/2025,7,A,"{value}",DEF,\n')
    assert sets[0].verdict == "rejected"
    assert sets[0].findings[0].code == "bad_number"
    assert sets[0].findings[0].value == value


def test_a_missing_column_rejects_the_file() -> None:
    sets, findings = read(CEDAR, "Request,SKU,Why\nR1,A,DEF\n")
    assert not sets
    assert codes(findings) == [("missing_column", 1, "Qty")]
    assert "'Qty'" in findings[0].message


def test_column_names_forgive_case_and_blanks_but_not_doubles() -> None:
    sets, findings = read(CEDAR, " REQUEST ,sku,qty,why\nR1,A,1,DEF\n")
    assert not findings
    assert len(documents(sets)) == 1
    _, findings = read(CEDAR, "Request,SKU,Qty,Why,QTY\nR1,A,1,DEF,2\n")
    assert [finding.code for finding in findings] == ["duplicate_column"]


def test_unknown_columns_are_said_and_passed_over() -> None:
    sets, findings = read(CEDAR, "Request,SKU,Qty,Why,Colour\nR1,A,1,DEF,red\n")
    assert codes(findings) == [("unknown_column", 1, "Colour")]
    assert sets[0].verdict == "accepted"


def test_too_many_values_in_a_row() -> None:
    sets, _ = read(CEDAR, "Request,SKU,Qty,Why\nR1,A,1,DEF,oops\nR2,A,1,DEF,\nR3,A,1,DEF\n")
    assert [result.verdict for result in sets] == ["rejected", "accepted", "accepted"]
    assert codes(sets[0].findings) == [("row_length", 2, "")]


def test_broken_quotes_cost_their_row_or_the_file() -> None:
    sets, findings = read(CEDAR, 'Request,SKU,Qty,Why\nR1,"A"x,1,DEF\nR2,A,1,DEF\n')
    assert not findings
    assert [result.verdict for result in sets] == ["rejected", "accepted"]
    assert sets[0].findings[0].code == "bad_quoting"
    sets, findings = read(CEDAR, 'Request,SKU,Qty,Why\nR1,A,1,DEF\nR2,"A,1,DEF\nR3,A,1,DEF\n')
    assert [finding.code for finding in findings] == ["bad_quoting"]
    assert all(result.verdict == "rejected" and not result.documents for result in sets)


def test_charset_and_byte_order_mark() -> None:
    sets, findings = read(CEDAR, b"Request,SKU,Qty,Why\nR1,A,1,DEF\nR2,caf\xe9,1,DEF\n")
    assert not sets
    assert (findings[0].code, findings[0].position) == ("charset", 3)
    sets, findings = read(CEDAR, b"\xef\xbb\xbfRequest,SKU,Qty,Why\r\nR1,A,1,DEF\r\n\x1a")
    assert [finding.code for finding in findings] == ["byte_order_mark"]
    assert sets[0].verdict == "accepted"


def test_control_characters_are_refused() -> None:
    sets, _ = read(CEDAR, "Request,SKU,Qty,Why\nR1,A\x00B,1,DEF\nR2,A,1,DEF\n")
    assert [result.verdict for result in sets] == ["rejected", "accepted"]
    assert codes(sets[0].findings) == [("bad_value", 2, "SKU")]


def test_a_file_without_rows_and_blank_lines() -> None:
    sets, findings = read(CEDAR, "Request,SKU,Qty,Why\n\n")
    assert not sets
    assert [finding.code for finding in findings] == ["empty_file"]
    sets, findings = read(CEDAR, "Request,SKU,Qty,Why\n\nR1,A,1,DEF\n   \n")
    assert documents(sets)[0].provenance["number"].position == 3


def test_an_item_must_be_named() -> None:
    text = CEDAR + '[columns.GTIN]\nfield = "lines.item.gtin"\n'
    text = text.replace('[constants]\npurpose = "request"\n', "")
    sets, _ = read(text, "Request,SKU,GTIN,Qty,Why\nR1,,,1,DEF\nR2,,00012345678905,1,DEF\n")
    assert [result.verdict for result in sets] == ["rejected", "accepted"]


def test_codes_are_valid_for_a_time() -> None:
    rows = (
        CrosswalkRow(theirs="9", ours="wrong_item", valid_to="2024-12-31"),
        CrosswalkRow(theirs="9", ours="defective", valid_from="2025-01-01"),
    )
    dated = Profile(crosswalks={"reason": Crosswalk(name="reason", rows=rows)})
    sets, _ = read(CEDAR, HEAD + "R1,B,S,12/31/2024,7,A,1,9,\nR2,B,S,01/01/2025,7,A,1,9,\n", dated)
    reasons = [
        document.lines[0].reason.canonical for document in documents(sets) if isinstance(document, ReturnRequest)
    ]
    assert reasons == ["wrong_item", "defective"]


@pytest.mark.parametrize("day", ["received_on", "issued_on"])
def test_the_day_of_a_code_is_the_documents_whatever_it_is_called_and_wherever_it_stands(day: str) -> None:
    rows = (
        CrosswalkRow(theirs="9", ours="damaged", valid_to="2024-12-31"),
        CrosswalkRow(theirs="9", ours="defective", valid_from="2025-01-01"),
    )
    dated = Profile(crosswalks={"condition": Crosswalk(name="condition", rows=rows)})
    receipts = f"""
document = "receipt"
format = "delimited"
files = ["*"]
[columns]
No = "number"
Cond = "lines.exceptions.condition"
Sku = "lines.item.sku"
Qty = "lines.quantity"
Day = {{ field = "{day}", format = "D.M.YYYY" }}
"""
    sets, _ = read(receipts, "No,Cond,Sku,Qty,Day\nR1,9,A,1,31.12.2024\nR2,9,A,1,1.1.2025\n", dated)
    found = [
        document.lines[0].exceptions[0].condition.canonical
        for document in documents(sets)
        if isinstance(document, Receipt)
    ]
    assert found == ["damaged", "defective"]


@pytest.mark.parametrize("record", ["file", "head"])
def test_the_day_of_a_code_may_stand_in_the_header_of_the_file_or_document(record: str) -> None:
    rows = (
        CrosswalkRow(theirs="S", ours="scrap", valid_to="2024-12-31"),
        CrosswalkRow(theirs="S", ours="rtv", valid_from="2025-01-01"),
    )
    dated = Profile(crosswalks={"disposition": Crosswalk(name="disposition", rows=rows)})
    column = f'[records.{record}.columns.day]\nfield = "inspected_on"\nformat = "YYYYMMDD"\nat = 4\n'
    text = RECORDS.replace(', values = { S = "scrap", R = "restock" }', "") + column
    sets, _ = read(text, "FILE|B||20250102\nHDR|I1|R|20250102\nLIN|A|1|S|\nEND|1|4\n", dated)
    found = [
        document.lines[0].disposition.canonical for document in documents(sets) if isinstance(document, Inspection)
    ]
    assert found == ["rtv"]


RECORDS = """
document = "inspection"
format = "delimited"
files = ["harbor-insp-*.dat"]
delimiter = "|"
header = false
quote = ""

[records.file]
begins = "FILE"
role = "file"
columns.batch = { field = "batch_id", at = 2 }

[records.head]
begins = "HDR"
role = "document"
columns.no = { field = "number", at = 2 }
columns.rma = { field = "references.rma", at = 3 }

[records.line]
begins = "LIN"
role = "line"
columns.sku = { field = "lines.item.sku", at = 2 }
columns.qty = { field = "lines.quantity", at = 3, decimal_mark = "," }
columns.disp = { field = "lines.disposition", at = 4, values = { S = "scrap", R = "restock" } }
columns.serials = { field = "lines.serials", at = 5, split = ";" }

[records.note]
begins = "REM"
role = "ignore"

[records.end]
begins = "END"
role = "trailer"
columns.docs = { field = "trailer.documents", at = 2 }
columns.records = { field = "trailer.records", at = 3 }
"""


def test_several_record_types_without_a_header() -> None:
    data = "FILE|B9\nHDR|I1|RMA1\nLIN|A|1,5|S|s1;s2\nREM|x\nLIN|B|2|R|\nHDR|I2|RMA2\nLIN|A|1|?|\nEND|2|8\n"
    sets, findings = read(RECORDS, data)
    assert not findings
    first, second = documents(sets)
    assert first.reference("batch") == second.reference("batch") == "B9"
    assert first.kind == "inspection"
    assert [(line.disposition.raw, line.disposition.canonical, line.serials) for line in first.lines] == [
        ("S", "scrap", ("s1", "s2")),
        ("R", "restock", ()),
    ]
    assert first.lines[0].quantity == Decimal("1.5")
    assert first.provenance["lines.1.quantity"] == Source(segment="line", position=5, column="qty")
    assert first.provenance["references.1"] == Source(segment="file", position=1, column="batch")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("FILE|B\nHDR|I1|R\nLIN|A|1|S|\nEND|2|4\n", "trailer_count"),
        ("FILE|B\nHDR|I1|R\nLIN|A|1|S|\nEND|1|9\n", "trailer_count"),
        ("FILE|B\nHDR|I1|R\nLIN|A|1|S|\n", "trailer_count"),
        ("FILE|B\nHDR|I1|R\nEND|1|4\nLIN|A|1|S|\n", "trailer_count"),
    ],
)
def test_a_wrong_trailer_rejects_everything(data: str, code: str) -> None:
    sets, findings = read(RECORDS, data)
    assert code in [finding.code for finding in findings]
    assert sets
    assert all(result.verdict == "rejected" and not result.documents for result in sets)


@pytest.mark.parametrize(("claimed", "codes"), [("3", []), ("5", ["trailer_count"])])
def test_a_trailer_may_count_the_lines_without_their_headers(claimed: str, codes: list[str]) -> None:
    lines_only = RECORDS.replace("trailer.records", "trailer.lines")
    data = f"FILE|B\nHDR|I1|R\nLIN|A|1|S|\nLIN|B|1|S|\nREM|x\nHDR|I2|R\nLIN|A|1|S|\nEND|2|{claimed}\n"
    _, findings = read(lines_only, data)
    assert [finding.code for finding in findings] == codes


def test_lines_without_a_document_and_unknown_records() -> None:
    sets, _ = read(RECORDS, "LIN|A|1|S|\nHDR|I1|R\nLIN|A|1|S|\nXXX|1\nEND|3|5\n")
    assert [(result.verdict, result.findings[0].code if result.findings else "") for result in sets] == [
        ("rejected", "inconsistent_rows"),
        ("accepted", ""),
        ("rejected", "unknown_record"),
    ]


def test_lines_of_a_broken_document_are_not_given_to_another() -> None:
    sets, _ = read(RECORDS, "HDR||R\nLIN|A|1|S|\nHDR|I2|R\nLIN|B|1|S|\nEND|2|5\n")
    assert [result.verdict for result in sets] == ["rejected", "accepted"]
    assert sets[0].segment_count == 2


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["R1", "R2", "R3"]),
            st.text(st.characters(categories=["L", "N", "P"]), min_size=1),
            st.integers(1, 10**6),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_row_reaches_exactly_one_document(rows: list[tuple[str, str, int]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["Request", "SKU", "Qty", "Why"])
    writer.writerows([number, sku, quantity, "DEF"] for number, sku, quantity in rows)
    sets, findings = read_flat(out.getvalue().encode(), layout(CEDAR), profile())
    assert not findings
    read_back = sorted(
        (document.number, line.item.sku, int(line.quantity))
        for document in documents(sets)
        if isinstance(document, ReturnRequest)
        for line in document.lines
    )
    assert read_back == sorted(rows)
    assert sum(result.segment_count for result in sets) == len(rows)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    for text in (CEDAR, RECORDS):
        sets, findings = read(text, data)
        assert findings or sets


def test_a_format_makes_a_text_field_a_day_or_an_instant() -> None:
    events = """
document = "carrier_event"
format = "delimited"
files = ["*"]
[columns]
T = "tracking"
At = { field = "at", format = "MM/DD/YYYY hh:mm:ss" }
Rma = "references.rma"
"""
    sets, _ = read(events, "T,At,Rma\nX1,12/31/2025 23:05:00,R1\nX1,31.12.2025,R1\n")
    assert [document.at for document in documents(sets) if document.kind == "carrier_event"] == ["2025-12-31T23:05:00"]
    assert [finding.code for finding in sets[1].findings] == ["bad_date"]


@pytest.mark.parametrize(("column", "account"), [('Store = ""', "C-7"), ('Store = "customer"', "S1")])
def test_a_request_that_names_no_account_is_on_the_partners_own(column: str, account: str) -> None:
    text = CEDAR.replace('"Store" = "parties.store.id"', column)
    sets, _ = read(text, "Request,Store,SKU,Qty,Why\nR1,S1,A,1,DEF\n", Profile(customer="C-7"))
    assert [document.customer for document in documents(sets) if isinstance(document, ReturnRequest)] == [account]


LATIN = CEDAR.replace('format = "delimited"', 'format = "delimited"\ncharset = "cp1252"')


def test_utf_8_is_not_read_as_a_character_set_of_single_bytes() -> None:
    rows = "R1,B,S,01/01/2025,7,Kö,1,DEF,ß\nR2,B,S,01/01/2025,7,Müller,1,DEF,ß\n"
    sets, findings = read(LATIN, (HEAD + rows).encode())
    assert (sets, [finding.code for finding in findings]) == ([], ["charset"])
    assert "UTF-8" in findings[0].message
    sets, findings = read(LATIN, (HEAD + "R1,B,S,01/01/2025,7,Kö,1,DEF,Ã\n").encode("cp1252"))
    assert not findings
    assert [result.verdict for result in sets] == ["accepted"]


def test_a_column_that_was_renamed_is_told_with_the_one_that_it_was() -> None:
    _, findings = read(CEDAR, "Request,SKU,Qty,Why,Filiale\nR1,A,1,DEF,7\n")
    (finding,) = findings
    assert "'Filiale' is not in the layout" in finding.message
    assert "'Store'" in finding.message


def test_a_file_that_fits_no_layout_is_told_what_it_comes_nearest_to() -> None:
    layouts = {"cedar": tomllib.loads(CEDAR), "insp": tomllib.loads(RECORDS)}
    reading = Profile(layouts=layouts)

    def message_of(name: str, data: bytes) -> str:
        return translate(data, name, reading).findings[0].message

    assert "cedar-returns-*.csv (cedar), harbor-insp-*.dat (insp)" in message_of("other.csv", b"a,b\n1,2\n")
    assert "could be cedar: The header row has no column 'Qty'" in message_of(
        "cedar-returns-1.csv", b"Request,SKU,Why\n1,2,3\n"
    )
    assert "UTF-16" in message_of("cedar-returns-1.csv", HEAD.encode("utf-16"))
