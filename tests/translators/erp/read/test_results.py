from __future__ import annotations

import pytest

from tests.translators.erp.batches import batch, shipped
from translators.canonical import ErpResult, ErpResultRow
from translators.erp.read.results import (
    docnum_parts,
    folder_outcome,
    moved_file,
    references_of,
    spread,
    whole_file_result,
)


@pytest.mark.parametrize(
    ("folder", "markers", "outcome"),
    [
        ("Input", (), "waiting"),
        ("UploadSuccess", (), "waiting"),
        ("Processing Success", (), "posted"),
        ("ProcessingErrors", (), "refused"),
        ("UploadErrors", ("a.csv.success",), "unclear"),
        ("Elsewhere", (), "waiting"),
    ],
)
def test_folders_of_the_scheduler(folder: str, markers: tuple[str, ...], outcome: str) -> None:
    assert folder_outcome(folder, markers) == outcome


def test_a_word_on_a_file_is_a_word_on_each_posting() -> None:
    erp_batch = batch("return_order")
    result = whole_file_result(erp_batch, "refused", "PreProcessError", "Column RMANumber is missing")
    assert result.number == erp_batch.batch_id
    assert [(row.row_no, row.idempotency_key, row.status) for row in result.rows] == [
        (str(row.row_no), row.idempotency_key, "refused") for row in erp_batch.rows
    ]


def test_document_numbers_stand_for_their_postings() -> None:
    erp_batch, profile = batch("return_order", "narrow"), shipped("sap-idoc")
    result = ErpResult(
        rows=(
            ErpResultRow(idempotency_key="0000004200000001", status="posted", erp_document="4711"),
            ErpResultRow(idempotency_key="RT-1002", status="refused", error_text="Period closed"),
            ErpResultRow(idempotency_key="K1", status="warning"),
            ErpResultRow(idempotency_key="strange", status="posted"),
        )
    )
    rows = spread(result, erp_batch, profile).rows
    assert [(row.idempotency_key, row.status) for row in rows] == [
        ("K1", "posted"), ("K2", "posted"), ("K3", "refused"), ("K1", "warning"), ("strange", "posted"),
    ]  # fmt: skip
    assert spread(result, erp_batch, profile).number == erp_batch.batch_id


def test_document_numbers_are_ours_or_not() -> None:
    assert docnum_parts("0000004200000002") == (42, 2)
    assert docnum_parts("4711") is None


def test_row_numbers_and_batches_stand_for_their_postings() -> None:
    erp_batch, profile = batch("return_order"), shipped("d365-fo")
    by_row = ErpResult(number=erp_batch.batch_id, rows=(ErpResultRow(row_no="002", status="posted", erp_document="X"),))
    assert [row.idempotency_key for row in spread(by_row, erp_batch, profile).rows] == [
        erp_batch.rows[1].idempotency_key
    ]
    whole = ErpResult(number=erp_batch.batch_id, rows=(ErpResultRow(status="refused", error_text="no"),))
    assert [row.idempotency_key for row in spread(whole, erp_batch, profile).rows] == [
        row.idempotency_key for row in erp_batch.rows
    ]


def test_a_posted_idoc_is_its_own_document() -> None:
    erp_batch, profile = batch("return_order", "narrow"), shipped("sap-idoc")
    result = ErpResult(rows=(ErpResultRow(idempotency_key="0000004200000002", status="posted"),))
    (row,) = spread(result, erp_batch, profile).rows
    assert (row.erp_document_type, row.erp_document) == ("IDOC", "0000004200000002")


@pytest.mark.parametrize(
    ("name", "source", "moved"),
    [
        ("ProcessingErrors__L_1.csv", "folder:inbox/atlas", ("ProcessingErrors", "L_1.csv")),
        ("upload-success__L_1.csv", "", ("upload-success", "L_1.csv")),
        ("L_1.csv", "sftp:gw@host:22/d365/ProcessingSuccess/L_1.csv", ("ProcessingSuccess", "L_1.csv")),
        ("L_1.csv", "folder:inbox/atlas", None),
        ("Elsewhere__L_1.csv", "", None),
        ("ProcessingErrors__", "", None),
    ],
)
def test_where_a_moved_file_lies(name: str, source: str, moved: tuple[str, str] | None) -> None:
    assert moved_file(name, source) == moved


def test_answers_may_name_what_the_file_said_of_a_row() -> None:
    erp_batch, profile = batch("return_order"), shipped("odoo-csv")
    known = references_of(erp_batch, profile)
    first, second, third = (frozenset({row.idempotency_key}) for row in erp_batch.rows)
    assert known["RT-1001_1_0_1"] == first
    assert known["RT-1001"] == first | second
    assert known["RMA1002"] == third
    assert known["c-7f3a"] == first | second | third
    assert "INV-7" not in known  # of two returns: it tells neither
    result = ErpResult(rows=(ErpResultRow(idempotency_key="RT-1001_2_0_1", status="posted", erp_document="D1"),))
    assert {row.idempotency_key for row in spread(result, erp_batch, profile).rows} == second


def test_a_document_reference_of_one_return_stands_for_its_postings() -> None:
    erp_batch, profile = batch("return_order", "narrow"), shipped("generic-csv")
    assert references_of(erp_batch, profile)["INV8"] == frozenset({"K3"})
