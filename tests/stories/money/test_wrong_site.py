"""Goods come to another site than the one they were sent to: nothing is booked there without a word."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.returns import Policy, Routes, net_postings, reconcile, status_of
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.homes import drop_sample
from tests.stories.commands import once, type_command
from tests.stories.money.at_work import story
from tests.stories.money.orders import ErpRuns, in_every_order
from translators.canonical import Inspection, Receipt

ROUTES = Routes(sites={"harbor": "HP1"}, places=("HP1", "HP2"))
POLICY = Policy(warehouse="harbor", erp="atlas", routes=ROUTES)
ORDERS: Sent = ("atlas", orders("SO1", A=10))
ASKED: Sent = ("northgate", request("RTV1", {"A": 4}))


def at(site: str, document: Receipt | Inspection) -> Sent:
    """The document as the warehouse sends it for goods at a site."""
    return "harbor", document.model_copy(update={"warehouse": site})


def came_to(site: str) -> list[Sent]:
    """Half of the goods come where they were sent, the other half to a site; all are inspected where they are."""
    return [
        ASKED,
        at("HP1", receipt("WR1", "RTV1", {"A": 2}, final=False)),
        at(site, receipt("WR2", "RTV1", {"A": 2})),
        at("HP1", inspection("IN1", "RTV1", [("A", 2, "restock")])),
        at(site, inspection("IN2", "RTV1", [("A", 2, "restock")])),
    ]


def booked(shell: Shell) -> list[tuple[str, str, str, int]]:
    """Kind, site, site it comes from, and quantity of what the ERP has posted of goods."""
    sums: dict[tuple[str, str, str], int] = {}
    for posting in shell.one().postings.values():
        if posting.kind in {"goods_receipt", "inventory_move"} and posting.state == "posted":
            key = (posting.kind, posting.site, posting.from_site)
            sums[key] = sums.get(key, 0) + int(posting.quantity if posting.sign == "+" else -posting.quantity)
    return sorted((*key, quantity) for key, quantity in sums.items() if quantity)


def answered(decision: str) -> Callable[[Shell], None]:
    """A person says where the goods are."""
    return lambda shell: shell.answer("R000001", "wrong_site", decision)


HERE = [("goods_receipt", "HP1", "", 2), ("inventory_move", "HP1", "", 2)]


@pytest.mark.parametrize(("site", "why"), [("HP2", "is not where they were sent"), ("X9", "is no site that we know")])
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_goods_at_another_site_wait(site: str, why: str, erp: ErpRuns) -> None:
    shell = in_every_order(came_to(site), POLICY, first=[ORDERS], erp=erp)
    assert booked(shell) == HERE
    (hold,) = shell.one().open_holds()
    assert (hold.class_, hold.message) == ("wrong_site", f"2 of A are said to be at {site}, which {why}: HP1")
    assert "received_not_posted" in {row.difference for row in reconcile([shell.one()], POLICY)}


@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_accepted_they_are_booked_where_they_are(erp: ErpRuns) -> None:
    shell = in_every_order(came_to("HP2"), POLICY, first=[ORDERS], act=answered("accept"), erp=erp)
    there = [(kind, "HP2", "", quantity) for kind, _, _, quantity in HERE]
    assert booked(shell) == sorted([*HERE, *there])
    assert status_of(shell.one()) == "closed"
    assert [row.difference for row in reconcile([shell.one()], POLICY)] == ["matched"]


@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_transferred_they_are_booked_there_and_brought_to_where_they_were_sent(erp: ErpRuns) -> None:
    shell = in_every_order(came_to("HP2"), POLICY, first=[ORDERS], act=answered("transfer"), erp=erp)
    assert booked(shell) == [
        ("goods_receipt", "HP1", "", 2),
        ("goods_receipt", "HP2", "", 2),
        ("inventory_move", "HP1", "", 4),
        ("inventory_move", "HP1", "HP2", 2),
    ]
    (transfer,) = (posting for posting in shell.one().postings.values() if posting.from_site)
    assert (transfer.stock_status, transfer.needs) == ("returns", "goods_receipt")
    assert [row.difference for row in reconcile([shell.one()], POLICY)] == ["matched"]


def test_a_site_named_by_mistake_is_the_one_they_were_sent_to() -> None:
    shell = in_every_order(came_to("X9"), POLICY, first=[ORDERS], act=answered("dismiss"))
    assert booked(shell) == [("goods_receipt", "HP1", "", 4), ("inventory_move", "HP1", "", 4)]


@pytest.mark.parametrize("decision", ["accept", "transfer", "dismiss"])
def test_the_answer_holds_for_what_comes_there_later(decision: str) -> None:
    shell = in_every_order(came_to("HP2")[:3], POLICY, first=[ORDERS], act=answered(decision))
    shell.receive(*reversed(at("HP2", inspection("IN2", "RTV1", [("A", 4, "scrap")]))))  # type: ignore[arg-type]  # Sent is (sender, document)
    shell.run_erp()
    assert shell.one().open_holds() == []
    assert int(sum(q for (_, kind, _), (q, _) in net_postings(shell.one()).items() if kind == "scrap")) == 4


def test_the_policy_may_take_goods_wherever_they_come() -> None:
    policy = POLICY.model_copy(update={"wrong_site": "accept"})
    shell = in_every_order(came_to("HP2"), policy, first=[ORDERS])
    assert shell.one().open_holds() == []
    assert int(net_postings(shell.one())["1", "goods_receipt", "good"][0]) == 4


def test_a_warehouse_that_names_no_site_of_its_own_is_where_they_were_sent() -> None:
    shell = in_every_order(came_to(""), POLICY, first=[ORDERS])
    assert shell.one().open_holds() == []


def test_a_corrected_receipt_closes_the_question() -> None:
    shell = in_every_order([ASKED, at("HP2", receipt("WR1", "RTV1", {"A": 4}))], POLICY, first=[ORDERS])
    assert [hold.class_ for hold in shell.one().open_holds()] == ["wrong_site"]
    again = at("HP1", receipt("WR1", "RTV1", {"A": 4}, purpose="replace"))[1]
    shell.receive(again, "harbor")
    shell.run_erp()
    assert shell.one().open_holds() == []
    assert booked(shell) == [("goods_receipt", "HP1", "", 4)]


def test_a_surplus_at_another_site_is_asked_about_apart() -> None:
    documents = [ASKED, at("HP2", receipt("WR1", "RTV1", {"A": 6}))]
    shell = in_every_order(documents, POLICY, first=[ORDERS])
    assert sorted(hold.class_ for hold in shell.one().open_holds()) == ["over_received", "wrong_site"]
    assert booked(shell) == []
    shell.answer("R000001", "wrong_site", "accept")
    shell.run_erp()
    assert booked(shell) == [("goods_receipt", "HP2", "", 4)]
    shell.answer("R000001", "over_received", "accept")
    shell.run_erp()
    assert booked(shell) == [("goods_receipt", "HP2", "", 6)]


def test_goods_at_another_site_through_the_command_line(home: Path) -> None:
    told = story(home)
    drop_sample(home, "northgate", "180-requests.edi")
    once(home)
    edi = (home / "partners/harbor/samples/944-receipt.edi").read_text()
    before = told.sent("atlas", "*GOODS_RECEIPT*")
    told.put("harbor", "944.edi", edi.replace("*91*HP1~", "*91*HP9~"))
    told.erp_answers()
    assert told.sent("atlas", "*GOODS_RECEIPT*") == before
    assert told.holds().count("wrong_site") == 2
    for hold in json.loads(type_command(home, "status", "--json").text)["holds"]:
        if hold["class"] == "wrong_site":
            assert type_command(home, "resolve", str(hold["id"]), "transfer", "--actor", "ann").code == 0
    once(home)
    told.erp_answers()
    posted = [p for p in told.return_().postings.values() if p.state == "posted" and p.line_no == "1"]
    assert {(p.kind, p.site, p.from_site) for p in posted} >= {
        ("goods_receipt", "HP9", ""),
        ("inventory_move", "HP1", "HP9"),
    }
    assert sum((p.quantity for p in posted if p.kind == "goods_receipt"), Decimal(0)) == 4
    moves = told.sent("atlas", "*INVENTORY_MOVE*.csv").values()
    assert any(b",HP1," in row and row.endswith(b",HP9") for data in moves for row in data.splitlines())
    told.proves()
