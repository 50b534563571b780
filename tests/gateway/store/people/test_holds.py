from __future__ import annotations

import pytest

from gateway.faults import StateMoved
from gateway.holds import HoldSubject, NewHold
from gateway.store import Store
from gateway.store.people import holds
from gateway.store.read import events
from tests.gateway.files import AT
from tests.gateway.store.moments import LATER


def _open(store: Store, *, reopen: bool = False) -> int:
    with store.write() as tx:
        new = NewHold("crosswalk_missing", "k", "it", "m", "a", HoldSubject(return_no="R1"))
        return holds.open_(tx, new, AT, reopen=reopen)


def test_a_hold_of_no_class_is_refused_at_once(store: Store) -> None:
    with store.write() as tx, pytest.raises(LookupError, match="no Hold class 'mapping'"):
        holds.open_(tx, NewHold("mapping", "k", "it", "m", "a"), AT)


def test_a_hold_is_one_however_often_it_is_opened(store: Store) -> None:
    first = _open(store)
    assert _open(store) == first
    with store.write() as tx:
        assert holds.counts(tx) == {"crosswalk_missing": 1}
        holds.resolve(tx, first, resolution="mapped", actor="ada", at=LATER)
        with pytest.raises(StateMoved):
            holds.resolve(tx, first, resolution="mapped", actor="ada", at=LATER)
        assert not holds.resolve_key(tx, "k", resolution="x", actor="ada", at=LATER)
    assert _open(store) == first
    with store.read() as snapshot:
        assert holds.open_holds(snapshot) == []
        hold = holds.get(snapshot, first)
        assert hold is not None
        assert (hold.state, hold.resolution, hold.resolved_by) == ("resolved", "mapped", "ada")
    assert _open(store, reopen=True) == first
    with store.write() as tx:
        assert [open_hold.id for open_hold in holds.open_holds(tx, return_no="R1")] == [first]
        assert holds.resolve_key(tx, "k", resolution="x", actor="ada", at=LATER)
        history = [event["to_state"] for event in events.history(tx, f"hold:{first}")]
        assert history == ["open", "resolved", "open", "resolved"]
