from __future__ import annotations

import pytest

from tests.translators.erp.batches import batch, shipped
from translators.canonical import ErpResult, ErpResultRow
from translators.erp.results import docnum_parts, folder_outcome, spread, whole_file_result


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
    made = batch("return_order")
    result = whole_file_result(made, "refused", "PreProcessError", "Column RMANumber is missing")
    assert result.number == made.batch_id
    assert [(row.row_no, row.idempotency_key, row.status) for row in result.rows] == [
        (str(row.row_no), row.idempotency_key, "refused") for row in made.rows
    ]


def test_document_numbers_stand_for_their_postings() -> None:
    made, profile = batch("return_order", "narrow"), shipped("sap-idoc")
    said = ErpResult(
        rows=(
            ErpResultRow(idempotency_key="0000004200000001", status="posted", erp_document="4711"),
            ErpResultRow(idempotency_key="RT-1002", status="refused", error_text="Period closed"),
            ErpResultRow(idempotency_key="K1", status="warning"),
            ErpResultRow(idempotency_key="strange", status="posted"),
        )
    )
    rows = spread(said, made, profile).rows
    assert [(row.idempotency_key, row.status) for row in rows] == [
        ("K1", "posted"), ("K2", "posted"), ("K3", "refused"), ("K1", "warning"), ("strange", "posted"),
    ]  # fmt: skip
    assert spread(said, made, profile).number == made.batch_id


def test_document_numbers_are_ours_or_not() -> None:
    assert docnum_parts("0000004200000002") == (42, 2)
    assert docnum_parts("4711") is None
