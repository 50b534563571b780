"""What is booked after its month was closed: the ERP books it in the first open one, and learns the document's day."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.homes import replace_text
from tests.stories.commands import type_command
from tests.stories.money.at_work import Story, story


def days(told: Story, kind: str) -> list[tuple[str, str]]:
    """The day of the document and the day of posting of every row of a kind that the ERP has been sent, in order."""
    found: list[tuple[str, str]] = []
    for data in told.sent("atlas", "*.csv").values():
        rows = csv.DictReader(io.StringIO(data.decode("utf-8")))
        found += [(row["event_on"], row["posting_date"]) for row in rows if row["movement_type"] == kind]
    return found


def test_what_comes_after_the_closing_is_booked_in_the_first_open_month(home: Path) -> None:
    replace_text(home / "partners/atlas/partner.toml", '"erp:generic-fixed"', '"erp:generic-csv"')
    told = story(home)
    for partner, sample in (("northgate", "180-requests.edi"), ("harbor", "944-receipt.edi")):
        told.put(partner, sample, (home / f"partners/{partner}/samples/{sample}").read_bytes())
    told.erp_answers()
    assert set(days(told, "GOODS_RECEIPT")) == {("2025-03-18", "2025-03-18")}
    closed = type_command(home, "reconcile", "--close", "2025-03")
    assert closed.code == 0, closed.text
    told.put("harbor", "inspection.csv", (home / "partners/harbor/samples/inspection.csv").read_bytes())
    told.erp_answers()
    assert set(days(told, "CREDIT_REQUEST")) == {("2025-03-19", "2025-04-01")}
    assert set(days(told, "GOODS_RECEIPT")) == {("2025-03-18", "2025-03-18")}
    assert told.return_().postings["R000001-1-CR-0-1"].event_on == "2025-03-19"
    told.proves()
