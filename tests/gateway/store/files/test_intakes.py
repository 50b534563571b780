from __future__ import annotations

import pytest

from gateway.faults import StateMoved
from gateway.store import Store
from gateway.store.files import intakes
from gateway.store.files.intakes import NewIntake, NewState
from gateway.store.read import events
from tests.gateway.files import AT
from tests.gateway.store.moments import LATER


def _new(claim: str = "c1", sha256: str = "aa") -> NewIntake:
    return NewIntake(claim, "northgate", "a.edi", 3, sha256, source="folder:inbox/northgate")


def test_a_claim_is_recorded_once(store: Store) -> None:
    with store.write() as tx:
        first = intakes.record_many(tx, [_new("c1"), _new("c2")], AT)
        again = intakes.record_many(tx, [_new("c3"), _new("c1", "other bytes")], LATER)
    assert first.new == set(first.ids)
    assert again.ids[1] == first.ids[0]
    assert again.new == {again.ids[0]}
    assert again.sha256s == ["aa", "aa"]  # the row's, not the newcomer's
    with store.read() as snapshot:
        assert [event["to_state"] for event in events.history(snapshot, f"intake:{first.ids[0]}")] == ["received"]
        assert [intake.claim for intake in intakes.in_state(snapshot, "received")] == ["c1", "c2", "c3"]
        assert [intake.id for intake in intakes.with_sha256(snapshot, "northgate", "aa")] == [*first.ids, again.ids[0]]
        assert intakes.counts(snapshot) == {"received": 3}


def test_an_intake_moves_only_from_where_it_is(store: Store) -> None:
    with store.write() as tx:
        intake_id = intakes.record(tx, _new(), AT)
        assert intakes.count_attempt(tx, intake_id) == 1
        junk = NewState("quarantined", "junk", reason="not_x12")
        intakes.move(tx, intake_id, "received", junk, at=LATER, actor="gateway")
    with pytest.raises(StateMoved, match="quarantined, not received"), store.write() as tx:
        intakes.move(tx, intake_id, "received", NewState("processed"), at=LATER)
    with pytest.raises(ValueError, match="no intake state"), store.write() as tx:
        intakes.move(tx, intake_id, "quarantined", NewState("lost"), at=LATER)
    with pytest.raises(StateMoved), store.write() as tx:
        intakes.count_attempt(tx, 999)
    with store.read() as snapshot:
        row = intakes.get(snapshot, intake_id)
        assert row is not None
        assert (row.state, row.reason, row.finished_at, row.attempts) == ("quarantined", "not_x12", LATER, 1)
        history = events.history(snapshot, f"intake:{intake_id}")
        assert [(event["from_state"], event["to_state"]) for event in history][1:] == [("received", "quarantined")]
        assert intakes.get(snapshot, 999) is None
