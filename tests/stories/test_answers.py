"""What people say about returns, through the command line: which version stands, what becomes of goods, which line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.homes import drop_sample
from tests.stories.commands import once, type_command


@pytest.fixture
def home(home: Path) -> Path:
    """Northgate's request is authorized; Harbor's inspection may leave the outcome open."""
    layout = home / "partners/harbor/layouts/inspection.toml"
    text = layout.read_text(encoding="utf-8")
    layout.write_text(text.replace('"disposition", required = true', '"disposition"'), encoding="utf-8")
    for partner, sample in (("atlas", "orders.csv"), ("atlas", "products.csv"), ("northgate", "180-requests.edi")):
        drop_sample(home, partner, sample)
        once(home)
    return home


def send(home: Path, name: str, sample: str, *changes: tuple[str, str]) -> None:
    """A sample of Harbor's with some words changed, under a new name."""
    text = (home / "partners/harbor/samples" / sample).read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (home / "inbox/harbor" / name).write_text(text, encoding="utf-8")
    once(home)


def held(home: Path, class_: str) -> dict[str, Any]:
    """The one open Hold of a class, as `status --json` tells it."""
    status = json.loads(type_command(home, "status", "--json").text)
    (found,) = [hold for hold in status["holds"] if hold["class"] == class_]
    return dict(found)


def classes(home: Path) -> list[str]:
    return [hold["class"] for hold in json.loads(type_command(home, "status", "--json").text)["holds"]]


def resolve(home: Path, class_: str, *words: str) -> tuple[int, str]:
    done = type_command(home, "resolve", str(held(home, class_)["id"]), *words)
    return done.code, done.text.strip()


def sound(home: Path) -> None:
    for command in (("verify",), ("rebuild", "--check")):
        done = type_command(home, *command)
        assert done.code == 0, done.text


INSPECTION = "Inspection,RMA,Receipt,Date,Inspector,Line,Split,UPC,Qty,Condition,Outcome,Location,Remark\n"


def inspect(home: Path, *rows: str) -> None:
    head = "QI-{n},RMA-000001,HR20871,2025-03-19,R. Okafor,"
    text = INSPECTION + "".join(f"{head.format(n=4471)}{row}\n" for row in rows)
    (home / "inbox/harbor/inspection-1.csv").write_text(text, encoding="utf-8")
    once(home)


def test_the_new_version_of_a_receipt_is_taken(home: Path) -> None:
    send(home, "944-a.edi", "944-receipt.edi")
    send(home, "944-b.edi", "944-receipt.edi", ("W07*4*", "W07*3*"), ("000005501", "000005502"), ("*5501", "*5502"))
    question = held(home, "duplicate_differs")
    assert question["answers"] == ["keep_first", "take_new", "dismiss"]
    assert "came again with other content" in question["message"]
    assert resolve(home, "duplicate_differs", "take_new", "restock=1") == (
        1,
        "refused: take_new takes no further choice",
    )
    code, text = resolve(home, "duplicate_differs", "take_new", "--actor", "lena", "--note", "a typing error")
    assert (code, text.endswith("take_new: a typing error")) == (0, True)
    assert "duplicate_differs" not in classes(home)
    sound(home)


def test_the_first_version_of_a_receipt_is_kept_and_the_other_stays_refused(home: Path) -> None:
    send(home, "944-a.edi", "944-receipt.edi")
    for n in (2, 3):
        again = (("W07*4*", "W07*3*"), ("000005501", f"00000550{n}"), ("*5501", f"*550{n}"))
        send(home, f"944-{n}.edi", "944-receipt.edi", *again)
        if n == 2:
            assert resolve(home, "duplicate_differs", "keep_first")[0] == 0
        assert "duplicate_differs" not in classes(home)
    sound(home)


def test_outcomes_are_entered_where_the_inspection_names_none(home: Path) -> None:
    send(home, "944-a.edi", "944-receipt.edi")
    inspect(home, "1,1,400101001003,4,A,,A-12,")
    assert held(home, "disposition_missing")["owner"] == "warehouse"
    code, text = resolve(home, "disposition_missing", "--choose", "restock=8", "scrap=2")
    assert (code, text) == (1, "refused: restock=8 scrap=2 is 10, but 4 of line 1 have no outcome yet")
    assert resolve(home, "disposition_missing", "restock=2", "scrap") == (
        1,
        "refused: scrap does not answer disposition_missing: dispose, dismiss do",
    )
    code, text = resolve(home, "disposition_missing", "--choose", "restock=3", "scrap=1")
    assert (code, text.endswith("dispose restock=3 scrap=1")) == (0, True)
    assert "disposition_missing" not in classes(home)
    sound(home)


def test_outcomes_are_entered_for_goods_that_nobody_has_inspected(home: Path) -> None:
    send(home, "944-a.edi", "944-receipt.edi")
    assert type_command(home, "dispose", "R000001", "1", "polish=1").code == 1
    assert type_command(home, "dispose", "R000001", "1", "restock").code == 2
    assert type_command(home, "dispose", "R000009", "1", "restock=1").text == "refused: there is no return R000009\n"
    done = type_command(home, "dispose", "R000001", "1", "restock=3", "scrap=1", "--note", "seen at the dock")
    assert (done.code, done.text) == (0, "done: line 1 of return R000001: 3 restock, 1 scrap\n")
    done = type_command(home, "dispose", "R000001", "1", "restock=4", "--instead")
    assert (done.code, done.text) == (0, "done: line 1 of return R000001: 4 restock\n")
    sound(home)


def test_goods_of_a_line_that_is_not_there_wait_for_a_person(home: Path) -> None:
    send(home, "944-a.edi", "944-receipt.edi")
    inspect(home, "9,1,888888888888,3,A,ST,A-12,", "7,1,999999999999,2,A,ST,A-12,")
    found = json.loads(type_command(home, "status", "--json").text)["holds"]
    stray = [hold for hold in found if hold["class"] == "unknown_line"]
    assert [hold["message"].split(" was inspected")[0] for hold in stray] == ["888888888888", "999999999999"]
    assert stray[0]["answers"] == ["assign line=NUMBER", "unexpected", "reject", "dismiss"]
    wrong = type_command(home, "resolve", str(stray[0]["id"]), "assign", "line=77")
    assert (wrong.code, wrong.text) == (1, "refused: say to which line, as line=NUMBER: R000001 has 1, 2\n")
    assert type_command(home, "resolve", str(stray[0]["id"]), "assign", "line=1").code == 0
    assert type_command(home, "resolve", str(stray[1]["id"]), "reject").code == 0
    assert "unknown_line" not in classes(home)
    sound(home)
