"""A supplier's files through the command line: 180 answers, X12 812 and flat credit notes, and what they come to."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from gateway.home import Home
from gateway.returns import claim_figures
from gateway.store import open_store
from gateway.store.returns.returns import load
from tests.homes import drop_sample
from tests.stories.commands import once, type_command
from tests.stories.money.at_work import Story, story
from tests.translators.x12.files import whole_file

ACME = """name = "Acme Tools"
role = "supplier"
stage = "live"
[identity]
isa = { qualifier = "ZZ", id = "ACME" }
gs = ["ACME"]
[x12]
version = "004010"
[acknowledge]
send = "997"
[sends]
sets = ["180", "812", "997"]
layouts = ["credits"]
[receives]
vendor_request = "x12:180"
"""
CREDITS = """title = "Acme credit notes"
document = "credit_note"
format = "delimited"
files = ["credits*.csv"]
group_by = ["Note"]

[columns]
Note = "number"
Date = "issued_on"
Kind = { field = "direction", values = { CR = "credit", DR = "debit" } }
Total = { field = "amount", required = true }
Cur = "currency"
Claim = "references.claim"
Item = "lines.item.gtin"
Pieces = "lines.quantity"
Value = "lines.amount"
"""
ANSWER = (
    "ST*180*0001~BGN*11*AC-ANS-1*20250321*1015~RDR*RA~"
    "N9*RZ*AC-771~N9*OD*R000001V1~BLI*UP*400101001003*4*EA~N9*FJ*1~RDR*RA~SE*9*0001~"
)
NOTE = (
    "ST*812*0001~BCD*20250402*{number}*K*{cents}*{flag}******{purpose}**DB*R000001V1~CUR*SE*USD~N1*VN*Acme Tools~"
    "CDD*72*{flag}*1*{cents}***{pieces}*EA**UCP*42~LIN**UP*400101001003~SE*7*0001~"
)


@pytest.fixture
def told(home: Path) -> Story:
    """Four drills at 42.00 go back to Acme, which takes them."""
    folder = home / "partners/acme"
    (folder / "layouts").mkdir(parents=True)
    (folder / "partner.toml").write_text(ACME, encoding="utf-8")
    (folder / "layouts/credits.toml").write_text(CREDITS, encoding="utf-8")
    policy = home / "partners/_house/policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8") + '\n[suppliers]\n"V-301" = "acme"\n', encoding="utf-8")
    told = story(home)
    for partner, sample in (("northgate", "180-requests.edi"), ("harbor", "944-receipt.edi")):
        drop_sample(home, partner, sample)
        once(home)
    assert type_command(home, "dispose", "R000001", "1", "rtv=4").code == 0
    told.put("acme", "answer.edi", x12(ANSWER, 1))
    told.erp_answers()
    return told


def x12(text: str, number: int, group: str = "AN") -> bytes:
    return whole_file(text, number=number, sender="ACME", receiver="MERIDIAN", functional_id=group, date="250402")


def note(told: Story, number: str, cents: int, pieces: int, *, purpose: str = "00", flag: str = "C") -> None:
    n = len(list((told.home / "inbox/acme").glob("*"))) + len(told.sent("acme")) + 10
    text = NOTE.format(number=number, cents=cents, pieces=pieces, purpose=purpose, flag=flag)
    told.put("acme", f"{number}-{purpose}-{n}.edi", x12(text, n, "CD"))


def money(told: Story) -> tuple[str, str, str, str]:
    """Claimed, credited, written off and open of the one claim."""
    (row,) = claim_figures(told.return_())
    return str(row.claimed), f"{row.credited:.2f}", f"{row.written_off:.2f}", f"{row.open:.2f}"


def about_claims(told: Story) -> list[str]:
    return [class_ for class_ in told.holds() if class_.startswith("vendor_")]


def test_an_812_settles_the_claim_and_gets_its_997(told: Story) -> None:
    assert money(told) == ("168.00", "0.00", "0.00", "168.00")
    note(told, "CM-1", 16800, 4)
    assert (money(told), about_claims(told)) == (("168.00", "168.00", "0.00", "0.00"), [])
    assert any(b"AK1*CD*" in data and b"AK5*A~" in data for data in told.sent("acme", "997_*").values())
    told.proves()
    assert type_command(told.home, "check", "acme").code == 0


def test_the_erp_is_told_cost_and_both_numbers(told: Story) -> None:
    with open_store(Home(told.home), read_only=True) as store, store.read() as snapshot:
        return_ = load(snapshot, ["R000001"])["R000001"].aggregate
    (claim,) = [p for p in return_.postings.values() if p.kind == "supplier_claim"]
    assert str(claim.amount) == "168.00"
    rows = [row for data in told.sent("atlas", "*.csv").values() for row in csv.DictReader(io.StringIO(data.decode()))]
    (row,) = [row for row in rows if row.get("movement_type") == "VENDOR_CLAIM"]
    told_erp = [row[name] for name in ("quantity", "unit_price", "amount", "currency", "rma", "partner_reference")]
    assert told_erp == ["4", "42", "168", "USD", return_.rma, "AC-771"]


def test_a_part_a_debit_and_a_cancellation(told: Story) -> None:
    note(told, "CM-1", 21000, 5)
    assert about_claims(told) == ["vendor_credit_differs"]
    note(told, "DM-1", 4200, 1, flag="D")
    assert (money(told), about_claims(told)) == (("168.00", "168.00", "0.00", "0.00"), [])
    note(told, "CM-1", 21000, 5, purpose="01")
    assert money(told)[1] == "-42.00"
    told.proves()


def test_what_is_written_off_stays_visible(told: Story) -> None:
    note(told, "CM-1", 12600, 3)
    told.answer("vendor_credit_differs", "accept")
    assert (money(told), about_claims(told)) == (("168.00", "126.00", "42.00", "0.00"), [])
    told.proves()


def test_a_damaged_812_is_rejected_with_exact_codes_and_credits_nothing(told: Story) -> None:
    broken = NOTE.format(number="CM-1", cents=16800, pieces=4, purpose="00", flag="C").replace("*K*16800*C*", "*K**X*")
    told.put("acme", "broken.edi", x12(broken.replace("*4*EA*", "*4**"), 7, "CD"))
    (answer,) = [data.decode() for data in told.sent("acme", "997_*").values() if b"AK1*CD*" in data]
    assert "AK3*BCD*2**8~AK4*4*610*1~AK4*5*478*7*X~AK3*CDD*5**8~AK4*8*355*2~AK5*R*5~AK9*R*1*1*0~" in answer
    assert money(told)[1] == "0.00"
    told.proves()


HEAD = "Note,Date,Kind,Total,Cur,Claim,Item,Pieces,Value\n"


def test_a_flat_credit_note_settles_the_claim(told: Story) -> None:
    told.put("acme", "credits-1.csv", HEAD + "CN7,2025-04-02,CR,168.00,USD,R000001V1,400101001003,4,168.00\n")
    assert (money(told), about_claims(told)) == (("168.00", "168.00", "0.00", "0.00"), [])
    told.put("acme", "credits-2.csv", HEAD + "CN8,2025-04-03,DR,42.00,USD,R000001V1,,,\n")
    assert (money(told)[1], about_claims(told)) == ("126.00", ["vendor_credit_differs"])
    told.proves()


def test_flat_rows_that_cannot_be_read_are_findings_and_the_others_count(told: Story) -> None:
    rows = (
        "CN7,2025-04-02,CR,,USD,R000001V1,400101001003,4,168.00\n",
        "CN8,2025-04-02,XX,168.00,USD,R000001V1,400101001003,4,168.00\n",
        "CN9,2025-04-02,CR,many,USD,R000001V1,400101001003,4,168.00\n",
    )
    for n, row in enumerate(rows):
        told.put("acme", f"credits-{n}.csv", HEAD + row)
        assert money(told)[1] == "0.00", row
    told.put("acme", "credits-9.csv", HEAD + "CN9,2025-04-02,CR,168.00,USD,R000001V1,400101001003,4,168.00\n")
    assert money(told)[1] == "168.00"
    told.proves()


def test_a_note_for_an_unknown_claim_waits_and_is_found_by_its_sender(told: Story) -> None:
    told.put("acme", "credits-1.csv", HEAD + "CN7,2025-04-02,CR,168.00,USD,R000777V1,400101001003,4,168.00\n")
    assert (money(told)[1], about_claims(told)) == ("0.00", [])
    told.proves()


def test_goods_on_their_way_to_the_supplier(told: Story) -> None:
    for arguments, code in (
        (("--carrier", "UPS", "--tracking", "1Z77", "--on", "2025-03-24"), 0),
        ((), 1),
        (("--supplier", "zenith", "--carrier", "UPS"), 1),
        (("--carrier", "UPS", "--on", "24.3."), 2),
    ):
        assert type_command(told.home, "vendor-shipped", "R000001", *arguments).code == code, arguments
    (claim,) = told.return_().vendor_claims.values()
    (shipment,) = claim.shipments.values()
    assert (shipment.carrier, shipment.tracking, shipment.shipped_on) == ("UPS", ("1Z77",), "2025-03-24")
    told.proves()
