"""Test traffic is read, checked, acknowledged and decided, and reaches neither an ERP nor a live return."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.commands.reports.reconciling import reconcile_home
from gateway.commands.reports.status import Status, status_of_home
from gateway.store.tables import dispatch, document, hold, intake, posting, reference, return_, taken_back
from tests.homes import HOUR, GatewayAtWork


def _sample(gateway: GatewayAtWork, partner: str, name: str, number: str = "") -> bytes:
    data = (gateway.root / "partners" / partner / "samples" / name).read_bytes()
    return data.replace(b"*P*>~", b"*T*>~", 1) if not number else data.replace(b"*P*>~", number.encode(), 1)


def _status(gateway: GatewayAtWork) -> Status:
    with gateway.engine.store.read() as snapshot:
        return status_of_home(snapshot, "2025-03-14T10:00:00.000000Z")


def _count(gateway: GatewayAtWork, *kinds: str) -> int:
    return len(gateway.rows(sa.select(dispatch.c.id).where(dispatch.c.kind.in_(kinds))))


def test_a_test_partner_is_answered_and_nothing_of_it_reaches_erp_or_warehouse(gateway: GatewayAtWork) -> None:
    gateway.edit("northgate", 'stage = "live"', 'stage = "test"')
    gateway.reference_data()
    gateway.put("northgate", "test.edi", _sample(gateway, "northgate", "180-requests.edi"))
    gateway.work()
    assert {row["stage"] for row in gateway.rows(sa.select(return_.c.stage))} == {"test"}
    assert _count(gateway, "acknowledgment", "return_answer") == 2
    assert _count(gateway, "erp_batch", "expected_receipt") == 0
    assert gateway.rows(sa.select(taken_back)) == []
    assert {row["state"] for row in gateway.rows(sa.select(posting.c.state))} == {"ready"}
    assert _status(gateway)["test_postings"] == [
        {"partner": "northgate", "count": 2, "why": "its returns are tests: nothing of them reaches a live ERP"}
    ]
    assert gateway.verify() == []
    with gateway.engine.store.read() as snapshot:
        assert list(reconcile_home(snapshot, gateway.engine.configuration.policy)) == []
    # Gone live, a test stays a test, and the same request again is a return of its own.
    gateway.edit("northgate", 'stage = "test"', 'stage = "live"')
    gateway.work(HOUR)
    assert _count(gateway, "erp_batch") == 0
    data = _sample(gateway, "northgate", "180-requests.edi", "*P*>~").replace(b"000000101", b"000000999")
    gateway.put("northgate", "live.edi", data)
    gateway.work(HOUR)
    live = gateway.rows(sa.select(return_.c.request_number).where(return_.c.stage == "live"))
    assert {row["request_number"] for row in live} == {"NR250314-01", "NR250314-03"}
    assert _count(gateway, "expected_receipt") == 1
    assert _count(gateway, "erp_batch") > 0
    # The shipment is for the live one.
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work(HOUR)
    statuses = {row["stage"]: row["status"] for row in gateway.rows(sa.select(return_).where(return_.c.rma != ""))}
    assert statuses == {"test": "authorized", "live": "awaiting_goods"}
    assert gateway.verify() == []


def test_a_pilot_warehouse_cannot_touch_live_returns(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work()
    gateway.write("harbor", '\n[stages]\nreceipt = "test"\n')
    gateway.put("harbor", "receipt.edi", _sample(gateway, "harbor", "944-receipt.edi"))
    gateway.work(HOUR)
    assert gateway.rows(sa.select(document.c.stage, document.c.state).where(document.c.kind == "receipt")) == [
        {"stage": "test", "state": "parked"}
    ]
    assert "awaiting_goods" in {row["status"] for row in gateway.rows(sa.select(return_.c.status))}


def test_isa15_must_agree_with_the_stage_of_the_documents(gateway: GatewayAtWork) -> None:
    gateway.write("harbor", '\n[stages]\nreceipt = "test"\n')
    gateway.drop("harbor", "944-receipt.edi")  # says P
    gateway.work()
    assert [row["state"] for row in gateway.rows(sa.select(intake.c.state))] == ["held"]
    assert [row["class"] for row in gateway.rows(sa.select(hold.c["class"]))] == ["live_in_test"]


def test_what_we_send_says_its_stage(gateway: GatewayAtWork) -> None:
    gateway.write("northgate", '\n[stages]\nreturn_answer = "test"\n')
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    answer = gateway.sent("northgate", "180_*")[0].read_bytes()
    acknowledgment = gateway.sent("northgate", "997_*")[0].read_bytes()
    assert (answer[102:103], acknowledgment[102:103]) == (b"T", b"P")


def test_an_erp_in_test_hears_of_tests(gateway: GatewayAtWork) -> None:
    gateway.edit("northgate", 'stage = "live"', 'stage = "test"')
    gateway.write("atlas", '\n[stages]\nerp_batch = "test"\n')
    gateway.reference_data()
    gateway.put("northgate", "test.edi", _sample(gateway, "northgate", "180-requests.edi"))
    gateway.work()
    assert _count(gateway, "erp_batch") > 0
    assert gateway.verify() == []


def test_a_switch_sends_new_returns_to_another_erp_from_its_day(gateway: GatewayAtWork) -> None:
    partners = gateway.root / "partners"
    new = partners / "borealis"
    new.mkdir()
    (new / "partner.toml").write_text(
        'name = "Borealis"\nrole = "erp"\nstage = "live"\n[receives.erp_batch]\ndefault = "erp:generic-csv"\n'
    )
    house = partners / "_house" / "partner.toml"
    house.write_text(
        house.read_text() + '\n[[erp_switch]]\nto = "borealis"\npartner = "cedar"\nvalid_from = 2025-03-15\n'
    )
    gateway.engine.reload()
    gateway.reference_data()
    gateway.work(24 * HOUR)
    gateway.drop("cedar", "requests.csv")
    gateway.drop("northgate", "180-requests.edi")
    gateway.work(HOUR)
    assert gateway.sent("borealis", "*.csv")
    destinations = gateway.rows(sa.select(return_.c.partner, posting.c.destination).distinct().join(posting))
    assert {(row["partner"], row["destination"]) for row in destinations} == {
        ("cedar", "borealis"),
        ("northgate", "atlas"),
    }


def test_the_orders_of_an_erp_in_test_are_no_orders_for_live_returns(gateway: GatewayAtWork) -> None:
    gateway.write("atlas", '\n[stages]\nreference_data = "test"\n')
    gateway.edit("northgate", 'stage = "live"', 'stage = "test"')
    gateway.reference_data()
    gateway.put("northgate", "test.edi", _sample(gateway, "northgate", "180-requests.edi"))
    gateway.work()
    assert {row["status"] for row in gateway.rows(sa.select(return_.c.status))} == {"authorized", "rejected"}
    gateway.edit("northgate", 'stage = "test"', 'stage = "live"')
    data = _sample(gateway, "northgate", "180-requests.edi", "*P*>~").replace(b"000000101", b"000000999")
    gateway.put("northgate", "live.edi", data)
    gateway.work(HOUR)
    live = gateway.rows(sa.select(return_.c.status).where(return_.c.stage == "live"))
    assert {row["status"] for row in live} == {"requested"}
    assert {row["class"] for row in gateway.rows(sa.select(hold.c["class"]).where(hold.c.state == "open"))} == {
        "eligibility_review"
    }
    assert gateway.rows(sa.select(reference.c.stage).distinct()) == [{"stage": "test"}]
    # The live export decides what waited; what the test system said of the same orders stays its own.
    gateway.edit("atlas", 'reference_data = "test"', 'reference_data = "live"')
    gateway.put("atlas", "orders-2.csv", _sample(gateway, "atlas", "orders.csv") + b"\r\n")
    gateway.put("atlas", "products-2.csv", _sample(gateway, "atlas", "products.csv") + b"\r\n")
    gateway.work(HOUR)
    live = gateway.rows(sa.select(return_.c.status).where(return_.c.stage == "live"))
    assert {row["status"] for row in live} == {"authorized", "rejected"}
    assert {row["stage"] for row in gateway.rows(sa.select(reference.c.stage).distinct())} == {"live", "test"}
    assert gateway.verify() == []
