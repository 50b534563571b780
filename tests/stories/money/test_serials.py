"""Serial and lot numbers: what was sold, asked for, sent, received and inspected are the same units."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.returns import Policy, net_postings
from tests.gateway.returns.builders import cancellation, inspection, orders, receipt, request, shipment
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.stories.money.at_work import story
from tests.stories.money.orders import in_every_order

POLICY = Policy(warehouse="harbor", erp="atlas")


def naming(document: Any, *of_lines: str, lots: tuple[str, ...] = ()) -> Any:
    """The document with the serials of each line, apart by blanks, and the lots of the first."""
    told = [
        line.model_copy(update={"serials": tuple(serials.split())})
        for line, serials in zip(document.lines, of_lines, strict=True)
    ]
    if lots:
        told[0] = told[0].model_copy(update={"lots": lots})
    return document.model_copy(update={"lines": tuple(told)})


def sold(serials: str = "", lots: str = "", quantity: int = 10) -> Sent:
    """The ERP's order, with the numbers of the units that went out."""
    document = orders("SO1", A=quantity)
    rows = tuple({**row, "serials": serials, "lots": lots} for row in document.rows)
    return "atlas", document.model_copy(update={"rows": rows})


def asks(number: str, serials: str, quantity: int = 1, order: str = "SO1") -> Sent:
    """A request for units of A."""
    return "northgate", naming(request(number, {"A": quantity}, order=order), serials)


def play(*sent: Sent, policy: Policy = POLICY) -> Shell:
    """Documents in the given order."""
    shell = Shell(policy=policy, through_store=True)
    for partner, document in sent:
        shell.receive(document, partner)
    return shell


def decided(shell: Shell, return_no: str = "R000001", line_no: str = "1") -> tuple[str, str]:
    """Decision and reason of a line."""
    line = shell.returns[return_no].lines[line_no]
    return line.decision, line.decision_reason


# --- asked for


def test_a_serial_that_was_not_sold_waits_for_a_person() -> None:
    shell = play(sold("S1;S2"), asks("RTV1", "S7"))
    assert decided(shell) == ("pending", "serial_not_sold")
    (hold,) = shell.one().open_holds()
    assert hold.message == "serial S7 was not sold: S1, S2 were"
    shell.answer("R000001", "eligibility_review", "approve")
    assert shell.one().tally("1").a == Decimal(1)


def test_a_serial_of_the_sale_is_authorized_however_it_is_written() -> None:
    for written in ("S2", "s2"):
        assert decided(play(sold(" S1 ; S2,"), asks("RTV1", written))) == ("authorized", "")


def test_nothing_is_asked_where_the_sale_or_the_request_names_no_serials() -> None:
    assert decided(play(sold(""), asks("RTV1", "S7"))) == ("authorized", "")
    assert decided(play(sold("S1"), asks("RTV1", ""))) == ("authorized", "")


def test_a_lot_that_was_not_sold_waits_for_a_person() -> None:
    for lot, decision in (("L1", ("authorized", "")), ("L9", ("pending", "lot_not_sold"))):
        asked = "northgate", naming(request("RTV1", {"A": 1}), "", lots=(lot,))
        assert decided(play(sold(lots="L1|L2"), asked)) == decision


@pytest.mark.parametrize("outcome", ["deny", "hold", "allow"])
def test_the_policy_says_what_a_strange_serial_gets(outcome: str) -> None:
    policy = Policy.model_validate(
        {"warehouse": "harbor", "erp": "atlas", "rules": [{"check": "serial_not_sold", "outcome": outcome}]}
    )
    shell = play(sold("S1"), asks("RTV1", "S7"), policy=policy)
    assert decided(shell)[0] == {"deny": "denied", "hold": "pending", "allow": "authorized"}[outcome]


def test_a_serial_may_be_open_in_one_return_only() -> None:
    shell = play(sold(), asks("RTV1", "S7"), asks("RTV2", "S7"))
    assert decided(shell) == ("authorized", "")
    assert decided(shell, "R000002") == ("pending", "serial_in_other_return")
    (hold,) = shell.returns["R000002"].open_holds()
    assert hold.message == "serial S7 (R000001) is to come back in another return"


def test_another_item_with_the_same_serial_is_another_unit() -> None:
    shell = Shell(policy=POLICY, through_store=True)
    shell.receive(orders("SO1", A=10, B=10), "atlas")
    shell.receive(naming(request("RTV1", {"A": 1}), "1"), "northgate")
    shell.receive(naming(request("RTV2", {"B": 1}), "1"), "northgate")
    assert decided(shell, "R000002") == ("authorized", "")


def test_the_second_request_is_free_once_the_first_is_cancelled_before_or_after() -> None:
    first, second = asks("RTV1", "S7"), asks("RTV2", "S7")
    cancelled: Sent = "northgate", cancellation("CX1", "RTV1")
    for order in ([first, second, cancelled], [first, cancelled, second], [cancelled, first, second]):
        shell = play(sold(), *order)
        assert decided(shell, "R000002") == ("authorized", "")
        assert shell.returns["R000002"].open_holds() == []
        assert [answer.decision for _, answer in shell.answers if answer.request_number == "RTV2"] == ["authorized"]


def test_the_first_request_keeps_the_serial_although_its_order_comes_late() -> None:
    shell = play(asks("RTV1", "S7"), asks("RTV2", "S7"), sold("S7"))
    assert decided(shell) == ("authorized", "")
    assert decided(shell, "R000002") == ("pending", "serial_in_other_return")


def test_a_serial_is_named_twice_or_more_of_them_than_units() -> None:
    shell = play(sold(), ("northgate", naming(request("RTV1", {"A": 2}), "S1 S1")))
    assert decided(shell) == ("pending", "serials_inconsistent")
    assert shell.one().lines["1"].decision_text == "serial S1 is named twice"
    shell = play(sold(), asks("RTV1", "S1 S2 S3", quantity=2))
    assert shell.one().lines["1"].decision_text == "3 serials for 2 units"
    assert decided(play(sold(), asks("RTV1", "S1 S2", quantity=3))) == ("authorized", "")
    assert decided(play(sold(), asks("RTV1", "S1    S2", quantity=2))) == ("authorized", "")


def test_two_lines_of_a_request_name_one_serial() -> None:
    both = request("RTV1", {"A": 1})
    again = both.lines[0].model_copy(update={"line_no": "2"})
    asked = naming(both.model_copy(update={"lines": (*both.lines, again)}), "S1", "S1")
    shell = play(sold(), ("northgate", asked))
    assert decided(shell) == ("authorized", "")
    assert decided(shell, line_no="2") == ("pending", "serials_inconsistent")


# --- on its way, received, inspected


def sends(serials: str, quantity: int = 1) -> Sent:
    return "northgate", naming(shipment("SH1", "RTV1", {"A": quantity}), serials)


def came(serials: str, quantity: int = 1, number: str = "WR1", lots: tuple[str, ...] = ()) -> Sent:
    return "harbor", naming(receipt(number, "RTV1", {"A": quantity}), serials, lots=lots)


def found(*rows: str, each: int = 1) -> Sent:
    """An inspection that restocks the units of each row."""
    return "harbor", naming(inspection("IN1", "RTV1", [("A", each, "restock")] * len(rows)), *rows)


def held(shell: Shell) -> list[tuple[str, str]]:
    return [(hold.class_, hold.message) for hold in shell.returns["R000001"].open_holds()]


def answers_with(decision: str) -> Any:
    """A person answers the open question about serials, if there is one."""

    def act(shell: Shell) -> None:
        for hold in shell.returns["R000001"].open_holds():
            if hold.class_ in {"serial_differs", "lot_differs"}:
                shell.answer_key("R000001", hold.key, decision)

    return act


CREDIT = ("1", "credit_request", "0")


@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_the_units_that_were_asked_for_raise_no_question_in_any_order(erp: Any) -> None:
    documents = [asks("RTV1", "S1 S2", 2), sends("S1 S2", 2), came("S2 s1", 2), found("S1", "S2")]
    shell = in_every_order(documents, POLICY, first=[sold("S1;S2;S3")], erp=erp)
    assert held(shell) == []
    assert net_postings(shell.one())[CREDIT] == (Decimal(2), Decimal("39.98"))


@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_another_unit_than_the_one_asked_for_is_held_and_not_credited_in_every_order(erp: Any) -> None:
    documents = [asks("RTV1", "S1"), came("S99"), found("S99")]
    shell = in_every_order(documents, POLICY, first=[sold("S1;S2")], erp=erp)
    assert held(shell) == [("serial_differs", "A: serial S99 came (WR1); expected: S1")]
    assert CREDIT not in net_postings(shell.one())
    assert shell.one().open_holds()[0].owner == "warehouse"


def test_what_came_is_taken_and_credited() -> None:
    documents = [asks("RTV1", "S1 S2", 2), came("S1 S99", 2), found("S99", "S1")]
    shell = in_every_order(documents, POLICY, first=[sold("S1;S2")], act=answers_with("accept"))
    assert held(shell) == []
    assert net_postings(shell.one())[CREDIT] == (Decimal(2), Decimal("39.98"))


def test_one_strange_unit_of_two_holds_back_one_credit_only() -> None:
    shell = in_every_order([asks("RTV1", "S1 S2", 2), came("S1 S99", 2), found("S99", "S1")], POLICY, first=[sold()])
    assert net_postings(shell.one())[CREDIT] == (Decimal(1), Decimal("19.99"))


def test_a_strange_unit_that_is_rejected_leaves_the_others() -> None:
    documents = [asks("RTV1", "S1 S2", 2), came("S1 S99", 2), found("S99", "S1")]
    shell = in_every_order(documents, POLICY, first=[sold("S1;S2")], act=answers_with("reject"))
    # The ERP has booked its receipt, which is undone with a person's word only.
    assert [class_ for class_, _ in held(shell)] == ["reversal_undecided", "short_received"]
    tally = shell.one().tally("1")
    assert tally.r == tally.i == tally.dispositioned == 1
    assert net_postings(shell.one())[CREDIT] == (Decimal(1), Decimal("19.99"))
    # The same documents decided again change nothing.
    for number in list(shell.documents):
        shell.again(number, shell.documents[number][0])
    assert shell.one().tally("1").r == 1


def test_a_dismissed_question_lets_the_credit_go_and_comes_again_with_another_unit() -> None:
    shell = play(sold("S1"), asks("RTV1", "S1"), came("S99"), found("S99"))
    shell.answer("R000001", "serial_differs", "dismiss")
    assert held(shell) == []
    assert net_postings(shell.one())[CREDIT] == (Decimal(1), Decimal("19.99"))
    again = receipt("WR1", "RTV1", {"A": 1}, purpose="replace")
    shell.receive(naming(again, "S98"), "harbor")
    assert "serial_differs" in dict(held(shell))


def test_a_corrected_receipt_closes_the_question_by_itself() -> None:
    shell = play(sold("S1"), asks("RTV1", "S1"), came("S99"))
    assert "serial_differs" in dict(held(shell))
    shell.receive(naming(receipt("WR1", "RTV1", {"A": 1}, purpose="replace"), "S1"), "harbor")
    assert held(shell) == []


def test_units_are_compared_with_the_sale_where_the_request_names_none() -> None:
    shell = in_every_order([asks("RTV1", "", 2), came("S1 S99", 2)], POLICY, first=[sold("S1;S2")])
    assert held(shell) == [("serial_differs", "A: serial S99 came (WR1); expected: S1, S2")]


def test_units_are_compared_with_the_notice_where_nothing_else_is_known() -> None:
    shell = in_every_order([asks("RTV1", "", 2), sends("S1 S2", 2), came("S1 S99", 2)], POLICY, first=[sold()])
    assert held(shell) == [("serial_differs", "A: serial S99 came (WR1); expected: S1, S2")]


def test_a_strange_unit_on_its_way_is_a_question_to_customer_service() -> None:
    shell = in_every_order([asks("RTV1", "S1"), sends("S99")], POLICY, first=[sold("S1")])
    assert held(shell) == [("serial_differs", "A: serial S99 is on its way (SH1); expected: S1")]
    assert shell.one().open_holds()[0].owner == "customer_service"


def test_an_inspection_is_compared_with_what_came() -> None:
    documents = [asks("RTV1", "S1 S2", 2), came("S1"), found("S2")]
    shell = in_every_order(documents, POLICY, first=[sold("S1;S2")], act=answers_with("reject"))
    assert shell.one().tally("1").i == 0
    shell = in_every_order(documents, POLICY, first=[sold("S1;S2")])
    assert ("serial_differs", "A: serial S2 was inspected (IN1); expected: S1, S2") in held(shell)


def test_a_list_with_fewer_serials_than_units_leaves_room() -> None:
    shell = in_every_order([asks("RTV1", "S1", 3), came("S1 S5 S6", 3)], POLICY, first=[sold()])
    assert held(shell) == []
    shell = in_every_order([asks("RTV1", "S1", 3), came("S5 S6 S7", 3)], POLICY, first=[sold()])
    assert [class_ for class_, _ in held(shell)] == ["serial_differs"]


def test_more_serials_than_units_is_a_question() -> None:
    shell = in_every_order([asks("RTV1", "", 2), came("S1 S2 S3", 2)], POLICY, first=[sold()])
    assert held(shell) == [("serial_differs", "A: 3 serials for 2 units (WR1)")]


def test_goods_of_another_lot_are_held_and_not_credited_until_they_are_taken() -> None:
    documents = [asks("RTV1", "", 2), came("", 2, lots=("L9",)), found("", each=2)]
    first = [sold(lots="L1;L2")]
    shell = in_every_order(documents, POLICY, first=first)
    assert held(shell) == [("lot_differs", "A: lot L9 came (WR1); expected: L1, L2")]
    assert CREDIT not in net_postings(shell.one())
    for decision, credited in (("accept", 2), ("dismiss", 2)):
        shell = in_every_order(documents, POLICY, first=first, act=answers_with(decision))
        assert held(shell) == []
        assert net_postings(shell.one())[CREDIT][0] == credited
    shell = in_every_order(documents, POLICY, first=first, act=answers_with("reject"))
    assert shell.one().tally("1").r == 0


def test_a_house_that_compares_nothing_asks_nothing() -> None:
    policy = POLICY.model_copy(update={"compare_serials": False, "compare_lots": False})
    shell = in_every_order([asks("RTV1", "S1"), came("S99", lots=("L9",))], policy, first=[sold("S1", "L1")])
    assert held(shell) == []


def test_a_credit_that_was_posted_stays_until_a_person_says_so() -> None:
    shell = play(sold("S1"), asks("RTV1", "S1"), came(""), ("harbor", inspection("IN1", "RTV1", [("A", 1, "restock")])))
    shell.run_erp()
    shell.receive(naming(receipt("WR1", "RTV1", {"A": 1}, purpose="replace"), "S99"), "harbor")
    assert [class_ for class_, _ in held(shell)] == ["serial_differs"]
    assert net_postings(shell.one())[CREDIT][0] == 1


def test_a_unit_goes_to_the_line_that_asked_for_it() -> None:
    both = request("RTV1", {"A": 1})
    again = both.lines[0].model_copy(update={"line_no": "2"})
    asked: Sent = "northgate", naming(both.model_copy(update={"lines": (*both.lines, again)}), "S1", "S2")
    shell = in_every_order([asked, came("S2")], POLICY, first=[sold("S1;S2")])
    assert [str(shell.one().tally(no).r) for no in ("1", "2")] == ["0", "1"]


# --- told to others


def units_posted(shell: Shell) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Serials by kind, sign and split of the postings."""
    return {(p.kind, p.sign, p.split): p.serials for p in shell.one().postings.values() if p.state != "cancelled"}


def test_the_warehouse_and_the_partner_are_told_the_units_and_again_when_they_change() -> None:
    shell = play(sold("S1;S2;S3", "L1"), ("northgate", naming(request("RTV1", {"A": 2}), "S1 S2", lots=("L1",))))
    (expected,) = [document for _, document in shell.expected]
    (answer,) = [document for _, document in shell.answers]
    assert (expected.lines[0].serials, expected.lines[0].lots) == (("S1", "S2"), ("L1",))
    assert (answer.lines[0].serials, answer.lines[0].lots) == (("S1", "S2"), ("L1",))
    shell.receive(naming(request("RTV1", {"A": 2}, purpose="replace"), "S1 S3"), "northgate")
    assert [(document.purpose, document.lines[0].serials) for _, document in shell.expected[1:]] == [
        ("change", ("S1", "S3"))
    ]
    shell.receive(cancellation("CX1", "RTV1"), "northgate")
    assert (shell.expected[-1][1].purpose, shell.expected[-1][1].lines[0].quantity) == ("cancel", Decimal(2))


def test_the_erp_is_told_which_units_became_what() -> None:
    told = naming(inspection("IN1", "RTV1", [("A", 1, "restock"), ("A", 1, "scrap")]), "S1", "S2")
    shell = play(sold(), asks("RTV1", "S1 S2", 2), came("S1 S2", 2), ("harbor", told))
    assert units_posted(shell) == {
        ("return_order", "+", "0"): ("S1", "S2"),
        ("goods_receipt", "+", "good"): ("S1", "S2"),
        ("inventory_move", "+", "restock"): ("S1",),
        ("scrap", "+", "scrap"): ("S2",),
        ("credit_request", "+", "0"): ("S1", "S2"),
    }


def test_a_recount_takes_back_the_unit_that_did_not_come() -> None:
    shell = play(sold(), asks("RTV1", "S1 S2", 2), came("S1 S2", 2))
    shell.run_erp()
    shell.receive(naming(receipt("WR1", "RTV1", {"A": 1}, purpose="replace"), "S1"), "harbor")
    assert units_posted(shell)["goods_receipt", "-", "good"] == ("S2",)


def test_nobody_knows_the_units_of_a_posting_that_documents_do_not_name() -> None:
    document = receipt("WR1", "RTV1", {"A": 2}, damaged={"A": 1})
    shell = play(sold(), asks("RTV1", "S1 S2", 2), ("harbor", naming(document, "S1 S2")))
    posted = units_posted(shell)
    assert posted["goods_receipt", "+", "good"] == posted["goods_receipt", "+", "damaged"] == ()


# --- through the command line


def with_serials(sample: str, after: str, serials: str, set_end: str) -> str:
    """A sample file with the serials of a line, four of them, after one of its segments; its count of segments fits."""
    text = Path(sample).read_text(encoding="ascii")
    numbers = "".join(f"N9*SE*{serial}~\n" for serial in serials.split())
    count = int(set_end.split("*")[1])
    return text.replace(after, after + numbers, 1).replace(set_end, set_end.replace(f"*{count}*", f"*{count + 4}*"), 1)


def test_another_unit_came_than_the_retailer_asked_for(home: Path) -> None:
    told = story(home)
    request_file = home / "partners/northgate/samples/180-requests.edi"
    receipt_file = home / "partners/harbor/samples/944-receipt.edi"
    told.put("northgate", "180.edi", with_serials(str(request_file), "N9*FJ*1~\n", "S1 S2 S3 S4", "SE*16*0001~"))
    announced = b"".join(told.sent("harbor").values())
    assert all(b"N9*SE*S%d" % n in announced for n in range(1, 5))
    answered = b"".join(told.sent("northgate", "*180*").values())
    assert b"N9*SE*S1" in answered
    told.put("harbor", "944.edi", with_serials(str(receipt_file), "N9*LI*1~\n", "S1 S2 S3 S99", "SE*19*0001~"))
    assert "serial_differs" in told.holds()
    told.put("harbor", "inspection.csv", (home / "partners/harbor/samples/inspection.csv").read_bytes())
    told.erp_answers()
    assert told.balances().credited == Decimal(3)
    told.answer("serial_differs", "accept")
    told.erp_answers()
    assert told.balances().credited == Decimal(4)
    assert "serial_differs" not in told.holds()
    told.proves()
