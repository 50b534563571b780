"""What may come back and for how much, by files: rules and their codes in the 180 answer, fees, advances."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any, get_args

from gateway.clock import instant
from gateway.demo.atlas import Atlas
from gateway.returns.policy import Check
from gateway.store.people import requests
from gateway.web import create_app
from tests.gateway.web.browser import Browser
from tests.homes import GatewayAtWork
from tests.translators.x12.files import transaction, whole_file
from translators.x12.sets.code_meanings import RESPONSE_CODES

HOSE, DRILL, BLOWER, LIGHT = "400101002000", "400101001003", "400101006008", "400101003007"
RULES = """
rules = [
  { check = "unknown_order", outcome = "hold" },
  { check = "blocked_customer", outcome = "hold", owner = "finance" },
  { check = "not_on_order", outcome = "deny" },
  { check = "outside_window", outcome = "allow", reasons = ["defective"] },
  { check = "outside_window", outcome = "deny", days = 30, product_class = "garden", reasons = ["not_as_described"] },
  { check = "outside_window", outcome = "deny", days = 90 },
  { check = "outside_warranty", outcome = "deny", days = 30, reasons = ["defective"] },
  { check = "quantity_exceeded", outcome = "limit" },
]
"""


def ask(gateway: GatewayAtWork, number: int, order: str, *lines: tuple[str, int, str]) -> list[str]:
    """Northgate asks by 180 (item, quantity, reason code); the segments of our answer, if there is one yet."""
    body = [f"BGN*13*NR-{number}*20250314*0915", f"PRF*{order}"]
    for n, (gtin, quantity, reason) in enumerate(lines, 1):
        body += [f"BLI*UP*{gtin}*{quantity}*EA", f"N9*FJ*{n}", f"RDR**{reason}"]
    request = transaction("180", body="".join(f"{segment}~" for segment in body))
    before = set(gateway.outbox("northgate"))
    gateway.put("northgate", f"180-{number}.edi", whole_file(request, number=number, receiver="MERIDIAN", time="0925"))
    gateway.work()
    new = {name: data for name, data in gateway.outbox("northgate").items() if name not in before}
    answers = [data for name, data in new.items() if name.startswith("180_")]
    return answers[0].decode().split("~") if answers else []


def decisions(segments: list[str]) -> list[str]:
    """RDR of the answer as a whole, then quantity and RDR of each line."""
    found: list[str] = []
    for segment in segments:
        if segment.startswith("BLI"):
            found.append(segment.split("*")[3])
        elif segment.startswith("RDR"):
            found.append("*".join(segment.split("*")[:4]))
    return found


def page(gateway: GatewayAtWork, number: str) -> Any:
    app = create_app(gateway.engine.store, gateway.engine.home, gateway.engine.configuration.book, gateway.clock)
    return Browser(app).json(f"/api/v1/returns/{number}")


def answer(gateway: GatewayAtWork, class_: str, decision: str, **choices: str) -> None:
    """A person answers the open Hold of a class."""
    with gateway.engine.store.write() as tx:
        (hold,) = [open_hold for open_hold in page_holds(gateway) if open_hold["class"] == class_]
        body = {"hold": hold["id"], "decision": decision, "choose": choices}
        requests.add(tx, "resolve", body, actor="lena", at=instant(gateway.clock.now()))
    gateway.work()


def page_holds(gateway: GatewayAtWork) -> list[dict[str, Any]]:
    app = create_app(gateway.engine.store, gateway.engine.home, gateway.engine.configuration.book, gateway.clock)
    return list(Browser(app).json("/api/v1/holds")["holds"])


def run_erp(gateway: GatewayAtWork) -> None:
    atlas = Atlas(gateway.root / "outbox/atlas", gateway.root / "inbox/atlas", {})
    while atlas.import_files():
        gateway.work()


def test_windows_and_warranties_go_by_product_and_reason(gateway: GatewayAtWork) -> None:
    gateway.write("northgate", RULES)
    # Sold 37 days ago: a hose that does not please is a garden product, a drill is not.
    found = decisions(ask(gateway, 201, "NG-PO-55010", (HOSE, 1, "NA"), (DRILL, 1, "NA")))
    assert found == ["RDR*PA", "0", "RDR*RD**RT", "1", "RDR*RA"]
    # Sold in October: defects are a matter of warranty, which the blower has by the product master and the hose not.
    found = decisions(ask(gateway, 202, "NG-PO-54002", (HOSE, 1, "DR"), (BLOWER, 2, "DR"), (BLOWER, 1, "NA")))
    assert found == ["RDR*PA", "0", "RDR*RD**RT", "2", "RDR*RA", "0", "RDR*RD**RT"]


def test_more_than_was_sold_is_approved_in_part_and_what_is_no_item_of_the_order_denied(gateway: GatewayAtWork) -> None:
    gateway.write("northgate", RULES)
    found = decisions(ask(gateway, 203, "NG-PO-55010", (DRILL, 14, "DR"), (BLOWER, 1, "DR")))
    assert found[:3] == ["RDR*PA", "12", "RDR*RA**QD"]
    assert found[4].startswith("RDR*RD**")
    # Nothing of the drills is left for another request.
    assert decisions(ask(gateway, 204, "NG-PO-55010", (DRILL, 1, "DR")))[-1] == "RDR*RD**QD"


def test_a_blocked_customer_waits_for_finance_and_hears_its_word(gateway: GatewayAtWork) -> None:
    gateway.write("northgate", RULES)
    path = gateway.root / "partners/atlas/partner.toml"
    text = path.read_text(encoding="utf-8").replace('"generic-result"]', '"generic-result", "generic-customers"]')
    path.write_text(text, encoding="utf-8")
    gateway.engine.reload()
    gateway.put("atlas", "customers.csv", b"customer,partner,name,blocked,currency\nC-10010,,Northgate,Y,USD\n")
    gateway.work()
    assert ask(gateway, 205, "NG-PO-55010", (DRILL, 1, "DR")) == []
    (hold,) = page_holds(gateway)
    assert (hold["class"], hold["owner"], hold["answers"]) == ("eligibility_review", "finance", ["approve", "deny"])
    assert page(gateway, "R000001")["waits_for"]["stage"] == "eligibility"
    answer(gateway, "eligibility_review", "approve")
    (sent,) = [data for name, data in gateway.outbox("northgate").items() if name.startswith("180_")]
    assert decisions(sent.decode().split("~")) == ["RDR*RA", "1", "RDR*RA"]


def test_what_came_otherwise_than_announced_is_accepted_closed_and_credited(gateway: GatewayAtWork) -> None:
    ask(gateway, 206, "NG-PO-55010", (DRILL, 4, "DR"), (LIGHT, 6, "DT"))
    shipment = gateway.sample("northgate", "856-shipment.edi").replace(b"NR250314-01", b"NR-206")
    gateway.put("northgate", "856-shipment.edi", shipment)
    gateway.work()
    receipt = (
        gateway.sample("harbor", "944-receipt.edi").replace(b"W07*4*", b"W07*5*").replace(b"W14*10*10", b"W14*11*11")
    )
    gateway.put("harbor", "944-receipt.edi", receipt)
    gateway.work()
    for class_, decision in (
        ("over_received", "accept"),
        ("unexpected_item", "accept_unexpected"),
        ("short_received", "close_short"),
    ):
        answer(gateway, class_, decision)
    assert page_holds(gateway) == []
    rows = [b"QI-1,RMA-000001,HR20871,2025-03-19,R. Okafor,%d,1,%s,%d,A,ST,A-1," % condition for condition in
            ((1, DRILL.encode(), 5), (2, LIGHT.encode(), 5), (3, b"400101007005", 1))]  # fmt: skip
    head = gateway.sample("harbor", "inspection.csv").splitlines()[0]
    gateway.put("harbor", "inspection-1.csv", b"\n".join([head, *rows, b""]))
    gateway.work()
    run_erp(gateway)
    shown = page(gateway, "R000001")
    lines = {line["sku"]: line for line in shown["lines"]}
    credited = {sku: (line["balances"]["credited"], line["balances"]["closed_short"]) for sku, line in lines.items()}
    assert [line["balances"]["shipped"] for line in shown["lines"]] == ["4", "6", "0"]
    assert credited == {"MS-1001": ("5", "0"), "MS-1003": ("5", "1"), "MS-1007": ("1", "0")}
    assert [line["open"] for line in shown["lines"]] == [[], [], []]


def test_fee_freight_and_tax_are_in_the_credit_that_the_erp_is_asked_for(gateway: GatewayAtWork) -> None:
    gateway.write(
        "northgate",
        'settlement = "after_receipt"\nfreight_allowance = "0.50"\ntax_percent = "8"\n'
        "restocking_fee = { not_as_described = 15 }\n",
    )
    ask(gateway, 207, "NG-PO-55010", (DRILL, 4, "NA"), (LIGHT, 6, "DT"))
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work()
    run_erp(gateway)
    asked: dict[str, Decimal] = {}
    for name, data in gateway.outbox("atlas").items():
        if name.endswith(".csv"):
            for row in csv.DictReader(data.decode("utf-8-sig").splitlines()):
                if row["movement_type"] == "CREDIT_REQUEST":
                    asked[row["sku"]] = Decimal(row["amount"])
    drills = Decimal(4) * (Decimal("84.50") * Decimal("0.85") + Decimal("0.50")) * Decimal("1.08")
    lights = Decimal(5) * (Decimal("27.90") + Decimal("0.50")) * Decimal("1.08")
    assert asked == {"MS-1001": drills.quantize(Decimal("0.01")), "MS-1003": lights.quantize(Decimal("0.01"))}


def test_credit_in_advance_is_an_exposure_until_the_goods_come(gateway: GatewayAtWork) -> None:
    gateway.write("northgate", 'settlement = "in_advance"\n')
    ask(gateway, 208, "NG-PO-55010", (DRILL, 4, "DR"), (LIGHT, 6, "DT"))
    run_erp(gateway)
    open_ = {quantity["what"]: quantity["quantity"] for quantity in page(gateway, "R000001")["lines"][0]["open"]}
    assert open_ == {"not shipped": "4", "credited before receipt": "4"}
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work()
    run_erp(gateway)
    open_ = {quantity["what"]: quantity["quantity"] for quantity in page(gateway, "R000001")["lines"][0]["open"]}
    assert open_ == {"not inspected": "4"}
    # What does not come is charged back, and the credit stays.
    answer(gateway, "short_received", "close_short")
    run_erp(gateway)
    sums = page(gateway, "R000001")["lines"][1]["balances"]
    assert (sums["credited"], sums["charged_back"], sums["exposure"]) == ("6", "1", "0")


def test_every_check_that_denies_has_a_code_for_the_answer() -> None:
    # What X12 has no word for is said in ours.
    assert set(get_args(Check)) - set(RESPONSE_CODES) == {"blocked_customer", "over_limit"}
