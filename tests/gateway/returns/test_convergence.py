"""Whatever order documents come in, and however often, the same balances, net postings and open Holds come out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.holds import answers_to
from gateway.returns import Hold, net_postings
from gateway.returns.holds.effects.goods import may_be_assigned_to
from tests.conftest import examples
from tests.gateway.returns.builders import cancellation
from tests.gateway.returns.histories import History, arrivals, histories, play, summary
from tests.gateway.returns.shell import Shell, stored

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
usual = settings(max_examples=examples(40), deadline=None, suppress_health_check=SLOW)
thorough = settings(max_examples=2500, deadline=None, suppress_health_check=SLOW)


def converges(history: History, data: st.DataObject) -> None:
    plain = play(history, list(history.documents))
    mixed = play(history, data.draw(arrivals(history)))
    assert summary(mixed) == summary(plain)


@usual
@given(history=histories(), data=st.data())
def test_every_order_ends_alike(history: History, data: st.DataObject) -> None:
    converges(history, data)


@pytest.mark.long
@thorough
@given(history=histories(), data=st.data())
def test_every_order_ends_alike_at_length(history: History, data: st.DataObject) -> None:
    converges(history, data)


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(history=histories(), data=st.data())
def test_the_store_loses_nothing(history: History, data: st.DataObject) -> None:
    sent = data.draw(arrivals(history))
    in_memory, from_rows = play(history, sent), play(history, sent, through_store=True)
    assert summary(from_rows) == summary(in_memory)
    for return_ in in_memory.returns.values():
        assert stored(return_) == return_
        assert from_rows.returns[return_.return_no] == return_


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(history=histories(), data=st.data())
def test_taking_everything_back_leaves_nothing(history: History, data: st.DataObject) -> None:
    shell = play(history, data.draw(arrivals(history)))
    undo(shell, history)
    for return_ in shell.returns.values():
        for line_no in return_.lines:
            tally = return_.tally(line_no)
            assert not any((tally.a, tally.x, tally.r, tally.i, tally.c, tally.v, tally.z, *tally.d.values()))
        assert net_postings(return_) == {}
        assert return_.open_holds() == []


def undo(shell: Shell, history: History) -> None:
    withdrawn = set()
    for partner, document in history.documents:
        kind = document.kind  # type: ignore[attr-defined]  # every inbound has one
        if kind in {"shipment", "receipt", "inspection"} and (partner, kind, document.number) not in withdrawn:
            withdrawn.add((partner, kind, document.number))
            shell.receive(document.model_copy(update={"purpose": "cancel", "lines": ()}), partner)
    for name in ("RTV1", "RTV2")[: history.requests]:
        shell.receive(cancellation(f"ALL-{name}", name), "northgate")
    shell.undo()


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(history=histories(), data=st.data())
def test_a_posting_is_sent_once_and_posted_once(history: History, data: st.DataObject) -> None:
    shell = Shell(policy=history.policy)
    sent: list[str] = []
    for each in data.draw(arrivals(history)):
        if each is None:
            batch = shell.ship_batches()
            sent += batch
            shell.post(batch)
            shell.post(batch)
        else:
            shell.receive(each[1], each[0])
    assert len(sent) == len(set(sent))
    assert all(len(key) <= 40 and key.replace("-", "").isalnum() for key in sent)


def _fits(answer: str, shell: Shell, return_no: str, hold: Hold) -> bool:
    """May the Hold be answered so: is there a line to assign to, goods that came, an item that has no name yet?"""
    return_ = shell.returns[return_no]
    if answer == "assign":
        return bool(may_be_assigned_to(return_, hold.line_no))
    if answer in {"quarantine_and_return", "keep_without_credit"}:
        return return_.tally(hold.line_no).r > 0
    return answer != "identify"


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(history=histories(), data=st.data())
def test_every_hold_can_be_answered_and_the_ledger_stays_sound(history: History, data: st.DataObject) -> None:
    shell = play(history, data.draw(arrivals(history)))
    for _ in range(40):
        held = [(no, hold) for no, return_ in shell.returns.items() for hold in return_.open_holds()]
        if not held:
            break
        return_no, hold = held[0]
        lines = may_be_assigned_to(shell.returns[return_no], hold.line_no)
        answers = [answer.name for answer in answers_to(hold.class_) if _fits(answer.name, shell, return_no, hold)]
        decision = data.draw(st.sampled_from(answers))
        choices = {"assign": {"line": lines[-1] if lines else ""}, "dispose": {"restock": "1"}}.get(decision, {})
        shell.answer(return_no, hold.class_, decision, hold.line_no, **choices)
        shell.run_erp()
    assert all(return_.open_holds() == [] for return_ in shell.returns.values())
    assert all(stored(return_) == return_ for return_ in shell.returns.values())
