"""Dispositions that follow one another: out of quarantine, back from repair, refused by a vendor, with their money."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gateway.returns import CannotResolve, Policy, balances, blocked_at, net_postings
from gateway.returns.money.reconciliation import reconcile
from gateway.returns.status import status_of
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.homes import drop_sample
from tests.stories.commands import once, type_command
from tests.stories.money.at_work import story
from tests.stories.money.orders import in_every_order
from translators.canonical import Inspection

POLICY = Policy(warehouse="harbor", erp="atlas")
ORDERS: Sent = ("atlas", orders("SO1", A=10))
ASKED: Sent = ("northgate", request("RTV1", {"A": 4}))
CAME: Sent = ("harbor", receipt("WR1", "RTV1", {"A": 4}))


def inspected(*outcomes: tuple[str, int, str], number: str = "IN1", left: str = "") -> Sent:
    return "harbor", inspection(number, "RTV1", list(outcomes), left=left)


def of_no_line(sent: Sent) -> Sent:
    """An inspection that names no line of the return, only its items."""
    partner, document = sent
    assert isinstance(document, Inspection)
    lines = tuple(line.model_copy(update={"line_no": ""}) for line in document.lines)
    return partner, document.model_copy(update={"lines": lines})


def net(shell: Shell) -> dict[str, int]:
    """Net quantities at the ERP of the first line, by kind and split."""
    return {f"{kind} {split}": int(quantity) for (_, kind, split), (quantity, _) in net_postings(shell.one()).items()}


def outcomes(shell: Shell) -> dict[str, int]:
    return {code: int(quantity) for code, quantity in balances(shell.one(), "1").by_disposition.items()}


@pytest.mark.parametrize("left", ["quarantine", ""], ids=["said", "unsaid"])
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_a_unit_leaves_quarantine_by_a_second_inspection_in_every_order(left: str, erp: str) -> None:
    first = inspected(("A", 3, "restock"), ("A", 1, "quarantine"))
    released = inspected(("A", 1, "restock"), number="IN2", left=left)
    shell = in_every_order([ASKED, CAME, first, released], POLICY, first=[ORDERS], erp=erp)  # type: ignore[arg-type]
    assert outcomes(shell) == {"restock": 4}
    told = net(shell)
    assert (told["inventory_move quarantine"], told["inventory_move quarrestock"]) == (1, 1)
    assert (told["inventory_move restock"], told["credit_request 0"]) == (3, 4)
    assert (shell.one().open_holds(), status_of(shell.one())) == ([], "closed")
    assert [row.difference for row in reconcile([shell.one()], POLICY)] == ["matched"]


def test_goods_in_quarantine_keep_the_return_open_and_are_not_credited() -> None:
    documents = [ASKED, CAME, inspected(("A", 3, "restock"), ("A", 1, "quarantine"))]
    shell = in_every_order(documents, POLICY, first=[ORDERS])
    blocked = blocked_at(shell.one(), shell.now)
    assert blocked is not None
    assert (blocked.stage, blocked.why, blocked.who) == ("disposition", "1 in quarantine", "warehouse")
    assert (status_of(shell.one()), net(shell)["credit_request 0"]) == ("dispositioned", 3)
    assert shell.one().clocks["next_outcome:quarantine"].state == "running"
    assert [row.difference for row in reconcile([shell.one()], POLICY)] == ["matched", "outcome_open"]


def test_the_step_out_of_quarantine_says_what_it_leaves_and_waits_for_the_step_into_it() -> None:
    shell = Shell(policy=POLICY)
    for partner, document in (ORDERS, ASKED, CAME, inspected(("A", 4, "quarantine"))):
        shell.receive(document, partner)
    shell.dispose("R000001", "1", left="quarantine", restock="4")
    step = shell.one().postings["R000001-1-IM-quarrestock-1"]
    assert (step.from_disposition, step.disposition) == ("quarantine", "restock")
    assert (step.from_status, step.stock_status) == ("quarantine", "available")
    shell.post(shell.ship_batches())
    shell.post(shell.ship_batches())
    assert step.state == "waiting"
    assert shell.ship_batches() == ["R000001-1-IM-quarantine-1", "R000001-1-CR-0-1"]
    shell.post(["R000001-1-IM-quarantine-1"])
    assert shell.ship_batches() == [step.key]
    assert shell.one().clocks["next_outcome:quarantine"].state == "met"


def test_refurbished_then_scrapped() -> None:
    documents = [
        ASKED,
        CAME,
        inspected(("A", 4, "refurbish")),
        inspected(("A", 1, "scrap"), ("A", 3, "restock_b"), number="IN2", left="refurbish"),
    ]
    shell = in_every_order(documents, POLICY, first=[ORDERS], erp="between")
    told = net(shell)
    assert outcomes(shell) == {"restock_b": 3, "scrap": 1}
    assert (told["inventory_move refurbish"], told["scrap refuscrap"], told["inventory_move refurestockb"]) == (4, 1, 3)
    assert told["credit_request 0"] == 4


def test_repaired_and_sent_back_is_not_credited_and_what_cannot_be_repaired_is() -> None:
    documents = [
        ASKED,
        CAME,
        inspected(("A", 4, "repair")),
        inspected(("A", 3, "return_to_customer"), ("A", 1, "scrap"), number="IN2"),
    ]
    for settlement in ("after_inspection", "after_receipt"):
        policy = Policy.model_validate({"warehouse": "harbor", "erp": "atlas", "settlement": settlement})
        shell = in_every_order(documents, policy, first=[ORDERS])
        assert (net(shell)["repair_order repair"], net(shell)["credit_request 0"]) == (4, 1)
        assert (status_of(shell.one()), shell.one().open_holds()) == ("closed", [])


def test_what_was_replaced_is_not_credited_when_it_is_scrapped() -> None:
    documents = [
        ASKED,
        CAME,
        inspected(("A", 2, "replace"), ("A", 2, "restock")),
        inspected(("A", 1, "scrap"), number="IN2", left="replace"),
    ]
    for settlement in ("after_inspection", "after_receipt"):
        policy = Policy.model_validate({"warehouse": "harbor", "erp": "atlas", "settlement": settlement})
        shell = in_every_order(documents, policy, first=[ORDERS])
        told = net(shell)
        assert told["replacement replace"] == 2
        assert (told["credit_request 0"], told["scrap replscrap"]) == (2, 1)
        assert [row.difference for row in reconcile([shell.one()], policy)] == ["matched"]


def test_what_the_vendor_refuses_gets_another_outcome_and_is_claimed_no_more() -> None:
    documents = [
        ASKED,
        CAME,
        inspected(("A", 4, "rtv")),
        inspected(("A", 1, "scrap"), number="IN2", left="rtv"),
    ]
    shell = in_every_order(documents, POLICY, first=[ORDERS], erp="between")
    told = net(shell)
    assert (told["inventory_move rtv"], told["supplier_claim rtv"], told["scrap rtvscrap"]) == (4, 3, 1)
    assert (told["credit_request 0"], shell.one().open_holds()) == (4, [])


def test_a_chain_of_three_ends_where_its_last_link_says_in_every_order() -> None:
    documents = [
        ASKED,
        CAME,
        inspected(("A", 4, "quarantine")),
        inspected(("A", 4, "refurbish"), number="IN2", left="quarantine"),
        inspected(("A", 3, "restock"), ("A", 1, "scrap"), number="IN0", left="refurbish"),
    ]
    shell = in_every_order(documents, POLICY, first=[ORDERS])
    assert outcomes(shell) == {"restock": 3, "scrap": 1}
    assert balances(shell.one(), "1").moved_on == {
        "quarantine>refurbish": Decimal(4),
        "refurbish>restock": Decimal(3),
        "refurbish>scrap": Decimal(1),
    }


def test_a_report_that_came_twice_under_two_numbers_releases_nothing() -> None:
    rows = (("A", 2, "restock"), ("A", 2, "quarantine"))
    shell = in_every_order([ASKED, CAME, inspected(*rows), inspected(*rows, number="IN2")], POLICY, first=[ORDERS])
    assert (outcomes(shell), net(shell)["credit_request 0"]) == ({"quarantine": 2, "restock": 2}, 2)
    assert [hold.class_ for hold in shell.one().open_holds()] == ["inspection_exceeds_received"]


def test_what_does_not_say_that_it_follows_is_held_where_the_policy_wants_it_said() -> None:
    policy = Policy(warehouse="harbor", erp="atlas", unsaid_follow_on="hold")
    documents = [ASKED, CAME, inspected(("A", 4, "quarantine")), inspected(("A", 4, "restock"), number="IN2")]
    shell = in_every_order(documents, policy, first=[ORDERS])
    assert outcomes(shell) == {"quarantine": 4}
    assert [hold.class_ for hold in shell.one().open_holds()] == ["inspection_exceeds_received"]


@pytest.mark.parametrize(
    ("follow_on", "message"),
    [
        (inspected(("A", 4, "scrap"), number="IN2", left="restock"), "scrap does not follow restock here"),
        (inspected(("A", 1, ""), number="IN2", left="quarantine"), "nothing is said of what follows quarantine"),
        (inspected(("A", 4, "restock"), number="IN2", left="quarantine"), "4 from quarantine to restock in IN2"),
        (inspected(("A", 1, "restock"), number="IN2", left="nowhere"), "disposition nowhere is not known"),
    ],
)
def test_what_cannot_follow_is_held_and_moves_nothing(follow_on: Sent, message: str) -> None:
    first = inspected(("A", 3, "restock"), ("A", 1, "quarantine"))
    shell = in_every_order([ASKED, CAME, first, follow_on], POLICY, first=[ORDERS])
    (hold,) = shell.one().open_holds()
    assert (hold.message, outcomes(shell)) == (message, {"restock": 3, "quarantine": 1})
    if hold.class_ == "outcome_cannot_follow":
        shell.answer("R000001", hold.class_, "withdraw")
        assert shell.one().open_holds() == []


def test_the_first_inspection_corrected_takes_the_step_out_of_it_back() -> None:
    policy, first = POLICY, inspected(("A", 4, "quarantine"))
    documents = [ASKED, CAME, first, inspected(("A", 4, "restock"), number="IN2", left="quarantine")]
    shell = in_every_order(documents, policy, first=[ORDERS])
    shell.receive(inspection("IN1", "RTV1", [("A", 4, "scrap")], purpose="replace"), "harbor")
    shell.run_erp()
    assert outcomes(shell) == {"scrap": 4}
    told = net(shell)
    assert (told["scrap scrap"], told["credit_request 0"]) == (4, 4)
    assert not {"inventory_move quarantine", "inventory_move quarrestock"} & set(told)
    back = [p.split for p in shell.one().postings.values() if p.sign == "-"]
    assert back == ["quarrestock", "quarantine"]  # the last step first
    assert [hold.class_ for hold in shell.one().open_holds()] == ["outcome_cannot_follow"]


def test_a_receipt_that_comes_late_makes_a_first_inspection_of_what_was_taken_to_follow() -> None:
    documents = [
        ASKED,
        ("harbor", receipt("WR1", "RTV1", {"A": 2})),
        ("harbor", receipt("WR2", "RTV1", {"A": 2})),
        inspected(("A", 2, "quarantine")),
        inspected(("A", 2, "restock"), number="IN2"),
    ]
    shell = in_every_order(documents, POLICY, first=[ORDERS], erp="between")
    assert (outcomes(shell), net(shell)["credit_request 0"]) == ({"quarantine": 2, "restock": 2}, 2)


@pytest.mark.parametrize("left", ["quarantine", ""], ids=["said", "unsaid"])
def test_goods_of_one_item_on_two_lines_leave_quarantine_on_the_line_that_has_them(left: str) -> None:
    asked = request("RTV1", {"A": 2})
    lines = (asked.lines[0], asked.lines[0].model_copy(update={"line_no": "2"}))
    documents = [
        ("northgate", asked.model_copy(update={"lines": lines})),
        CAME,
        of_no_line(inspected(("A", 1, "restock"), ("A", 3, "quarantine"))),
        of_no_line(inspected(("A", 3, "scrap"), number="IN2", left=left)),
    ]
    shell = in_every_order(documents, POLICY, first=[ORDERS])
    by_line = [balances(shell.one(), no).by_disposition for no in shell.one().lines]
    assert by_line == [{"restock": Decimal(1), "scrap": Decimal(1)}, {"scrap": Decimal(2)}]
    assert shell.one().open_holds() == []


def test_by_hand_only_what_stands_there_and_may_go_there() -> None:
    shell = Shell(policy=POLICY)
    for partner, document in (ORDERS, ASKED, CAME, inspected(("A", 2, "repair"), ("A", 2, "restock"))):
        shell.receive(document, partner)
    for left, chosen, words in (
        ("repair", {"restock": "3"}, "3 from repair to restock: but 2 of line 1 have the outcome repair"),
        ("repair", {"donate": "1"}, "donate cannot follow repair here; what may follow it: replace, restock"),
        ("restock", {"scrap": "1"}, "scrap cannot follow restock here; what may follow it: nothing"),
        ("", {"scrap": "1"}, "2 repair may go on to another one: say which they leave"),
    ):
        with pytest.raises(CannotResolve, match=words):
            shell.dispose("R000001", "1", instead=False, left=left, **chosen)
    shell.dispose("R000001", "1", left="repair", restock="2")
    shell.dispose("R000001", "1", left="repair", instead=True, scrap="1", return_to_customer="1")
    assert outcomes(shell) == {"restock": 2, "return_to_customer": 1, "scrap": 1}


def test_out_of_quarantine_through_the_command_line(home: Path) -> None:
    told = story(home)
    drop_sample(home, "northgate", "180-requests.edi")
    once(home)
    drop_sample(home, "harbor", "944-receipt.edi")
    once(home)
    sample = (home / "partners/harbor/samples/inspection.csv").read_text()
    told.put("harbor", "inspection-1.csv", sample.replace(",D,SC,SCRAP,Housing cracked", ",D,QU,CAGE,Looks odd"))
    told.erp_answers()
    assert told.balances().by_disposition["quarantine"] == 1
    assert "outcome_open" in told.reconciliation()
    refused = type_command(home, "dispose", "R000001", "1", "scrap=2", "--from", "quarantine", "--actor", "ann")
    assert (refused.code, "1 of line 1 have the outcome quarantine" in refused.text) == (1, True)
    done = type_command(home, "dispose", "R000001", "1", "scrap=1", "--from", "quarantine", "--actor", "ann")
    assert done.code == 0, done.text
    told.erp_answers()
    assert told.balances().moved_on == {"quarantine>scrap": Decimal(1)}
    assert told.balances().credited == 4
    assert any(b"-SC-quarscrap-" in data for data in told.sent("atlas").values())
    assert "outcome_open" not in told.reconciliation()
    told.proves()
