"""What the ERP really booked: by its results, or by a register of its credits."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gateway.returns import Policy, Return
from gateway.returns.money.reconciliation import reconcile
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.shell import Shell, stored
from tests.stories.commands import type_command
from tests.stories.money.at_work import Story, story
from translators.canonical import ErpResult, ErpResultRow

HOUSE = Policy(warehouse="harbor", erp="atlas")
CREDIT = "R000001-1-CR-0-1"
DIFFERS = "erp_amount_differs"
REGISTER = """title = "credit register"
document = "erp_result"
format = "delimited"
files = ["register*.csv"]
[columns]
Document = "rows.erp_document"
Amount = "rows.amount"
Currency = "rows.currency"
Booked = "rows.posted_at"
[constants]
"rows.status" = "posted"
"""


def credited(policy: Policy = HOUSE) -> Shell:
    """A return of 4 A whose credit of 79.96 is posted."""
    shell = Shell(policy=policy, through_store=True)
    shell.receive(orders("SO1", A=10), "atlas")
    shell.receive(request("RTV1", {"A": 4}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 4}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 4, "restock")]), "harbor")
    shell.run_erp()
    assert shell.one().postings[CREDIT].amount == Decimal("79.96")
    return shell


def booked(amount: str, currency: str = "USD", key: str = CREDIT, document: str = f"49{CREDIT}") -> ErpResult:
    row = ErpResultRow(
        idempotency_key=key,
        status="posted",
        erp_document_type="DOC",
        erp_document=document,
        posted_at="2025-03-20",
        amount=Decimal(amount),
        currency=currency,
    )
    return ErpResult(rows=(row,))


def asked(return_: Return) -> list[str]:
    return [hold.message for hold in return_.open_holds() if hold.class_ == DIFFERS]


def test_the_same_money_is_no_question() -> None:
    shell = credited()
    shell.receive(booked("79.96"), "atlas")
    assert asked(shell.one()) == []
    posting = shell.one().postings[CREDIT]
    assert (posting.posted_amount, posting.posted_currency, posting.posted_on) == (
        Decimal("79.96"),
        "USD",
        "2025-03-20",
    )
    assert stored(shell.one()) == shell.one()


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("89.96", "USD", "booked 89.96 USD"),
        ("79.96", "EUR", "another currency"),
        ("-79.96", "USD", "booked -79.96 USD"),
        ("0", "USD", "booked 0 USD"),
    ],
)
def test_other_money_is_a_question_to_finance(amount: str, currency: str, words: str) -> None:
    shell = credited()
    shell.receive(booked(amount, currency), "atlas")
    (message,) = asked(shell.one())
    assert words in message
    assert "asks for 79.96 USD" in message
    again = shell.receive(booked(amount, currency), "atlas")
    assert shell.states[again] == ("ignored", "duplicate")


def test_reconciliation_tells_the_money_until_it_is_accepted() -> None:
    shell = credited()
    shell.receive(booked("89.96"), "atlas")
    rows = {row.difference: row for row in reconcile([shell.one()], HOUSE)}
    assert (rows["erp_amount_differs"].amount, rows["erp_amount_differs"].class_) == (Decimal("10.00"), "different")
    shell.answer("R000001", DIFFERS, "accept_erp")
    assert [row.difference for row in reconcile([shell.one()], HOUSE)] == ["matched"]


def test_within_the_tolerance_nobody_is_asked() -> None:
    shell = credited(Policy(warehouse="harbor", erp="atlas", posted_tolerance=Decimal("0.05")))
    shell.receive(booked("80.01"), "atlas")
    assert asked(shell.one()) == []
    shell.receive(booked("80.02"), "atlas")
    assert len(asked(shell.one())) == 1


def test_the_erp_corrects_it_and_the_question_closes_by_itself() -> None:
    shell = credited()
    shell.receive(booked("89.96"), "atlas")
    shell.receive(booked("79.96"), "atlas")
    assert asked(shell.one()) == []


def test_what_is_accepted_is_asked_again_only_if_the_erp_says_otherwise() -> None:
    shell = credited()
    shell.receive(booked("89.96"), "atlas")
    shell.answer("R000001", DIFFERS, "accept_erp")
    assert asked(shell.one()) == []
    shell.receive(booked("89.96"), "atlas")
    assert asked(shell.one()) == []
    shell.receive(booked("99.96"), "atlas")
    assert len(asked(shell.one())) == 1


def test_the_result_itself_may_say_it_first() -> None:
    shell = credited()
    shell.receive(request("RTV1", {"A": 5}, purpose="replace"), "northgate")
    shell.receive(receipt("WR2", "RTV1", {"A": 1}), "harbor")
    shell.receive(inspection("IN2", "RTV1", [("A", 1, "restock")]), "harbor")
    shell.run_erp()
    key = next(k for k, p in shell.one().postings.items() if p.kind == "credit_request" and p.n == 2)
    assert shell.one().postings[key].amount == Decimal("19.99")
    shell.receive(booked("19.00", key=key, document=f"49{key}"), "atlas")
    assert len(asked(shell.one())) == 1


@pytest.fixture
def told(home: Path) -> Story:
    """A return whose credit is posted, with an ERP that exports a register of its credits."""
    (home / "partners/atlas/layouts/register.toml").write_text(REGISTER, encoding="utf-8")
    partner = home / "partners/atlas/partner.toml"
    text = partner.read_text(encoding="utf-8")
    partner.write_text(text.replace('"generic-result"]', '"generic-result", "register"]'), encoding="utf-8")
    story_ = story(home)
    for sender, sample in (
        ("northgate", "180-requests.edi"),
        ("harbor", "944-receipt.edi"),
        ("harbor", "inspection.csv"),
    ):
        story_.put(sender, sample, (home / f"partners/{sender}/samples/{sample}").read_bytes())
    story_.erp_answers()
    return story_


def test_a_register_through_the_command_line(told: Story) -> None:
    posting = told.return_().postings[CREDIT]
    before = told.holds()
    head = "Document,Amount,Currency,Booked\n"
    told.put("atlas", "register-1.csv", f"{head}{posting.erp_document},{posting.amount},USD,2025-03-31\n")
    assert told.holds() == before
    assert told.return_().postings[CREDIT].posted_amount == posting.amount
    told.put(
        "atlas", "register-2.csv", f"{head}{posting.erp_document},1.00,USD,2025-03-31\nCM-OTHER,5.00,USD,2025-03-31\n"
    )
    assert sorted(told.holds()) == sorted([*before, DIFFERS, "erp_unknown_posting"])
    assert "CM-OTHER (5.00 USD)" in type_command(told.home, "status", "--json").text
    told.put(
        "atlas", "register-2b.csv", f"{head}{posting.erp_document},1.00,USD,2025-03-31\nCM-OTHER,5.00,USD,2025-03-31\n"
    )
    assert sorted(told.holds()) == sorted([*before, DIFFERS, "erp_unknown_posting"])
    told.answer(DIFFERS, "accept_erp")
    assert DIFFERS not in told.holds()
    told.proves()


def test_a_register_that_is_wrong_names_its_row_and_loses_nothing(told: Story) -> None:
    posting = told.return_().postings[CREDIT]
    rows = f"Document,Amount,Currency,Booked\n{posting.erp_document},much,USD,2025-03-31\n"
    told.put("atlas", "register-3.csv", rows)
    assert told.return_().postings[CREDIT].posted_amount is None
    told.proves()
