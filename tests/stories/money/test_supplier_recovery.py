"""Money that a supplier owes for goods that went back to it: answers, credit notes and debits in every order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.returns import ClaimFigures, Hold, Policy, claim_figures, status_of
from gateway.returns.policy import Policies
from tests.gateway.returns.builders import (
    credit_note,
    inspection,
    orders,
    products,
    receipt,
    request,
    shipment,
    vendor_answer,
)
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell, stored
from tests.stories.money.orders import in_every_order, play_order
from translators.canonical import CreditNote, Item, Purpose, Reference

POLICY = Policy(warehouse="harbor", erp="atlas", suppliers={"*": "acme"})
MASTERS: tuple[Sent, ...] = (
    ("atlas", products(A="12.50", B="3.10")),
    ("atlas", orders("SO1", A=20, B=20)),
    ("northgate", request("RTV1", {"A": 10})),
)
CAME: tuple[Sent, ...] = (
    ("harbor", receipt("WR1", "RTV1", {"A": 10})),
    ("harbor", inspection("IN1", "RTV1", [("A", 8, "rtv"), ("A", 2, "restock")])),
)
ANSWER: Sent = ("acme", vendor_answer("ACK1", {"A": 8}))


def note(*arguments: Any, **said: Any) -> Sent:
    return ("acme", credit_note(*arguments, **said))


def figures(shell: Shell) -> ClaimFigures:
    (row,) = claim_figures(shell.one())
    return row


def money(shell: Shell) -> tuple[str, str, str, str]:
    """Claimed, credited, written off and open of the one claim."""
    row = figures(shell)
    amounts = (row.claimed, row.credited, row.written_off, row.open)
    claimed, credited, written_off, open_ = (f"{amount:.2f}" for amount in amounts)
    return claimed, credited, written_off, open_


def state(shell: Shell, number: str) -> tuple[str, str]:
    """What has become of the last document with this number."""
    return [shell.states[n] for n, (document, _) in shell.documents.items() if document.number == number][-1]


def held(shell: Shell) -> list[str]:
    return [hold.class_ for hold in shell.one().open_holds()]


def words(shell: Shell) -> str:
    (hold,) = shell.one().open_holds()
    return hold.message


def play(*more: Sent, policy: Policies = POLICY) -> Shell:
    """Goods came, the supplier takes 8 of A at 12.50, and `more` arrives; every order ends alike."""
    return in_every_order([*CAME, ANSWER, *more], policy, first=MASTERS)


def as_it_happened(*more: Sent, policy: Policies = POLICY) -> Shell:
    return play_order((*MASTERS, *CAME, ANSWER), more, policy)


# --- what agrees


def test_a_credit_note_for_what_is_claimed_settles_the_claim() -> None:
    shell = play(note("CM1", "100.00", {"A": (8, "100.00")}))
    assert (money(shell), held(shell)) == (("100.00", "100.00", "0.00", "0.00"), [])
    assert status_of(shell.one()) == "closed"
    assert stored(shell.one()) == shell.one()


def test_the_claim_at_the_erp_has_the_cost_of_the_goods() -> None:
    shell = play()
    (claim,) = [p for p in shell.one().postings.values() if p.kind == "supplier_claim" and p.state == "posted"]
    assert (claim.quantity, claim.amount) == (Decimal(8), Decimal("100.00"))


def test_two_notes_for_a_part_each_add_up() -> None:
    shell = play(note("CM1", "62.50", {"A": (5, "62.50")}), note("CM2", "37.50", {"A": (3, "37.50")}))
    assert (money(shell), held(shell)) == (("100.00", "100.00", "0.00", "0.00"), [])


def test_a_debit_takes_back_what_a_credit_gave_too_much() -> None:
    shell = play(
        note("CM1", "112.50", {"A": (9, "112.50")}), note("DM1", "12.50", {"A": (1, "12.50")}, direction="debit")
    )
    assert (money(shell), held(shell)) == (("100.00", "100.00", "0.00", "0.00"), [])


def test_a_note_without_lines_is_money_for_the_claim_it_names() -> None:
    shell = play(note("CM1", "100.00"))
    assert (money(shell), held(shell)) == (("100.00", "100.00", "0.00", "0.00"), [])


def test_charges_and_taxes_are_part_of_the_note() -> None:
    """The total is what is credited; what its lines do not say is of the claim that the note names."""
    shell = play(note("CM1", "100.00", {"A": (8, "92.00")}, charges=({"kind": "tax", "amount": "8.00"},)))
    assert (money(shell), held(shell)) == (("100.00", "100.00", "0.00", "0.00"), [])


def test_a_supplier_that_credits_all_has_answered_by_that() -> None:
    shell = in_every_order([*CAME, note("CM1", "100.00", {"A": (8, "100.00")})], POLICY, first=MASTERS)
    assert (money(shell), held(shell)) == (("100.00", "100.00", "0.00", "0.00"), [])
    assert status_of(shell.one()) == "closed"


# --- by which number a note finds its claim


@pytest.mark.parametrize(
    ("kind", "value"), [("claim", "R000001V1"), ("request", "R000001V1"), ("rma", "AC-778"), ("return", "R000001")]
)
def test_a_note_finds_its_claim_by_either_partys_number(kind: str, value: str) -> None:
    shell = play(note("CM1", "100.00", {"A": (8, "100.00")}, references=(Reference(kind=kind, value=value),)))
    assert (money(shell)[1], held(shell)) == ("100.00", [])


def test_a_note_that_names_nothing_finds_the_one_claim_of_its_items() -> None:
    shell = play(note("CM1", "100.00", {"A": (8, "100.00")}, references=()))
    assert (money(shell)[1], held(shell)) == ("100.00", [])


def test_a_note_that_names_an_unknown_claim_is_parked_though_its_item_is_known() -> None:
    shell = as_it_happened(
        note("CM1", "100.00", {"A": (8, "100.00")}, references=(Reference(kind="claim", value="X"),))
    )
    assert (state(shell, "CM1"), money(shell)[1]) == (("parked", "no_match"), "0.00")


def test_one_note_for_the_claims_of_two_returns() -> None:
    second = (
        ("northgate", request("RTV2", {"B": 4})),
        ("harbor", receipt("WR2", "RTV2", {"B": 4})),
        ("harbor", inspection("IN2", "RTV2", [("B", 4, "rtv")])),
        ("acme", vendor_answer("ACK2", {"B": 4}, claim="R000002V1", rma="AC-779")),
    )
    whole = credit_note("CM1", "112.40", {"A": (8, "100.00"), "B": (4, "12.40")}, references=())
    of_claims = [
        line.model_copy(update={"references": (Reference(kind="claim", value=f"R00000{n}V1"),)})
        for n, line in enumerate(whole.lines, 1)
    ]
    shell = in_every_order(
        [CAME[1], ANSWER, second[2], second[3], ("acme", whole.model_copy(update={"lines": tuple(of_claims)}))],
        POLICY,
        first=(*MASTERS, CAME[0], *second[:2]),
    )
    rows = [row for return_ in shell.returns.values() for row in claim_figures(return_)]
    assert [(row.number, str(row.credited), str(row.open)) for row in rows] == [
        ("R000001V1", "100.00", "0.00"),
        ("R000002V1", "12.40", "0.00"),
    ]
    assert not any(return_.open_holds() for return_ in shell.returns.values())


# --- what differs


def test_less_money_is_a_hold_that_a_second_note_clears() -> None:
    first = note("CM1", "80.00", {"A": (8, "80.00")})
    shell = play(first)
    assert (money(shell), held(shell)) == (("100.00", "80.00", "0.00", "20.00"), ["vendor_credit_differs"])
    assert words(shell) == "acme on R000001V1: 80.00 USD credited, 100.00 claimed"
    assert held(play(first, note("CM2", "20.00"))) == []


def test_accept_writes_the_rest_off_and_what_comes_after_all_counts() -> None:
    first = note("CM1", "80.00", {"A": (8, "80.00")})
    shell = in_every_order(
        [*CAME, ANSWER, first],
        POLICY,
        first=MASTERS,
        act=lambda shell: shell.answer("R000001", "vendor_credit_differs", "accept"),
    )
    assert (money(shell), held(shell)) == (("100.00", "80.00", "20.00", "0.00"), [])
    shell.receive(credit_note("CM2", "15.00"), "acme")
    assert (money(shell), held(shell)) == (("100.00", "95.00", "5.00", "0.00"), ["vendor_credit_differs"])


def test_more_than_is_claimed_is_a_hold_and_kept_by_accept() -> None:
    shell = play(note("CM1", "120.00", {"A": (8, "120.00")}))
    assert (money(shell)[3], held(shell)) == ("-20.00", ["vendor_credit_differs"])
    shell.answer("R000001", "vendor_credit_differs", "accept")
    assert (money(shell), held(shell)) == (("100.00", "120.00", "-20.00", "0.00"), [])


def test_fewer_units_are_a_hold() -> None:
    shell = play(note("CM1", "75.00", {"A": (6, "75.00")}))
    assert words(shell) == "acme on R000001V1: 75.00 USD credited, 100.00 claimed; 6 of the 8 of A credited"


def test_another_currency_is_a_hold_and_never_converted() -> None:
    shell = play(note("CM1", "100.00", currency="EUR"))
    assert "100.00 EUR credited, 0 claimed" in words(shell)
    rows = [(row.currency, str(row.claimed), str(row.credited)) for row in claim_figures(shell.one())]
    assert rows == [("USD", "100.00", "0"), ("EUR", "0", "100.00")]


def test_cents_within_the_tolerance_settle_the_claim() -> None:
    policy = POLICY.model_validate({**POLICY.model_dump(), "vendor_claims": {"tolerance": "0.05"}})
    shell = play(note("CM1", "99.97", {"A": (8, "99.97")}), policy=policy)
    assert held(shell) == []
    assert [str(row.open) for row in claim_figures(shell.one(), Decimal("0.05"))] == ["0.00"]
    assert held(play(note("CM1", "99.94", {"A": (8, "99.94")}), policy=policy)) == ["vendor_credit_differs"]


# --- corrections


def test_a_note_that_replaces_another_counts_in_its_place() -> None:
    shell = play(
        note("CM1", "80.00", {"A": (8, "80.00")}),
        note("CM1", "100.00", {"A": (8, "100.00")}, purpose="replace"),
    )
    assert (money(shell), held(shell)) == (("100.00", "100.00", "0.00", "0.00"), [])


def test_a_note_that_is_cancelled_credits_nothing() -> None:
    shell = play(note("CM1", "100.00", {"A": (8, "100.00")}), note("CM1", "100.00", purpose="cancel"))
    assert (money(shell), held(shell)) == (("100.00", "0.00", "0.00", "100.00"), [])
    by_number = play(note("CM1", "100.00"), note("CM1", purpose="cancel", references=()))
    assert money(by_number) == ("100.00", "0.00", "0.00", "100.00")


def test_the_same_note_twice_counts_once() -> None:
    shell = play(note("CM1", "100.00", {"A": (8, "100.00")}), note("CM1", "100.00", {"A": (8, "100.00")}))
    assert (money(shell)[1], held(shell)) == ("100.00", [])


def test_another_note_under_the_same_number_is_a_question() -> None:
    shell = as_it_happened(note("CM1", "100.00"), note("CM1", "90.00"))
    assert (state(shell, "CM1")[0], held(shell)) == ("held", ["duplicate_differs"])
    shell.answer("R000001", "duplicate_differs", "take_new")
    assert money(shell)[1] == "90.00"


def test_a_replacing_note_for_another_claim_takes_the_money_along() -> None:
    shell = Shell(policy=POLICY, through_store=True)
    for partner, document in (*MASTERS, *CAME, ANSWER):
        shell.receive(document, partner)
    shell.receive(request("RTV2", {"B": 4}), "northgate")
    shell.receive(receipt("WR2", "RTV2", {"B": 4}), "harbor")
    shell.receive(inspection("IN2", "RTV2", [("B", 4, "rtv")]), "harbor")
    shell.receive(credit_note("CM1", "12.40"), "acme")
    other = (Reference(kind="claim", value="R000002V1"),)
    shell.receive(credit_note("CM1", "12.40", references=other, purpose="replace"), "acme")
    rows = [row for return_ in shell.returns.values() for row in claim_figures(return_)]
    assert [str(row.credited) for row in rows] == ["0", "12.40"]


# --- what makes no sense


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (credit_note("CM1"), "it says no amount"),
        (credit_note("CM1", "-100.00"), "it has an amount below zero"),
        (credit_note("CM1", "100.00", {"A": (8, "60.00")}), "its lines and charges do not add up to 100.00"),
        (credit_note("CM1", "100.00", {"Q": (8, "100.00")}), "Q is no item of R000001V1"),
        (credit_note("CM1", "100.00", {"A": (-8, "100.00")}), "-8 EA is a quantity below zero"),
    ],
)
def test_a_note_that_makes_no_sense_is_held_in_its_own_words(wrong: CreditNote, said: str) -> None:
    shell = as_it_happened(("acme", wrong))
    assert held(shell) == ["vendor_credit_differs"]
    assert f"note CM1: {said}" in words(shell)


def test_a_unit_that_cannot_be_counted_is_said() -> None:
    line = credit_note("CM1", "100.00", {"A": (1, "100.00")}).lines[0].model_copy(update={"unit": "CA"})
    shell = play(note("CM1", "100.00", lines=(line,)))
    assert "nobody can say how many EA 1 CA are" in words(shell)


def test_a_note_that_only_informs_credits_nothing() -> None:
    shell = as_it_happened(note("CM1", "100.00", handling="information"))
    assert (money(shell)[1], state(shell, "CM1")) == ("0.00", ("ignored", "for_information"))


def test_a_credit_note_of_somebody_else_is_not_applied() -> None:
    by_rma = (Reference(kind="rma", value="AC-778"),)
    shell = as_it_happened(("northgate", credit_note("CM1", "100.00", references=by_rma)))
    assert (money(shell)[1], held(shell)) == ("0.00", ["ownership_conflict"])


# --- what the supplier does not take, and goods that turn out otherwise


def test_what_the_supplier_refuses_is_not_claimed_and_waits_for_an_outcome() -> None:
    partial = ("acme", vendor_answer("ACK1", {"A": 6}))
    shell = in_every_order([*CAME, partial, note("CM1", "75.00", {"A": (6, "75.00")})], POLICY, first=MASTERS)
    assert (money(shell), held(shell)) == (("75.00", "75.00", "0.00", "0.00"), ["vendor_refused"])


def test_what_the_supplier_refuses_gets_another_outcome_and_it_is_not_asked_again() -> None:
    shell = as_it_happened(("acme", vendor_answer("ACK2", {"A": 6}, issued_on=date(2025, 3, 6))))
    assert held(shell) == ["vendor_refused"]
    asked = len(shell.vendor_requests)
    with pytest.raises(ValueError, match="this is about 2 of line 1"):
        shell.answer("R000001", "vendor_refused", "dispose", scrap="3")
    shell.answer("R000001", "vendor_refused", "dispose", scrap="2")
    shell.run_erp()
    outcomes = {code: quantity for code, quantity in shell.one().tally("1").d.items() if quantity}
    assert outcomes == {"rtv": Decimal(6), "scrap": Decimal(2), "restock": Decimal(2)}
    assert (held(shell), len(shell.vendor_requests), money(shell)[0]) == ([], asked, "75.00")


def test_a_correction_of_the_inspection_changes_the_claim() -> None:
    """Two of the eight are scrapped after all: what was credited for them is too much, whatever came first."""
    corrected = ("harbor", inspection("IN1", "RTV1", [("A", 6, "rtv"), ("A", 4, "scrap")], purpose="replace"))
    shell = play(corrected, note("CM1", "100.00", {"A": (8, "100.00")}))
    assert money(shell) == ("75.00", "100.00", "0.00", "-25.00")
    assert "vendor_credit_differs" in held(shell)


# --- goods whose cost nobody has said


NO_COST: tuple[Sent, ...] = (("atlas", products(A="", B="")), *MASTERS[1:])


def test_goods_without_a_cost_are_not_claimed_until_somebody_says_it() -> None:
    shell = in_every_order([*CAME, ANSWER], POLICY, first=NO_COST)
    assert held(shell) == ["vendor_cost_unknown"]
    assert not [p for p in shell.one().postings.values() if p.kind == "supplier_claim"]
    shell.answer("R000001", "vendor_cost_unknown", "cost", cost="11.00", currency="EUR")
    shell.run_erp()
    (claim,) = [p for p in shell.one().postings.values() if p.kind == "supplier_claim"]
    assert (claim.amount, figures(shell).currency, held(shell)) == (Decimal("88.00"), "EUR", [])


def test_goods_without_a_cost_can_be_claimed_by_quantity() -> None:
    shell = in_every_order(
        [*CAME, ANSWER],
        POLICY,
        first=NO_COST,
        act=lambda shell: shell.answer("R000001", "vendor_cost_unknown", "claim_without_cost"),
    )
    (claim,) = [p for p in shell.one().postings.values() if p.kind == "supplier_claim"]
    assert (claim.quantity, claim.amount, held(shell), figures(shell).unpriced) == (Decimal(8), None, [], Decimal(8))


def test_a_policy_may_claim_without_cost() -> None:
    policy = POLICY.model_validate({**POLICY.model_dump(), "vendor_claims": {"without_cost": "claim"}})
    shell = in_every_order([*CAME, ANSWER], policy, first=NO_COST)
    assert held(shell) == []


@pytest.mark.parametrize("cost", ["x", "-1", "NaN"])
def test_a_cost_is_a_number(cost: str) -> None:
    shell = in_every_order([*CAME, ANSWER], POLICY, first=NO_COST)
    with pytest.raises(ValueError, match="a cost is a number"):
        shell.answer("R000001", "vendor_cost_unknown", "cost", cost=cost)
    assert held(shell) == ["vendor_cost_unknown"]


# --- time


def test_money_that_is_owed_has_a_clock_until_it_comes() -> None:
    shell = as_it_happened()
    states = [shell.clocks["vendor_credit:R000001"].state]
    shell.receive(credit_note("CM1", "100.00"), "acme")
    assert [*states, shell.clocks["vendor_credit:R000001"].state] == ["running", "met"]


def test_a_note_without_item_is_of_the_claims_only_line() -> None:
    line = credit_note("CM1", "100.00", {"A": (8, "100.00")}).lines[0].model_copy(update={"item": Item()})
    shell = play(note("CM1", "100.00", lines=(line,)))
    assert (money(shell)[1], held(shell)) == ("100.00", [])


def test_a_broken_promise_is_answered_by_a_person() -> None:
    """The sweep opens the Hold; what its answers do is decided here."""
    for answer, open_, state in (("write_off", "0.00", "met"), ("wait", "100.00", "running")):
        shell = as_it_happened()
        return_ = shell.one()
        return_.holds["overdue:vendor_credit:R000001"] = Hold(
            "overdue:vendor_credit:R000001", "vendor_credit_overdue", "finance", derived=False
        )
        started = shell.clocks["vendor_credit:R000001"].started_at
        shell.answer_key("R000001", "overdue:vendor_credit:R000001", answer)
        clock = shell.clocks["vendor_credit:R000001"]
        assert (money(shell)[3], clock.state, held(shell)) == (open_, state, [])
        assert answer == "write_off" or clock.started_at > started


def test_claim_again_sends_the_request_once_more() -> None:
    shell = as_it_happened(note("CM1", "80.00"))
    asked = len(shell.vendor_requests)
    shell.answer("R000001", "vendor_credit_differs", "claim_again")
    assert (len(shell.vendor_requests), held(shell)) == (asked + 1, [])


# --- goods on their way to the supplier


def _sent_out(number: str, purpose: Purpose = "original", claim: str = "R000001V1", **said: Any) -> Sent:
    references = (Reference(kind="claim", value=claim),)
    return ("harbor", shipment(number, "", {"A": 8}, purpose).model_copy(update={"references": references, **said}))


def test_a_shipment_that_names_our_claim_is_of_the_claim_and_moves_nothing() -> None:
    shell = play(_sent_out("OUT1"))
    (claim,) = shell.one().vendor_claims.values()
    (sent,) = claim.shipments.values()
    assert (sent.number, sent.carrier, *sent.tracking) == ("OUT1", "UPSN", "1ZOUT1")
    assert sent.quantities == {"1": Decimal(8)}
    assert not shell.one().tally("1").x
    assert not shell.one().consignments


def test_a_shipment_to_the_supplier_can_be_corrected_and_cancelled() -> None:
    shell = play(_sent_out("OUT1"), _sent_out("OUT1", "replace", tracking=("1Z9",)))
    (claim,) = shell.one().vendor_claims.values()
    assert [sent.tracking for sent in claim.shipments.values()] == [("1Z9",)]
    (cancelled,) = play(_sent_out("OUT1"), _sent_out("OUT1", "cancel")).one().vendor_claims.values()
    assert cancelled.shipments == {}


def test_a_shipment_for_a_claim_that_nobody_made_waits() -> None:
    shell = as_it_happened(_sent_out("OUT1", claim="R000009V1"))
    assert state(shell, "OUT1") == ("parked", "waits_for_vendor_request")
