"""A day's events as files: once, each event in one day, days that were missed made up for."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from gateway.clock import FixedClock
from gateway.events.daily_files import newest_day
from gateway.returns.events import CSV_COLUMNS
from gateway.store.files import dispatches
from gateway.store.files.dispatches import Dispatch
from tests.gateway.events.told import Told
from tests.homes import START

CHICAGO = ZoneInfo("America/Chicago")
DAY = 24 * 3600.0


def _set_up(told: Told, **settings: object) -> None:
    told.drop = {"to": "bi", **settings}
    told.partners["bi"] = SimpleNamespace(
        id="bi",
        webhook=(),
        identity=SimpleNamespace(isa_ids=tuple, gs=()),
        pilot_kinds=frozenset,
        transport=SimpleNamespace(outbound=SimpleNamespace(kind="folder")),
    )


def _write(told: Told) -> int:
    return told.daily.write(told.book(), CHICAGO)


def _files(told: Told) -> dict[str, Dispatch]:
    with told.store.read() as snapshot:
        return {file.name: file for file in dispatches.added_after(snapshot, 0)}


def _ids(file: Dispatch) -> list[str]:
    assert file.data is not None
    return [json.loads(line)["id"] for line in file.data.decode().splitlines()]


def test_a_day_is_written_once_as_lines_of_json_and_as_csv(told: Told) -> None:
    _set_up(told)
    told.happens()
    told.happens("credited")
    assert _write(told) == 0, "the day is not over"
    told.clock.advance(DAY)
    assert _write(told) == 2
    assert _write(told) == 0
    told.restart()
    assert _write(told) == 0, "a new process does not write it again"
    files = _files(told)
    assert list(files) == ["events-2025-03-14.jsonl", "events-2025-03-14.csv"]
    assert _ids(files["events-2025-03-14.jsonl"]) == ["1", "2"]
    data = files["events-2025-03-14.csv"].data
    assert data is not None
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert list(rows[0]) == list(CSV_COLUMNS)
    assert [(row["id"], row["type"], row["quantity"]) for row in rows] == [
        ("1", "returns-gateway.return.received.v1", "1"),
        ("2", "returns-gateway.return.credited.v1", "1"),
    ]
    assert {(file.partner, file.kind, file.channel) for file in files.values()} == {("bi", "events", "folder")}


def test_days_that_were_missed_are_made_up_for_one_by_one(told: Told) -> None:
    _set_up(told, formats=["jsonl"])
    told.happens()
    told.clock.advance(2 * DAY)
    told.happens()
    told.clock.advance(DAY)
    assert _write(told) == 3
    files = _files(told)
    assert {name: _ids(file) for name, file in files.items()} == {
        "events-2025-03-14.jsonl": ["1"],
        "events-2025-03-15.jsonl": [],
        "events-2025-03-16.jsonl": ["2"],
    }


def test_every_event_is_in_exactly_one_day_whatever_the_clock_did(told: Told) -> None:
    _set_up(told, formats=["jsonl"])
    for hours in (0, 14, 16, 4, 34, 35):
        told.clock = FixedClock(START + timedelta(hours=hours))  # it was set back once
        told.happens()
    told.clock.advance(2 * DAY)
    told.restart()
    _write(told)
    ids = [number for file in _files(told).values() for number in _ids(file)]
    assert ids == ["1", "2", "3", "4", "5", "6"]


def test_a_crash_while_a_day_is_written_writes_it_once(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_up(told)
    told.happens()
    told.clock.advance(DAY)

    def dies(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("gateway.store.feed.event_days.add", dies)
        with pytest.raises(RuntimeError):
            _write(told)
    assert _files(told) == {}
    told.restart()
    assert _write(told) == 2


def test_returns_of_partners_in_stage_test_are_left_out_unless_they_are_wanted(told: Told) -> None:
    _set_up(told, formats=["jsonl"], types=["received"])
    told.happens(stage="test")
    told.happens("credited")
    told.happens()
    told.clock.advance(DAY)
    _write(told)
    assert _ids(_files(told)["events-2025-03-14.jsonl"]) == ["3"]


def test_an_empty_feed_writes_nothing(told: Told) -> None:
    _set_up(told)
    assert _write(told) == 0
    assert _files(told) == {}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2025-03-15T06:59", "2025-03-13"),  # 01:59 in Chicago
        ("2025-03-15T07:00", "2025-03-14"),
        ("2025-03-16T04:59", "2025-03-14"),
        ("2025-03-16T07:00", "2025-03-15"),
    ],
)
def test_a_day_is_due_at_its_time_of_the_house(now: str, day: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC).astimezone(CHICAGO)
    assert newest_day(moment, "02:00").isoformat() == day
