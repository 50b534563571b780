from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from tests.translators.flat.layouts import CEDAR, layout, profile, read
from translators.canonical import (
    AnswerLine,
    ExpectedLine,
    ExpectedReceipt,
    Item,
    Party,
    ReturnAnswer,
    StatusReport,
    StatusRow,
)
from translators.flat.write.file import Unwritable, write_flat, write_row_report
from translators.profile import Profile

ANSWER = ReturnAnswer(
    number="A1",
    request_number="R1",
    rma="RMA-1",
    decision="partial",
    issued_on=date(2025, 3, 14),
    expires_on=date(2025, 4, 13),
    parties=(Party(role="return_to", name="Harbor Warehousing", id="HW1"),),
    lines=(
        AnswerLine(
            line_no="1", item=Item(sku="A;1"), requested=Decimal(2), authorized=Decimal("2.00"), decision="authorized"
        ),
        AnswerLine(
            line_no="2",
            item=Item(sku="B"),
            requested=Decimal(1),
            authorized=Decimal(0),
            decision="denied",
            reason="late",
        ),
    ),
)

ANSWERS = """
direction = "out"
document = "return_answer"
format = "delimited"
delimiter = ";"
line_ends = "crlf"
[columns]
"Request" = "request_number"
"RMA" = "rma"
"Valid until" = { field = "expires_on", format = "DD.MM.YYYY" }
"SKU" = "lines.item.sku"
"Quantity" = { field = "lines.authorized", decimals = 2, decimal_mark = "," }
"Answer" = { field = "lines.decision", values = { YES = "authorized", NO = "denied" } }
"Why" = { field = "lines.reason", crosswalk = "answers" }
"To" = "parties.return_to.id"
"Version" = { constant = "1" }
"""


def test_answers_are_a_row_a_line() -> None:
    data = write_flat([ANSWER, ANSWER], layout(ANSWERS), profile(answers={"L8": "late"}))
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=";"))
    assert len(rows) == 4
    assert rows[0] == {
        "Request": "R1", "RMA": "RMA-1", "Valid until": "13.04.2025", "SKU": "A;1", "Quantity": "2,00",
        "Answer": "YES", "Why": "", "To": "HW1", "Version": "1",
    }  # fmt: skip
    assert (rows[1]["Answer"], rows[1]["Why"], rows[1]["Quantity"]) == ("NO", "L8", "0,00")
    assert data.count(b"\r\n") == 5


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (("reason", "unheard_of"), "Why"),
        (("decision", "pending"), "Answer"),
        (("authorized", Decimal("1.234")), "Quantity"),
        (("item", Item(sku="A\nB")), "SKU"),
    ],
)
def test_what_cannot_be_written_is_refused(change: tuple[str, object], column: str) -> None:
    line = ANSWER.lines[0].model_copy(update=dict([change]))
    answer = ANSWER.model_copy(update={"lines": (line,)})
    with pytest.raises(Unwritable) as error:
        write_flat([answer], layout(ANSWERS), profile(answers={"L8": "late"}))
    assert error.value.column == column


def test_fixed_width_expected_receipts() -> None:
    text = """
direction = "out"
document = "expected_receipt"
format = "fixed"
charset = "latin-1"
[columns]
Rma = { field = "rma", width = 10 }
Sku = { field = "lines.item.sku", width = 8 }
Qty = { field = "lines.quantity", width = 7, implied_decimals = 2, align = "right", pad = "0" }
Day = { field = "expected_on", width = 8, format = "YYYYMMDD" }
"""
    expected = ExpectedReceipt(
        number="E1", rma="RMA-1", issued_on=date(2025, 3, 1), expected_on=date(2025, 3, 9),
        lines=(ExpectedLine(line_no="1", item=Item(sku="Zélt"), quantity=Decimal("2.5")),),
    )  # fmt: skip
    data = write_flat([expected], layout(text), Profile())
    assert data == "RMA-1     Zélt    000025020250309\n".encode("latin-1")
    long = expected.model_copy(update={"rma": "RMA-1234567"})
    with pytest.raises(Unwritable, match="11 long"):
        write_flat([long], layout(text), Profile())
    odd = expected.model_copy(update={"lines": (expected.lines[0].model_copy(update={"item": Item(sku="Ж")}),)})
    with pytest.raises(Unwritable, match="latin-1"):
        write_flat([odd], layout(text), Profile())


def test_status_as_xml() -> None:
    text = """
direction = "out"
document = "status"
format = "xml"
root = "Returns"
document_element = "Report"
line_element = "Return"
[columns]
"@no" = "rows.return_no"
"State" = "rows.status"
"Made" = "created_at"
"""
    report = StatusReport(
        number="S1", created_at="2025-03-14T10:00:00Z", rows=(StatusRow(return_no="RT1", status="<open>"),)
    )
    root = etree.fromstring(write_flat([report], layout(text), Profile()))
    assert root.findtext("Report/Return/State") == "<open>"
    assert root.find("Report/Return").get("no") == "RT1"  # type: ignore[union-attr] # the line above proved it
    assert root.findtext("Report/Made") == "2025-03-14T10:00:00Z"


def test_another_kind_of_document_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="return_answer"):
        write_flat([StatusReport(number="1", created_at="", rows=())], layout(ANSWERS), Profile())


def test_the_report_of_bad_rows_is_for_people() -> None:
    sets, findings = read(CEDAR, "Request,SKU,Qty,Why,Colour\nR1,A,=1+1,DEF,x\nR2,A,-4,DEF,x\n")
    data = write_row_report(sets, findings, "cedar-returns-1.csv")
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert [(row["row"], row["column"], row["value"], row["code"]) for row in rows] == [
        ("1", "Colour", "", "unknown_column"),
        ("2", "Qty", "'=1+1", "bad_number"),
        ("3", "Qty", "'-4", "bad_quantity"),
    ]
    assert rows[2]["what is wrong"] == "Qty is '-4'; expected a quantity greater than nothing"
    assert rows[2]["what to do"].startswith("Send the row again")
