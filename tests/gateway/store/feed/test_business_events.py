"""The feed: numbers without a hole that are committed in their order, read from a place on."""

from __future__ import annotations

import threading

import pytest

from gateway.holds import HoldSubject, new_hold
from gateway.returns.events import BusinessEvent
from gateway.store import Store
from gateway.store.feed import business_events, event_days
from gateway.store.feed.business_events import EventFilter, EventSubject
from gateway.store.feed.event_days import DailyEvents
from gateway.store.people import holds
from tests.gateway.files import AT
from tests.gateway.store.conftest import store

__all__ = ["store"]

SUBJECT = EventSubject("R000001", "northgate", "R1ABC")
RECEIVED = BusinessEvent("received", {"quantity": "1"}, "1", 1)


def _numbers(store: Store, wanted: EventFilter | None = None) -> list[int]:
    with store.read() as snapshot:
        return [event.seq for event in business_events.matching(snapshot, wanted or EventFilter())]


def test_numbers_go_on_where_they_ended(store: Store) -> None:
    for count in (1, 3, 2):
        with store.write() as tx:
            business_events.append(tx, SUBJECT, [RECEIVED] * count, AT)
    assert _numbers(store) == [1, 2, 3, 4, 5, 6]


def test_what_is_rolled_back_leaves_no_hole(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as tx:
        business_events.append(tx, SUBJECT, [RECEIVED] * 2, AT)
        raise RuntimeError
    with store.write() as tx:
        business_events.append(tx, SUBJECT, [RECEIVED], AT)
    assert _numbers(store) == [1]


def test_a_reader_never_sees_a_number_before_every_smaller_one(store: Store) -> None:
    """Two transactions side by side, where the database lets them: the second waits for the first to commit."""
    began, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        with store.writer.begin() as tx:
            business_events.append(tx, SUBJECT, [RECEIVED], AT)
            began.set()
            may_end.wait(10)

    def quickly() -> None:
        with store.writer.begin() as tx:
            business_events.append(tx, SUBJECT, [RECEIVED], AT)

    first, second = threading.Thread(target=slowly), threading.Thread(target=quickly)
    first.start()
    assert began.wait(10)
    second.start()
    second.join(0.3)
    assert _numbers(store) == [], "2 is not there without 1"
    may_end.set()
    first.join()
    second.join()
    assert _numbers(store) == [1, 2]


def test_what_is_asked_for(store: Store) -> None:
    with store.write() as tx:
        business_events.append(tx, SUBJECT, [RECEIVED, BusinessEvent("held", {})], AT)
        business_events.append(tx, EventSubject("R000002", "cedar", stage="test"), [RECEIVED], AT)
    assert _numbers(store, EventFilter(after=1)) == [2, 3]
    assert _numbers(store, EventFilter(limit=1)) == [1]
    assert _numbers(store, EventFilter(names=["held"])) == [2]
    assert _numbers(store, EventFilter(names=[])) == []
    assert _numbers(store, EventFilter(partners=["cedar"])) == [3]
    assert _numbers(store, EventFilter(return_no="R000001")) == [1, 2]
    assert _numbers(store, EventFilter(stage="test")) == [3]
    assert _numbers(store, EventFilter().between(1, 2)) == [2]


def test_a_feed_of_many_pages_is_read_whole(store: Store) -> None:
    with store.write() as tx:
        business_events.append(tx, SUBJECT, [RECEIVED] * 7, AT)
    with store.read() as snapshot:
        assert [event.seq for event in business_events.all_matching(snapshot, EventFilter(limit=3))] == [*range(1, 8)]


def test_a_day_ends_before_the_first_event_of_the_next(store: Store) -> None:
    with store.write() as tx:
        for at in ("2025-03-14T09", "2025-03-14T23", "2025-03-15T01", "2025-03-14T23", "2025-03-16T01"):
            business_events.append(tx, SUBJECT, [RECEIVED], f"{at}:00:00.000000Z")
    with store.read() as snapshot:
        assert business_events.last_before(snapshot, 0, "2025-03-15") == 2
        assert business_events.last_before(snapshot, 2, "2025-03-16") == 4, "what was late is in the day after"
        assert business_events.last_before(snapshot, 4, "2025-03-16") == 4, "nothing"
        assert business_events.last_before(snapshot, 4, "2025-03-17") == 5


def test_holds_that_concern_returns_are_told_and_those_of_files_are_not(store: Store) -> None:
    of_file = new_hold("intake_failed", "failed:1", HoldSubject("northgate"), name="a.edi", trouble="x")
    of_document = new_hold(
        "parked_too_long",
        "parked:1",
        HoldSubject("northgate"),
        kind="receipt",
        number="W1",
        since="then",
        reason="x",
    )
    with store.write() as tx:
        holds.open_(tx, of_file, AT)
        number = holds.open_(tx, of_document, AT)
        holds.resolve(tx, number, resolution="discarded", actor="ann", at=AT)
    with store.read() as snapshot:
        events = business_events.matching(snapshot, EventFilter())
    assert [(event.name, event.return_no, event.partner) for event in events] == [
        ("held", "", "northgate"),
        ("decided", "", "northgate"),
    ]


def test_the_last_day_that_was_written(store: Store) -> None:
    with store.read() as snapshot:
        assert event_days.last(snapshot) is None
    with store.write() as tx:
        event_days.add(tx, DailyEvents("2025-03-14", 0, 5, AT))
        event_days.add(tx, DailyEvents("2025-03-15", 5, 5, AT))
    with store.read() as snapshot:
        assert event_days.last(snapshot) == DailyEvents("2025-03-15", 5, 5, AT)
