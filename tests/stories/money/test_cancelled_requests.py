"""A request is taken back: the warehouse is told so with what it expects, and the retailer that it is done."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gateway.returns import Policy, balances, net_postings
from tests.gateway.returns.builders import cancellation, orders, request, shipment
from tests.gateway.returns.shell import Shell
from tests.homes import drop_sample
from tests.stories.commands import once
from tests.stories.money.at_work import Story, story
from tests.stories.money.orders import in_every_order
from tests.translators.x12.files import whole_file
from translators.canonical import Purpose

ORDERS = ("atlas", orders("SO1", A=10, B=10))
HOUSE = Policy(warehouse="harbor", erp="atlas")
CANCEL = "ST*180*0001~BGN*01*NR250314-01*20250316*0915~PRF*NG-PO-55010~SE*4*0001~"
ASKED_AGAIN = (
    "ST*180*0001~BGN*13*NR250314-01*20250317*0915~PRF*NG-PO-55010~BLI*UP*400101001003*4*EA~N9*FJ*1~RDR**DR~SE*7*0001~"
)
CANCEL_LINE = (
    "ST*180*0001~BGN*01*CX-7*20250316*0915**NR250314-01~PRF*NG-PO-55010"
    "~BLI*UP*400101001003*3*EA~N9*FJ*1~RDR**DR~SE*7*0001~"
)


def from_northgate(body: str, number: int) -> bytes:
    return whole_file(body, number=number, receiver="MERIDIAN")


def asked(home: Path) -> Story:
    told = story(home)
    drop_sample(home, "northgate", "180-requests.edi")
    once(home)
    return told


def newest(told: Story, partner: str, pattern: str) -> list[str]:
    """The segments of the file of the last number."""
    return list(told.sent(partner, pattern).values())[-1].decode().split("~")


def starting(segments: list[str], *ids: str) -> list[str]:
    return [segment.strip() for segment in segments if segment.strip().split("*")[0] in ids]


def test_a_request_and_its_cancellation_end_in_nothing_in_every_order() -> None:
    documents = [
        ("northgate", request("RTV1", {"A": 4, "B": 2})),
        ("northgate", request("RTV1", {"A": 4, "B": 2}, purpose="cancel")),
        ("northgate", request("RTV1", {"A": 5})),
    ]
    shell = in_every_order(documents[:2], HOUSE, first=[ORDERS])
    assert net_postings(shell.one()) == {}
    assert [(answer.decision, answer.number) for _, answer in shell.answers] == [
        ("authorized", "R000001A1"),
        ("cancelled", "R000001A2"),
    ]
    original, cancel = (expected for _, expected in shell.expected)
    assert (original.purpose, cancel.purpose) == ("original", "cancel")
    assert original.lines == cancel.lines


@pytest.mark.parametrize(
    ("lines", "decisions", "purposes"),
    [
        (None, ["authorized", "cancelled"], ["original", "cancel"]),
        ({"A": 4, "B": 2}, ["authorized", "cancelled"], ["original", "cancel"]),
        ({"A": 4}, ["authorized", "partial"], ["original", "change"]),
        ({"A": 1}, ["authorized", "partial"], ["original", "change"]),
    ],
)
def test_a_cancellation_of_its_own_is_answered_for_what_it_takes_back(
    lines: dict[str, int] | None, decisions: list[str], purposes: list[str]
) -> None:
    documents = [
        ("northgate", request("RTV1", {"A": 4, "B": 2})),
        ("northgate", cancellation("CX1", "RTV1", lines)),
    ]
    shell = in_every_order(documents, HOUSE, first=[ORDERS])
    assert [answer.decision for _, answer in shell.answers] == decisions
    assert [expected.purpose for _, expected in shell.expected] == purposes
    last = shell.answers[-1][1]
    left = {"A": 4, "B": 2} if lines else {"A": 0, "B": 0}
    for item, quantity in (lines or {}).items():
        left[item] -= quantity
    assert [(line.item.sku, line.authorized) for line in last.lines] == [(k, Decimal(q)) for k, q in left.items()]


def test_a_line_that_is_taken_back_in_part_says_so() -> None:
    shell = Shell(policy=HOUSE, through_store=True)
    for partner, document in (
        ORDERS,
        ("northgate", request("RTV1", {"A": 4, "B": 2})),
        ("northgate", cancellation("CX1", "RTV1", {"A": 1, "B": 2})),
    ):
        shell.receive(document, partner)
    kept, gone = shell.answers[-1][1].lines
    assert (kept.decision, kept.authorized, kept.reason) == ("partial", Decimal(3), "cancelled")
    assert (gone.decision, gone.authorized, gone.reason) == ("cancelled", Decimal(0), "cancelled")


def test_what_is_asked_for_again_is_announced_as_new() -> None:
    """All lines are cancelled one by one, then the request is changed: the warehouse expects nothing meanwhile."""
    shell = Shell(policy=HOUSE, through_store=True)
    for partner, document in (
        ORDERS,
        ("northgate", request("RTV1", {"A": 4})),
        ("northgate", request("RTV1", {"B": 11}, order="SO9", purpose="change")),
        ("northgate", request("RTV1", {"A": 3}, purpose="replace")),
        ("northgate", cancellation("CX1", "RTV1")),
        ("northgate", request("RTV2", {"A": 10})),
    ):
        shell.receive(document, partner)
    announced = [(e.number, e.purpose, [(line.item.sku, line.quantity) for line in e.lines]) for _, e in shell.expected]
    assert announced[0] == ("R000001", "original", [("A", Decimal(4))])
    assert announced[-2:] == [
        ("R000001", "cancel", [("A", Decimal(3))]),
        ("R000002", "original", [("A", Decimal(10))]),
    ]
    assert balances(shell.returns["R000002"], "1").authorized == 10


def test_a_cancellation_of_what_was_refused_is_answered_too() -> None:
    shell = Shell(policy=HOUSE)
    for partner, document in (
        ORDERS,
        ("northgate", request("RTV1", {"Z": 4})),
        ("northgate", cancellation("CX1", "RTV1")),
        ("northgate", cancellation("CX1", "RTV1")),
    ):
        shell.receive(document, partner)
    assert [answer.decision for _, answer in shell.answers] == ["denied", "cancelled"]
    assert shell.expected == []


def test_a_cancellation_that_takes_back_too_much_is_not_confirmed() -> None:
    shell = Shell(policy=HOUSE)
    for partner, document in (
        ORDERS,
        ("northgate", request("RTV1", {"A": 4})),
        ("northgate", shipment("SH1", "RTV1", {"A": 4})),
        ("northgate", cancellation("CX1", "RTV1", {"A": 5})),
    ):
        shell.receive(document, partner)
    assert [answer.decision for _, answer in shell.answers] == ["authorized"]
    assert [hold.class_ for hold in shell.one().open_holds()] == ["cancel_exceeds_authorized"]


def test_a_cancelled_180_through_the_command_line(home: Path) -> None:
    told = asked(home)
    first = starting(newest(told, "harbor", "943_*"), "W06", "W04", "W03", "N9")
    told.put("northgate", "cancel.edi", from_northgate(CANCEL, 8))
    cancel = newest(told, "harbor", "943_*")
    assert starting(cancel, "W04", "W03", "N9") == [segment for segment in first if not segment.startswith("W06")]
    assert starting(cancel, "W06")[0].endswith("*RD*3")
    answer = newest(told, "northgate", "180_*")
    assert starting(answer, "BGN")[0].startswith("BGN*06*R000001A2*")
    assert starting(answer, "BGN")[0].endswith("**NR250314-01")
    assert [segment.split("*")[3] for segment in starting(answer, "BLI")] == ["0", "0"]
    assert {segment.split("*")[1] for segment in starting(answer, "RDR")} == {"RD"}
    assert told.holds() == []
    told.erp_answers()
    told.proves()


def test_a_line_cancelled_in_part_through_the_command_line(home: Path) -> None:
    told = asked(home)
    told.put("northgate", "cancel.edi", from_northgate(CANCEL_LINE, 8))
    change = newest(told, "harbor", "943_*")
    assert starting(change, "W06")[0].endswith("*RD*2")
    assert [segment.split("*")[1] for segment in starting(change, "W04")] == ["1", "6"]
    answer = newest(told, "northgate", "180_*")
    assert starting(answer, "BGN")[0].startswith("BGN*11*R000001A2*")
    assert [segment.split("*")[3] for segment in starting(answer, "BLI")] == ["1", "6"]
    told.erp_answers()
    told.proves()


@pytest.mark.parametrize("purpose", ["request", "original", "replace"])
def test_what_is_asked_for_again_under_a_cancelled_number_is_answered(purpose: Purpose) -> None:
    """The cancellation stands in whatever order the documents come; but the partner is not left without a word."""
    shell = Shell(policy=HOUSE, through_store=True)
    for partner, document in (
        ORDERS,
        ("northgate", request("RTV1", {"A": 4})),
        ("northgate", request("RTV1", {"A": 4}, purpose="cancel")),
        ("northgate", request("RTV1", {"A": 5}, purpose=purpose)),
    ):
        shell.receive(document, partner)
    assert [answer.decision for _, answer in shell.answers] == ["authorized", "cancelled", "cancelled"]
    last = shell.answers[-1][1]
    assert (last.number, last.lines[0].text) == ("R000001A3", "cancelled before: ask again under another number")
    assert [expected.purpose for _, expected in shell.expected] == ["original", "cancel"]
    assert shell.one().open_holds() == [] and net_postings(shell.one()) == {}


def test_a_180_again_after_its_cancellation_through_the_command_line(home: Path) -> None:
    told = asked(home)
    told.put("northgate", "cancel.edi", from_northgate(CANCEL, 8))
    sent = len(told.sent("northgate", "180_*"))
    told.put("northgate", "again.edi", from_northgate(ASKED_AGAIN, 9))
    assert len(told.sent("northgate", "180_*")) == sent + 1
    answer = newest(told, "northgate", "180_*")
    assert starting(answer, "BGN")[0].startswith("BGN*06*R000001A3*")
    assert {segment.split("*")[1] for segment in starting(answer, "RDR")} == {"RD"}
    told.proves()
