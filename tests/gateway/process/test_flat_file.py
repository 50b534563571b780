"""A long flat file is settled part by part: the same outcome as at once, also when we are stopped between two parts."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gateway.isolation import AbnormalEnd, ParserEnded
from gateway.store.tables import document, intake, set_
from tests.homes import GatewayAtWork, InlineParser
from translators import registry
from translators.translation import Translation

HEAD = "Request,Date,PO,Store,Item,UPC,Qty,Reason,Remark\n"


def rows(count: int, bad: int = 0) -> bytes:
    """So many one-line requests, every `bad`-th with a date that no calendar has."""
    lines = [
        f"CR-{n:04},{'13/41' if bad and n % bad == 0 else '03/14'}/2025,CH-{n:04},S014,CH-TL-18V,400101001003,1,DEF,\n"
        for n in range(1, count + 1)
    ]
    return (HEAD + "".join(lines)).encode()


def outcome(gateway: GatewayAtWork) -> dict[str, object]:
    stored = gateway.rows(sa.select(set_.c.ordinal, set_.c.verdict).order_by(set_.c.id))
    documents = gateway.rows(sa.select(document.c.ordinal, document.c.number).order_by(document.c.id))
    (file,) = gateway.rows(sa.select(intake.c.state, intake.c.reason).where(intake.c.partner == "cedar"))
    reports = gateway.sent("cedar", "*.problems.csv")
    return {
        "sets": [(row["ordinal"], row["verdict"]) for row in stored][-10:],
        "documents": [(row["ordinal"], row["number"]) for row in documents if str(row["number"]).startswith("CR")],
        "file": file,
        "reports": [path.read_text(encoding="utf-8").count("bad_date") for path in reports],
        "violations": gateway.verify(),
    }


EXPECTED = {
    "sets": [(n - 1, "rejected" if n % 4 == 0 else "accepted") for n in range(1, 11)],
    "documents": list(enumerate(f"CR-{n:04}" for n in range(1, 11) if n % 4)),
    "file": {"state": "partial", "reason": "bad_date"},
    "reports": [2],
    "violations": [],
}


@pytest.mark.parametrize("size", [3, 5, 10, 11])
def test_parts_make_no_difference(gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(registry, "SETS_PER_PART", size)
    gateway.put("cedar", "requests_1.csv", rows(10, bad=4))
    gateway.work()
    assert outcome(gateway) == EXPECTED


@pytest.mark.parametrize("after", [1, 2])
def test_a_file_goes_on_where_it_was_stopped(
    gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(registry, "SETS_PER_PART", 3)
    stopped: list[int] = []

    def rest(parser: InlineParser) -> object:
        for number, part in enumerate(parser.parts, start=1):
            if not stopped and number == after:
                stopped.append(number)
                raise ParserEnded(AbnormalEnd("died", "as a test wants it"))
            yield part

    monkeypatch.setattr(InlineParser, "rest", rest)
    gateway.put("cedar", "requests_1.csv", rows(10, bad=4))
    gateway.work()
    assert stopped == [after]
    assert outcome(gateway) == EXPECTED


def test_a_declared_batch_of_a_long_file_is_a_duplicate_as_a_whole(
    gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "SETS_PER_PART", 3)
    path = gateway.root / "partners/cedar/layouts/requests.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('Remark = "', 'Remark = "batch_id"\n# "'), encoding="utf-8"
    )
    gateway.engine.reload()
    gateway.put("cedar", "requests_1.csv", rows(7).replace(b",DEF,\n", b",DEF,B7\n"))
    gateway.work()
    gateway.put("cedar", "requests_2.csv", rows(8).replace(b",DEF,\n", b",DEF,B7\n"))
    gateway.work()
    states = gateway.rows(sa.select(intake.c.state).where(intake.c.partner == "cedar").order_by(intake.c.id))
    assert [state["state"] for state in states] == ["processed", "duplicate"]
    assert len(outcome_documents(gateway)) == 7


def outcome_documents(gateway: GatewayAtWork) -> list[object]:
    return [row["number"] for row in gateway.rows(sa.select(document.c.number))]


def test_parts_put_together_are_the_translation(gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "SETS_PER_PART", 4)
    profile = gateway.engine.configuration.book.partners["cedar"].profile
    parts = list(registry.translate_in_parts(rows(10, bad=4), "requests_1.csv", profile))
    assert [(len(part.sets), part.more) for part in parts] == [(4, True), (4, True), (2, False)]
    assert isinstance(parts[0], Translation)
    whole_file = registry.translate(rows(10, bad=4), "requests_1.csv", profile)
    assert [rows.control_number for rows in whole_file.sets] == [f"CR-{n:04}" for n in range(1, 11)]
    assert not whole_file.more
