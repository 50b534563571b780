"""The tables of the partners' README say what the code does: what each stage needs, clocks, and status files."""

from __future__ import annotations

import re
from typing import get_args

from gateway.returns.items.required import ASKED, REQUIRED
from gateway.returns.policy import ClockClass
from tests.readme import ROOT, section, table_rows
from translators.canonical import StatusRow

# Fields that we give ourselves, and what others are called in the table.
OURS = {"partner", "return_no", "correlation_id", "opened_at", "rma"}
WORDS = {"requested": "quantity", "unit_price": "unit price"}


def test_what_each_stage_needs_is_the_table_that_is_checked() -> None:
    described = {cells[0]: (set(re.split(r", | \(.*\)", cells[1])) - {""}, cells[2]) for cells in _stages()}
    known = {
        stage: ({WORDS.get(name, name) for name in (*of_return, *of_line) if name not in OURS}, _asked(stage))
        for stage, (of_return, of_line) in REQUIRED.items()
    }
    assert described == known


def _stages() -> list[list[str]]:
    return table_rows(section("partners/README.md", "### What each stage needs"))


def _asked(stage: str) -> str:
    return ASKED[stage].replace("_", " ")


def test_every_clock_and_every_column_of_a_status_file_is_described() -> None:
    assert [cells[0] for cells in table_rows(section("partners/README.md", "### Promises"))] == list(
        get_args(ClockClass)
    )
    text = (ROOT / "partners/README.md").read_text(encoding="utf-8")
    described = text.split("A status file has", 1)[1].split("A wrong", 1)[0]
    assert [name for name in StatusRow.model_fields if f"{name}`" not in described] == []
