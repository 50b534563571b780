from __future__ import annotations

import pytest
import sqlalchemy as sa

from gateway.store import tables
from gateway.store.read import table_rows
from gateway.store.rebuild import step_documents


@pytest.mark.parametrize(
    ("row_type", "table", "left_out"),
    [
        (table_rows.IntakeRow, tables.intake, set()),
        (table_rows.DispatchRow, tables.dispatch, {"bytes"}),
        (table_rows.AttemptRow, tables.dispatch_attempt, set()),
        (table_rows.HoldRow, tables.hold, set()),
        (table_rows.FaultRow, tables.fault, set()),
        (table_rows.DueRow, tables.due, set()),
        (table_rows.EventRow, tables.event, set()),
        (table_rows.MovementRow, tables.movement, set()),
        (table_rows.PostingRow, tables.posting, set()),
        (table_rows.ReturnRow, tables.return_, set()),
        (step_documents.DocumentRow, tables.document, set()),
    ],
)
def test_a_row_type_has_the_columns_of_its_table(row_type: type, table: sa.Table, left_out: set[str]) -> None:
    assert set(row_type.__annotations__) == {column.name for column in table.c} - left_out
