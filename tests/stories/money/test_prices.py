"""A partner claims another price than its goods were sold at: credited is the sale's, and a person hears of more."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.returns import CannotResolve, Policy, net_postings, reconcile
from gateway.returns.policy import Rule
from tests.gateway.returns.builders import receipt, shipment
from tests.gateway.returns.shell import Shell
from tests.homes import drop_sample
from tests.stories.commands import once
from tests.stories.money.at_work import Story, story
from tests.stories.money.claims_of_price import asked, came_back, credited, held, sold
from tests.stories.money.orders import ErpRuns, in_every_order

HOUSE = Policy(warehouse="harbor", erp="atlas")
ASKS = [("price_differs", "finance")]


def policy(**keys: Any) -> Policy:
    return Policy(warehouse="harbor", erp="atlas", **keys)


def answered(decision: str) -> Callable[[Shell], None]:
    """Finance answers, and the ERP undoes what it must."""

    def act(shell: Shell) -> None:
        shell.answer("R000001", "price_differs", decision)
        shell.undo()

    return act


@pytest.mark.parametrize(
    ("claimed", "keys", "amount", "holds"),
    [
        ("", {}, "338.00 USD", []),
        ("84.50", {}, "338.00 USD", []),
        ("99.00", {}, "338.00 USD", ASKS),
        ("999", {"price": "sale"}, "338.00 USD", ASKS),
        ("84.51", {}, "338.00 USD", ASKS),
        ("85.50", {"price_tolerance": {"amount": "1.00"}}, "338.00 USD", []),
        ("85.51", {"price_tolerance": {"amount": "1.00"}}, "338.00 USD", ASKS),
        ("92.95", {"price_tolerance": {"amount": "1.00", "percent": "10"}}, "338.00 USD", []),
        ("80.00", {}, "320.00 USD", []),
        ("80.00", {"price": "sale"}, "338.00 USD", []),
        ("-5.00", {}, "338.00 USD", ASKS),
    ],
)
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_credited_is_the_price_of_the_sale(
    claimed: str, keys: dict[str, Any], amount: str, holds: list[tuple[str, str]], erp: ErpRuns
) -> None:
    told = policy(**keys)
    shell = in_every_order([*came_back(asked(claimed)), sold()], told, erp=erp)
    assert (credited(shell), held(shell)) == (amount, holds)
    assert [row.difference for row in reconcile([shell.one()], told)] == ["matched"]


@pytest.mark.parametrize(
    ("decision", "amount"), [("sale_price", "338.00 USD"), ("dismiss", "338.00 USD"), ("claimed_price", "396.00 USD")]
)
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_a_person_says_which_price_it_is(decision: str, amount: str, erp: ErpRuns) -> None:
    shell = in_every_order(came_back(asked("99.00")), HOUSE, first=[sold()], act=answered(decision), erp=erp)
    assert (credited(shell), held(shell)) == (amount, [])
    assert [row.difference for row in reconcile([shell.one()], HOUSE)] == ["matched"]


def test_what_was_accepted_is_accepted_of_that_price_only() -> None:
    shell = Shell(policy=HOUSE, through_store=True)
    shell.receive(sold()[1], "atlas")
    shell.receive(asked("99.00"), "northgate")
    shell.answer("R000001", "price_differs", "claimed_price")
    assert shell.one().lines["1"].unit_price == 99
    shell.receive(asked("99.00", purpose="replace", contact="Ms Frey"), "northgate")
    assert (shell.one().lines["1"].unit_price, held(shell)) == (Decimal(99), [])
    shell.receive(asked("120.00", purpose="replace"), "northgate")
    assert (shell.one().lines["1"].unit_price, held(shell)) == (Decimal("84.50"), ASKS)
    shell.receive(asked("84.50", purpose="replace", contact="Ms Frey"), "northgate")
    assert held(shell) == []


def test_a_line_is_denied_for_its_price_while_nothing_is_on_its_way() -> None:
    shell = Shell(policy=HOUSE, through_store=True)
    shell.receive(sold()[1], "atlas")
    shell.receive(asked("99.00"), "northgate")
    shell.answer("R000001", "price_differs", "deny")
    shell.run_erp()
    assert (credited(shell), held(shell), int(shell.one().tally("1").a)) == ("", [], 0)
    assert shell.answers[-1][1].lines[0].decision == "denied"
    shell.receive(asked("99.00", purpose="replace", contact="Ms Frey"), "northgate")
    assert (held(shell), int(shell.one().tally("1").a)) == (ASKS, 4)


@pytest.mark.parametrize("document", [shipment("SH1", "RTV1", {"A": 4}), receipt("WR1", "RTV1", {"A": 4})])
def test_goods_on_their_way_are_not_denied(document: Any) -> None:
    shell = Shell(policy=HOUSE, through_store=True)
    shell.receive(sold()[1], "atlas")
    shell.receive(asked("99.00"), "northgate")
    shell.receive(document, "northgate" if document.kind == "shipment" else "harbor")
    with pytest.raises(CannotResolve, match="on their way or came"):
        shell.answer("R000001", "price_differs", "deny")
    assert held(shell) == ASKS


def test_a_price_below_nothing_is_never_credited() -> None:
    shell = in_every_order(came_back(asked("-5.00")), HOUSE, first=[sold()])
    with pytest.raises(CannotResolve, match="no price that can be credited"):
        shell.answer("R000001", "price_differs", "claimed_price")
    assert (credited(shell), held(shell)) == ("338.00 USD", ASKS)


@pytest.mark.parametrize("order", [sold(""), None])
def test_a_claimed_price_is_not_simply_paid_where_no_sale_tells_one(order: Any) -> None:
    """Approved as a line of an unknown order, its price is asked for all the same."""
    shell = Shell(policy=HOUSE, through_store=True)
    if order:
        shell.receive(order[1], "atlas")
    shell.receive(asked("99.00"), "northgate")
    assert held(shell) == [("eligibility_review", "finance" if order else "customer_service")]
    shell.answer("R000001", "eligibility_review", "approve")
    for partner, document in came_back(asked())[1:]:
        shell.receive(document, partner)
    if not order:
        assert ("price_differs", "finance") in held(shell)
        with pytest.raises(CannotResolve, match="no price of the sale"):
            shell.answer("R000001", "price_differs", "sale_price")
        shell.answer("R000001", "price_differs", "claimed_price")
    shell.run_erp()
    assert credited(shell) == "396.00 USD"
    assert "price_differs" not in {hold.class_ for hold in shell.one().open_holds()}


def test_a_line_without_a_price_of_its_sale_waits_for_the_order() -> None:
    shell = in_every_order([("northgate", asked("99.00")), sold("")], HOUSE)
    assert held(shell) == [("eligibility_review", "finance")]
    shell.receive(sold()[1], "atlas")
    assert (shell.one().lines["1"].unit_price, held(shell)) == (Decimal("84.50"), ASKS)


@pytest.mark.parametrize(
    ("rules", "amount", "holds"),
    [
        ((Rule(check="no_sale_price", outcome="allow"),), "396.00 USD", []),
        ((), "", ["incomplete", "price_differs"]),
    ],
)
def test_the_policy_may_take_the_claimed_price(rules: tuple[Rule, ...], amount: str, holds: list[str]) -> None:
    shell = in_every_order(came_back(asked("99.00")), policy(rules=rules), first=[sold("")])
    assert (credited(shell), [class_ for class_, _ in held(shell)]) == (amount, holds)


def _claims(told: Story, price: str) -> None:
    """Northgate's sample request with another price for the drill; its four come and are inspected."""
    sample = told.home / "partners/northgate/samples/180-requests.edi"
    told.put("northgate", "180.edi", sample.read_bytes().replace(b"UCP*84.5*", f"UCP*{price}*".encode()))
    for name in ("944-receipt.edi", "inspection.csv"):
        drop_sample(told.home, "harbor", name)
        once(told.home)
    told.erp_answers()


def _credits(told: Story) -> list[tuple[str, Decimal, Decimal]]:
    """Sign, price and amount of what import files say of credit for the drill."""
    files = [data.decode() for data in told.sent("atlas", "*CREDIT*.csv").values()]
    rows = [row for text in files for row in csv.DictReader(text.splitlines())]
    drills = [row for row in rows if row["sku"] == "MS-1001"]
    return [(row["sign"], Decimal(row["unit_price"]), Decimal(row["amount"])) for row in drills]


def test_a_claim_far_above_the_sale_through_the_command_line(home: Path) -> None:
    told = story(home)
    _claims(told, "999")
    assert "price_differs" in told.holds()
    assert told.return_().lines["1"].unit_price == Decimal("84.5")
    (message,) = (hold.message for hold in told.return_().open_holds() if hold.class_ == "price_differs")
    assert message == "999.00 USD is claimed for one of MS-1001, which was sold at 84.50 USD and is credited at that"
    assert _credits(told) == [("+", Decimal("84.5"), Decimal(338))]
    told.answer("price_differs", "sale_price")
    assert "price_differs" not in told.holds()
    assert "matched" in told.reconciliation()
    told.proves()


def test_a_claimed_price_is_accepted_through_the_command_line(home: Path) -> None:
    told = story(home)
    _claims(told, "99")
    told.answer("price_differs", "claimed_price")
    told.erp_answers()
    while "reversal_undecided" in told.holds():
        told.answer("reversal_undecided", "reverse")
        told.erp_answers()
    assert net_postings(told.return_())["1", "credit_request", "0"] == (Decimal(4), Decimal("396.00"))
    assert [(sign, int(amount)) for sign, _, amount in _credits(told)] == [("+", 338), ("-", 338), ("+", 396)]
    told.proves()
