"""Whatever a person answers of goods that are here and cancelled ends alike, whole or in part, in every order."""

from __future__ import annotations

import pytest

from gateway.returns import Policy, balances, net_postings, reconcile
from tests.gateway.returns.builders import cancellation, inspection, orders, receipt, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.stories.money.orders import ErpRuns, in_every_order

POLICY = Policy(warehouse="harbor", erp="atlas", inspection_by_warehouse=True)
ORDERS: Sent = ("atlas", orders("SO1", A=10))
ASKED: Sent = ("northgate", request("RTV1", {"A": 4}))
GOODS: list[Sent] = [
    ("harbor", receipt("WR1", "RTV1", {"A": 3}, final=False)),
    ("harbor", inspection("IN1", "RTV1", [("A", 3, "restock")])),
]
WHOLE: Sent = ("northgate", cancellation("CX1", "RTV1"))
PART: Sent = ("northgate", cancellation("CX1", "RTV1", {"A": 2}))
Net = dict[tuple[str, str], tuple[int, str]]


def booked(shell: Shell) -> Net:
    return {(k, split): (int(q), str(money)) for (_, k, split), (q, money) in net_postings(shell.one()).items()}


def all_of(quantity: int, credit: str) -> Net:
    return {
        ("return_order", "0"): (quantity, "0"),
        ("goods_receipt", "good"): (quantity, "0"),
        ("inventory_move", "restock"): (quantity, "0"),
        ("credit_request", "0"): (quantity, credit),
    }


def sent_back(quantity: int) -> Net:
    return {("goods_receipt", "surplus"): (quantity, "0"), ("inventory_move", "surplus"): (quantity, "0")}


@pytest.mark.parametrize("erp", ["at_end", "between"])
@pytest.mark.parametrize("cancels", [WHOLE, PART], ids=["whole", "part"])
@pytest.mark.parametrize("decision", ["keep_return", "send_back", "keep_without_credit"])
def test_every_answer_ends_alike_in_every_order(decision: str, cancels: Sent, erp: ErpRuns) -> None:
    def decide(shell: Shell) -> None:
        assert [hold.class_ for hold in shell.one().open_holds()] == ["cancelled_after_receipt"]
        shell.answer("R000001", "cancelled_after_receipt", decision)

    shell = in_every_order([ASKED, *GOODS, cancels], POLICY, first=[ORDERS], act=decide, erp=erp)
    here = 0 if cancels is WHOLE else 2
    authorized = all_of(here, "39.98") if here else {}
    expected: dict[str, Net] = {
        "keep_return": all_of(3, "59.97"),
        "send_back": authorized | sent_back(3 - here),
        "keep_without_credit": authorized
        | {("goods_receipt", "good"): (3, "0"), ("inventory_move", "restock"): (3, "0")},
    }
    assert booked(shell) == expected[decision]
    assert shell.one().open_holds() == []
    assert not [p.key for p in shell.one().postings.values() if p.state in {"waiting", "ready"}]
    assert balances(shell.one(), "1").received == 3
    assert {row.difference for row in reconcile([shell.one()], POLICY)} <= {"matched"}
