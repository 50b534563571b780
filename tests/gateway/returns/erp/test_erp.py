"""Postings and the ERP's word on them: order, money, refusals, reversals, repeats."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gateway.holds import answers_to
from gateway.returns import (
    UNRENDERABLE,
    CannotResolve,
    Hold,
    Policy,
    Routes,
    balances,
    net_postings,
    pack,
    row_of,
    status_of,
)
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.shell import Shell
from translators.canonical import ErpResult, ErpResultRow


def inspected(policy: Policy) -> Shell:
    shell = Shell(policy=policy)
    shell.receive(orders("SO1", A=10), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 10}), "harbor")
    outcomes = [("A", 5, "restock"), ("A", 2, "rtv"), ("A", 1, "repair"), ("A", 1, "quarantine"), ("A", 1, "replace")]
    shell.receive(inspection("IN1", "RTV1", outcomes), "harbor")
    return shell


@pytest.mark.parametrize(
    ("settlement", "credited"),
    [("after_inspection", 7), ("after_receipt", 8), ("in_advance", 8), ("none", 0)],
)
def test_settlement_decides_what_is_credited(settlement: str, credited: int) -> None:
    shell = inspected(Policy.model_validate({"settlement": settlement, "erp": "atlas"}))
    shell.run_erp()
    assert balances(shell.one(), "1").credited == credited + _replaced(shell)
    net = {slot[1:]: quantity for slot, (quantity, _) in net_postings(shell.one()).items()}
    assert net["inventory_move", "restock"] == 5
    assert net["supplier_claim", "rtv"] == 2
    assert net["repair_order", "repair"] == 1
    assert net["replacement", "replace"] == 1
    assert net.get(("credit_request", "0"), 0) == credited
    assert status_of(shell.one()) == "dispositioned"  # one stands in quarantine, one is repaired
    shell.dispose("R000001", "1", left="quarantine", scrap="1")
    shell.dispose("R000001", "1", left="repair", return_to_customer="1")
    shell.run_erp()
    assert status_of(shell.one()) == "closed"


def _replaced(shell: Shell) -> int:
    """Replacements settle a unit as a credit does."""
    return sum(int(p.quantity) for p in shell.one().postings.values() if p.kind == "replacement")


def test_postings_wait_for_what_they_need() -> None:
    shell = inspected(Policy(erp="atlas"))
    order = []
    while keys := shell.ship_batches():
        order.append(sorted({key.split("-")[2] for key in keys}))
        shell.post(keys)
    assert order == [["RO"], ["GR"], ["CR", "IM", "RP"], ["RE", "VC"]]


def test_money_is_exact_however_it_comes_in_parts() -> None:
    policy = Policy.model_validate(
        {
            "settlement": "after_receipt",
            "restocking_fee": {"defective": 15},
            "freight_allowance": "0.333",
            "tax_percent": 7,
        }
    )
    whole, parts = Shell(policy=policy), Shell(policy=policy)
    for shell, quantities in ((whole, [7]), (parts, [1, 2, 1, 3])):
        shell.receive(orders("SO1", A=7), "atlas")
        shell.receive(request("RTV1", {"A": 7}), "northgate")
        for n, quantity in enumerate(quantities):
            shell.receive(receipt(f"WR{n}", "RTV1", {"A": quantity}), "harbor")
            shell.run_erp()
    expected = (Decimal(7), Decimal("129.76"))
    assert net_postings(whole.one())["1", "credit_request", "0"] == expected
    assert net_postings(parts.one())["1", "credit_request", "0"] == expected


def test_a_row_of_the_import_file_has_everything() -> None:
    shell = inspected(Policy(erp="atlas", warehouse="harbor"))
    stored = {row["key"]: row for row in pack(shell.one())["postings"]}
    row = row_of(stored["R000001-1-IM-restock-1"]["body"], 3)
    assert [row.row_no, row.idempotency_key, row.kind, row.quantity] == [
        3,
        "R000001-1-IM-restock-1",
        "inventory_move",
        5,
    ]
    assert (row.sku, row.customer, row.order_number, row.stock_status) == ("A", "C100", "SO1", "available")
    assert (row.disposition, row.site, str(row.event_on), row.document_ref) == (
        "restock",
        "harbor",
        "2025-03-03",
        "IN1",
    )
    assert json.loads(stored["R000001-1-CR-0-1"]["body"])["row"]["currency"] == "USD"


def test_what_left_us_is_reversed_and_what_did_not_is_cancelled() -> None:
    shell = inspected(Policy(erp="atlas"))
    shell.post(shell.ship_batches())  # return order
    sent = shell.ship_batches()  # goods receipt, no result yet
    shell.receive(receipt("WR1", "RTV1", {"A": 4}, purpose="replace"), "harbor")
    postings = shell.one().postings
    assert postings["R000001-1-IM-restock-1"].state == "cancelled"
    reversal = postings["R000001-1-GR-good-2"]
    assert [reversal.sign, reversal.quantity, reversal.waits_for] == ["-", 6, "R000001-1-GR-good-1"]
    assert "R000001-1-GR-good-3" not in postings
    shell.post(sent)
    shell.undo()
    origin = postings["R000001-1-GR-good-1"]
    assert (origin.state, reversal.state) == ("posted", "posted")
    assert origin.reversed == 6
    assert reversal.document_ref == "R000001-1-GR-good-1"
    assert net_postings(shell.one())["1", "goods_receipt", "good"][0] == 4


def test_a_credit_taken_back_leaves_the_ledger_when_the_erp_has_reversed_it() -> None:
    shell = inspected(Policy(erp="atlas", settlement="after_receipt"))
    shell.run_erp()
    assert balances(shell.one(), "1").credited == 9
    shell.receive(receipt("WR1", "RTV1", {}, purpose="cancel"), "harbor")
    assert balances(shell.one(), "1").credited == 9
    shell.undo()
    assert balances(shell.one(), "1").credited == 0
    reversals = [m for m in shell.one().movements if m.kind == "credit" and m.reverses]
    assert all(shell.one().movements[(m.reverses or 0) - 1].kind == "credit" for m in reversals)


def row(key: str, status: str, document: str = "", error: str = "") -> ErpResultRow:
    return ErpResultRow.model_validate(
        {"idempotency_key": key, "status": status, "erp_document": document, "error_code": error, "error_text": error}
    )


def tell(shell: Shell, *rows: ErpResultRow) -> tuple[str, str]:
    return shell.states[shell.receive(ErpResult(number="B1", rows=rows), "atlas")]


KEY = "R000001-1-RO-0-1"


def test_results_repeat_contradict_and_err() -> None:
    shell = inspected(Policy(erp="atlas"))
    shell.ship_batches()
    assert tell(shell, row(KEY, "posted", "60001")) == ("applied", "")
    assert tell(shell, row(KEY, "posted", "60001")) == ("ignored", "duplicate")
    assert tell(shell, row("R000009-1-RO-0-1", "posted", "60009")) == ("held", "erp_unknown_posting")
    assert [h.class_ for h in shell.loose_holds.values()] == ["erp_unknown_posting"]
    tell(shell, row(KEY, "posted", "60002"))
    tell(shell, row(KEY, "refused", error="M1"))
    posting = shell.one().postings[KEY]
    assert (posting.state, posting.erp_document) == ("posted", "60001")
    assert {h.class_ for h in shell.one().open_holds()} == {"erp_conflict"}


def test_posted_needs_a_document_number() -> None:
    shell = inspected(Policy(erp="atlas"))
    shell.ship_batches()
    tell(shell, row(KEY, "posted"))
    assert shell.one().postings[KEY].state == "delivered"
    assert [h.class_ for h in shell.one().open_holds()] == ["erp_conflict"]


def test_a_warning_with_a_document_is_posted_and_without_one_is_noted() -> None:
    shell = inspected(Policy(erp="atlas"))
    shell.ship_batches()
    tell(shell, row(KEY, "warning", error="price differs"))
    assert shell.one().postings[KEY].state == "delivered"
    assert any("price differs" in text for _, text in shell.notes)
    tell(shell, row(KEY, "warning", "60001", "price differs"))
    assert shell.one().postings[KEY].state == "posted"


def test_a_refusal_holds_until_the_erp_posts_or_a_person_answers() -> None:
    shell = inspected(Policy(erp="atlas"))
    shell.ship_batches()
    tell(shell, row(KEY, "refused", error="period closed"))
    (hold,) = shell.one().open_holds()
    assert (hold.class_, hold.posting_key, hold.owner) == ("erp_refused", KEY, "it")
    assert "period closed" in hold.message
    tell(shell, row(KEY, "posted", "60001"))
    assert shell.one().open_holds() == []


def test_a_posting_to_be_reversed_that_the_erp_refuses_is_done() -> None:
    shell = inspected(Policy(erp="atlas"))
    shell.post(shell.ship_batches())
    shell.ship_batches()
    shell.receive(receipt("WR1", "RTV1", {}, purpose="cancel"), "harbor")
    tell(shell, row("R000001-1-GR-good-1", "refused", error="locked"))
    states = {p.key: p.state for p in shell.one().postings.values() if p.kind == "goods_receipt"}
    assert states == {"R000001-1-GR-good-1": "cancelled", "R000001-1-GR-good-2": "cancelled"}
    assert shell.one().open_holds() == []


def test_only_a_fitting_decision_answers_a_hold() -> None:
    shell = inspected(Policy(erp="atlas"))
    shell.ship_batches()
    tell(shell, row(KEY, "refused", error="period closed"))
    assert [answer.name for answer in answers_to("erp_refused")] == ["retry_posting", "drop_posting", "dismiss"]
    with pytest.raises(CannotResolve, match="retry_posting, drop_posting, dismiss do"):
        shell.answer("R000001", "erp_refused", "approve")
    shell.answer("R000001", "erp_refused", "retry_posting")
    assert shell.one().postings[KEY].state == "ready"
    (note,) = [text for _, text in shell.notes if text.startswith("ann answered")]
    assert note == "ann answered erp_refused: retry_posting"


def test_a_refusal_dropped_by_a_person_blocks_no_more() -> None:
    shell = inspected(Policy(erp="atlas"))
    while keys := shell.ship_batches():
        shell.post(keys, refuse=[k for k in keys if "-CR-" in k])
    for left in ("quarantine", "repair"):
        shell.dispose("R000001", "1", left=left, return_to_customer="1")
    shell.run_erp()
    assert status_of(shell.one()) == "settling"
    shell.answer("R000001", "erp_refused", "drop_posting")
    assert status_of(shell.one()) == "closed"
    assert shell.run_erp() == 0


def test_what_is_decided_in_the_evening_is_posted_on_that_day() -> None:
    """The house is in Chicago; in UTC it is the next day, here even the next month."""
    policy = Policy.model_validate({"erp": "atlas", "calendar": {"time_zone": "America/Chicago"}})
    shell = Shell(policy=policy, now=datetime(2025, 4, 1, 3, 0, tzinfo=UTC))
    shell.receive(orders("SO1", sold="2025-03-20", A=10), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")
    assert shell.one().postings[KEY].event_on == "2025-03-31"


def test_the_site_is_one_that_the_erp_knows() -> None:
    """Not our name for the warehouse, also before a receipt names one."""
    policy = Policy(erp="atlas", warehouse="harbor", routes=Routes(sites={"harbor": "HP1"}))
    shell = Shell(policy=policy)
    shell.receive(orders("SO1", A=10), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")
    assert shell.one().postings[KEY].site == "HP1"


def test_a_row_names_the_invoice_of_the_sale() -> None:
    shell = Shell(policy=Policy(erp="atlas"))
    sale = orders("SO1", A=10)
    rows = tuple({**each, "invoice_number": "INV-1"} for each in sale.rows)
    shell.receive(sale.model_copy(update={"rows": rows}), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")
    (stored,) = pack(shell.one())["postings"]
    assert row_of(stored["body"], 1).invoice_number == "INV-1"


def test_what_no_file_can_carry_is_no_refusal_of_the_erp() -> None:
    """Its own Hold asks about it, and is gone with the posting."""
    shell = inspected(Policy(erp="atlas"))
    posting = shell.one().postings[KEY]
    posting.state, posting.error_code = "refused", UNRENDERABLE
    hold = Hold(f"unrenderable:{KEY}", UNRENDERABLE, "it", derived=False, posting_key=KEY)
    shell.one().holds[hold.key] = hold
    shell.receive(receipt("WR2", "RTV1", {}), "harbor")
    assert [h.class_ for h in shell.one().open_holds()] == [UNRENDERABLE]
    posting.state = "cancelled"
    shell.receive(receipt("WR3", "RTV1", {}), "harbor")
    assert shell.one().open_holds() == []


def test_only_the_erp_that_has_a_posting_answers_for_it() -> None:
    shell = inspected(Policy(erp="atlas"))
    shell.ship_batches()
    document = shell.receive(ErpResult(number="B1", rows=(row(KEY, "posted", "60001"),)), "borealis")
    assert shell.states[document] == ("held", "erp_unknown_posting")
    assert shell.one().postings[KEY].state == "delivered"


def test_a_refusal_of_what_is_not_sent_yet_is_noted() -> None:
    """The ERP says the same once more after a person has decided to try again."""
    shell = inspected(Policy(erp="atlas"))
    shell.ship_batches()
    tell(shell, row(KEY, "refused", error="period closed"))
    shell.answer("R000001", "erp_refused", "retry_posting")
    tell(shell, row(KEY, "refused", error="period closed"))
    assert shell.one().postings[KEY].state == "ready"
    assert shell.one().open_holds() == []
    assert "yet to be sent" in shell.notes[-1][1]
