"""What happens to returns is told to others: the whole story as a feed, by the command line, a webhook and files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.commands.reports.rebuilding import check_rebuild
from gateway.returns.events import EVENT_KINDS
from gateway.returns.events.kinds import COMMON_FIELDS
from gateway.store.migrations import run
from gateway.store.tables import business_event, counter, dead_letter, event_day, movement, step, webhook
from tests.gateway.events.receiver import receiving
from tests.homes import AFTERNOON, DAY, GatewayAtWork, InlineParser, at_work
from tests.stories.commands import type_command


def _story(gateway: GatewayAtWork) -> None:
    """Northgate asks, ships, Harbor receives and inspects, Atlas books."""
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    gateway.atlas_answers()
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work(3600)
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(3600)
    for _ in range(3):
        gateway.atlas_answers()


def test_the_story_as_a_feed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with at_work(home, AFTERNOON, parser=InlineParser()) as gateway:
        _story(gateway)
        assert gateway.verify() == []
    printed = type_command(home, "events")
    events = [json.loads(line) for line in printed.text.splitlines()]
    assert [int(event["sequence"]) for event in events] == list(range(1, len(events) + 1))
    names = {event["type"].removeprefix("returns-gateway.return.").removesuffix(".v1") for event in events}
    assert {"requested", "answered", "authorized", "denied", "shipped", "received", "sent", "posted", "held"} <= names
    for event in events:
        name = event["type"].split(".")[2]
        assert set(event["data"]) <= {*COMMON_FIELDS, *EVENT_KINDS[name].fields}
    of_one = [event["type"] for event in events if event.get("subject") == "R000001"]
    assert of_one[0] == "returns-gateway.return.requested.v1"
    only = type_command(home, "events", "--type", "received", "--after", "1", "--limit", "1").text.splitlines()
    assert [json.loads(line)["type"] for line in only] == ["returns-gateway.return.received.v1"]
    assert json.loads(type_command(home, "events", "schema").text)["oneOf"]
    shown: list[str] = []
    assert check_rebuild(home, shown.append) == 0, "".join(shown)


@pytest.mark.parametrize(
    "tamper",
    [
        business_event.delete().where(business_event.c.name == "received"),
        business_event.update().where(business_event.c.name == "received").values(movement=99),
        business_event.update().where(business_event.c.seq == 3).values(seq=3000),
    ],
)
def test_who_tampers_with_the_feed_is_found(tmp_path: Path, tamper: sa.Executable) -> None:
    with at_work(tmp_path / "home", AFTERNOON, parser=InlineParser()) as gateway:
        _story(gateway)
        with gateway.engine.store.write() as tx:
            tx.execute(tamper)
        assert any(line.startswith("business events: ") for line in gateway.verify())


def test_who_rewrites_what_was_told_is_found_by_a_rebuild(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with at_work(home, AFTERNOON, parser=InlineParser()) as gateway:
        _story(gateway)
        with gateway.engine.store.write() as tx:
            tx.execute(business_event.update().where(business_event.c.seq == 3).values(data='{"quantity":"400"}'))
    shown: list[str] = []
    assert check_rebuild(home, shown.append) != 0
    assert "business_event" in "".join(shown)


def test_webhooks_and_files_of_the_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "words")
    home = tmp_path / "home"
    with receiving() as ours, receiving() as theirs, at_work(home, AFTERNOON, parser=InlineParser()) as gateway:
        secret = 'secret = { env = "WEBHOOK_SECRET" }'
        gateway.write(
            "_house",
            f'\n[[events.webhook]]\nname = "crm"\nurl = "{ours.url}"\n{secret}\n[events.drop]\nto = "harbor"\n',
        )
        gateway.write("northgate", f'\n[[webhook]]\nname = "portal"\nurl = "{theirs.url}"\n{secret}\n')
        gateway.work()
        _story(gateway)
        gateway.work(DAY)
        kinds = {event["type"].split(".")[2] for event in theirs.taken}
        assert {"requested", "authorized", "shipped", "received"} <= kinds
        assert not kinds & {"held", "sent", "posted", "decided"}
        assert {event["partner"] for event in theirs.taken} == {"northgate"}
        assert {"held", "sent", "posted"} <= {event["type"].split(".")[2] for event in ours.taken}
        written = gateway.sent("harbor", "events-*")
        assert [path.name for path in written] == ["events-2025-03-14.csv", "events-2025-03-14.jsonl"]
        lines = [json.loads(line) for line in written[1].read_text(encoding="utf-8").splitlines()]
        assert lines == ours.taken[: len(lines)]
        assert gateway.verify() == []
        before = len(theirs.taken)
        first = int(theirs.taken[0]["id"])
        replayed = type_command(home, "events", "replay", "--from", str(first), "--webhook", "northgate/portal")
        assert replayed.code == 0, replayed.text
        gateway.work()
        assert theirs.ids()[before:] == theirs.ids()[:before]
    shown = type_command(home, "events", "webhooks").text
    assert "northgate/portal: done with" in shown
    assert type_command(home, "events", "replay", "--from", "1", "--webhook", "nobody").code == 1


def test_a_store_of_the_version_before_has_a_feed_from_now_on(tmp_path: Path) -> None:
    """What was decided before is told to nobody; verify and rebuild know where the feed begins."""
    home = tmp_path / "home"
    with at_work(home, AFTERNOON, parser=InlineParser()) as gateway:
        gateway.reference_data()
        gateway.drop("northgate", "180-requests.edi")
        gateway.work()
        store = gateway.engine.store
        with store.write() as tx:  # as the version before had left it
            for table in (business_event, webhook, dead_letter, event_day):
                table.drop(tx)
            tx.execute(sa.text("DROP INDEX ix_posting_erp_document"))
            tx.execute(counter.delete().where(counter.c.name == "feed"))
            tx.execute(run.version_table.update().values(version_num="0001"))
            assert tx.scalar(sa.select(sa.func.count()).select_from(step))
    with at_work(home, AFTERNOON, parser=InlineParser()) as gateway:
        assert gateway.verify() == []
        assert gateway.rows(business_event) == []
        gateway.drop("northgate", "856-shipment.edi")
        gateway.work(3600)
        told = gateway.rows(business_event)
        assert [row["seq"] for row in told] == list(range(1, len(told) + 1))
        assert {"shipped"} <= {row["name"] for row in told}
        assert "requested" not in {row["name"] for row in told}
        assert len(gateway.rows(movement)) > sum(row["movement"] is not None for row in told)
        assert gateway.verify() == []
    shown: list[str] = []
    assert check_rebuild(home, shown.append) == 0, "".join(shown)
