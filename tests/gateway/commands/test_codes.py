"""Codes without a meaning: lines are held for them, an answer sets the lines free, and nothing is counted twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.commands.partner_folders.codes import answer_code, list_codes
from gateway.engine import Engine
from gateway.home import Home
from gateway.isolation import Parser
from gateway.store.people import requests
from gateway.store.returns import returns
from gateway.store.returns.codes import WaitingCode, waiting_codes
from gateway.store.tables import event, hold, movement, request, return_
from gateway.verify import verify
from tests.homes import at_work, drop_reference_data
from tests.translators.x12.files import whole_file
from translators.profile import CrosswalkRow

REQUESTS = b"""Request,Date,PO,Store,Item,UPC,Qty,Reason,Remark
CR-3001,03/14/2025,CH-8841,S014,CH-TL-18V,400101001003,1,BRK,Battery does not charge
CR-3001,03/14/2025,CH-8841,S014,CH-BAG-01,400101008002,2,WRONG,Ordered in grey
CR-3002,03/14/2025,CH-8860,S021,CH-PW-130,400101005001,1,BRK,
"""
RECEIPT = whole_file(
    "ST*944*0001~W17*C*20250318*HR1*RMA-000001~"
    "N1*WH*HARBOR POINT LOGISTICS*91*HP1~N9*RZ*RMA-000001~"
    "W07*2*EA**UP*400101008002~W13*1*EA*QQ~W14*2~SE*8*0001~",
    number=5501,
    functional_id="RE",
    sender="HARBORPOINT",
    receiver="MERIDIAN",
    date="250318",
    time="1130",
).decode()
INSPECTION = b"""Inspection,RMA,Receipt,Date,Inspector,Line,Split,UPC,Qty,Condition,Outcome,Location,Remark
QI-1,RMA-000001,HR1,2025-03-19,R. Okafor,1,1,400101001003,1,A,ST,A-12,
QI-1,RMA-000001,HR1,2025-03-19,R. Okafor,2,1,400101008002,2,A,MELT,A-12,
"""


@pytest.fixture
def home(root: Path) -> Home:
    """Harbor may send condition codes that its guide does not list."""
    home = Home(root)
    guides = home.partners / "harbor/guides"
    guides.mkdir()
    (guides / "944.toml").write_text('[[codes]]\nelement = "W1303"\nopen = true\n')
    drop_reference_data(root)
    return home


@pytest.fixture
def engine(home: Home, lasting_parser: Parser) -> Iterator[Engine]:
    with at_work(home.root, parser=lasting_parser) as gateway:
        gateway.work()
        yield gateway.engine


def receive(engine: Engine, partner: str, name: str, data: bytes) -> None:
    (engine.home.inbox / partner / name).write_bytes(data)
    engine.until_quiet()


def waiting(engine: Engine) -> list[WaitingCode]:
    with engine.store.read() as snapshot:
        return waiting_codes(snapshot, engine.configuration.book, engine.configuration.policy)


def ledger(engine: Engine) -> dict[str, int]:
    """Units of each kind of movement, reversals taken off."""
    with engine.store.read() as snapshot:
        rows = list(snapshot.execute(sa.select(movement)))
    gone = {(row.return_no, row.reverses) for row in rows if row.reverses}
    kept = [row for row in rows if not row.reverses and (row.return_no, row.seq) not in gone]
    kinds = {row.kind for row in kept}
    return {kind: sum(int(row.quantity) for row in kept if row.kind == kind) for kind in kinds}


def one(engine: Engine, query: sa.Select[str]) -> list[str]:
    with engine.store.read() as snapshot:
        return [str(value) for value in snapshot.execute(query).scalars()]


def say(engine: Engine, partner: str, table: str, theirs: str, ours: str) -> str:
    """Answer beside the engine that owns the home, then let it work → what the command said."""
    printed: list[str] = []
    row = CrosswalkRow(theirs=theirs, ours=ours)
    assert answer_code(engine.home.root, partner, table, row, False, "ann", printed.append) == 0
    engine.until_quiet()
    return "".join(printed)


def test_lines_with_an_unknown_reason_are_one_entry_of_the_worklist(engine: Engine) -> None:
    receive(engine, "cedar", "requests.csv", REQUESTS)
    (entry,) = waiting(engine)
    assert (entry.partner, entry.table, entry.theirs) == ("cedar", "reason", "BRK")
    assert (len(entry.lines), sorted(entry.returns)) == (2, ["R000001", "R000002"])
    assert entry.since.startswith("2025-03-14")


def test_an_answer_beside_a_running_gateway_is_carried_out_by_its_next_tick(engine: Engine) -> None:
    receive(engine, "cedar", "requests.csv", REQUESTS)
    assert "is left for the running gateway" in say(engine, "cedar", "reason", "BRK", "defective")
    assert waiting(engine) == []
    assert one(engine, sa.select(return_.c.status).distinct()) == ["authorized"]
    assert one(engine, sa.select(hold.c.resolution)) == ["cleared: its cause is gone"] * 2
    assert one(engine, sa.select(request.c.outcome)) == ["cedar reason BRK: 2 documents decided again"]
    assert ledger(engine) == {"authorize": 4}
    assert len(one(engine, sa.select(event.c.actor).where(event.c.message.like("read again%")))) == 2
    assert verify(engine.store, engine.home).violations == []


def test_what_a_person_has_denied_stays_denied(engine: Engine) -> None:
    receive(engine, "cedar", "requests.csv", REQUESTS.replace(b"WRONG", b"BRK"))
    with engine.store.write() as tx:
        first = tx.execute(sa.select(hold.c.id).where(hold.c.line_no == "1").order_by(hold.c.id)).scalars().first()
        requests.add(tx, "resolve", {"hold": first, "decision": "deny"}, actor="ann", at="2025-03-14T10:00:00.000000Z")
    engine.until_quiet()
    say(engine, "cedar", "reason", "BRK", "defective")
    assert waiting(engine) == []
    with engine.store.read() as snapshot:
        lines = returns.load(snapshot, ["R000001"])["R000001"].aggregate.lines
    assert [line.decision for line in lines.values()] == ["denied", "authorized"]


def test_a_row_that_somebody_edits_in_sets_the_lines_free_too(engine: Engine) -> None:
    receive(engine, "cedar", "requests.csv", REQUESTS)
    codes = engine.home.partners / "cedar/codes/reason.csv"
    codes.write_text(codes.read_text() + "BRK,defective,,,\n")
    assert engine.tick().requests == 0
    assert engine.reload()
    engine.until_quiet()
    assert waiting(engine) == []
    assert ledger(engine) == {"authorize": 4}


def test_a_code_that_has_no_meaning_on_the_documents_day_stays_on_the_list(engine: Engine) -> None:
    receive(engine, "cedar", "requests.csv", REQUESTS)
    row = CrosswalkRow(theirs="BRK", ours="defective", valid_from="2025-03-15")
    answer_code(engine.home.root, "cedar", "reason", row, False, "ann", lambda _: None)
    engine.until_quiet()
    assert one(engine, sa.select(request.c.state)) == ["refused"]
    assert "still has no meaning on the day" in one(engine, sa.select(request.c.outcome))[0]
    assert [entry.theirs for entry in waiting(engine)] == ["BRK"]


def test_conditions_and_dispositions_are_counted_once(engine: Engine) -> None:
    receive(engine, "cedar", "requests.csv", REQUESTS.replace(b"BRK", b"DEF"))
    receive(engine, "harbor", "944.edi", RECEIPT.encode())
    receive(engine, "harbor", "inspection.csv", INSPECTION)
    found = {(e.partner, e.table, e.theirs): sorted(e.returns) for e in waiting(engine)}
    assert ("harbor", "disposition", "MELT") in found
    assert ("harbor", "condition", "QQ") in found
    before = ledger(engine)
    say(engine, "harbor", "disposition", "MELT", "scrap")
    say(engine, "harbor", "condition", "QQ", "damaged")
    assert waiting(engine) == []
    after = ledger(engine)
    assert after["authorize"] == before["authorize"]
    assert after["receive"] == 2
    assert after.get("disposition", 0) <= after["receive"]
    assert verify(engine.store, engine.home).violations == []


def test_a_disposition_that_the_policy_does_not_have_waits_for_another_word(engine: Engine) -> None:
    receive(engine, "cedar", "requests.csv", REQUESTS.replace(b"BRK", b"DEF"))
    codes = engine.home.partners / "harbor/codes/disposition.csv"
    codes.write_text(codes.read_text() + "MELT,melted,,,\n")
    engine.reload()
    receive(engine, "harbor", "944.edi", RECEIPT.replace("W13*1*EA*QQ~", "").replace("SE*8", "SE*7").encode())
    receive(engine, "harbor", "inspection.csv", INSPECTION)
    (entry,) = waiting(engine)
    assert (entry.theirs, entry.read_as) == ("MELT", "melted")
    codes.write_text(codes.read_text().replace("MELT,melted", "MELT,scrap"))
    engine.reload()
    engine.until_quiet()
    assert waiting(engine) == []


def test_alone_the_answer_is_carried_out_at_once(home: Home, lasting_parser: Parser) -> None:
    (home.inbox / "cedar" / "requests.csv").write_bytes(REQUESTS)
    with at_work(home.root, parser=lasting_parser) as gateway:
        gateway.work()
    printed: list[str] = []
    assert list_codes(home.root, True, printed.append) == 0
    (entry,) = json.loads("".join(printed))
    assert (entry["partner"], entry["table"], entry["theirs"], entry["lines"]) == ("cedar", "reason", "BRK", 2)
    printed.clear()
    list_codes(home.root, False, printed.append)
    assert "returns-gateway codes answer cedar reason BRK …" in "".join(printed)
    printed.clear()
    row = CrosswalkRow(theirs="BRK", ours="defective", text="Broken")
    assert answer_code(home.root, "cedar", "reason", row, False, "ann", printed.append) == 0
    assert "done: cedar reason BRK: 2 documents decided again" in "".join(printed)
    printed.clear()
    list_codes(home.root, False, printed.append)
    assert "".join(printed) == "no line waits for the meaning of a code\n"


def test_an_answer_before_anything_has_run_only_writes_the_row(root: Path) -> None:
    printed: list[str] = []
    row = CrosswalkRow(theirs="BRK", ours="defective")
    assert answer_code(root, "cedar", "reason", row, False, "ann", printed.append) == 0
    assert "counts from the next file on" in "".join(printed)


def test_what_a_partner_wrote_is_no_command_in_the_shell_of_whoever_copies_the_answer(
    home: Home, lasting_parser: Parser
) -> None:
    (home.inbox / "cedar" / "requests.csv").write_bytes(REQUESTS.replace(b"BRK", b"$(reboot)"))
    (home.inbox / "cedar" / "requests2.csv").write_bytes(REQUESTS.replace(b"BRK", b"-rf").replace(b"CR-", b"CS-"))
    with at_work(home.root, parser=lasting_parser) as gateway:
        gateway.work()
    printed: list[str] = []
    list_codes(home.root, False, printed.append)
    assert "returns-gateway codes answer cedar reason '$(reboot)' …" in "".join(printed)
    assert "returns-gateway codes answer -- cedar reason -rf …" in "".join(printed)
