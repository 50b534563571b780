"""What was told the ERP too much of is taken back by its difference: quantity, money, the ledger's own movement."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.returns import Policy, balances, check_invariants, net_postings, pack, unpack
from gateway.returns.model import Posting
from tests.gateway.returns.builders import DAY, inspection, orders, receipt, request
from tests.gateway.returns.shell import Shell, stored

POLICY = Policy.model_validate(
    {
        "erp": "atlas",
        "settlement": "after_receipt",
        "restocking_fee": {"defective": 15},
        "tax_percent": 7,
        "reverse_posted_up_to": {"credit_request": "any", "goods_receipt": "any"},
    }
)


def received(quantity: int, policy: Policy = POLICY) -> Shell:
    shell = Shell(policy=policy, through_store=True)
    shell.receive(orders("SO1", A=20), "atlas")
    shell.receive(request("RTV1", {"A": 6}), "northgate")
    recount(shell, quantity, "original")
    return shell


def recount(shell: Shell, quantity: int, purpose: Any = "replace") -> None:
    """Every count is a day later than the one before."""
    counted = receipt("WR1", "RTV1", {"A": quantity}, purpose=purpose)
    issued = DAY + timedelta(days=len(shell.documents))
    shell.receive(counted.model_copy(update={"issued_on": issued}), "harbor")


def of(shell: Shell, kind: str) -> list[Posting]:
    return [posting for posting in shell.one().postings.values() if posting.kind == kind]


def signed(shell: Shell, kind: str) -> list[tuple[str, int, str]]:
    return [(p.sign, int(p.quantity), p.state) for p in of(shell, kind)]


def test_a_recount_takes_back_one_units_worth() -> None:
    shell = received(4)
    shell.receive(inspection("IN1", "RTV1", [("A", 3, "restock")]), "harbor")
    shell.run_erp()
    recount(shell, 3)
    shell.run_erp()
    assert signed(shell, "goods_receipt") == [("+", 4, "posted"), ("-", 1, "posted")]
    assert signed(shell, "credit_request") == [("+", 4, "posted"), ("-", 1, "posted")]
    assert signed(shell, "inventory_move") == [("+", 3, "posted")]
    amounts = [posting.amount for posting in of(shell, "credit_request")]
    assert amounts == [Decimal("72.72"), Decimal("18.18")]
    assert balances(shell.one(), "1").credited == 3
    reversals = [m.quantity for m in shell.one().movements if m.kind == "credit" and m.reverses]
    assert reversals == [Decimal(-1)]
    assert check_invariants(shell.one()) == []


def test_a_posting_may_be_taken_back_in_several_parts() -> None:
    shell = received(4)
    shell.run_erp()
    for quantity in (3, 2):
        recount(shell, quantity)
        shell.run_erp()
    assert signed(shell, "credit_request") == [("+", 4, "posted"), ("-", 1, "posted"), ("-", 1, "posted")]
    assert of(shell, "credit_request")[0].reversed == balances(shell.one(), "1").credited == 2
    shell.receive(receipt("WR1", "RTV1", {}, purpose="cancel"), "harbor")
    shell.run_erp()
    assert [p.state for p in of(shell, "credit_request")][:3] == ["reversed", "posted", "posted"]
    assert balances(shell.one(), "1").credited == 0
    assert set(net_postings(shell.one())) == {("1", "return_order", "0")}
    assert check_invariants(shell.one()) == []


def test_one_correction_may_reach_into_several_postings() -> None:
    shell = received(2)
    for number, quantity in (("WR2", 1), ("WR3", 2)):
        shell.run_erp()
        shell.receive(receipt(number, "RTV1", {"A": quantity}), "harbor")
    shell.run_erp()
    for number in ("WR2", "WR3"):
        shell.receive(receipt(number, "RTV1", {}, purpose="cancel"), "harbor")
    recount(shell, 1)
    shell.run_erp()
    assert [p.reversed for p in of(shell, "credit_request") if p.sign == "+"] == [1, 1, 2]
    assert net_postings(shell.one())["1", "credit_request", "0"] == (Decimal(1), Decimal("18.18"))


def test_a_reversal_that_has_not_left_us_is_cancelled_when_the_goods_are_there_after_all() -> None:
    shell = received(4)
    shell.run_erp()
    recount(shell, 2)
    recount(shell, 3)
    assert signed(shell, "credit_request") == [("+", 4, "posted"), ("-", 2, "cancelled"), ("-", 1, "ready")]
    recount(shell, 4)
    assert of(shell, "credit_request")[0].reversed == 0
    assert shell.run_erp() == 0
    assert net_postings(shell.one())["1", "credit_request", "0"] == (Decimal(4), Decimal("72.72"))


@pytest.mark.parametrize("result_first", [True, False])
def test_what_the_erp_refuses_of_what_is_taken_back_in_part_is_issued_anew_for_the_rest(result_first: bool) -> None:
    shell = received(4)
    shell.post(shell.ship_batches())
    keys = shell.ship_batches()
    if result_first:
        shell.post(keys, refuse=keys)
    recount(shell, 3)
    if not result_first:
        assert signed(shell, "goods_receipt") == [("+", 4, "delivered"), ("-", 1, "waiting")]
        shell.post(keys, refuse=keys)
    states = [(sign, quantity, state) for sign, quantity, state in signed(shell, "goods_receipt") if sign == "+"]
    assert states == [("+", 4, "cancelled"), ("+", 3, "ready")]
    assert of(shell, "goods_receipt")[0].reversed == 0
    assert [hold.class_ for hold in shell.one().open_holds()] == ["short_received"]
    shell.run_erp()
    assert net_postings(shell.one())["1", "goods_receipt", "good"][0] == 3


def test_a_change_of_price_takes_credit_back_whole() -> None:
    """A difference of money alone is a row that the files of ERPs do not have."""
    policy = POLICY.model_copy(update={"settlement": "in_advance"})
    shell = Shell(policy=policy)
    shell.receive(orders("SO1", A=20), "atlas")
    shell.receive(request("RTV1", {"A": 4}), "northgate")
    shell.run_erp()
    shell.receive(request("RTV1", {"A": 4}, purpose="change", reason="unwanted"), "northgate")
    shell.run_erp()
    rows = [(p.sign, int(p.quantity), p.amount) for p in of(shell, "credit_request")]
    assert rows == [("+", 4, Decimal("72.72")), ("-", 4, Decimal("72.72")), ("+", 4, Decimal("85.56"))]


def test_stored_postings_of_before_were_taken_back_whole_or_not_at_all() -> None:
    shell = received(4)
    shell.run_erp()
    shell.receive(receipt("WR1", "RTV1", {}, purpose="cancel"), "harbor")
    shell.run_erp()
    rows = pack(shell.one())
    for row in rows["postings"]:
        body = json.loads(row["body"])
        body["reversed_by"] = "X" if body.pop("reversed") != "0" else ""
        row["body"] = json.dumps(body)
    assert unpack(rows["body"], rows["movements"], rows["postings"], rows["holds"]) == shell.one()


@settings(max_examples=40, deadline=None)
@given(counts=st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=6))
def test_however_often_it_is_counted_the_cents_are_right(counts: list[tuple[int, bool]]) -> None:
    shell, direct = received(counts[0][0]), received(counts[-1][0])
    for quantity, posts in counts[1:]:
        if posts:
            shell.run_erp()
        recount(shell, quantity)
    shell.run_erp()
    direct.run_erp()
    assert net_postings(shell.one()) == net_postings(direct.one())
    assert balances(shell.one(), "1") == balances(direct.one(), "1")
    assert check_invariants(shell.one()) == []
    assert stored(shell.one()) == shell.one()
    assert all(posting.amount is None or posting.amount >= 0 for posting in shell.one().postings.values())
