"""A request in another currency than its sale: credited is the sale's, in its own decimals, and a person is asked."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.demo.atlas import Atlas
from gateway.returns import CannotResolve, Policy, reconcile
from tests.gateway.returns.builders import request
from tests.gateway.returns.shell import Shell
from tests.homes import drop_sample, replace_text
from tests.stories.commands import once, type_command
from tests.stories.money.at_work import Story
from tests.stories.money.claims_of_price import asked, came_back, credited, held, sold
from tests.stories.money.orders import ErpRuns, in_every_order

HOUSE = Policy(warehouse="harbor", erp="atlas", restocking_fee={"defective": Decimal(7)})
ASKS = [("currency_differs", "finance")]


@pytest.mark.parametrize(
    ("sale", "claim", "amount", "holds"),
    [
        (("84.50", "EUR"), ("84.50", "USD"), "314.34 EUR", ASKS),
        (("84.50", "EUR"), ("1.00", "USD"), "314.34 EUR", ASKS),
        (("84.50", "EUR"), ("999", "usd"), "314.34 EUR", ASKS),
        (("84.50", "EUR"), ("", "USD"), "314.34 EUR", ASKS),
        (("84.50", "EUR"), ("84.50", "eur"), "314.34 EUR", []),
        (("84.50", "EUR"), ("84.50", ""), "314.34 EUR", []),
        (("84.50", ""), ("84.50", "GBP"), "314.34 GBP", []),
        (("84.50", ""), ("84.50", "QQQ"), "314.34 USD", ASKS),
        (("84.50", "EUR"), ("84.50", "QQQ"), "314.34 EUR", ASKS),
        (("84.50", "EURO"), ("84.50", ""), "314.34 EURO", ASKS),
        (("1205", "JPY"), ("1205", "JPY"), "4483 JPY", []),
        (("12.345", "KWD"), ("12.345", "KWD"), "45.923 KWD", []),
    ],
)
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_the_currency_is_that_of_the_sale(
    sale: tuple[str, str], claim: tuple[str, str], amount: str, holds: list[tuple[str, str]], erp: ErpRuns
) -> None:
    shell = in_every_order([*came_back(asked(*claim)), sold(*sale)], HOUSE, erp=erp)
    assert (credited(shell), held(shell)) == (amount, holds)
    currency = amount.split()[1]
    assert {row.currency for row in reconcile([shell.one()], HOUSE)} == {currency}


def _meant_as_ours(shell: Shell) -> None:
    shell.answer("R000001", "currency_differs", "same_currency")
    shell.undo()


@pytest.mark.parametrize(
    ("claimed", "amount", "holds"),
    [("84.50", "314.34 EUR", []), ("80", "297.60 EUR", []), ("99", "314.34 EUR", [("price_differs", "finance")])],
)
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_figures_meant_in_the_currency_of_the_sale_are_compared(
    claimed: str, amount: str, holds: list[tuple[str, str]], erp: ErpRuns
) -> None:
    told = came_back(asked(claimed, "USD"))
    shell = in_every_order(told, HOUSE, first=[sold("84.50", "EUR")], act=_meant_as_ours, erp=erp)
    assert (credited(shell), held(shell)) == (amount, holds)


def test_the_prices_of_the_sale_stand_and_nobody_asks_again() -> None:
    shell = in_every_order(came_back(asked("99", "USD")), HOUSE, first=[sold("84.50", "EUR")])
    (hold,) = shell.one().open_holds()
    assert hold.message == (
        "the request is in USD; the return is in EUR, and what the request claims as prices counts for nothing"
    )
    shell.answer("R000001", "currency_differs", "sale_price")
    shell.receive(asked("98", "USD", purpose="replace"), "northgate")
    assert held(shell) == []
    shell.receive(asked("98", "GBP", purpose="replace", contact="Ms Frey"), "northgate")
    assert held(shell) == ASKS


def test_a_currency_that_is_none_must_be_corrected_in_the_order() -> None:
    shell = in_every_order([("northgate", asked("84.50", "EUR"))], HOUSE, first=[sold("84.50", "EURO")])
    with pytest.raises(CannotResolve, match="EURO is no currency"):
        shell.answer("R000001", "currency_differs", "same_currency")
    assert held(shell) == ASKS
    shell.answer("R000001", "currency_differs", "deny")
    assert (held(shell), int(shell.one().tally("1").a)) == ([], 0)


def test_lines_sold_in_two_currencies_are_not_one_return() -> None:
    order = sold("84.50", "EUR", ("B", "10.00", "GBP"))
    shell = in_every_order([("northgate", request("RTV1", {"A": 4, "B": 1})), order], HOUSE)
    assert held(shell) == [("eligibility_review", "finance")]
    (hold,) = shell.one().open_holds()
    assert hold.message == "it was sold in GBP, and the return is in EUR"
    assert shell.one().tally("1").a == 4


def test_what_was_credited_stays_in_its_currency() -> None:
    """A later version of the request in another currency is a question, and rewrites nothing that was sent."""
    shell = in_every_order(came_back(asked("84.50", "GBP")), HOUSE, first=[sold("84.50", "")])
    shell.receive(asked("84.50", "CHF", purpose="replace"), "northgate")
    shell.run_erp()
    assert (credited(shell), held(shell)) == ("314.34 GBP", ASKS)


def test_an_order_in_euros_of_a_partner_bound_to_dollars_through_the_command_line(home: Path) -> None:
    replace_text(home / "partners/atlas/samples/orders.csv", ",84.50,USD,", ",84.50,EUR,")
    replace_text(home / "partners/atlas/samples/orders.csv", ",27.90,USD,", ",27.90,EUR,")
    for name in ("orders.csv", "products.csv"):
        drop_sample(home, "atlas", name)
    once(home)
    told = Story(home, Atlas(home / "outbox/atlas", home / "inbox/atlas", {}))
    drop_sample(home, "northgate", "180-requests.edi")
    once(home)
    for name in ("944-receipt.edi", "inspection.csv"):
        drop_sample(home, "harbor", name)
        once(home)
    told.erp_answers()
    assert told.return_().currency == "EUR"
    assert "currency_differs" in told.holds()
    sent = b"".join(told.sent("atlas").values())
    assert b"EUR" in sent
    assert b"USD" not in sent
    told.answer("currency_differs", "same_currency")
    assert "currency_differs" not in told.holds()
    type_command(home, "reconcile", "--csv", str(home / "compared.csv"))
    rows = list(csv.DictReader((home / "compared.csv").read_text("utf-8").splitlines()))
    assert {row["currency"] for row in rows if row["return_no"] == "R000001"} == {"EUR"}
    told.proves()
