"""Documents are built as their last rows are read: the same documents as if all rows were held until the end."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.translators.flat.layouts import layout, profile
from translators.canonical import ErpResult
from translators.flat.read import assemble
from translators.flat.read.assemble import Assembler
from translators.flat.read.file import read_flat, stream_flat
from translators.flat.read.survey import DocumentStretches

ROWS = """
document = "return_request"
format = "delimited"
files = ["*"]

[columns]
Request = "number"
SKU = "lines.item.sku"
Qty = "lines.quantity"
Pass = { skip = ["X"] }
"""
RECORDS = """
document = "return_request"
format = "delimited"
header = false
files = ["*"]

[records.file]
role = "file"
begins = "F"
columns.order = { field = "purchase_order", at = 2 }

[records.document]
role = "document"
begins = "H"
columns.number = { field = "number", at = 2 }

[records.line]
role = "line"
begins = "L"
columns.sku = { field = "lines.item.sku", at = 2 }
columns.quantity = { field = "lines.quantity", at = 3 }

[records.end]
role = "trailer"
begins = "T"
total_of = "quantity"
columns.documents = { field = "trailer.documents", at = 2 }
columns.total = { field = "trailer.total", at = 3 }
"""
RESULTS = """
document = "erp_result"
format = "delimited"
files = ["*"]

[columns]
Batch = "number"
Key = "rows.idempotency_key"
Status = { field = "rows.status", values = { P = "posted", R = "refused" } }
"""

some = st.sampled_from
a_row = st.tuples(some(["R1", "R2", "R3", ""]), some(["A", "B", ""]), some(["1", "2", "x"]), some(["", "", "X"]))
a_record = some(["F,PO1", "F,PO2", "H,1", "H,2", "H,1", "H,", "L,A,1", "L,B,2", "L,,1", "L,C,x", "?,1", "T,2,3"])


def held_until_the_end(text: str, data: bytes, patch: pytest.MonkeyPatch) -> object:
    """What an assembler gives that never knows which row is a document's last."""
    with patch.context() as patched:
        patched.setattr(DocumentStretches, "goes_on", lambda *_: True)
        return read_flat(data, layout(text), profile())


@given(st.lists(a_row, max_size=14))
def test_rows_that_stand_apart_make_the_same_documents(rows: list[tuple[str, ...]]) -> None:
    data = ("Request,SKU,Qty,Pass\n" + "".join(",".join(row) + "\n" for row in rows)).encode()
    with pytest.MonkeyPatch.context() as patch:
        expected = held_until_the_end(ROWS, data, patch)
    assert read_flat(data, layout(ROWS), profile()) == expected


@given(st.lists(a_record, max_size=14))
def test_records_make_the_same_documents(records: list[str]) -> None:
    data = "\n".join(records).encode()
    with pytest.MonkeyPatch.context() as patch:
        expected = held_until_the_end(RECORDS, data, patch)
    assert read_flat(data, layout(RECORDS), profile()) == expected


def test_sets_keep_the_order_of_their_first_rows() -> None:
    data = b"Request,SKU,Qty\nR1,A,1\nR1,B,1\nR2,A,1\nR3,A,1\nR2,B,2\nR4,A,1\n"
    file = stream_flat(data, layout(ROWS), profile())
    assert [(result.control_number, result.segment_count) for result in file.sets] == [
        ("R1", 2),
        ("R2", 2),
        ("R3", 1),
        ("R4", 1),
    ]


def test_a_wrong_trailer_rejects_the_first_document_too() -> None:
    file = stream_flat(b"H,1\nL,A,1\nH,2\nL,A,1\nT,3,2\n", layout(RECORDS), profile())
    assert [finding.code for finding in file.findings] == ["trailer_count"]
    assert [(result.verdict, result.documents) for result in file.sets] == [("rejected", []), ("rejected", [])]


def test_a_long_list_of_results_comes_in_parts_that_all_name_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assemble, "ROWS_PER_DOCUMENT", 3)
    data = b"Batch,Key,Status\n" + b"".join(b"B7,K%d,P\n" % n for n in range(8))
    sets, findings = read_flat(data, layout(RESULTS), profile())
    assert not findings
    assert [(result.control_number, result.segment_count, result.verdict) for result in sets] == [
        ("B7", 3, "accepted"),
        ("B7", 3, "accepted"),
        ("B7", 2, "accepted"),
    ]
    bodies = [result.documents[0] for result in sets]
    assert all(isinstance(body, ErpResult) and body.number == "B7" for body in bodies)
    keys = [row.idempotency_key for body in bodies if isinstance(body, ErpResult) for row in body.rows]
    assert keys == [f"K{n}" for n in range(8)]


def test_an_assembler_that_knows_no_stretches_gives_all_sets_at_the_end() -> None:
    assembler = Assembler(layout(ROWS), profile())
    assert list(assembler.finish()) == []
    assert assembler.documents == 0


def _lines(count: int) -> Iterator[bytes]:
    yield b"Request,SKU,Qty,Pass\n"
    for number in range(count):
        yield b"R%d,SKU-%d,1,\n" % (number, number % 50)


def test_memory_does_not_grow_with_the_rows() -> None:
    """5,000 documents are some 20 MB at once; one after the other they are none of it."""
    data = b"".join(_lines(5000))
    tracemalloc.start()
    try:
        documents = sum(len(result.documents) for result in stream_flat(data, layout(ROWS), profile()).sets)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert documents == 5000
    assert peak < 3_000_000
