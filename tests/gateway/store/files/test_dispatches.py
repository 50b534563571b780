from __future__ import annotations

import pytest

from gateway.faults import NameTaken, StateMoved
from gateway.store import Store
from gateway.store.files import deliveries, dispatches
from gateway.store.files.dispatches import NewDispatch
from gateway.store.read import events
from tests.gateway.files import AT
from tests.gateway.store.moments import LATER


def _send(key: str = "k1", name: str = "f1", data: bytes = b"x") -> NewDispatch:
    return NewDispatch(key, "northgate", "acknowledgment", name, data, return_no="R1")


def test_one_cause_sends_one_file(store: Store) -> None:
    with store.write() as tx:
        first = dispatches.add(tx, _send(), AT)
        assert dispatches.add(tx, _send(data=b"other"), LATER) == first
        with pytest.raises(NameTaken):
            dispatches.add(tx, _send("k2"), AT)
        large = dispatches.add(tx, _send("k3", "f3", b"x" * dispatches.INLINE_LIMIT), AT)
    with store.read() as snapshot:
        row = dispatches.by_dedupe_key(snapshot, "k1")
        assert row is not None
        assert (row.data, row.size, row.state) == (b"x", 1, "pending")
        big = dispatches.get(snapshot, large)
        assert big is not None
        assert big.data is None
        assert deliveries.waiting_channels(snapshot) == [("northgate", "folder")]


def test_what_stands_behind_a_waiting_file_waits_too(store: Store) -> None:
    with store.write() as tx:
        for n in range(3):
            dispatches.add(tx, _send(f"k{n}", f"f{n}"), AT)
        dispatches.add(tx, NewDispatch("other", "cedar", "acknowledgment", "f", b"x"), AT)
        _, second, *_ = deliveries.due(tx, AT)
        deliveries.put_off(tx, second, "no", LATER, AT)
        assert [dispatch.dedupe_key for dispatch in deliveries.due(tx, AT)] == ["k0", "other"]
        assert [dispatch.dedupe_key for dispatch in deliveries.due(tx, LATER)] == ["k0", "k1", "k2", "other"]
        assert [dispatch.dedupe_key for dispatch in deliveries.due(tx, LATER, partner="cedar", channel="folder")] == [
            "other"
        ]


def test_the_states_of_a_dispatch(store: Store) -> None:
    with store.write() as tx:
        dispatch_id = dispatches.add(tx, _send(), AT)
        (item,) = deliveries.due(tx, AT)
        assert deliveries.delivered(tx, [(item, "proof")], AT) == 0  # not staged yet
        assert deliveries.staged(tx, [item], AT) == [item]
        assert deliveries.staged(tx, [item], AT) == []
        assert deliveries.delivered(tx, [(item, "proof")], LATER) == 1
        dispatches.acknowledged(tx, dispatch_id, "accepted", at=LATER)
        assert deliveries.due(tx, LATER) == []
        with pytest.raises(StateMoved):
            deliveries.hold(tx, item, "no", LATER)
    with store.read() as snapshot:
        row = dispatches.get(snapshot, dispatch_id)
        assert row is not None
        assert (row.state, row.proof, row.delivered_at, row.ack_state) == ("delivered", "proof", LATER, "accepted")
        history = [event["to_state"] for event in events.of_return(snapshot, "R1")]
        assert history == ["pending", "staged", "delivered"]


def test_a_held_dispatch_waits_for_a_person(store: Store) -> None:
    with store.write() as tx:
        dispatch_id = dispatches.add(tx, _send(), AT)
        (item,) = deliveries.due(tx, AT)
        deliveries.hold(tx, item, "conflict", AT)
        assert deliveries.due(tx, LATER) == []
        deliveries.send_again(tx, dispatch_id, actor="ada", at=LATER)
        (again,) = deliveries.due(tx, LATER)
        deliveries.hold(tx, again, "conflict", LATER)
        deliveries.void(tx, dispatch_id, reason="sent by mail", actor="ada", at=LATER)
        with pytest.raises(StateMoved):
            deliveries.send_again(tx, dispatch_id, actor="ada", at=LATER)
        assert dispatches.counts(tx) == {"void": 1}
