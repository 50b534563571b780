"""One business key, two contents: a person says which document stands, whatever order they came in."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.returns import balances, fingerprint
from tests.conftest import examples
from tests.gateway.returns.builders import inspection, orders, receipt, request, shipment
from tests.gateway.returns.histories import History, Sent, arrivals, histories, play, summary
from tests.gateway.returns.shell import Shell, stored

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def _asked(shell: Shell) -> None:
    shell.receive(orders("SO1", A=20, B=20), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")


def _received(shell: Shell) -> tuple[str, str]:
    """What line 1 has received, and the classes of the open Holds."""
    return_ = shell.one()
    return str(balances(return_, "1").received), " ".join(h.class_ for h in return_.open_holds())


def test_the_new_one_is_taken_and_the_first_reversed() -> None:
    shell = Shell()
    _asked(shell)
    first = shell.receive(receipt("WR1", "RTV1", {"A": 8}, final=False), "harbor")
    second = shell.receive(receipt("WR1", "RTV1", {"A": 6}, final=False), "harbor")
    assert _received(shell) == ("8", "duplicate_differs")
    assert shell.states[second] == ("held", "duplicate_differs")
    shell.answer("R000001", "duplicate_differs", "take_new")
    assert _received(shell) == ("6", "")
    assert shell.states[second] == ("applied", "")
    moved = [(int(m.quantity), m.document_id, m.reverses) for m in shell.one().movements if m.kind == "receive"]
    original = next(m.seq for m in shell.one().movements if m.kind == "receive")
    assert moved == [(8, first, None), (-8, first, original), (6, second, None)]
    again = shell.receive(receipt("WR1", "RTV1", {"A": 8}, final=False), "harbor")
    assert shell.states[again] == ("ignored", "decided_against")
    assert _received(shell) == ("6", "")


def test_the_first_is_kept_and_the_other_stays_refused() -> None:
    shell = Shell()
    _asked(shell)
    shell.receive(receipt("WR1", "RTV1", {"A": 6}, final=False), "harbor")
    other = shell.receive(receipt("WR1", "RTV1", {"A": 8}, final=False), "harbor")
    shell.answer("R000001", "duplicate_differs", "keep_first")
    assert _received(shell) == ("6", "")
    assert shell.states[other] == ("ignored", "decided_against")
    again = shell.receive(receipt("WR1", "RTV1", {"A": 8}, final=False), "harbor")
    assert shell.states[again] == ("ignored", "decided_against")
    assert not shell.one().open_holds()


def test_a_word_of_the_sender_makes_the_question_void() -> None:
    shell = Shell()
    _asked(shell)
    shell.receive(receipt("WR1", "RTV1", {"A": 6}, final=False), "harbor")
    other = shell.receive(receipt("WR1", "RTV1", {"A": 8}, final=False), "harbor")
    shell.receive(receipt("WR1", "RTV1", {"A": 7}, final=False, purpose="replace"), "harbor")
    assert _received(shell) == ("7", "")
    assert shell.states[other] == ("ignored", "superseded")


def test_a_request_asked_anew_without_a_word_of_change() -> None:
    shell = Shell()
    _asked(shell)
    other = shell.receive(request("RTV1", {"A": 4, "B": 2}), "northgate")
    shell.answer("R000001", "duplicate_differs", "take_new")
    return_ = shell.one()
    assert [str(balances(return_, no).authorized) for no in return_.lines] == ["4", "2"]
    assert shell.states[other] == ("applied", "")
    assert len(shell.answers) == 2


@st.composite
def contested(draw: st.DrawFn) -> tuple[History, tuple[Sent, ...]]:
    """A history, and other versions of some of its goods documents under the same number and purpose."""
    history = draw(histories(6))
    others: list[Sent] = []
    quantities = st.dictionaries(st.sampled_from(["A", "B"]), st.integers(1, 6), min_size=1, max_size=2)
    for partner, document in history.documents:
        kind = document.kind  # type: ignore[attr-defined]  # every inbound has one
        if document.purpose != "original" or not draw(st.booleans()):
            continue
        of, what = document.reference("request"), draw(quantities)
        if kind == "shipment":
            others.append((partner, shipment(document.number, of, what)))
        elif kind == "receipt":
            others.append((partner, receipt(document.number, of, what)))
        elif kind == "inspection":
            others.append((partner, inspection(document.number, of, [(item, q, "scrap") for item, q in what.items()])))
    return history, tuple(others)


def _prefer_the_greater(shell: Shell) -> None:
    """The person who answers goes by what the versions say, not by which came first."""
    while True:
        held = [
            (return_, hold)
            for return_ in shell.returns.values()
            for hold in return_.open_holds()
            if hold.class_ == "duplicate_differs"
        ]
        if not held:
            return
        return_, hold = held[0]
        key = next(
            k for k, rivals in return_.competing_versions.items() if any(r.fingerprint == hold.extent for r in rivals)
        )
        better = hold.extent > return_.applied[key].fingerprint
        shell.answer_key(return_.return_no, hold.key, "take_new" if better else "keep_first")


@settings(max_examples=examples(30), deadline=None, suppress_health_check=SLOW)
@given(drawn=contested(), data=st.data())
def test_the_same_answers_end_alike_whatever_came_first(
    drawn: tuple[History, tuple[Sent, ...]], data: st.DataObject
) -> None:
    history, others = drawn
    whole = History(history.policy, (*history.documents, *others), history.requests, history.competing)
    ends = []
    orders_: list[list[Sent | None]] = [list(whole.documents), data.draw(arrivals(whole))]
    for order in orders_:
        # Which version stands is said first: what becomes of goods depends on how many there are.
        shell = play(whole, order, undone=False)
        shell.run_erp()
        _prefer_the_greater(shell)
        shell.undo()
        ends.append(summary(shell))
        assert all(stored(return_) == return_ for return_ in shell.returns.values())
    assert ends[0] == ends[1]


def test_a_version_is_known_by_what_it_says() -> None:
    assert fingerprint(receipt("WR1", "RTV1", {"A": 8})) != fingerprint(receipt("WR1", "RTV1", {"A": 6}))
