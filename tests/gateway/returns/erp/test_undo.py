"""What the ERP has posted is undone only if a person says so, or the policy allows it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from gateway.returns import CannotResolve, Policy, balances, net_postings, status_of
from gateway.returns.money.reconciliation import reconcile
from tests.gateway.returns.builders import DAY, inspection, orders, receipt, request
from tests.gateway.returns.shell import Shell


def policy(**limits: str) -> Policy:
    return Policy.model_validate({"erp": "atlas", "settlement": "after_receipt", "reverse_posted_up_to": limits})


def received(quantity: int = 4, rules: Policy | None = None) -> Shell:
    shell = Shell(policy=rules or policy(goods_receipt="any"), through_store=True)
    shell.receive(orders("SO1", A=20), "atlas")
    shell.receive(request("RTV1", {"A": 6}), "northgate")
    recount(shell, quantity, "original")
    return shell


def recount(shell: Shell, quantity: int, purpose: Any = "replace") -> None:
    counted = receipt("WR1", "RTV1", {"A": quantity}, purpose=purpose, final=False)
    issued = DAY + timedelta(days=len(shell.documents))
    shell.receive(counted.model_copy(update={"issued_on": issued}), "harbor")


def asked(shell: Shell) -> list[tuple[str, str, str]]:
    holds = [hold for hold in shell.one().open_holds() if hold.class_ == "reversal_undecided"]
    return [(hold.owner, hold.key.rsplit(":", 1)[1], hold.extent) for hold in holds]


def net(shell: Shell, kind: str = "credit_request") -> tuple[Decimal, Decimal]:
    return next((both for (_, k, _), both in net_postings(shell.one()).items() if k == kind), (Decimal(0), Decimal(0)))


@pytest.mark.parametrize("result_first", [True, False])
def test_a_posted_credit_waits_for_a_word_whatever_came_first(result_first: bool) -> None:
    shell = received()
    shell.run_erp() if result_first else None
    while not result_first and (keys := shell.ship_batches()):
        if any("-CR-" in key for key in keys):
            recount(shell, 3)
            assert asked(shell) == []
        shell.post(keys)
    if result_first:
        recount(shell, 3)
    shell.run_erp()
    assert asked(shell) == [("finance", "credit_request", "1 (19.99 USD)")]
    receipt_back = next(p for p in shell.one().postings.values() if p.kind == "goods_receipt" and p.sign == "-")
    assert receipt_back.waits_for == "R000001-1-CR-0-2"  # the credit stands on the receipt
    shell.answer("R000001", "reversal_undecided", "reverse")
    shell.run_erp()
    assert asked(shell) == []
    assert net(shell) == (Decimal(3), Decimal("59.97"))
    assert net(shell, "goods_receipt")[0] == 3
    assert balances(shell.one(), "1").credited == 3


def test_what_is_kept_is_settled_outside_and_the_goods_are_corrected() -> None:
    shell = received()
    shell.run_erp()
    recount(shell, 3)
    shell.answer("R000001", "reversal_undecided", "keep")
    shell.run_erp()
    assert asked(shell) == []
    assert net(shell) == (Decimal(4), Decimal("79.96"))
    assert net(shell, "goods_receipt")[0] == 3
    found = {row.difference: row.quantity for row in reconcile([shell.one()], shell.policy)}
    assert found["settled_outside"] == 1
    assert "credit_beyond_due" not in found


def test_what_was_kept_counts_when_the_goods_come_after_all() -> None:
    shell = received()
    shell.run_erp()
    recount(shell, 2)
    shell.answer("R000001", "reversal_undecided", "keep")
    recount(shell, 3)
    shell.run_erp()
    assert asked(shell) == []
    assert net(shell)[0] == 4
    recount(shell, 6)
    shell.run_erp()
    assert net(shell) == (Decimal(6), Decimal("119.94"))


def test_the_question_is_gone_with_its_cause_and_asked_again_with_it() -> None:
    shell = received()
    shell.run_erp()
    recount(shell, 3)
    recount(shell, 4)
    assert asked(shell) == []
    assert shell.run_erp() == 0
    recount(shell, 3)
    assert len(asked(shell)) == 1
    shell.answer("R000001", "reversal_undecided", "reverse")
    shell.run_erp()
    recount(shell, 4)
    shell.run_erp()
    recount(shell, 3)
    assert asked(shell) == [("finance", "credit_request", "1 (19.99 USD)")]


@pytest.mark.parametrize("steps", [(3, 2), (2,)])
def test_a_limit_counts_all_that_was_undone_in_however_many_steps(steps: tuple[int, ...]) -> None:
    shell = received(rules=policy(goods_receipt="any", credit_request="25.00"))
    shell.run_erp()
    for quantity in steps:
        recount(shell, quantity)
        shell.run_erp()
    assert len(asked(shell)) == 1
    shell.undo()
    assert net(shell) == (Decimal(2), Decimal("39.98"))


def test_up_to_the_limit_nobody_is_asked() -> None:
    shell = received(rules=policy(goods_receipt="any", credit_request="19.99"))
    shell.run_erp()
    recount(shell, 3)
    shell.run_erp()
    assert asked(shell) == []
    assert net(shell) == (Decimal(3), Decimal("59.97"))


def test_a_posted_goods_receipt_is_the_warehouses_to_undo() -> None:
    shell = received(rules=policy(credit_request="any"))
    shell.run_erp()
    recount(shell, 3)
    shell.run_erp()
    assert asked(shell) == [("warehouse", "goods_receipt-good", "1 (19.99 USD)")]
    assert net(shell)[0] == 3
    shell.answer("R000001", "reversal_undecided", "keep")
    assert shell.run_erp() == 0
    assert net(shell, "goods_receipt")[0] == 4


def test_without_a_price_only_a_policy_that_allows_all_asks_nobody() -> None:
    for limit, questions in (("1000", 1), ("any", 0)):
        rules = policy(goods_receipt=limit).model_copy(update={"settlement": "none"})
        shell = Shell(policy=rules)
        shell.receive(orders("SO1", A=20), "atlas")
        shell.receive(request("RTV1", {"A": 6}), "northgate")
        shell.one().lines["1"].unit_price = None
        recount(shell, 4, "original")
        shell.run_erp()
        recount(shell, 3)
        assert len(asked(shell)) == questions


def test_another_outcome_moves_stock_and_asks_nobody() -> None:
    shell = received(rules=policy())
    shell.receive(inspection("IN1", "RTV1", [("A", 4, "restock")]), "harbor")
    shell.run_erp()
    shell.receive(inspection("IN1", "RTV1", [("A", 3, "restock"), ("A", 1, "scrap")], purpose="replace"), "harbor")
    shell.run_erp()
    assert asked(shell) == []
    assert net(shell, "scrap")[0] == 1


def changed_reason(before: str, after: str) -> Shell:
    rules = Policy.model_validate({"erp": "atlas", "settlement": "in_advance", "restocking_fee": {"unwanted": 15}})
    shell = Shell(policy=rules, through_store=True)
    shell.receive(orders("SO1", A=20), "atlas")
    shell.receive(request("RTV1", {"A": 2}, reason=before), "northgate")
    shell.run_erp()
    shell.receive(request("RTV1", {"A": 2}, purpose="change", reason=after), "northgate")
    shell.run_erp()
    return shell


def test_a_credit_that_grows_asks_nobody() -> None:
    shell = changed_reason("unwanted", "defective")
    assert (asked(shell), net(shell)) == ([], (Decimal(2), Decimal("39.98")))


@pytest.mark.parametrize(("answer", "credited"), [("reverse", "33.98"), ("keep", "39.98")])
def test_a_credit_that_shrinks_is_asked_about_by_what_it_loses(answer: str, credited: str) -> None:
    """And what replaces it waits with it: no second credit goes out before the first is taken back."""
    shell = changed_reason("defective", "unwanted")
    assert asked(shell) == [("finance", "credit_request", "2 (6.00 USD)")]
    assert net(shell)[1] == Decimal("33.98")  # once everything issued is posted
    assert [p.state for p in shell.one().postings.values() if p.kind == "credit_request"] == [
        "posted",
        "waiting",
        "waiting",
    ]
    shell.answer("R000001", "reversal_undecided", answer)
    shell.run_erp()
    assert net(shell) == (Decimal(2), Decimal(credited))
    assert balances(shell.one(), "1").credited == 2


def test_the_return_is_not_done_while_it_is_asked() -> None:
    shell = received()
    shell.receive(inspection("IN1", "RTV1", [("A", 4, "restock")]), "harbor")
    shell.run_erp()
    recount(shell, 4)
    shell.receive(request("RTV1", {"A": 3}, purpose="change"), "northgate")
    assert status_of(shell.one()) in {"settling", "dispositioned"}
    with pytest.raises(CannotResolve, match="reverse, keep do"):
        shell.answer("R000001", "reversal_undecided", "dismiss")


@pytest.mark.parametrize("limits", [{"scrap": "1"}, {"credit_request": "-1"}, {"credit_request": "some"}])
def test_a_policy_that_means_nothing_is_refused(limits: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        policy(**limits)
