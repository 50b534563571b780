"""Goods go back to their vendor, through the command line: we ask by 180, it answers by 180, the ERP learns its RMA."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.home import Home
from gateway.store import open_store
from gateway.store.read import returns as query
from gateway.store.tables import posting
from tests.homes import drop_sample
from tests.stories.commands import once, type_command
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
sets = ["180", "997"]
[receives]
vendor_request = "x12:180"
"""
ANSWER = (
    "ST*180*0001~BGN*11*AC-ANS-{n}*202503{day}*1015~RDR*{code}~"
    "N9*RZ*AC-77{n}~N9*OD*R000001V1~BLI*UP*400101001003*{quantity}*EA~N9*FJ*1~RDR*{code}~SE*9*0001~"
)


@pytest.fixture
def home(home: Path) -> Path:
    """Drills go back to Acme: what Harbor's inspector says of them is not known yet."""
    (home / "partners/acme").mkdir()
    (home / "partners/acme/partner.toml").write_text(ACME, encoding="utf-8")
    policy = home / "partners/_house/policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8") + '\n[suppliers]\n"V-301" = "acme"\n', encoding="utf-8")
    (home / "inbox/acme").mkdir()
    for sender, sample in (
        ("atlas", "orders.csv"),
        ("atlas", "products.csv"),
        ("northgate", "180-requests.edi"),
        ("harbor", "944-receipt.edi"),
    ):
        drop_sample(home, sender, sample)
        once(home)
    return home


def answer(home: Path, n: int, code: str, quantity: int) -> None:
    text = ANSWER.format(n=n, code=code, quantity=quantity, day=20 + n)
    data = whole_file(text, number=n, sender="ACME", receiver="MERIDIAN", date="250321", time="1015")
    (home / "inbox/acme" / f"answer-{n}.edi").write_bytes(data)
    once(home)


def classes(home: Path) -> list[dict[str, Any]]:
    found = json.loads(type_command(home, "status", "--json").text)["holds"]
    return [hold for hold in found if hold["class"] == "vendor_refused"]


def claim(home: Path) -> dict[str, Any]:
    with open_store(Home(home), read_only=True) as store, store.read() as snapshot:
        row = query.row(snapshot, "R000001")
        assert row is not None
        (found,) = json.loads(row["body"])["vendor_claims"].values()
        return dict(found)


def claims_at_erp(home: Path) -> list[tuple[str, str]]:
    """Quantity and reference of the supplier claims that the ERP was told of."""
    with open_store(Home(home), read_only=True) as store, store.read() as snapshot:
        bodies = [json.loads(body) for body in snapshot.execute(sa.select(posting.c.body)).scalars()]
    rows = [body["row"] for body in bodies if body["row"]["kind"] == "supplier_claim"]
    return [(row["quantity"], row["partner_reference"]) for row in rows]


def sound(home: Path) -> None:
    for command in (("check", "acme"), ("verify",), ("rebuild", "--check")):
        done = type_command(home, *command)
        assert done.code == 0, done.text


def test_the_vendor_is_asked_and_what_it_allows_is_claimed(home: Path) -> None:
    assert type_command(home, "dispose", "R000001", "1", "rtv=4").code == 0
    (asked,) = (home / "outbox/acme").glob("180_*.edi")
    text = asked.read_text(encoding="ascii")
    assert "BGN*13*R000001V1*" in text
    assert "BLI*UP*400101001003*4*EA" in text
    assert claims_at_erp(home) == []
    answer(home, 1, "RA", 3)
    (held,) = classes(home)
    assert "acme takes back 3 of the 4 of MS-1001 that R000001V1 asks for (AC-771): authorized" in held["message"]
    assert held["answers"] == ["dispose OUTCOME=QUANTITY…", "ask_again", "dismiss"]
    assert claims_at_erp(home) == [("3", "AC-771")]
    assert type_command(home, "resolve", str(held["id"]), "dismiss").code == 0
    assert classes(home) == []
    assert (claim(home)["rma"], claim(home)["decision"]) == ("AC-771", "authorized")
    sound(home)


def test_a_denial_claims_nothing_and_the_vendor_can_be_asked_again(home: Path) -> None:
    assert type_command(home, "dispose", "R000001", "1", "rtv=4").code == 0
    answer(home, 1, "RD", 4)
    (held,) = classes(home)
    assert type_command(home, "resolve", str(held["id"]), "ask_again").code == 0
    assert len(list((home / "outbox/acme").glob("180_*.edi"))) == 2
    assert claims_at_erp(home) == []
    answer(home, 2, "RA", 4)
    assert (classes(home), claims_at_erp(home)) == ([], [("4", "AC-772")])
    sound(home)


def test_the_vendor_is_asked_a_third_time(home: Path) -> None:
    """Its Hold opens again, under the same number: the answer to it is another one, and so is what it sends."""
    assert type_command(home, "dispose", "R000001", "1", "rtv=4").code == 0
    for n, quantity in ((1, 4), (2, 3)):
        answer(home, n, "RD" if n == 1 else "RA", quantity)
        (held,) = classes(home)
        assert type_command(home, "resolve", str(held["id"]), "ask_again").code == 0
        assert len(list((home / "outbox/acme").glob("180_*.edi"))) == 1 + n
    sound(home)
