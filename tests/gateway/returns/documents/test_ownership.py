"""The table of ownership, row by row: who may say it, and what a correction by its owner causes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

import pytest

from gateway.returns import Arrival, Policy
from gateway.returns.documents.ownership import OWNERSHIP, Attribute, AttributeMeaning, Consequence, why_not_theirs
from gateway.returns.entry.meanings import MEANINGS
from tests.gateway.returns.builders import cancellation, inspection, orders, receipt, request, shipment
from tests.gateway.returns.shell import START, Shell
from translators.canonical import CarrierEvent, ErpResult, ErpResultRow, ReturnRequest, Shipment

HOUSE = Policy(
    warehouse="harbor",
    erp="atlas",
    restocking_fee={"unwanted": Decimal(15)},
    reverse_posted_up_to={"credit_request": "any", "goods_receipt": "any"},
)
ROLES = ("retailer", "supplier", "carrier", "warehouse", "erp", "house")
PARTS: dict[str, AttributeMeaning] = {part.name: part for row in OWNERSHIP.values() for part in row.parts}


def ready(policy: Policy = HOUSE) -> Shell:
    """A return of 6 A, all sent, 4 received, inspected and credited; and of 2 B, which nobody has sent."""
    shell = Shell(policy=policy, through_store=True)
    shell.receive(orders("SO1", A=10, B=10), "atlas")
    shell.receive(asked(A=6, B=2), "northgate")
    shell.receive(shipment("SH1", "RTV1", {"A": 6}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 4}, final=False), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 4, "restock")]), "harbor")
    shell.run_erp()
    return shell


def asked(purpose: str = "request", reason: str = "defective", **quantities: int) -> ReturnRequest:
    document: ReturnRequest = request("RTV1", dict(quantities), purpose=purpose, reason=reason)  # type: ignore[arg-type]
    return document


def changed(shell: Shell, *, reason: str = "defective", **quantities: int) -> None:
    shell.receive(asked("replace", reason, **quantities), "northgate")


def repriced(shell: Shell, price: str) -> None:
    document = asked("replace", A=6, B=2)
    lines = tuple(line.model_copy(update={"unit_price": Decimal(price)}) for line in document.lines)
    shell.receive(document.model_copy(update={"lines": lines}), "northgate")


def reordered(shell: Shell) -> None:
    document = asked("replace", A=6, B=2).model_copy(update={"purchase_order": "PO-OTHER"})
    shell.receive(document, "northgate")


def accepted_surplus(shell: Shell) -> None:
    shell.receive(receipt("WR2", "RTV1", {"A": 3}), "harbor")
    shell.answer(shell.one().return_no, "over_received", "accept")


def retracked(shell: Shell) -> None:
    document: Shipment = shipment("SH1", "RTV1", {"A": 6}, purpose="replace")
    shell.receive(document.model_copy(update={"tracking": ("1ZOTHER",)}), "northgate")


def regraded(shell: Shell) -> None:
    document = inspection("IN1", "RTV1", [("A", 4, "restock")], purpose="replace")
    lines = tuple(line.model_copy(update={"grade": "C"}) for line in document.lines)
    shell.receive(document.model_copy(update={"lines": lines}), "harbor")


def renumbered(shell: Shell) -> None:
    posted = next(key for key, posting in shell.one().postings.items() if posting.state == "posted")
    row = ErpResultRow(idempotency_key=posted, status="posted", erp_document_type="DOC", erp_document="OTHER")
    shell.receive(ErpResult(number="LATE", rows=(row,)), "atlas")


def excepted(shell: Shell) -> None:
    event = CarrierEvent(carrier="UPSN", tracking="1ZSH1", event="exception", at="2025-03-06T10:00:00")
    shell.receive(event, "northgate")


# Part of the table → how its owner corrects it on the return of `ready`. Two have stories of their own.
CORRECTIONS: dict[str, Callable[[Shell], None]] = {
    "requested quantity": lambda shell: changed(shell, A=5, B=1),
    "reason": lambda shell: changed(shell, reason="unwanted", A=6, B=2),
    "item of a line": lambda shell: changed(shell, A=6, C=2),
    "claimed price": lambda shell: repriced(shell, "10.00"),
    "purchase order": reordered,
    "authorized quantity": accepted_surplus,
    "cancelled quantity": lambda shell: (shell.receive(cancellation("CX1", "RTV1", {"B": 2}), "northgate"), None)[1],
    "shipped quantity": lambda shell: (
        shell.receive(shipment("SH1", "RTV1", {"A": 4}, purpose="replace"), "northgate"),
        None,
    )[1],
    "tracking and cartons": retracked,
    "received quantity": lambda shell: (
        shell.receive(receipt("WR1", "RTV1", {"A": 5}, purpose="replace", final=False), "harbor"),
        None,
    )[1],
    "condition": lambda shell: (
        shell.receive(receipt("WR1", "RTV1", {"A": 4}, {"A": 1}, purpose="replace", final=False), "harbor"),
        None,
    )[1],
    "disposition": lambda shell: (
        shell.receive(inspection("IN1", "RTV1", [("A", 4, "scrap")], purpose="replace"), "harbor"),
        None,
    )[1],
    "grade": regraded,
    "last event of a parcel": excepted,
    "ERP document number": renumbered,
}
ELSEWHERE = {
    "order": "test_an_order_that_comes_late_lets_its_requests_be_judged",
    "credited amount": "tests/stories/money/test_supplier_recovery.py",
}


@dataclass(frozen=True)
class Told:
    """What others have been told of a return so far."""

    answers: int
    expected: int
    postings: frozenset[tuple[str, str]]
    promises: frozenset[str]
    keys: frozenset[str]
    questions: frozenset[str]

    @classmethod
    def by(cls, shell: Shell) -> Told:
        return_ = shell.one()
        sent = {key for key, p in return_.postings.items() if p.state not in {"cancelled", "void"}}
        return cls(
            len(shell.answers),
            len(shell.expected),
            frozenset((key, return_.postings[key].sign) for key in sent),
            frozenset(name for name, clock in return_.clocks.items() if clock.state == "running"),
            frozenset(return_.keys),
            frozenset(hold.key for hold in return_.open_holds()),
        )


def consequences(before: Told, after: Told) -> set[Consequence]:
    """What a correction has caused."""
    happened: dict[Consequence, bool] = {
        "answer": after.answers > before.answers,
        "expected receipt": after.expected > before.expected,
        "ERP": after.postings != before.postings,
        "promises": after.promises != before.promises,
        "numbers": after.keys != before.keys,
        "question": bool(after.questions - before.questions),
    }
    return {name for name, is_so in happened.items() if is_so}


def test_every_part_of_the_table_is_corrected_here_or_in_a_story() -> None:
    assert set(PARTS) == CORRECTIONS.keys() | ELSEWHERE.keys()


@pytest.mark.parametrize("name", sorted(CORRECTIONS))
def test_a_correction_by_the_owner_reaches_those_who_were_told_otherwise(name: str) -> None:
    shell = ready()
    before = Told.by(shell)
    CORRECTIONS[name](shell)
    shell.run_erp()
    # That promises are met or run anew, and that numbers are added, follows from nearly everything.
    by_the_way: set[Consequence] = {"promises", "numbers"}
    caused, told = consequences(before, Told.by(shell)), set(PARTS[name].corrected)
    assert caused - by_the_way == told - by_the_way
    assert told <= caused


def test_an_order_that_comes_late_lets_its_requests_be_judged() -> None:
    shell = Shell(policy=HOUSE, through_store=True)
    shell.receive(asked(A=6), "northgate")
    assert (len(shell.answers), len(shell.expected)) == (0, 0)
    shell.receive(orders("SO1", A=10), "atlas")
    assert (len(shell.answers), len(shell.expected), len(shell.one().postings)) == (1, 1, 1)
    shell.receive(orders("SO1", A=1), "atlas")
    assert (len(shell.answers), len(shell.expected), len(shell.one().postings)) == (1, 1, 1)


@pytest.mark.parametrize("attribute", get_args(Attribute))
@pytest.mark.parametrize("role", ROLES)
def test_only_owners_may_say_it(attribute: Attribute, role: str) -> None:
    shell = ready()
    sender = "northgate" if role == "retailer" else role
    why = why_not_theirs(attribute, Arrival(1, sender, role, START), shell.one())
    assert (why == "") == (role in OWNERSHIP[attribute].owners)


def test_every_document_is_a_word_about_an_attribute_of_the_table() -> None:
    said = {meaning.speaks_of for meaning in MEANINGS.values() if meaning.speaks_of is not None}
    assert said <= set(get_args(Attribute)) == OWNERSHIP.keys()


def test_a_word_of_another_is_kept_and_changes_nothing() -> None:
    shell = ready()
    before = Told.by(shell)
    number = shell.receive(receipt("WR9", "RTV1", {"A": 1}), "northgate")
    assert shell.states[number] == ("held", "ownership_conflict")
    assert consequences(before, Told.by(shell)) == {"question"}
