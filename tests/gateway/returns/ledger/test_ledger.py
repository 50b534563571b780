"""The ledger checks itself: sums, reversals, the exact round trip through rows, rebuilding from what was received."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.returns import Policy, Return, check_invariants, header_json, pack, unpack
from gateway.returns.claims.acceptance import accept, add_claim
from gateway.returns.ledger import reverse_movement, write_movement
from gateway.returns.model import Claim, MovementKind, Posting, PostingKind
from tests.gateway.returns.builders import inspection, orders, receipt, request, shipment
from tests.gateway.returns.histories import History, arrivals, histories, play
from tests.gateway.returns.shell import Shell, stored

AT = "2025-03-03T15:00:00.000000Z"


def some_return() -> Return:
    shell = Shell(policy=Policy(warehouse="harbor", erp="atlas"))
    shell.receive(orders("SO1", A=10), "atlas")
    shell.receive(request("RTV1", {"A": 10}), "northgate")
    shell.receive(shipment("SH1", "RTV1", {"A": 10}), "northgate")
    shell.receive(receipt("WR1", "RTV1", {"A": 10, "Z": 1}, {"A": 3}), "harbor")
    shell.receive(inspection("IN1", "RTV1", [("A", 8, "restock"), ("A", 1, "rtv")]), "harbor")
    shell.run_erp()
    return shell.one()


def broken(case: str) -> Return:
    return_ = some_return()
    match case:
        case "tally":
            return_.tally("1").r += 1
        case "no line":
            write_movement(return_, "99", "ship", Decimal(1), at=AT)
        case "too much inspected":
            write_movement(return_, "1", "inspect", Decimal(5), at=AT)
        case "too much dispositioned":
            write_movement(return_, "1", "disposition", Decimal(5), at=AT, code="scrap")
        case "negative":
            write_movement(return_, "1", "ship", Decimal(-50), at=AT, reverses=1)
        case "reversed twice":
            reverse_movement(return_, 2, AT)
            reverse_movement(return_, 2, AT)
        case "numbering":
            return_.movements[0].seq = 7
        case "nothing moved":
            write_movement(return_, "1", "ship", Decimal(0), at=AT)
        case "reverses itself":
            write_movement(return_, "1", "ship", Decimal(-1), at=AT, reverses=len(return_.movements) + 1)
        case "credit":
            _issue(return_, "credit_request", 50)
        case _:
            _issue(return_, "supplier_claim", 50)
    return return_


def _issue(return_: Return, kind: PostingKind, quantity: int) -> None:
    n = len(return_.postings) + 1
    return_.postings["X"] = Posting("X", "1", kind, "0", 9, "+", Decimal(quantity), "ready", n)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("tally", "the sums differ"),
        ("no line", "movements without a line"),
        ("too much inspected", "exceeds received"),
        ("too much dispositioned", "exceeds inspected"),
        ("negative", "X is negative"),
        ("reversed twice", "reversed beyond its quantity"),
        ("numbering", "has the number 7"),
        ("nothing moved", "is not positive"),
        ("reverses itself", "which is not before it"),
        ("credit", "credit asked for"),
        ("claim", "goes back to the vendor"),
    ],
)
def test_what_must_not_be_is_found(case: str, says: str) -> None:
    assert any(says in problem for problem in check_invariants(broken(case)))


def test_a_sound_return_has_no_problems_and_survives_its_rows() -> None:
    return_ = some_return()
    assert check_invariants(return_) == []
    assert stored(return_) == return_
    assert header_json(stored(return_)) == header_json(return_)
    rows = pack(return_)
    again = unpack(rows["body"], reversed(rows["movements"]), reversed(rows["postings"]), reversed(rows["holds"]))
    assert again == return_
    assert again.tallies == return_.tallies


def test_an_unknown_kind_of_movement_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="teleport"):
        write_movement(some_return(), "1", "teleport", Decimal(1), at=AT)  # type: ignore[arg-type]  # that is the point


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(history=histories(), data=st.data())
def test_rebuilding_from_what_was_received_gives_the_same(history: History, data: st.DataObject) -> None:
    sent = data.draw(arrivals(history))
    first, second = play(history, sent), play(history, sent)
    assert first.returns == second.returns
    assert first.states == second.states
    assert [(p, a.model_dump()) for p, a in first.answers] == [(p, a.model_dump()) for p, a in second.answers]


# What claims of each kind say, as goods documents and requests make them.
CLAIMED: dict[str, tuple[MovementKind, ...]] = {
    "authorize": ("authorize",),
    "cancel": ("cancel",),
    "receive": ("receive",),
    "receive and inspect": ("receive", "inspect", "disposition"),
    "inspect": ("inspect", "disposition"),
    "look": ("inspect",),
    "dispose": ("disposition",),
}
KIND_OF = {"receive and inspect": "receive", "look": "inspect"}
claimed = st.tuples(st.sampled_from(sorted(CLAIMED)), st.integers(-1, 4), st.integers(0, 2))


@settings(max_examples=200, deadline=None)
@given(steps=st.lists(st.lists(claimed, max_size=3), min_size=1, max_size=6), data=st.data())
def test_claims_that_all_fit_stand_as_if_each_had_been_weighed(
    steps: list[list[tuple[str, int, int]]], data: st.DataObject
) -> None:
    quick, slow = Return("R1", "northgate"), Return("R1", "northgate")
    for n, step in enumerate(steps):
        for what, quantity, order in step:
            effects = tuple((kind, Decimal(quantity), "", "0") for kind in CLAIMED[what])
            for return_ in (quick, slow):
                claim = Claim(f"D{n}", n, KIND_OF.get(what, what), "1", effects, order=str(order))
                add_claim(return_, claim)
        withdrawn = data.draw(st.integers(-3, n))
        for return_ in (quick, slow):
            for claim in return_.all_claims():
                if claim.document_id == withdrawn:
                    claim.state = "superseded"
        accept(quick, ["1"], AT)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("gateway.returns.claims.acceptance._starting_if_all_fit", lambda claims, tally: None)
            accept(slow, ["1"], AT)
        assert quick.claims == slow.claims
        assert quick.movements == slow.movements


def test_goods_that_are_taken_back_displace_an_inspection_of_them() -> None:
    """A receipt of less than nothing competes with nobody by its kind, and still leaves less for an inspection."""
    return_ = Return("R1", "northgate")
    claimed_in_turn: tuple[tuple[MovementKind, int], ...] = (("receive", 1), ("inspect", 1), ("receive", -1))
    for number, (kind, quantity) in enumerate(claimed_in_turn, 1):
        add_claim(return_, Claim(f"D{number}", number, kind, "1", ((kind, Decimal(quantity), "", "0"),)))
        accept(return_, ["1"], AT)
    assert [claim.state for claim in return_.claims["1"]] == ["active", "waiting", "active"]
    tally = return_.tallies["1"]
    assert (tally.r, tally.i) == (Decimal(0), Decimal(0))
