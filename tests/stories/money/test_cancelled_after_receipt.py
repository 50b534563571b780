"""A partner cancels what has come already: what has not come is cancelled, and a person decides about the rest."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.returns import Policy, Return, balances, net_postings
from tests.gateway.returns.builders import cancellation, inspection, orders, receipt, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.stories.money.at_work import story
from tests.stories.money.orders import in_every_order
from tests.translators.x12.files import whole_file

ORDERS = ("atlas", orders("SO1", A=10))
HOUSE = Policy(warehouse="harbor", erp="atlas")
HOLD = "cancelled_after_receipt"
GOODS: list[Sent] = [
    ("northgate", request("RTV1", {"A": 6})),
    ("harbor", receipt("WR1", "RTV1", {"A": 4}, final=False)),
    ("harbor", inspection("IN1", "RTV1", [("A", 4, "restock")])),
]
ALL: Sent = ("northgate", cancellation("CX1", "RTV1"))
PART: Sent = ("northgate", cancellation("CX1", "RTV1", {"A": 5}))
CREDIT, RECEIPT, RESTOCK = (
    ("1", "credit_request", "0"),
    ("1", "goods_receipt", "good"),
    ("1", "inventory_move", "restock"),
)


def answers(decision: str) -> Any:
    """A person who gives this answer where the Hold is open."""

    def act(shell: Shell) -> None:
        shell.answer(shell.one().return_no, HOLD, decision)

    return act


def ends(documents: list[Sent], act: Any = None) -> Return:
    """The one end of these documents in every order, with the ERP posting between them and at the end."""
    given = {"act": act} if act is not None else {}
    between = in_every_order(documents, HOUSE, first=[ORDERS], erp="between", **given)
    at_end = in_every_order(documents, HOUSE, first=[ORDERS], erp="at_end", **given)
    assert net_postings(between.one()) == net_postings(at_end.one())
    return between.one()


@pytest.mark.parametrize("cancelled", [ALL, PART])
def test_nothing_is_undone_before_somebody_decides(cancelled: Sent) -> None:
    shell = Shell(policy=HOUSE, through_store=True)
    for partner, document in (ORDERS, *GOODS):
        shell.receive(document, partner)
        shell.run_erp()
    shell.receive(cancelled[1], cancelled[0])
    shell.run_erp()
    return_ = shell.one()
    (hold,) = return_.open_holds()
    assert (hold.class_, hold.owner) == (HOLD, "customer_service")
    came = "4" if cancelled is ALL else "3"
    assert hold.message == f"{came} of A came, and northgate has cancelled them"
    assert all(posting.sign == "+" or posting.state == "waiting" for posting in return_.postings.values())
    (line,) = shell.answers[-1][1].lines
    assert (line.decision, int(line.authorized)) == ("partial", 4)
    assert int(shell.expected[-1][1].lines[0].quantity) == 4


@pytest.mark.parametrize("cancelled", [ALL, PART])
def test_the_question_is_the_same_in_every_order(cancelled: Sent) -> None:
    # What the ERP had posted before it was cancelled stays until somebody decides: so it posts at the end here.
    return_ = in_every_order([*GOODS, cancelled], HOUSE, first=[ORDERS]).one()
    assert [hold.class_ for hold in return_.open_holds()] == [HOLD]


@pytest.mark.parametrize("cancelled", [ALL, PART])
def test_the_return_stands_for_what_came(cancelled: Sent) -> None:
    return_ = ends([*GOODS, cancelled], answers("keep_return"))
    net = net_postings(return_)
    assert net[CREDIT] == (Decimal(4), Decimal("79.96"))
    assert [int(net[slot][0]) for slot in (RECEIPT, RESTOCK)] == [4, 4]
    assert balances(return_, "1").open_to_receive == 0
    assert return_.open_holds() == []


def test_what_came_goes_back() -> None:
    return_ = ends([*GOODS, ALL], answers("send_back"))
    net = net_postings(return_)
    assert CREDIT not in net
    assert RESTOCK not in net
    assert RECEIPT not in net
    assert net["1", "goods_receipt", "surplus"][0] == 4
    assert return_.open_holds() == []


def test_what_came_is_kept_without_credit() -> None:
    return_ = ends([*GOODS, ALL], answers("keep_without_credit"))
    net = net_postings(return_)
    assert CREDIT not in net
    assert [int(net[slot][0]) for slot in (RECEIPT, RESTOCK)] == [4, 4]
    assert return_.open_holds() == []


def test_the_partner_is_told_that_it_is_cancelled_once_the_goods_go_back() -> None:
    shell = Shell(policy=HOUSE, through_store=True)
    for partner, document in (ORDERS, *GOODS, ALL):
        shell.receive(document, partner)
        shell.run_erp()
    shell.answer(shell.one().return_no, HOLD, "send_back")
    (line,) = shell.answers[-1][1].lines
    assert (line.decision, int(line.authorized), line.reason) == ("cancelled", 0, "cancelled")


def test_an_ordinary_surplus_beside_it_is_a_question_of_its_own() -> None:
    documents: list[Sent] = [
        ("northgate", request("RTV1", {"A": 4})),
        ("harbor", receipt("WR1", "RTV1", {"A": 3}, final=False)),
        ("harbor", receipt("WR2", "RTV1", {"A": 3}, final=False)),
        ("northgate", cancellation("CX1", "RTV1", {"A": 1})),
    ]
    return_ = in_every_order(documents, HOUSE, first=[ORDERS], act=answers("keep_return")).one()
    assert balances(return_, "1").authorized == Decimal(4)
    (hold,) = return_.open_holds()
    assert (hold.class_, hold.extent) == ("over_received", "2")


def test_what_has_not_come_is_cancelled_without_a_question() -> None:
    return_ = ends([*GOODS, ("northgate", cancellation("CX1", "RTV1", {"A": 2}))])
    assert balances(return_, "1").open_to_receive == 0
    assert net_postings(return_)[CREDIT] == (Decimal(4), Decimal("79.96"))
    assert return_.open_holds() == []


def test_a_cancellation_after_the_goods_through_the_command_line(home: Path) -> None:
    told = story(home)
    samples = (("northgate", "180-requests.edi"), ("harbor", "944-receipt.edi"), ("harbor", "inspection.csv"))
    for partner, sample in samples:
        told.put(partner, sample, (home / f"partners/{partner}/samples/{sample}").read_bytes())
    told.erp_answers()
    before = told.return_().postings
    assert before["R000001-1-CR-0-1"].state == "posted"
    body = (home / "partners/northgate/samples/180-requests.edi").read_text(encoding="utf-8")
    first = body.split("ST*180*0001~")[1].split("\nSE*")[0].replace("\n", "").replace("BGN*13*", "BGN*01*")
    count = first.count("~") + 2
    set_ = f"ST*180*0001~{first}SE*{count}*0001~"
    told.put("northgate", "cancel.edi", whole_file(set_, number=777, sender="NORTHGATE", receiver="MERIDIAN"))
    assert HOLD in told.holds()
    sent = [posting for posting in told.return_().postings.values() if posting.sign == "-"]
    assert all(posting.state == "waiting" for posting in sent)
    while HOLD in told.holds():
        told.answer_first(HOLD, "keep_return")
    told.erp_answers()
    after = told.return_()
    assert balances(after, "1").credited == balances(after, "1").received
    assert b"BGN*11*" in b"".join(told.sent("northgate", "*.edi").values())
    told.proves()
