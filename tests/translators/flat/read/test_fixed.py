from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.flat.layouts import HARBOR, codes, documents, only, read
from translators.canonical import Receipt
from translators.provenance import Source


def record(*parts: str) -> str:
    return "".join(parts).ljust(40)


GOOD = "\r\n".join(
    [
        record("H", "RC1".ljust(10), "RMA77".ljust(10), "20250314"),
        record("L", "TENT-2".ljust(12), "00000500", "07"),
        record("L", "BOOT-9".ljust(12), "00000250", "01"),
        record("T", "000003", "0000000750"),
    ]
)


def test_records_become_a_receipt() -> None:
    sets, findings = read(HARBOR, GOOD + "\r\n")
    assert not findings
    document = only(sets)
    assert isinstance(document, Receipt)
    assert (document.number, document.reference("rma"), str(document.received_on)) == ("RC1", "RMA77", "2025-03-14")
    good, damaged = document.lines
    assert (good.quantity, good.exceptions) == (Decimal(5), ())
    assert damaged.exceptions[0].condition.canonical == "damaged"
    assert damaged.exceptions[0].quantity == damaged.quantity == Decimal("2.5")
    assert document.final
    assert document.provenance["lines.1.quantity"] == Source(segment="line", position=3, column="Qty")


def test_a_receipt_that_lost_a_row_is_not_final() -> None:
    sets, _ = read(HARBOR, GOOD.replace("00000250", "0000025O"))
    document = only(sets)
    assert sets[0].verdict == "accepted_with_errors"
    assert codes(sets[0].findings) == [("bad_number", 3, "Qty")]
    assert not document.final


def test_hash_totals() -> None:
    sets, findings = read(HARBOR, GOOD.replace("0000000750", "0000000751"))
    assert [finding.code for finding in findings] == ["trailer_total"]
    assert not documents(sets)
    sets, findings = read(HARBOR, GOOD.replace("000003", "000004"))
    assert [finding.code for finding in findings] == ["trailer_count"]


def test_lengths_are_kept_to() -> None:
    sets, _ = read(HARBOR, GOOD.replace("00000500", "0000500"))
    assert [result.findings[0].code for result in sets if result.findings] == ["row_length"]
    padded = HARBOR.replace('charset = "latin-1"', 'charset = "latin-1"\nshort_rows = "pad"')
    sets, findings = read(padded, "\n".join(line.rstrip() for line in GOOD.splitlines()))
    assert not findings
    assert sets[0].verdict == "accepted"


def test_widths_are_bytes_of_the_charset() -> None:
    text = """
document = "return_request"
format = "fixed"
files = ["*"]
charset = "utf-8"
columns.No = { field = "number", at = 1, width = 4 }
columns.Sku = { field = "lines.item.sku", at = 5, width = 6 }
columns.Qty = { field = "lines.quantity", at = 11, width = 3 }
"""
    sets, findings = read(text, "R1  zélt   2\n".encode())
    assert not findings
    assert only(sets).lines[0].item.sku == "zélt"
    sets, _ = read(text, b"R1  zelts\xc3\xa9 2\n")
    assert sets[0].findings[0].code == "bad_value"


def test_records_without_line_ends() -> None:
    text = """
document = "carrier_event"
format = "fixed"
files = ["*"]
line_ends = "none"
charset = "cp037"
columns.Track = { field = "tracking", at = 1, width = 6 }
columns.Event = { field = "event", at = 7, width = 2, values = { DL = "delivered" } }
"""
    sets, findings = read(text, "TRK001DLTRK002DL".encode("cp037"))
    assert not findings
    assert [document.tracking for document in documents(sets) if document.kind == "carrier_event"] == [
        "TRK001",
        "TRK002",
    ]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    sets, findings = read(HARBOR, data)
    assert findings or sets
