"""An item that was sold on two lines of one order comes back spread over both, each unit at the price of its line."""

from __future__ import annotations

import csv
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from gateway.returns import Policy, net_postings
from gateway.returns.policy import Rule
from tests.gateway.returns.builders import DAY, cancellation, code, inspection, receipt, shipment
from tests.gateway.returns.shell import Shell
from tests.stories.money.at_work import story
from tests.stories.money.orders import in_every_order, play_order
from tests.translators.x12.files import transaction, whole_file
from translators.canonical import Item, ReferenceData, RequestLine, ReturnRequest

HOUSE = Policy(warehouse="harbor", erp="atlas")
Sold = tuple[int, str]


def sale(*lines: Sold, serials: tuple[str, ...] = ("", "")) -> tuple[str, ReferenceData]:
    """Order SO1 with so many of A at these prices, a line each."""
    rows = tuple(
        {
            "order_number": "SO1",
            "order_line": str(n),
            "customer": "C100",
            "currency": "USD",
            "sku": "A",
            "quantity": str(quantity),
            "unit_price": price,
            "delivery_date": "2025-02-20",
            "serials": numbers,
        }
        for n, ((quantity, price), numbers) in enumerate(zip(lines, serials, strict=False), 1)
    )
    return "atlas", ReferenceData(dataset="orders", rows=rows)


SALE = sale((10, "80"), (10, "60"))


def asked(
    *quantities: int,
    number: str = "RTV1",
    purpose: str = "request",
    order_line: str = "",
    serials: tuple[str, ...] = (),
    first: str = "1",
) -> tuple[str, ReturnRequest]:
    lines = tuple(
        RequestLine(
            line_no=first if n == 1 else str(n),
            item=Item(sku="A"),
            quantity=Decimal(quantity),
            reason=code("defective"),
            order_line=order_line,
            serials=serials,
        )
        for n, quantity in enumerate(quantities, 1)
    )
    document = ReturnRequest(number=number, issued_on=DAY, order_number="SO1", lines=lines)
    return "northgate", document.model_copy(update={"purpose": purpose})


def played(*documents: tuple[str, object], policy: Policy = HOUSE) -> Shell:
    shell = Shell(policy=policy, through_store=True)
    for partner, document in documents:
        shell.receive(document, partner)  # type: ignore[arg-type]
    return shell


def spread(shell: Shell, return_no: str = "R000001") -> dict[str, tuple[int, str, str]]:
    """Lines with something authorized: how much, of which line of the order, at which price."""
    return_ = shell.returns[return_no]
    return {
        no: (int(return_.tally(no).a), line.order_line, str(line.unit_price))
        for no, line in return_.lines.items()
        if return_.tally(no).a
    }


def told(shell: Shell) -> list[tuple[str, int, int, str]]:
    """The newest answer, line by line: number, asked, authorized, decision."""
    lines = shell.answers[-1][1].lines
    return [(line.line_no, int(line.requested), int(line.authorized), line.decision) for line in lines]


def credits_of(shell: Shell) -> list[tuple[str, str]]:
    """Quantity and amount of each line's credit."""
    net = net_postings(shell.one())
    return sorted((str(q), str(money)) for (_, kind, _), (q, money) in net.items() if kind == "credit_request" and q)


def test_twelve_are_authorized_and_credited_at_two_prices_in_every_order() -> None:
    documents = [
        asked(12),
        ("northgate", shipment("SH1", "RTV1", {"A": 12})),
        ("harbor", receipt("WR1", "RTV1", {"A": 12})),
        ("harbor", inspection("IN1", "RTV1", [("A", 12, "restock")])),
    ]
    for order in permutations(documents):
        for erp in ("at_end", "between"):
            shell = play_order([SALE], order, HOUSE, erp=erp)
            assert spread(shell) == {"1": (10, "1", "80"), "1B": (2, "2", "60")}
            assert credits_of(shell) == [("10", "800.00"), ("2", "120.00")]
            assert told(shell) == [("1", 12, 12, "authorized")]
            assert shell.one().open_holds() == []
    in_every_order([SALE, *documents], HOUSE)


def test_the_warehouse_is_told_of_one_line() -> None:
    (_, expected) = played(SALE, asked(12)).expected[-1]
    assert [(line.line_no, line.quantity) for line in expected.lines] == [("1", Decimal(12))]


BOTH = {"1": (10, "1", "80"), "1B": (10, "2", "60")}
TWELVE = {"1": (10, "1", "80"), "1B": (2, "2", "60")}


@pytest.mark.parametrize(
    ("quantity", "rules", "authorized", "decision"),
    [
        (25, (Rule(check="quantity_exceeded", outcome="limit"),), BOTH, "partial"),
        (25, (Rule(check="quantity_exceeded", outcome="deny"),), {}, "denied"),
        (20, (Rule(check="quantity_exceeded", outcome="deny"),), BOTH, "authorized"),
        (12, (Rule(check="over_limit", outcome="deny", quantity=Decimal(11)),), {}, "denied"),
        (12, (Rule(check="over_limit", outcome="deny", value=Decimal(919)),), {}, "denied"),
        (12, (Rule(check="over_limit", outcome="deny", value=Decimal(920)),), TWELVE, "authorized"),
    ],
)
def test_limits_are_judged_against_the_whole_line(
    quantity: int, rules: tuple[Rule, ...], authorized: dict[str, tuple[int, str, str]], decision: str
) -> None:
    shell = played(SALE, asked(quantity), policy=Policy(rules=rules, warehouse="harbor", erp="atlas"))
    assert spread(shell) == authorized
    total = sum(q for q, _, _ in authorized.values())
    assert told(shell) == [("1", quantity, total, decision)]


@pytest.mark.parametrize(("answer", "authorized"), [("approve", 12), ("deny", 0)])
def test_a_person_answers_once_for_the_whole_line(answer: str, authorized: int) -> None:
    policy = Policy(
        rules=(Rule(check="over_limit", outcome="hold", value=Decimal(900)),), warehouse="harbor", erp="atlas"
    )
    shell = played(SALE, asked(12), policy=policy)
    (hold,) = shell.one().open_holds()
    assert (hold.line_no, hold.class_) == ("1", "eligibility_review")
    shell.answer("R000001", "eligibility_review", answer)
    assert [row[:3] for row in told(shell)] == [("1", 12, authorized)]
    assert shell.one().open_holds() == []
    assert sum(q for q, _, _ in spread(shell).values()) == authorized


def test_what_other_requests_have_taken_leaves_the_rest_of_each_line() -> None:
    shell = played(SALE, asked(12), asked(5, number="RTV2"), asked(9, number="RTV3"))
    assert spread(shell, "R000002") == {"1": (5, "2", "60")}
    assert spread(shell, "R000003") == {"1": (3, "2", "60")}
    assert told(shell) == [("1", 9, 3, "partial")]


def test_lines_of_one_request_fill_the_lines_of_the_sale_one_after_another() -> None:
    shell = played(SALE, asked(7, 7, 7))
    assert spread(shell) == {"1": (7, "1", "80"), "2": (3, "1", "80"), "2B": (4, "2", "60"), "3": (6, "2", "60")}
    assert told(shell) == [("1", 7, 7, "authorized"), ("2", 7, 7, "authorized"), ("3", 7, 6, "partial")]


def test_a_request_that_names_the_order_line_keeps_to_it() -> None:
    shell = played(SALE, asked(12, order_line="2"))
    assert spread(shell) == {"1": (10, "2", "60")}
    assert told(shell) == [("1", 12, 10, "partial")]


def test_a_changed_request_keeps_its_parts() -> None:
    shell = played(SALE, asked(12), asked(15, purpose="replace"))
    assert spread(shell) == {"1": (10, "1", "80"), "1B": (5, "2", "60")}
    shell.receive(asked(8, purpose="replace")[1].model_copy(update={"issued_on": DAY.replace(day=4)}), "northgate")
    assert spread(shell) == {"1": (8, "1", "80")}
    assert told(shell) == [("1", 8, 8, "authorized")]
    shell.receive(asked(13, purpose="replace")[1].model_copy(update={"issued_on": DAY.replace(day=5)}), "northgate")
    assert spread(shell) == {"1": (10, "1", "80"), "1B": (3, "2", "60")}
    assert list(shell.one().lines) == ["1", "1B"]


def test_parts_take_no_number_that_the_partner_has() -> None:
    shell = played(SALE, asked(12, first="000010"))
    assert list(shell.one().lines) == ["000010", "2"]
    assert [line.line_no for line in shell.answers[-1][1].lines] == ["000010"]
    shell = played(SALE, asked(12, 2, first="000010"))
    assert list(shell.one().lines) == ["000010", "3", "2"]


def test_what_is_cancelled_of_the_line_is_not_expected_of_its_first_part() -> None:
    documents = [
        asked(12),
        ("northgate", cancellation("CX1", "RTV1", {"A": 3})),
        ("harbor", receipt("WR1", "RTV1", {"A": 9})),
        ("harbor", inspection("IN1", "RTV1", [("A", 9, "restock")])),
    ]
    shell = in_every_order(documents, HOUSE, first=[SALE])
    assert told(shell) == [("1", 12, 9, "partial")]
    assert credits_of(shell) == [("2", "120.00"), ("7", "560.00")]
    assert shell.one().open_holds() == []


def test_all_of_it_is_cancelled_with_its_parts() -> None:
    shell = in_every_order([asked(12), asked(12, purpose="cancel")], HOUSE, first=[SALE])
    assert told(shell) == [("1", 12, 0, "cancelled")]
    assert net_postings(shell.one()) == {}


def test_serials_say_of_which_line_the_units_are() -> None:
    sold = sale((2, "80"), (2, "60"), serials=("S1;S2", "S3;S4"))
    shell = played(sold, asked(2, serials=("S2", "S4")))
    assert spread(shell) == {"1": (1, "1", "80"), "1B": (1, "2", "60")}
    assert (shell.one().lines["1"].serials, shell.one().lines["1B"].serials) == (("S2",), ("S4",))
    assert shell.answers[-1][1].lines[0].serials == ("S2", "S4")
    assert spread(played(sold, asked(1, serials=("S3",)))) == {"1": (1, "2", "60")}


def test_less_comes_back_than_was_authorized() -> None:
    documents = [
        asked(12),
        ("harbor", receipt("WR1", "RTV1", {"A": 11})),
        ("harbor", inspection("IN1", "RTV1", [("A", 11, "restock")])),
    ]
    shell = in_every_order(documents, HOUSE, first=[SALE])
    assert credits_of(shell) == [("1", "60.00"), ("10", "800.00")]
    assert [hold.message for hold in shell.one().open_holds()] == ["1 of A did not come although the receipt is final"]


def test_two_order_lines_through_the_command_line(home: Path) -> None:
    told_ = story(home)
    head = "ORDNO,ORDLN,CUSTNO,CUSTPO,ORDDAT,SHPDAT,ITEMNO,CUSTITEM,UPC,QTY,UM,PRICE,CUR,INVNO\n"
    line = "SO-9,{},C-10010,NG-PO-9,20250203,20250205,MS-1001,NG44871,400101001003,10,EA,{},USD,INV-9\n"
    told_.put("atlas", "orders-9.csv", head + line.format(1, "80.00") + line.format(2, "60.00"))
    body = "BGN*13*NR-9*20250314*0915~PRF*NG-PO-9~BLI*UP*400101001003*12*EA~N9*FJ*1~RDR**DR~"
    told_.put("northgate", "180.edi", whole_file(transaction("180", body=body), number=9, receiver="MERIDIAN"))
    (answer,) = told_.sent("northgate", "180_*").values()
    assert [segment.split("*")[3] for segment in answer.decode().split("~") if "BLI*" in segment] == ["12"]
    (expected,) = told_.sent("harbor", "943_*").values()
    assert b"W04*12*EA" in expected
    warehouse = (home / "partners/harbor/samples/944-receipt.edi").read_text(encoding="utf-8")
    received = "W07*12*EA**UP*400101001003~\nN9*LI*1~\nW14*12~\nSE*12*0001~\n"
    start, end = warehouse.index("W07*4"), warehouse.index("GE*1")
    told_.put("harbor", "944.edi", warehouse[:start] + received + warehouse[end:])
    head = "Inspection,RMA,Receipt,Date,Inspector,Line,Split,UPC,Qty,Condition,Outcome,Location,Remark\n"
    told_.put(
        "harbor", "inspection.csv", head + "QI-9,RMA-000001,HR20871,2025-03-19,RO,1,1,400101001003,12,A,ST,A-1,\n"
    )
    told_.erp_answers()
    assert [(told_.balances(no).credited, told_.return_().lines[no].order_line) for no in ("1", "1B")] == [
        (Decimal(10), "1"),
        (Decimal(2), "2"),
    ]
    credits_ = next(data.decode("utf-8-sig") for name, data in told_.sent("atlas").items() if "CREDIT" in name)
    rows = [(row["order_line"], row["quantity"], row["amount"]) for row in csv.DictReader(credits_.splitlines())]
    assert rows == [("1", "10", "800"), ("2", "2", "120")]
    assert "matched" in told_.reconciliation()
    assert told_.holds() == []
    told_.proves()
