"""What carriers say of parcels: an exception is a question at once, a delivery without a receipt after its hours."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.returns import Policy, balances
from gateway.store.tables import hold
from tests.gateway.returns.builders import inspection, orders, receipt, request, shipment
from tests.gateway.returns.shell import Shell
from tests.homes import DAY, HOUR, GatewayAtWork, append_settings
from tests.stories.commands import once
from tests.stories.money.at_work import story
from tests.stories.money.orders import in_every_order
from tests.translators.x12.files import whole_file
from translators.canonical import CarrierEvent

ORDERS = ("atlas", orders("SO1", A=10))
HOUSE = Policy(warehouse="harbor", erp="atlas")
CARRIER = """name = "United Parcel"
role = "carrier"
stage = "live"
[identity]
isa = { qualifier = "02", id = "UPSN" }
gs = ["UPSN"]
[x12]
version = "004010"
[acknowledge]
send = "997"
[sends]
sets = ["214"]
"""
STATUS = (
    "ST*214*0001~B10*PRO-55*NR-SHP-5001*UPSN~LX*1~AT7*{code}*{why}***20250318*1420*LT~MS1*RENO*NV*US~"
    "L11*{tracking}*2I~SE*7*0001~"
)


def from_carrier(body: str) -> bytes:
    """A file of United Parcel's with one 214."""
    return whole_file(body, number=7, functional_id="QM", sender="UPSN", receiver="MERIDIAN", isa_sender=("02", "UPSN"))


def event(name: str, at: str, reason: str = "") -> tuple[str, CarrierEvent]:
    return "northgate", CarrierEvent(carrier="UPSN", tracking="1ZSH1", event=name, at=at, reason=reason)


REQUEST = ("northgate", request("RTV1", {"A": 4}))
SHIPMENT = ("northgate", shipment("SH1", "RTV1", {"A": 4}))
LATE = event("exception", "2025-03-06T10:00:00", "delivery not completed: consignee closed")


def test_an_exception_is_a_question_in_every_order() -> None:
    shell = in_every_order([REQUEST, SHIPMENT, event("in_transit", "2025-03-05T08:00:00"), LATE], HOUSE, first=[ORDERS])
    (hold,) = shell.one().open_holds()
    assert (hold.class_, hold.owner) == ("carrier_exception", "customer_service")
    assert hold.message == (
        "UPSN 1ZSH1 has an exception on 2025-03-06: delivery not completed: consignee closed; 4 of A in it"
    )


def test_a_later_event_or_the_goods_answer_it_in_every_order() -> None:
    for last in (event("delivered", "2025-03-07T09:00:00"), ("harbor", receipt("WR1", "RTV1", {"A": 4}))):
        shell = in_every_order([REQUEST, SHIPMENT, LATE, last], HOUSE, first=[ORDERS])
        assert shell.one().open_holds() == []


def test_goods_that_are_lost_are_closed_short_and_the_warehouse_is_told() -> None:
    documents = [REQUEST, SHIPMENT, LATE, ("harbor", receipt("WR1", "RTV1", {"A": 1}, final=False))]
    inspected = ("harbor", inspection("IN1", "RTV1", [("A", 1, "restock")]))

    def lost(shell: Shell) -> None:
        shell.answer(shell.one().return_no, "carrier_exception", "lost")

    shell = in_every_order([*documents, inspected], HOUSE, first=[ORDERS], act=lost)
    line = balances(shell.one(), "1")
    assert [int(q) for q in (line.received, line.closed_short, line.in_transit, line.credited)] == [1, 3, 0, 1]
    assert shell.expected[-1][1].lines[0].quantity == Decimal(1)
    assert shell.one().open_holds() == []


def test_a_parcel_that_nobody_announced_asks_nothing() -> None:
    shell = in_every_order([REQUEST, LATE], HOUSE, first=[ORDERS])
    assert shell.one().open_holds() == []
    assert ("parked", "no_such_parcel") in shell.states.values()


@pytest.fixture
def carrier_home(home: Path) -> Path:
    append_settings(home, "ups", CARRIER)
    return home


def test_a_214_through_the_command_line(carrier_home: Path) -> None:
    told = story(carrier_home)
    samples = carrier_home / "partners/northgate/samples"
    for name in ("180-requests.edi", "856-shipment.edi"):
        told.put("northgate", name, (samples / name).read_bytes())
    parcel = next(iter(told.return_().consignments)).tracking[0]
    body = STATUS.format(code="AP", why="B1", tracking=parcel)
    told.put("ups", "214.edi", from_carrier(body))
    (answer,) = told.sent("ups").values()
    assert b"AK1*QM*" in answer
    assert b"AK5*A~" in answer
    assert "carrier_exception" in told.holds()
    told.answer("carrier_exception", "lost")
    assert "carrier_exception" not in told.holds()
    told.proves()


def test_a_delivery_without_a_receipt_is_a_question_after_its_hours(gateway: GatewayAtWork) -> None:
    append_settings(gateway.root, "ups", CARRIER)
    (gateway.root / "inbox/ups").mkdir()
    gateway.engine.reload()
    for sample in ("180-requests.edi", "856-shipment.edi"):
        gateway.drop("northgate", sample)
        gateway.work()
    body = STATUS.format(code="D1", why="NS", tracking="PLX70045512")
    gateway.put("ups", "214.edi", from_carrier(body))
    gateway.work(after=HOUR)
    assert breached(gateway) == []
    gateway.work(after=5 * DAY)
    (message,) = breached(gateway)
    assert message.startswith("PLRX PLX70045512 (return R000001, line ")
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(after=HOUR)
    assert breached(gateway) == []


def breached(gateway: GatewayAtWork) -> list[str]:
    of_class = (hold.c["class"] == "delivered_not_received", hold.c.state == "open")
    return [row["message"] for row in gateway.rows(sa.select(hold), *of_class)]


def test_a_214_that_is_wrong_is_rejected_and_changes_nothing(carrier_home: Path) -> None:
    told = story(carrier_home)
    for name in ("180-requests.edi", "856-shipment.edi"):
        told.put("northgate", name, (carrier_home / "partners/northgate/samples" / name).read_bytes())
    body = STATUS.format(code="AP", why="", tracking="PLX70045512")
    told.put("ups", "214.edi", from_carrier(body))
    (answer,) = told.sent("ups").values()
    assert b"AK3*AT7*4*" in answer
    assert b"AK5*R*" in answer
    assert "carrier_exception" not in told.holds()
    once(carrier_home)
    told.proves()
