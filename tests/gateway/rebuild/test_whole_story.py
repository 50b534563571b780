"""Everything that was decided comes out the same when it is decided again; what was tampered with does not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gateway.clock import SystemClock
from gateway.commands.reports import verifying
from gateway.commands.reports.rebuilding import check_rebuild
from gateway.commands.reports.verifying import verify_home
from gateway.rebuild import RebuildReport, rebuild
from gateway.store.people import requests
from gateway.store.tables import config_version, hold, movement, posting, return_
from tests.gateway.whole_gateway import DAY, HOUR, Whole


def _again(whole: Whole) -> RebuildReport:
    with whole.engine.store.read() as snapshot:
        return rebuild(snapshot)


def _resolve(whole: Whole, class_: str, decision: str) -> None:
    number = whole.rows(sa.select(hold.c.id).where(hold.c["class"] == class_, hold.c.state == "open"))[0]["id"]
    with whole.engine.store.write() as tx:
        body = {"hold": number, "decision": decision, "note": "as agreed"}
        requests.add(tx, "resolve", body, actor="ana", at="2025-03-14T10:00:00.000000Z")
    whole.work(HOUR)


def _the_whole_story(whole: Whole) -> None:
    """Goods announced before they were asked for, receipts with surprises, answers to Holds, a refused credit."""
    whole.reference_data()
    whole.drop("northgate", "856-shipment.edi")
    whole.work(HOUR)
    whole.drop("northgate", "180-requests.edi")
    whole.drop("cedar", "requests.csv")
    whole.work(HOUR)
    whole.atlas_answers()
    whole.drop("harbor", "inspection.csv")
    whole.work(DAY)
    whole.drop("harbor", "944-receipt.edi")
    whole.work(DAY)
    whole.atlas_answers()
    _resolve(whole, "short_received", "close_short")
    _resolve(whole, "unexpected_item", "accept_unexpected")
    whole.atlas_answers()
    whole.atlas_answers()
    whole.drop("northgate", "180-requests.edi", "again.edi")
    whole.work(HOUR)


def test_a_whole_story_comes_out_the_same(whole: Whole) -> None:
    _the_whole_story(whole)
    done = _again(whole)
    assert done.differences == []
    assert (done.returns, done.decisions) == (4, 2)
    assert done.documents > 10
    whole.engine.close()
    printed: list[str] = []
    assert check_rebuild(whole.root, printed.append) == 0
    assert "everything comes out as it is stored" in "".join(printed)
    assert verify_home(whole.root, printed.append) == 0
    assert "returns decided again" in "".join(printed)


def test_no_two_instants_alike_and_what_was_tampered_with_is_named(whole: Whole) -> None:
    """With the time of this machine every decision must be made again at its own instant."""
    whole.engine.clock = whole.engine.collector.clock = SystemClock()
    _the_whole_story(whole)
    assert _again(whole).differences == []
    with whole.engine.store.write() as tx:
        tx.execute(
            movement.update().where(movement.c.return_no == "R000001", movement.c.seq == 1).values(quantity="40")
        )
        tx.execute(return_.update().where(return_.c.return_no == "R000002").values(rma="RMA-9"))
        tx.execute(posting.update().where(posting.c.return_no == "R000003").values(state="refused"))
    differences = _again(whole).differences
    assert "movement R000001 1 differs in quantity" in differences
    assert "return R000002 differs in rma" in differences
    assert any(line.startswith("posting R000003") and "state" in line for line in differences)


def test_each_decision_is_made_again_under_the_policy_of_its_time(whole: Whole) -> None:
    whole.reference_data()
    whole.drop("cedar", "requests.csv")
    whole.work(HOUR)
    whole.edit("cedar", "answer_expiry_days = 21", "answer_expiry_days = 3")
    whole.drop("northgate", "180-requests.edi")
    whole.work(HOUR)
    assert len(whole.rows(sa.select(config_version))) == 2
    assert _again(whole).differences == []


def test_an_answered_code_is_read_again_at_its_time(whole: Whole) -> None:
    whole.reference_data()
    requests_csv = (whole.root / "partners/cedar/samples/requests.csv").read_bytes()
    whole.put("cedar", "requests-odd.csv", requests_csv.replace(b"DEF", b"ODD"))
    whole.work(HOUR)
    assert {row["class"] for row in whole.rows(sa.select(hold.c["class"]))} == {"crosswalk_missing"}
    codes = whole.root / "partners/cedar/codes/reason.csv"
    codes.write_text(codes.read_text() + "ODD,defective,Odd,,\n")
    whole.engine.reload()
    whole.drop("northgate", "180-requests.edi")
    whole.work(HOUR)
    assert not whole.rows(sa.select(hold.c.id).where(hold.c["class"] == "crosswalk_missing", hold.c.state == "open"))
    assert _again(whole).differences == []


TAMPERED: dict[str, sa.Update] = {
    "return": return_.update().where(return_.c.return_no == "R000002").values(status="closed"),
    "movement": movement.update().where(movement.c.return_no == "R000001", movement.c.seq == 2).values(at="2025"),
    "posting": posting.update().where(posting.c.return_no == "R000003").values(erp_document="4711"),
    "hold": hold.update().where(hold.c.return_no != "").values(resolved_by="nobody"),
}


@pytest.mark.parametrize("all_up_to", [0, 2000])
def test_verify_finds_who_tampers_in_a_sample_and_in_all(
    whole: Whole, monkeypatch: pytest.MonkeyPatch, all_up_to: int
) -> None:
    """As large a sample as there are returns finds everything; in a large store chance decides."""
    monkeypatch.setattr(verifying, "ALL_UP_TO", all_up_to)
    _the_whole_story(whole)
    assert _lines_of_verify(whole) == ""
    for table, change in TAMPERED.items():
        assert f"decided again: {table} " not in _lines_of_verify(whole)
        with whole.engine.store.write() as tx:
            assert tx.execute(change).rowcount
        assert f"decided again: {table} " in _lines_of_verify(whole)


def _lines_of_verify(whole: Whole) -> str:
    printed: list[str] = []
    verify_home(whole.root, printed.append)
    return "".join(line for line in printed if line.startswith("WRONG"))
