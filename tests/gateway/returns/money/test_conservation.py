"""Money comes from nowhere and goes nowhere: every return's postings are what is due and what the ERP confirmed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from gateway.returns import Policy, Return, money_gaps
from gateway.returns.ledger import rebuild_tallies
from tests.gateway.returns.builders import cancellation, inspection, orders, receipt, request
from tests.gateway.returns.shell import Shell, stored

HOUSE = Policy(warehouse="harbor", erp="atlas", restocking_fee={"defective": Decimal("7.5")}, tax_percent=Decimal(19))
ADVANCE = HOUSE.model_copy(update={"settlement": "in_advance"})
CREDIT = "R000001-1-CR-0-1"


def credited(policy: Policy = HOUSE) -> Shell:
    """Six of A came and were put back; the ERP has posted all of it."""
    shell = Shell(policy=policy)
    shell.receive(orders("SO1", A=10), "atlas")
    shell.receive(request("RTV1", {"A": 6}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 6}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 6, "restock")]), "harbor")
    shell.run_erp()
    return shell


def counted_again(shell: Shell) -> None:
    """It was four that came, not six."""
    shell.receive(receipt("WR1", "RTV1", {"A": 4}, purpose="replace"), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 4, "restock")], purpose="replace"), "harbor")


def answered(decision: str) -> Callable[[Shell], None]:
    def answer(shell: Shell) -> None:
        counted_again(shell)
        while held := [h for h in shell.one().open_holds() if h.class_ == "reversal_undecided"]:
            shell.answer_key("R000001", held[0].key, decision)
        shell.run_erp()

    return answer


def refused(shell: Shell) -> None:
    shell.receive(request("RTV1", {"A": 8}, purpose="replace"), "northgate")
    keys = shell.ship_batches()
    shell.post(keys, refuse=keys)


def dropped(shell: Shell) -> None:
    shell.receive(request("RTV1", {"A": 8}, purpose="replace"), "northgate")
    shell.receive(receipt("WR2", "RTV1", {"A": 2}), "harbor")
    keys = shell.ship_batches()
    shell.post(keys, refuse=keys)
    while held := [h for h in shell.one().open_holds() if h.class_ == "erp_refused"]:
        shell.answer_key("R000001", held[0].key, "drop_posting")


@pytest.mark.parametrize("policy", [HOUSE, ADVANCE])
@pytest.mark.parametrize(
    "then",
    [
        lambda _: None,
        counted_again,
        answered("reverse"),
        answered("keep"),
        refused,
        dropped,
        lambda shell: shell.receive(cancellation("CX1", "RTV1"), "northgate"),
        lambda shell: shell.receive(request("RTV1", {"A": 6}, purpose="replace", reason="unwanted"), "northgate"),
    ],
)
def test_whatever_happens_money_is_kept(policy: Policy, then: Callable[[Shell], object]) -> None:
    shell = credited(policy)
    then(shell)
    assert money_gaps(shell.one(), policy) == []
    assert money_gaps(shell.one(), None) == []


def more_money(return_: Return) -> None:
    posting = return_.postings[CREDIT]
    posting.amount = (posting.amount or Decimal(0)) + Decimal("0.01")


def fewer_units(return_: Return) -> None:
    return_.postings[CREDIT].quantity = Decimal(5)


def no_posting(return_: Return) -> None:
    del return_.postings[CREDIT]


def no_movement(return_: Return) -> None:
    return_.movements = [m for m in return_.movements if m.kind != "credit"]
    rebuild_tallies(return_)


def another_movement(return_: Return) -> None:
    credit = next(m for m in return_.movements if m.kind == "credit")
    credit.quantity = Decimal(7)
    rebuild_tallies(return_)


def not_posted(return_: Return) -> None:
    return_.postings[CREDIT].state = "delivered"


def taken_back(return_: Return) -> None:
    return_.postings[CREDIT].reversed = Decimal(1)


def other_money(return_: Return) -> None:
    return_.postings[CREDIT].posted_amount = Decimal("100.00")


@pytest.mark.parametrize(
    ("tamper", "finding"),
    [
        (more_money, "line 1: credit_request: 132.02 is due for 6, 132.03 was issued"),
        (fewer_units, "line 1: credit_request: 6 is due, 5 was issued"),
        (no_posting, "line 1: credit_request: 6 is due, 0 was issued"),
        (no_movement, f"posting {CREDIT}: the ERP confirmed 6, the ledger has 0 of it"),
        (another_movement, f"posting {CREDIT}: the ERP confirmed 6, the ledger has 7 of it"),
        (not_posted, f"posting {CREDIT}: the ERP confirmed 0, the ledger has 6 of it"),
        (taken_back, f"posting {CREDIT}: 0 of 6 is taken back, 1 by its word"),
        (other_money, f"posting {CREDIT}: the ERP booked -32.02 more than it was asked to, and nobody is asked"),
    ],
)
def test_a_gap_is_found_and_named(tamper: Callable[[Return], None], finding: str) -> None:
    return_ = stored(credited().one())
    tamper(return_)
    assert finding in money_gaps(return_, HOUSE)


def test_a_return_that_lived_under_other_terms_is_judged_by_its_postings_alone() -> None:
    return_ = credited().one()
    dearer = HOUSE.model_copy(update={"restocking_fee": {"defective": Decimal(50)}})
    assert money_gaps(return_, dearer) == ["line 1: credit_request: 71.36 is due for 6, 132.02 was issued"]
    assert money_gaps(return_, None) == []
