from __future__ import annotations

from gateway.store import Store
from gateway.store.read import events
from gateway.store.returns import clocks
from gateway.store.returns.clocks import NewClock
from tests.gateway.files import AT
from tests.gateway.store.moments import LATER, MUCH_LATER


def test_a_clock_warns_then_breaches_then_stops(store: Store) -> None:
    with store.write() as tx:
        assert clocks.start(tx, NewClock("answer:R1", "answer", AT, MUCH_LATER, warn_at=LATER, return_no="R1"))
        assert not clocks.start(tx, NewClock("answer:R1", "answer", LATER, MUCH_LATER))
        assert clocks.sweep(tx, AT) == []
        assert [clock.state for clock in clocks.sweep(tx, LATER)] == ["warned"]
        assert clocks.sweep(tx, LATER) == []
        assert clocks.overdue(tx, LATER) == []
        assert [clock.state for clock in clocks.sweep(tx, MUCH_LATER)] == ["breached"]
        assert [clock.key for clock in clocks.overdue(tx, MUCH_LATER)] == ["answer:R1"]
        assert clocks.stop(tx, "answer:R1", at=MUCH_LATER)
        assert not clocks.stop(tx, "answer:R1", at=MUCH_LATER)
        assert [clock.state for clock in clocks.of_return(tx, "R1")] == ["met"]
        assert [event["to_state"] for event in events.history(tx, "due:answer:R1")] == ["warned", "breached"]
