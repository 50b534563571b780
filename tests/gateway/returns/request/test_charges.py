"""What a request claims beside its goods, line by line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.returns import CannotResolve, Policy, Return
from gateway.returns.holds.derived import derive_holds
from gateway.returns.model import ZERO
from gateway.returns.request.charges import note_charges
from tests.gateway.returns.builders import orders, request
from tests.gateway.returns.shell import Shell
from translators.canonical import Charge, ReturnRequest

POLICY = Policy(warehouse="harbor", erp="atlas", credited_charges={"freight": "any"})


def asked(*charges: Charge, currency: str = "") -> ReturnRequest:
    document = request("RTV1", {"A": 1, "B": 2})
    return document.model_copy(update={"charges": charges, "currency": currency})


def returned(document: ReturnRequest) -> tuple[Shell, Return]:
    shell = Shell(policy=POLICY, through_store=True)
    shell.receive(orders("SO1", A=10, B=10), "atlas")
    shell.receive(document, "northgate")
    return shell, shell.one()


def test_what_is_claimed_for_the_whole_is_spread_by_value() -> None:
    _, return_ = returned(asked(Charge(kind="freight", amount=Decimal(10)), Charge(kind="freight", amount=Decimal(1))))
    claimed = [line.claimed_charges["freight"] for line in return_.lines.values()]
    assert claimed == [line.credited_charges for line in return_.lines.values()] == [Decimal("3.66"), Decimal("7.34")]


def test_a_percentage_of_nobody_says_what_claims_nothing() -> None:
    _, return_ = returned(asked(Charge(kind="restocking", amount=Decimal(0), text="5 %")))
    assert not any(line.claimed_charges for line in return_.lines.values())


def test_a_negative_charge_claims_nothing() -> None:
    _, return_ = returned(asked(Charge(kind="freight", amount=Decimal(-10))))
    assert not any(line.claimed_charges or line.credited_charges for line in return_.lines.values())
    assert not return_.open_holds()


def test_a_charge_in_another_currency_is_not_credited_and_can_only_be_refused() -> None:
    shell, return_ = returned(asked())
    document = asked(Charge(kind="freight", amount=Decimal(8)), currency="EUR")
    lines = list(zip(return_.lines.values(), document.lines, strict=True))
    note_charges(return_, document, lines, POLICY)
    assert not any(line.credited_charges for line in return_.lines.values())
    (hold,) = derive_holds(return_, dict.fromkeys(return_.lines, ZERO), POLICY, return_.changed_at)
    assert hold.message == "request RTV1 claims 8.00 EUR of freight; 0.00 USD of it is credited"
    shell.returns[return_.return_no] = return_
    with pytest.raises(CannotResolve, match="claimed in EUR"):
        shell.answer(return_.return_no, "charge_differs", "accept")
    shell.answer(return_.return_no, "charge_differs", "refuse")
    assert not shell.one().open_holds()
