"""Lines of one request that return the same sold goods count against each other."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gateway.returns import Policy
from gateway.returns.policy import Rule
from tests.gateway.returns.builders import DAY, code, orders
from tests.gateway.returns.shell import Shell
from tests.stories.money.at_work import story
from tests.translators.x12.files import transaction, whole_file
from translators.canonical import Item, ReferenceData, RequestLine, ReturnRequest

HOUSE = Policy(warehouse="harbor", erp="atlas")


def _asked(*quantities: int, number: str = "RTV1") -> ReturnRequest:
    lines = tuple(
        RequestLine(line_no=str(n), item=Item(sku="A"), quantity=Decimal(quantity), reason=code("defective"))
        for n, quantity in enumerate(quantities, 1)
    )
    return ReturnRequest(number=number, purpose="request", issued_on=DAY, order_number="SO1", lines=lines)


def _authorized(shell: Shell, return_no: str = "R000001") -> list[int]:
    return [int(shell.returns[return_no].tally(no).a) for no in shell.returns[return_no].lines]


@pytest.mark.parametrize("order_first", [True, False])
def test_two_lines_of_one_item_bring_back_no_more_than_was_sold(order_first: bool) -> None:
    shell = Shell(policy=HOUSE, through_store=True)
    sent = [("atlas", orders("SO1", A=24)), ("northgate", _asked(20, 20))]
    for partner, document in sent if order_first else reversed(sent):
        shell.receive(document, partner)
    assert _authorized(shell) == [20, 4]
    assert [line.decision for line in shell.answers[-1][1].lines] == ["authorized", "partial"]
    shell.receive(_asked(1, number="RTV2"), "northgate")
    assert _authorized(shell, "R000002") == [0]


def test_where_more_is_denied_the_second_line_is() -> None:
    policy = Policy(rules=(Rule(check="quantity_exceeded", outcome="deny"),), warehouse="harbor", erp="atlas")
    shell = Shell(policy=policy, through_store=True)
    shell.receive(orders("SO1", A=24), "atlas")
    shell.receive(_asked(20, 20), "northgate")
    assert _authorized(shell) == [20, 0]
    assert [line.decision for line in shell.answers[-1][1].lines] == ["authorized", "denied"]


def test_an_item_of_no_warranty_days_has_none_whatever_the_rule_says() -> None:
    policy = Policy(rules=(Rule(check="outside_warranty", outcome="deny", days=365),))
    for days, decision in (("0", "denied"), ("", "authorized"), ("400", "authorized")):
        shell = Shell(policy=policy)
        shell.receive(orders("SO1", A=24), "atlas")
        shell.receive(ReferenceData(dataset="products", rows=({"sku": "A", "warranty_days": days},)), "atlas")
        shell.receive(_asked(1), "northgate")
        assert shell.answers[-1][1].decision == decision


def test_two_lines_of_one_item_through_the_command_line(home: Path) -> None:
    """Order SO-700101 sold 24 work lights: of two lines of 20 the second gets the rest, and another request nothing."""
    told = story(home)
    lights = "BLI*UP*400101003007*20*EA~N9*FJ*{}~RDR**DR~"
    for number, body in (("NR-1", lights.format(1) + lights.format(2)), ("NR-2", lights.format(1))):
        request_ = transaction("180", body=f"BGN*13*{number}*20250314*0915~PRF*NG-PO-55010~{body}")
        told.put("northgate", f"{number}.edi", whole_file(request_, number=int(number[-1]), receiver="MERIDIAN"))
    asked_and_answered = [
        [segment.split("*")[3] for segment in answer.decode().split("~") if segment.strip().startswith("BLI*")]
        for answer in told.sent("northgate", "180_*").values()
    ]
    assert asked_and_answered == [["20", "4"], ["0"]]
    assert [told.balances(no).authorized for no in ("1", "2")] == [Decimal(20), Decimal(4)]
    (expected,) = told.sent("harbor", "943_*").values()
    assert [line.split("*")[1] for line in expected.decode().split("~") if line.strip().startswith("W04")] == [
        "20",
        "4",
    ]
    told.erp_answers()
    told.proves()
