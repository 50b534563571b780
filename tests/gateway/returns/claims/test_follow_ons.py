"""Chains of dispositions: whatever order inspections and follow-ons come in, the same ledger and the same postings."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from gateway.returns import Policy, balances, check_invariants, header_json, net_postings
from gateway.returns.ledger import write_movement
from gateway.returns.policy import DEFAULT_POLICY, split_of_code
from tests.conftest import examples
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell, stored

OUTCOMES = ("restock", "scrap", "rtv", "repair", "quarantine", "refurbish", "replace", "return_to_customer")
ORDERS: Sent = ("atlas", orders("SO1", A=20, B=20))


@dataclass(frozen=True)
class Chains:
    """What is played: documents as they were written, and an order in which they arrive."""

    policy: Policy = field(repr=False)
    written: tuple[Sent, ...]
    arriving: tuple[Sent, ...]
    posts: tuple[bool, ...]


@st.composite
def chains(draw: st.DrawFn) -> Chains:
    """Receipts and inspections of one or two items, first ones and such as follow, said and unsaid, fitting or not."""
    policy = Policy(
        warehouse="harbor",
        erp="atlas",
        settlement=draw(st.sampled_from(["after_inspection", "after_receipt", "in_advance"])),
        unsaid_follow_on=draw(st.sampled_from(["take", "take", "hold"])),
    )
    asked = request("RTV1", {"A": 4, "B": 4})
    if draw(st.booleans()):  # the same item on both lines
        both = (asked.lines[0], asked.lines[0].model_copy(update={"line_no": "2"}))
        asked = asked.model_copy(update={"lines": both})
    written: list[Sent] = [("northgate", asked)]
    written += [("harbor", receipt(f"WR{n}", "RTV1", {"A": draw(st.integers(1, 5))})) for n in range(2)]
    for n in range(draw(st.integers(2, 5))):
        rows = [("A", draw(st.integers(1, 4)), draw(st.sampled_from(OUTCOMES))) for _ in range(draw(st.integers(1, 2)))]
        left = draw(st.sampled_from(["", "", "quarantine", "refurbish", "repair", "rtv", "replace"]))
        report = inspection(f"IN{n}", "RTV1", rows, left=left)
        lines = tuple(line.model_copy(update={"line_no": ""}) for line in report.lines)
        written.append(("harbor", report.model_copy(update={"lines": lines})))
        if draw(st.integers(0, 5)) == 0:
            corrected = [("A", draw(st.integers(1, 4)), draw(st.sampled_from(OUTCOMES)))]
            written.append(("harbor", inspection(f"IN{n}", "RTV1", corrected, purpose="replace")))
    # The request comes first: which number a line has would depend on it otherwise, not what becomes of its goods.
    arriving = (written[0], *draw(st.permutations(written[1:])))
    return Chains(policy, tuple(written), arriving, tuple(draw(st.booleans()) for _ in arriving))


def played(chains_: Chains, documents: tuple[Sent, ...], posts: tuple[bool, ...]) -> Shell:
    shell = Shell(policy=chains_.policy, through_store=True)
    shell.receive(ORDERS[1], "atlas")
    for (partner, document), erp in zip(documents, posts, strict=True):
        shell.receive(document, partner)
        if erp:
            shell.run_erp()
    shell.undo()
    return shell


def ends(shell: Shell) -> object:
    """What must not depend on the order: by line, for several may have one item."""
    return_ = shell.one()
    return (
        {no: balances(return_, no) for no in return_.lines},
        net_postings(return_),
        sorted((hold.class_, hold.line_no) for hold in return_.open_holds()),
    )


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=chains())
def test_every_order_of_a_chain_ends_alike(drawn: Chains) -> None:
    plain = played(drawn, drawn.written, (False,) * len(drawn.written))
    mixed = played(drawn, drawn.arriving, drawn.posts)
    assert ends(mixed) == ends(plain)
    for return_ in (*plain.returns.values(), *mixed.returns.values()):
        assert check_invariants(return_) == []
        for no in return_.lines:
            assert all(quantity >= 0 for quantity in return_.tally(no).d.values())


def test_a_step_is_stored_with_its_return() -> None:
    shell = Shell(policy=Policy(erp="atlas"))
    for partner, document in (
        ORDERS,
        ("northgate", request("RTV1", {"A": 2})),
        ("harbor", receipt("WR1", "RTV1", {"A": 2})),
        ("harbor", inspection("IN1", "RTV1", [("A", 2, "quarantine")])),
        ("harbor", inspection("IN2", "RTV1", [("A", 1, "restock")])),
    ):
        shell.receive(document, partner)
    return_ = shell.one()
    assert stored(return_) == return_
    assert return_.staying == {"quarantine": "2025-03-03T15:04:00.000000Z"}
    assert '"follows":"quarantine"' in header_json(return_)
    write_movement(return_, "1", "redisposition", Decimal(5), at="", code="quarantine>scrap")
    assert "line 1: disposition quarantine is negative" in check_invariants(return_)
    assert balances(return_, "1").by_disposition["scrap"] == 5


def test_keys_tell_steps_apart() -> None:
    steps = [f"{left}>{to}" for left, then in DEFAULT_POLICY.follow_ons.steps.items() for to in then]
    splits = [split_of_code(step) for step in steps]
    assert len(set(splits)) == len(steps)
    assert all(len(split) <= 12 and split.isalnum() for split in splits)
    assert (split_of_code("quarantine>restock"), split_of_code("good"), split_of_code("")) == (
        "quarrestock",
        "good",
        "0",
    )


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"quarantine": {"then": ["moon"]}}, "no such disposition: moon"),
        ({"restock": {"then": ["restock"]}}, "cannot go from restock to restock"),
        ({"lab": {"passing": True}}, "nothing may follow"),
        ({"replace": {"then": ["quarantine"]}}, "is not credited, and these goods are replaced already"),
        ({"restock": {"then": ["scrap"]}, "restock_b": {"then": ["scrap"]}}, "look alike in posting keys"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(table: dict[str, dict[str, object]], words: str) -> None:
    dispositions = {name: rule.model_dump() for name, rule in DEFAULT_POLICY.dispositions.items()}
    for name, keys in table.items():
        dispositions[name] = dispositions.get(name, {}) | keys
    with pytest.raises(ValidationError, match=words):
        Policy.model_validate({"dispositions": dispositions})


def test_a_policy_of_before_gets_the_shipped_steps_of_the_outcomes_that_it_has() -> None:
    old = {"quarantine": {"credit": False}, "restock": {}, "repair": {"credit": False}, "replace": {"credit": False}}
    policy = Policy.model_validate({"dispositions": old, "condition_dispositions": {}})
    assert policy.follow_ons.steps == {
        "quarantine": ("restock", "repair", "replace"),
        "repair": ("replace", "restock"),
        "replace": ("restock",),
    }
