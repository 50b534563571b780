"""Two partners that nobody has seen before: proposed from their files, settled in TOML and CSV, and at work."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from gateway.commands.partner_folders.checking import check_partners
from gateway.commands.partner_folders.proposing import new_partner
from gateway.home import Home
from gateway.isolation import Parser
from gateway.store.tables import dispatch, hold, intake, return_
from tests.gateway.onboarding.samples import INSPECTIONS, RECEIPTS, REQUEST, interchange, one_set
from tests.homes import at_work

START = datetime(2025, 3, 17, 9, 30, tzinfo=UTC)
ORDERS = b"""ORDNO,ORDLN,CUSTNO,CUSTPO,ORDDAT,SHPDAT,ITEMNO,CUSTITEM,UPC,QTY,UM,PRICE,CUR,INVNO
SO-1,1,C-1,LH-PO-7781,20250218,20250220,MS-1001,LH-44871,400101001003,6,EA,84.50,USD,I-1
SO-1,2,C-1,LH-PO-7781,20250218,20250220,MS-1003,LH-45017,400101003007,8,EA,27.90,USD,I-1
SO-2,1,C-1,LH-PO-7790,20250226,20250301,MS-1004,LH-45120,400101004004,4,EA,59.00,USD,I-2
"""
SECOND = one_set(
    "180",
    "BGN*13*LH-90022*20250317*0811",
    "PRF*LH-PO-7790***20250301",
    "N1*SF*LINDEN HOME RETURNS 2*92*R002",
    "BLI*UP*400101004004*1*EA*UCP*59**IN*LH-45120",
    "RDR**WG",
)
EXPECTED = """direction = "out"
document = "expected_receipt"
format = "delimited"

[columns]
RMA = { field = "rma" }
EAN = { field = "lines.item.gtin" }
Qty = { field = "lines.quantity" }
"""


def propose(home: Home, name: str, samples: dict[str, bytes]) -> None:
    paths = []
    for sample, data in samples.items():
        path = home.root / sample
        path.write_bytes(data)
        paths.append(path)
    assert new_partner(home.root, name, paths, "", lambda _: None) == 0


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def test_two_partners_in_an_afternoon(root: Path, lasting_parser: Parser) -> None:
    home = Home(root)
    requests = {
        "lh_1.edi": interchange(REQUEST, number=4101, usage="P"),
        "lh_2.edi": interchange(SECOND, number=4102, usage="P"),
    }
    results = {
        "GRN_20250318_01.csv": RECEIPTS,
        "QC_20250320.txt": INSPECTIONS.replace(b"   13", b"    3"),
    }
    propose(home, "linden", requests)
    edit(
        home.partners / "linden/partner.toml",
        ('stage = "test"', 'stage = "live"'),
        ('customer = ""', 'customer = "C-1"'),
    )
    edit(home.partners / "linden/codes/reason.csv", ("theirs,ours,text,valid_from,valid_to\n", _with("LK,unwanted")))
    propose(home, "bramble", results)
    edit(
        home.partners / "bramble/partner.toml",
        ('stage = "test"', 'stage = "live"'),
        ('expected_receipt = "none"', 'expected_receipt = "flat:expected"'),
    )
    edit(
        home.partners / "bramble/codes/condition.csv", ("theirs,ours,text,valid_from,valid_to\n", _with("OPN,like_new"))
    )
    (home.partners / "bramble/layouts/expected.toml").write_text(EXPECTED)
    with (home.partners / "linden/partner.toml").open("a") as file:
        file.write('\n[policy]\nwarehouse = "bramble"\n')
    assert check_partners(home.root, ["linden", "bramble"], True, lambda _: None) == 0

    (home.inbox / "atlas/orders.csv").write_bytes(ORDERS)
    with at_work(root, START, lasting_parser) as gateway:
        gateway.work()
        for name, data in requests.items():
            gateway.put("linden", name, data)
        gateway.work()
        assert len(gateway.rows(return_, return_.c.status == "authorized")) == 2
        assert len(gateway.rows(dispatch, dispatch.c.partner == "linden", dispatch.c.kind == "return_answer")) == 2
        assert len(gateway.rows(dispatch, dispatch.c.partner == "bramble", dispatch.c.kind == "expected_receipt")) == 2
        for name, data in results.items():
            gateway.put("bramble", name, data)
        gateway.work()
        assert gateway.rows(intake, intake.c.state != "processed") == []
        assert len(gateway.rows(return_, return_.c.status == "dispositioned")) == 2
        assert gateway.rows(hold, hold.c.state == "open") == []
        assert gateway.verify() == []


def _with(row: str) -> str:
    return f"theirs,ours,text,valid_from,valid_to\n{row},,,\n"
