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
from tests.homes import DAY, HOUR, GatewayAtWork


def _again(gateway: GatewayAtWork) -> RebuildReport:
    with gateway.engine.store.read() as snapshot:
        return rebuild(snapshot)


def _resolve(gateway: GatewayAtWork, class_: str, decision: str) -> None:
    number = gateway.rows(sa.select(hold.c.id).where(hold.c["class"] == class_, hold.c.state == "open"))[0]["id"]
    with gateway.engine.store.write() as tx:
        body = {"hold": number, "decision": decision, "note": "as agreed"}
        requests.add(tx, "resolve", body, actor="ana", at="2025-03-14T10:00:00.000000Z")
    gateway.work(HOUR)


def _the_whole_story(gateway: GatewayAtWork) -> None:
    """Goods announced before they were asked for, receipts with surprises, answers to Holds, a refused credit."""
    gateway.reference_data()
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work(HOUR)
    gateway.drop("northgate", "180-requests.edi")
    gateway.drop("cedar", "requests.csv")
    gateway.work(HOUR)
    gateway.atlas_answers()
    gateway.drop("harbor", "inspection.csv")
    gateway.work(DAY)
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(DAY)
    gateway.atlas_answers()
    _resolve(gateway, "short_received", "close_short")
    _resolve(gateway, "unexpected_item", "accept_unexpected")
    gateway.atlas_answers()
    gateway.atlas_answers()
    gateway.drop("northgate", "180-requests.edi", "again.edi")
    gateway.work(HOUR)


def test_a_whole_story_comes_out_the_same(gateway: GatewayAtWork) -> None:
    _the_whole_story(gateway)
    done = _again(gateway)
    assert done.differences == []
    assert (done.returns, done.decisions) == (4, 2)
    assert done.documents > 10
    gateway.engine.close()
    printed: list[str] = []
    assert check_rebuild(gateway.root, printed.append) == 0
    assert "everything comes out as it is stored" in "".join(printed)
    assert verify_home(gateway.root, printed.append) == 0
    assert "returns decided again" in "".join(printed)


def test_no_two_instants_alike_and_what_was_tampered_with_is_named(gateway: GatewayAtWork) -> None:
    """With the time of this machine every decision must be made again at its own instant."""
    gateway.engine.clock = gateway.engine.collector.clock = SystemClock()
    _the_whole_story(gateway)
    assert _again(gateway).differences == []
    with gateway.engine.store.write() as tx:
        tx.execute(
            movement.update().where(movement.c.return_no == "R000001", movement.c.seq == 1).values(quantity="40")
        )
        tx.execute(return_.update().where(return_.c.return_no == "R000002").values(rma="RMA-9"))
        tx.execute(posting.update().where(posting.c.return_no == "R000003").values(state="refused"))
    differences = _again(gateway).differences
    assert "movement R000001 1 differs in quantity" in differences
    assert "return R000002 differs in rma" in differences
    assert any(line.startswith("posting R000003") and "state" in line for line in differences)


def test_each_decision_is_made_again_under_the_policy_of_its_time(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("cedar", "requests.csv")
    gateway.work(HOUR)
    gateway.edit("cedar", "answer_expiry_days = 21", "answer_expiry_days = 3")
    gateway.drop("northgate", "180-requests.edi")
    gateway.work(HOUR)
    assert len(gateway.rows(sa.select(config_version))) == 2
    assert _again(gateway).differences == []


def test_an_answered_code_is_read_again_at_its_time(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    requests_csv = (gateway.root / "partners/cedar/samples/requests.csv").read_bytes()
    gateway.put("cedar", "requests-odd.csv", requests_csv.replace(b"DEF", b"ODD"))
    gateway.work(HOUR)
    assert {row["class"] for row in gateway.rows(sa.select(hold.c["class"]))} == {"crosswalk_missing"}
    codes = gateway.root / "partners/cedar/codes/reason.csv"
    codes.write_text(codes.read_text() + "ODD,defective,Odd,,\n")
    gateway.engine.reload()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work(HOUR)
    assert not gateway.rows(sa.select(hold.c.id).where(hold.c["class"] == "crosswalk_missing", hold.c.state == "open"))
    assert _again(gateway).differences == []


TAMPERED: dict[str, sa.Update] = {
    "return": return_.update().where(return_.c.return_no == "R000002").values(status="closed"),
    "movement": movement.update().where(movement.c.return_no == "R000001", movement.c.seq == 2).values(at="2025"),
    "posting": posting.update().where(posting.c.return_no == "R000003").values(erp_document="4711"),
    "hold": hold.update().where(hold.c.return_no != "").values(resolved_by="nobody"),
}


@pytest.mark.parametrize("all_up_to", [0, 2000])
def test_verify_finds_who_tampers_in_a_sample_and_in_all(
    gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch, all_up_to: int
) -> None:
    """As large a sample as there are returns finds everything; in a large store chance decides."""
    monkeypatch.setattr(verifying, "ALL_UP_TO", all_up_to)
    _the_whole_story(gateway)
    assert _lines_of_verify(gateway) == ""
    for table, change in TAMPERED.items():
        assert f"decided again: {table} " not in _lines_of_verify(gateway)
        with gateway.engine.store.write() as tx:
            assert tx.execute(change).rowcount
        assert f"decided again: {table} " in _lines_of_verify(gateway)


def _lines_of_verify(gateway: GatewayAtWork) -> str:
    printed: list[str] = []
    verify_home(gateway.root, printed.append)
    return "".join(line for line in printed if line.startswith("WRONG"))
