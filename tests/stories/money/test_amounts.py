"""What a credit is made of: goods, fee, freight, charges and taxes, from the sale and the request to the ERP's file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.returns import Policy, Posting, net_postings
from gateway.returns.model import CreditAmounts
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.homes import drop_sample
from tests.stories.commands import once
from tests.stories.money.at_work import story
from tests.stories.money.orders import in_every_order
from translators.canonical import Charge, ReturnRequest

POLICY = Policy(warehouse="harbor", erp="atlas", restocking_fee={"unwanted": Decimal(15)})


def sold(**columns: str) -> Sent:
    """10 of A and 10 of B, at 19.99 each, with further columns."""
    data = orders("SO1", A=10, B=10)
    return "atlas", data.model_copy(update={"rows": tuple({**row, **columns} for row in data.rows)})


def claiming(
    quantities: dict[str, int], of_line: tuple[Charge, ...] = (), currency: str = "", **amounts: str
) -> ReturnRequest:
    """A request that claims charges by kind for the whole of it, and some for its first line."""
    asked = request("RTV1", quantities, reason="unwanted")
    charges = tuple(Charge(kind=kind, amount=Decimal(amount)) for kind, amount in amounts.items())
    lines = (asked.lines[0].model_copy(update={"charges": of_line}), *asked.lines[1:])
    return asked.model_copy(update={"charges": charges, "lines": lines, "currency": currency})


def came(asked: ReturnRequest, *parts: dict[str, int]) -> list[Sent]:
    """The request, and goods that come and are inspected part by part."""
    documents: list[Sent] = [("northgate", asked)]
    for n, quantities in enumerate(parts, 1):
        documents.append(("harbor", receipt(f"WR{n}", "RTV1", quantities, final=n == len(parts))))
        rows = [(sku, quantity, "restock") for sku, quantity in quantities.items()]
        documents.append(("harbor", inspection(f"IN{n}", "RTV1", rows)))
    return documents


def credits_of(shell: Shell) -> list[Posting]:
    postings = shell.one().postings.values()
    return [p for p in postings if p.kind == "credit_request" and p.state not in {"cancelled", "void"}]


def credited(shell: Shell) -> CreditAmounts:
    """The parts of all credits and reversals together; each posting's parts make its amount."""
    sums = CreditAmounts()
    for posting in credits_of(shell):
        assert posting.amounts is not None
        assert posting.amounts.total == posting.amount
        sums += posting.amounts if posting.sign == "+" else -posting.amounts
    return sums


@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_parts_of_two_deliveries_make_the_parts_of_the_whole(erp: str) -> None:
    documents = came(claiming({"A": 3}), {"A": 1}, {"A": 2})
    shell = in_every_order(documents, POLICY, first=[sold(tax_percent="8.25;1")], erp=erp)  # type: ignore[arg-type]
    sums = credited(shell)
    assert (sums.goods, sums.restocking_fee, sums.freight, sums.charges) == (
        Decimal("59.97"), Decimal("-9.00"), Decimal("0.00"), Decimal("0.00"),
    )  # fmt: skip
    assert [(tax.rate, tax.base, tax.amount) for tax in sums.taxes] == [
        (Decimal("8.25"), Decimal("50.97"), Decimal("4.21")),
        (Decimal(1), Decimal("50.97"), Decimal("0.51")),
    ]
    assert net_postings(shell.one())["1", "credit_request", "0"] == (Decimal(3), Decimal("55.69"))
    assert not shell.one().open_holds()


def test_tax_of_the_sale_goes_before_that_of_the_policy() -> None:
    policy = POLICY.model_copy(update={"tax_percent": Decimal(20)})
    by_columns = {"": "47.98", "0": "39.98", "5": "41.98"}
    for percent, amount in by_columns.items():
        columns = {"tax_percent": percent} if percent else {}
        documents = came(request("RTV1", {"A": 2}), {"A": 2})
        shell = in_every_order(documents, policy, first=[sold(**columns)])
        assert credited(shell).total == Decimal(amount)
    shell = in_every_order(came(request("RTV1", {"A": 10}), {"A": 10}), policy, first=[sold(tax_amount="17.49")])
    assert credited(shell).tax == Decimal("17.49")


@pytest.mark.parametrize("wrong", ["-3", "140", "8,25", "60;60"])
def test_a_tax_that_makes_no_sense_holds_the_line_until_the_order_comes_again(wrong: str) -> None:
    documents = came(request("RTV1", {"A": 2}), {"A": 2})
    shell = in_every_order(documents, POLICY, first=[sold(tax_percent=wrong)])
    held = next(hold for hold in shell.one().open_holds() if hold.class_ == "eligibility_review")
    assert "SO1: its tax" in held.message
    assert held.owner == "finance"
    assert credits_of(shell) == []
    shell.receive(sold(tax_percent="8")[1], "atlas")
    shell.run_erp()
    assert credited(shell).total == Decimal("43.18")
    assert not shell.one().open_holds()


def test_charges_that_the_policy_credits_are_spread_over_the_lines() -> None:
    policy = POLICY.model_copy(update={"credited_charges": {"freight": Decimal(25), "handling": "any"}})
    asked = claiming({"A": 1, "B": 2}, (Charge(kind="handling", amount=Decimal("1.50")),), freight="10.00")
    shell = in_every_order(came(asked, {"A": 1, "B": 2}), policy, first=[sold()])
    by_line = {p.line_no: p.amounts.charges for p in credits_of(shell) if p.amounts}
    assert by_line == {"1": Decimal("4.83"), "2": Decimal("6.67")}
    assert not shell.one().open_holds()


def test_a_part_of_the_goods_has_a_part_of_the_charges() -> None:
    policy = POLICY.model_copy(update={"credited_charges": {"freight": "any"}})
    documents = came(claiming({"A": 3}, freight="10.00"), {"A": 1}, {"A": 2})
    shell = in_every_order(documents, policy, first=[sold()], erp="between")
    assert credited(shell).charges == Decimal("10.00")
    assert len(credits_of(shell)) >= 1


def answered(decision: str) -> Callable[[Shell], None]:
    return lambda shell: shell.answer("R000001", "charge_differs", decision)


@pytest.mark.parametrize(("decision", "charges"), [("accept", "40.00"), ("refuse", "25.00")])
@pytest.mark.parametrize("erp", ["at_end", "between"])
def test_charges_beyond_the_policy_are_asked_about(decision: str, charges: str, erp: str) -> None:
    policy = POLICY.model_copy(update={"credited_charges": {"freight": Decimal(25)}})
    documents = came(claiming({"A": 3}, freight="40.00"), {"A": 3})
    before = in_every_order(documents, policy, first=[sold()], erp=erp)  # type: ignore[arg-type]
    (held,) = before.one().open_holds()
    assert (held.class_, held.owner) == ("charge_differs", "finance")
    assert held.message == "request RTV1 claims 40.00 USD of freight; 25.00 USD of it is credited"
    assert credited(before).charges == Decimal("25.00")
    shell = in_every_order(documents, policy, first=[sold()], erp=erp, act=answered(decision))  # type: ignore[arg-type]
    assert credited(shell).charges == Decimal(charges)
    assert credited(shell).total == Decimal("50.97") + Decimal(charges)
    assert not shell.one().open_holds()


def test_nothing_is_credited_of_charges_by_default_and_lines_that_are_denied_claim_none() -> None:
    shell = in_every_order(came(claiming({"A": 3}, other="7.00"), {"A": 3}), POLICY, first=[sold()])
    assert [hold.class_ for hold in shell.one().open_holds()] == ["charge_differs"]
    assert credited(shell).charges == 0
    denied = Shell(policy=POLICY)
    denied.receive(orders("SO1", sold="2023-01-01", A=10), "atlas")
    denied.receive(claiming({"A": 3}, other="7.00"), "northgate")
    assert denied.one().tallies["1"].a == 0
    assert not denied.one().open_holds()


@pytest.mark.parametrize(
    ("kind", "amount", "claim"),
    [("restocking", "9.00", ""), ("restocking", "12.00", ""), ("restocking", "-9.00", ""),
     ("restocking", "5.00", "4.00"), ("tax", "5.10", ""), ("tax", "7.10", "2.00")],
)  # fmt: skip
def test_fee_and_tax_are_ours_to_reckon_and_a_claim_only_beyond_that(kind: str, amount: str, claim: str) -> None:
    charge = Charge(kind=kind, amount=Decimal(amount))
    asked = claiming({"A": 3}).model_copy(update={"charges": (charge,)})
    shell = in_every_order(came(asked, {"A": 3}), POLICY, first=[sold(tax_percent="10")])
    holds = shell.one().open_holds()
    assert [hold.class_ for hold in holds] == (["charge_differs"] if claim else [])
    assert all(f"claims {claim} USD of " in hold.message for hold in holds)
    assert credited(shell).total == Decimal("56.07")
    if claim:
        shell.answer("R000001", "charge_differs", "accept")
        shell.run_erp()
        assert credited(shell).total == Decimal("56.07") + Decimal(claim)


def test_a_request_that_is_changed_claims_anew() -> None:
    policy = POLICY.model_copy(update={"credited_charges": {"freight": Decimal(25)}})
    shell = Shell(policy=policy, through_store=True)
    shell.receive(sold()[1], "atlas")
    for partner, document in came(claiming({"A": 3}, freight="40.00"), {"A": 3}):
        shell.receive(document, partner)
    shell.run_erp()
    shell.receive(claiming({"A": 3}, freight="20.00").model_copy(update={"purpose": "change"}), "northgate")
    shell.run_erp()
    # Five are to be taken back that the ERP has posted: that is asked, as of any credit.
    shell.answer("R000001", "reversal_undecided", "reverse")
    shell.run_erp()
    assert not shell.one().open_holds()
    assert credited(shell).charges == Decimal("20.00")


def test_parts_are_stored_with_the_posting_and_told_by_the_command_line(home: Path) -> None:
    _taxed_orders(home)
    told = story(home)
    for partner, sample in (
        ("northgate", "180-requests.edi"),
        ("harbor", "944-receipt.edi"),
        ("harbor", "inspection.csv"),
    ):
        drop_sample(home, partner, sample)
        once(home)
    told.erp_answers()
    credits_ = {p.key: p for p in told.return_().postings.values() if p.kind == "credit_request"}
    files = [data.decode() for name, data in told.sent("atlas").items() if "CREDIT" in name and name.endswith("csv")]
    rows = [row for text in files for row in csv.DictReader(io.StringIO(text))]
    assert {row["idempotency_key"] for row in rows} == set(credits_)
    for row in rows:
        parts = credits_[row["idempotency_key"]].amounts
        assert parts is not None
        assert Decimal(row["amount"]) == parts.total == sum(Decimal(row[name]) for name in _COLUMNS)
        assert (row["rate"], row["taxes"]) == ("10", f"10={parts.tax}")
    assert "matched" in told.reconciliation()
    told.proves()


def test_a_charge_of_a_180_is_asked_about_and_credited(home: Path) -> None:
    told = story(home)
    sample = (home / "partners/northgate/samples/180-requests.edi").read_text()
    claimed = sample.replace("TE*3035550142~", "TE*3035550142~\nSAC*C*D240***1250~", 1).replace("SE*16*", "SE*17*", 1)
    told.put("northgate", "180.edi", claimed)
    assert "charge_differs" in told.holds()
    told.answer("charge_differs", "accept")
    for document in ("944-receipt.edi", "inspection.csv"):
        drop_sample(home, "harbor", document)
        once(home)
    told.erp_answers()
    return_ = told.return_()
    assert return_.accepted_charges == {"freight": Decimal("12.50")}
    assert sum((line.credited_charges for line in return_.lines.values()), Decimal(0)) == Decimal("12.50")
    credit = next(p for p in return_.postings.values() if p.kind == "credit_request")
    assert credit.amounts
    assert credit.amounts.charges == return_.lines[credit.line_no].credited_charges
    told.proves()


_COLUMNS = ("goods", "fee", "freight", "charges", "tax")


def _taxed_orders(home: Path) -> None:
    """The house taxes at 10 %, and the ERP's own layout writes every part."""
    policy = home / "partners/_house/policy.toml"
    text = policy.read_text()
    policy.write_text(text.replace("settlement =", 'tax_percent = "10"\nsettlement =', 1))
    layouts = home / "partners/atlas/layouts"
    (layouts / "parts.toml").write_text(PARTS)
    partner = home / "partners/atlas/partner.toml"
    text = partner.read_text()
    assert 'credit_request = "erp:generic-csv"' in text
    partner.write_text(text.replace('credit_request = "erp:generic-csv"', 'credit_request = "erp:parts"'))


PARTS = """
direction = "erp"
title = "Credits, part by part"
format = "csv"

[[files]]
name = "CREDIT_{sequence:06}.csv"

[[files.records]]
fields = [
  "batch_id", "row_no", "idempotency_key", "sku", "quantity", "amount", "currency",
  { name = "movement_type", constant = "CREDIT_REQUEST" },
  { name = "goods", from = "amount_goods" }, { name = "fee", from = "amount_restocking" },
  { name = "freight", from = "amount_freight" }, { name = "charges", from = "amount_charges" },
  { name = "tax", from = "amount_tax" }, { name = "rate", from = "tax_rate" }, { name = "taxes", from = "tax_lines" },
]
"""
