"""The rows of each area: recorded once, moved only from where they may move, every move told."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.faults import DiskFull, IncompleteFile, NameTaken, StateMoved
from gateway.holds import HoldSubject, NewHold
from gateway.store import Store, open_store
from gateway.store.files import deliveries, dispatches, intakes
from gateway.store.files.dispatches import NewDispatch
from gateway.store.files.intakes import NewIntake, NewState
from gateway.store.people import holds, requests
from gateway.store.read import events
from gateway.store.returns import clocks
from gateway.store.returns.clocks import NewClock
from gateway.store.system import counters, faults
from tests.gateway.files import AT

LATER = "2025-03-14T10:00:00.000000Z"
MUCH_LATER = "2025-03-15T10:00:00.000000Z"


def _new(claim: str = "c1", sha256: str = "aa") -> NewIntake:
    return NewIntake(claim, "northgate", "a.edi", 3, sha256, source="folder:inbox/northgate")


# --- intakes


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
        assert [each.claim for each in intakes.in_state(snapshot, "received")] == ["c1", "c2", "c3"]
        assert [each.id for each in intakes.with_sha256(snapshot, "northgate", "aa")] == [*first.ids, again.ids[0]]
        assert intakes.counts(snapshot) == {"received": 3}


def test_an_intake_moves_only_from_where_it_is(store: Store) -> None:
    with store.write() as tx:
        id_ = intakes.record(tx, _new(), AT)
        assert intakes.count_attempt(tx, id_) == 1
        junk = NewState("quarantined", "junk", reason="not_x12")
        intakes.move(tx, id_, "received", junk, at=LATER, actor="gateway")
    with pytest.raises(StateMoved, match="quarantined, not received"), store.write() as tx:
        intakes.move(tx, id_, "received", NewState("processed"), at=LATER)
    with pytest.raises(ValueError, match="no intake state"), store.write() as tx:
        intakes.move(tx, id_, "quarantined", NewState("lost"), at=LATER)
    with pytest.raises(StateMoved), store.write() as tx:
        intakes.count_attempt(tx, 999)
    with store.read() as snapshot:
        row = intakes.get(snapshot, id_)
        assert row is not None
        assert (row.state, row.reason, row.finished_at, row.attempts) == ("quarantined", "not_x12", LATER, 1)
        told = events.history(snapshot, f"intake:{id_}")
        assert [(event["from_state"], event["to_state"]) for event in told][1:] == [("received", "quarantined")]
        assert intakes.get(snapshot, 999) is None


# --- dispatches


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
        assert [each.dedupe_key for each in deliveries.due(tx, AT)] == ["k0", "other"]
        assert [each.dedupe_key for each in deliveries.due(tx, LATER)] == ["k0", "k1", "k2", "other"]
        assert [each.dedupe_key for each in deliveries.due(tx, LATER, partner="cedar", channel="folder")] == ["other"]


def test_the_states_of_a_dispatch(store: Store) -> None:
    with store.write() as tx:
        id_ = dispatches.add(tx, _send(), AT)
        (item,) = deliveries.due(tx, AT)
        assert deliveries.delivered(tx, [(item, "proof")], AT) == 0  # not staged yet
        assert deliveries.staged(tx, [item], AT) == [item]
        assert deliveries.staged(tx, [item], AT) == []
        assert deliveries.delivered(tx, [(item, "proof")], LATER) == 1
        dispatches.acknowledged(tx, id_, "accepted", at=LATER)
        assert deliveries.due(tx, LATER) == []
        with pytest.raises(StateMoved):
            deliveries.hold(tx, item, "no", LATER)
    with store.read() as snapshot:
        row = dispatches.get(snapshot, id_)
        assert row is not None
        assert (row.state, row.proof, row.delivered_at, row.ack_state) == ("delivered", "proof", LATER, "accepted")
        told = [event["to_state"] for event in events.of_return(snapshot, "R1")]
        assert told == ["pending", "staged", "delivered"]


def test_a_held_dispatch_waits_for_a_person(store: Store) -> None:
    with store.write() as tx:
        id_ = dispatches.add(tx, _send(), AT)
        (item,) = deliveries.due(tx, AT)
        deliveries.hold(tx, item, "conflict", AT)
        assert deliveries.due(tx, LATER) == []
        deliveries.send_again(tx, id_, actor="ada", at=LATER)
        (again,) = deliveries.due(tx, LATER)
        deliveries.hold(tx, again, "conflict", LATER)
        deliveries.void(tx, id_, reason="sent by mail", actor="ada", at=LATER)
        with pytest.raises(StateMoved):
            deliveries.send_again(tx, id_, actor="ada", at=LATER)
        assert dispatches.counts(tx) == {"void": 1}


# --- holds, faults


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
        assert [each.id for each in holds.open_holds(tx, return_no="R1")] == [first]
        assert holds.resolve_key(tx, "k", resolution="x", actor="ada", at=LATER)
        told = [event["to_state"] for event in events.history(tx, f"hold:{first}")]
        assert told == ["open", "resolved", "open", "resolved"]


def test_a_fault_counts_while_it_lasts_and_begins_anew(store: Store) -> None:
    trouble = DiskFull(subject="inbox")
    with store.write() as tx:
        first = faults.raise_(tx, trouble, at=AT)
        assert faults.raise_(tx, trouble, at=LATER) == first
        (fault,) = faults.open_faults(tx, DiskFull)
        assert (fault.count, fault.since, fault.last_seen, fault.severity) == (2, AT, LATER, "page")
        assert fault.remedy
        assert faults.clear(tx, DiskFull, "inbox", at=LATER)
        assert not faults.clear(tx, "disk_full", "inbox", at=LATER)
        assert faults.open_faults(tx) == []
        assert faults.raise_(tx, trouble, at=MUCH_LATER) != first


def test_settling_faults_makes_them_what_was_found(store: Store) -> None:
    def settle(*troubles: DiskFull | IncompleteFile, at: str = AT, touch: bool = False) -> dict[str, tuple[str, int]]:
        faults.keep_exactly(store, "inbox", troubles, at=at, touch=touch)
        with store.read() as snapshot:
            return {each.subject: (each.since, each.count) for each in faults.open_faults(snapshot)}

    with store.write() as tx:
        faults.raise_(tx, DiskFull(subject="elsewhere"), at=AT)
    elsewhere = {"elsewhere": (AT, 1)}
    full, short = DiskFull(subject="inbox"), IncompleteFile("3 bytes", subject="inbox/a")
    assert settle(full, short) == elsewhere | {"inbox": (AT, 1), "inbox/a": (AT, 1)}
    assert settle(full, short, at=LATER) == elsewhere | {"inbox": (AT, 1), "inbox/a": (AT, 1)}
    grown = IncompleteFile("4 bytes", subject="inbox/a")
    assert settle(grown, at=LATER) == elsewhere | {"inbox/a": (LATER, 1)}
    assert settle(grown, at=LATER, touch=True) == elsewhere | {"inbox/a": (LATER, 2)}
    assert settle() == elsewhere
    with store.write() as tx:
        assert faults.clear_subject(tx, "elsewhere", at=LATER) == 1


# --- counters, requests, clocks


def test_numbers_begin_again_at_one_in_the_next_epoch(store: Store) -> None:
    with store.write() as tx:
        counters.start(tx, "isa", 999_999_997)
        given_out = [counters.next_(tx, "isa") for _ in range(4)]
        with pytest.raises(ValueError, match="already"):
            counters.start(tx, "isa", 1)
    assert given_out == [(999_999_998, 0), (999_999_999, 0), (1, 1), (2, 1)]


def test_numbers_have_no_hole_and_no_repeat(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.sqlite3") as store, store.write() as tx:
        for maximum in range(1, 8):
            numbers = [counters.next_(tx, f"up to {maximum}", maximum) for _ in range(30)]
            assert numbers == [(1 + n % maximum, n // maximum) for n in range(30)]


def test_a_request_is_answered_once(store: Store) -> None:
    with store.write() as tx:
        id_ = requests.add(tx, "replay", {"intake": 12}, actor="ada", at=AT)
        (request,) = requests.open_(tx)
        assert (request.id, request.kind, request.body, request.actor) == (id_, "replay", {"intake": 12}, "ada")
        requests.finish(tx, id_, "done again", at=LATER)
        assert requests.open_(tx) == []
        with pytest.raises(StateMoved):
            requests.finish(tx, id_, "twice", at=LATER)
        answered = requests.get(tx, id_)
        assert answered is not None
        assert (answered.state, answered.outcome, answered.finished_at) == ("done", "done again", LATER)


def test_a_clock_warns_then_breaches_then_stops(store: Store) -> None:
    with store.write() as tx:
        assert clocks.start(tx, NewClock("answer:R1", "answer", AT, MUCH_LATER, warn_at=LATER, return_no="R1"))
        assert not clocks.start(tx, NewClock("answer:R1", "answer", LATER, MUCH_LATER))
        assert clocks.sweep(tx, AT) == []
        assert [each.state for each in clocks.sweep(tx, LATER)] == ["warned"]
        assert clocks.sweep(tx, LATER) == []
        assert clocks.overdue(tx, LATER) == []
        assert [each.state for each in clocks.sweep(tx, MUCH_LATER)] == ["breached"]
        assert [each.key for each in clocks.overdue(tx, MUCH_LATER)] == ["answer:R1"]
        assert clocks.stop(tx, "answer:R1", at=MUCH_LATER)
        assert not clocks.stop(tx, "answer:R1", at=MUCH_LATER)
        assert [each.state for each in clocks.of_return(tx, "R1")] == ["met"]
        assert [event["to_state"] for event in events.history(tx, "due:answer:R1")] == ["warned", "breached"]
