"""Test traffic is read, checked, acknowledged and decided, and reaches neither an ERP nor a live return."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.commands.reports.reconciling import reconcile_home
from gateway.commands.reports.status import Status, status_of_home
from gateway.store.tables import dispatch, document, hold, intake, posting, reference, return_, taken_back
from tests.gateway.whole_gateway import HOUR, Whole


def _sample(whole: Whole, partner: str, name: str, number: str = "") -> bytes:
    data = (whole.root / "partners" / partner / "samples" / name).read_bytes()
    return data.replace(b"*P*>~", b"*T*>~", 1) if not number else data.replace(b"*P*>~", number.encode(), 1)


def _status(whole: Whole) -> Status:
    with whole.engine.store.read() as snapshot:
        return status_of_home(snapshot, "2025-03-14T10:00:00.000000Z")


def _count(whole: Whole, *kinds: str) -> int:
    return len(whole.rows(sa.select(dispatch.c.id).where(dispatch.c.kind.in_(kinds))))


def test_a_test_partner_is_answered_and_nothing_of_it_reaches_erp_or_warehouse(whole: Whole) -> None:
    whole.edit("northgate", 'stage = "live"', 'stage = "test"')
    whole.reference_data()
    whole.put("northgate", "test.edi", _sample(whole, "northgate", "180-requests.edi"))
    whole.work()
    assert {row["stage"] for row in whole.rows(sa.select(return_.c.stage))} == {"test"}
    assert _count(whole, "acknowledgment", "return_answer") == 2
    assert _count(whole, "erp_batch", "expected_receipt") == 0
    assert whole.rows(sa.select(taken_back)) == []
    assert {row["state"] for row in whole.rows(sa.select(posting.c.state))} == {"ready"}
    assert _status(whole)["test_postings"] == [
        {"partner": "northgate", "count": 2, "why": "its returns are tests: nothing of them reaches a live ERP"}
    ]
    assert whole.verify() == []
    with whole.engine.store.read() as snapshot:
        assert list(reconcile_home(snapshot, whole.engine.configuration.policy)) == []
    # Gone live, a test stays a test, and the same request again is a return of its own.
    whole.edit("northgate", 'stage = "test"', 'stage = "live"')
    whole.work(HOUR)
    assert _count(whole, "erp_batch") == 0
    data = _sample(whole, "northgate", "180-requests.edi", "*P*>~").replace(b"000000101", b"000000999")
    whole.put("northgate", "live.edi", data)
    whole.work(HOUR)
    live = whole.rows(sa.select(return_.c.request_number).where(return_.c.stage == "live"))
    assert {row["request_number"] for row in live} == {"NR250314-01", "NR250314-03"}
    assert _count(whole, "expected_receipt") == 1
    assert _count(whole, "erp_batch") > 0
    # The shipment is for the live one.
    whole.drop("northgate", "856-shipment.edi")
    whole.work(HOUR)
    statuses = {row["stage"]: row["status"] for row in whole.rows(sa.select(return_).where(return_.c.rma != ""))}
    assert statuses == {"test": "authorized", "live": "awaiting_goods"}
    assert whole.verify() == []


def test_a_pilot_warehouse_cannot_touch_live_returns(whole: Whole) -> None:
    whole.reference_data()
    whole.drop("northgate", "180-requests.edi")
    whole.drop("northgate", "856-shipment.edi")
    whole.work()
    whole.write("harbor", '\n[stages]\nreceipt = "test"\n')
    whole.put("harbor", "receipt.edi", _sample(whole, "harbor", "944-receipt.edi"))
    whole.work(HOUR)
    assert whole.rows(sa.select(document.c.stage, document.c.state).where(document.c.kind == "receipt")) == [
        {"stage": "test", "state": "parked"}
    ]
    assert "awaiting_goods" in {row["status"] for row in whole.rows(sa.select(return_.c.status))}


def test_isa15_must_agree_with_the_stage_of_the_documents(whole: Whole) -> None:
    whole.write("harbor", '\n[stages]\nreceipt = "test"\n')
    whole.drop("harbor", "944-receipt.edi")  # says P
    whole.work()
    assert [row["state"] for row in whole.rows(sa.select(intake.c.state))] == ["held"]
    assert [row["class"] for row in whole.rows(sa.select(hold.c["class"]))] == ["live_in_test"]


def test_what_we_send_says_its_stage(whole: Whole) -> None:
    whole.write("northgate", '\n[stages]\nreturn_answer = "test"\n')
    whole.reference_data()
    whole.drop("northgate", "180-requests.edi")
    whole.work()
    answer = whole.sent("northgate", "180_*")[0].read_bytes()
    acknowledgment = whole.sent("northgate", "997_*")[0].read_bytes()
    assert (answer[102:103], acknowledgment[102:103]) == (b"T", b"P")


def test_an_erp_in_test_hears_of_tests(whole: Whole) -> None:
    whole.edit("northgate", 'stage = "live"', 'stage = "test"')
    whole.write("atlas", '\n[stages]\nerp_batch = "test"\n')
    whole.reference_data()
    whole.put("northgate", "test.edi", _sample(whole, "northgate", "180-requests.edi"))
    whole.work()
    assert _count(whole, "erp_batch") > 0
    assert whole.verify() == []


def test_a_switch_sends_new_returns_to_another_erp_from_its_day(whole: Whole) -> None:
    partners = whole.root / "partners"
    new = partners / "borealis"
    new.mkdir()
    (new / "partner.toml").write_text(
        'name = "Borealis"\nrole = "erp"\nstage = "live"\n[receives.erp_batch]\ndefault = "erp:generic-csv"\n'
    )
    house = partners / "_house" / "partner.toml"
    house.write_text(
        house.read_text() + '\n[[erp_switch]]\nto = "borealis"\npartner = "cedar"\nvalid_from = 2025-03-15\n'
    )
    whole.engine.reload()
    whole.reference_data()
    whole.work(24 * HOUR)
    whole.drop("cedar", "requests.csv")
    whole.drop("northgate", "180-requests.edi")
    whole.work(HOUR)
    assert whole.sent("borealis", "*.csv")
    destinations = whole.rows(sa.select(return_.c.partner, posting.c.destination).distinct().join(posting))
    assert {(row["partner"], row["destination"]) for row in destinations} == {
        ("cedar", "borealis"),
        ("northgate", "atlas"),
    }


def test_the_orders_of_an_erp_in_test_are_no_orders_for_live_returns(whole: Whole) -> None:
    whole.write("atlas", '\n[stages]\nreference_data = "test"\n')
    whole.edit("northgate", 'stage = "live"', 'stage = "test"')
    whole.reference_data()
    whole.put("northgate", "test.edi", _sample(whole, "northgate", "180-requests.edi"))
    whole.work()
    assert {row["status"] for row in whole.rows(sa.select(return_.c.status))} == {"authorized", "rejected"}
    whole.edit("northgate", 'stage = "test"', 'stage = "live"')
    data = _sample(whole, "northgate", "180-requests.edi", "*P*>~").replace(b"000000101", b"000000999")
    whole.put("northgate", "live.edi", data)
    whole.work(HOUR)
    live = whole.rows(sa.select(return_.c.status).where(return_.c.stage == "live"))
    assert {row["status"] for row in live} == {"requested"}
    assert {row["class"] for row in whole.rows(sa.select(hold.c["class"]).where(hold.c.state == "open"))} == {
        "eligibility_review"
    }
    assert whole.rows(sa.select(reference.c.stage).distinct()) == [{"stage": "test"}]
    # The live export decides what waited; what the test system said of the same orders stays its own.
    whole.edit("atlas", 'reference_data = "test"', 'reference_data = "live"')
    whole.put("atlas", "orders-2.csv", _sample(whole, "atlas", "orders.csv") + b"\r\n")
    whole.put("atlas", "products-2.csv", _sample(whole, "atlas", "products.csv") + b"\r\n")
    whole.work(HOUR)
    live = whole.rows(sa.select(return_.c.status).where(return_.c.stage == "live"))
    assert {row["status"] for row in live} == {"authorized", "rejected"}
    assert {row["stage"] for row in whole.rows(sa.select(reference.c.stage).distinct())} == {"live", "test"}
    assert whole.verify() == []
