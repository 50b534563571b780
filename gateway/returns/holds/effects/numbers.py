"""A person says of goods with strange serial or lot numbers whether they are taken."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.claims.acceptance import add_claim
from gateway.returns.claims.shared_items import SPREAD, split_effects
from gateway.returns.decision import CannotResolve, PostingCause
from gateway.returns.documents.serial_numbers import distinct, others
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.items.strange_numbers import SORTS, STEPS, StrangeNumbers, strange_numbers
from gateway.returns.model import GOODS, REJECTED, ZERO, Claim, Return


def _in_question(answer: Answer) -> StrangeNumbers:
    hold = answer.hold
    for strange in strange_numbers(answer.return_, answer.decision.policy(answer.return_)):
        if strange.line_no == hold.line_no and strange.sort == SORTS[hold.class_]:
            return strange
    raise CannotResolve("the numbers that this Hold is about are gone")


def take_strange_numbers(answer: Answer) -> None:
    """The goods are taken in place of those expected: their numbers are numbers of the line from now on."""
    return_, strange = answer.return_, _in_question(answer)
    line = return_.lines[strange.line_no]
    numbers = [number for _, number, _ in strange.found]
    if strange.sort == "serial":
        line.taken_serials = distinct((*line.taken_serials, *numbers))
    else:
        line.taken_lots = distinct((*line.taken_lots, *numbers))
    settle_ledger(answer.decision, return_, strange.line_nos, PostingCause(answer.decision.at), has_new_keys=True)


def withdraw_strange_goods(answer: Answer) -> None:
    """The goods are not ours: what documents said of the units with these numbers is withdrawn from the ledger.

    A number that is strange to one step is withdrawn there and from the steps after it. Of a row that names other units
    too, those stay.
    """
    return_, strange = answer.return_, _in_question(answer)
    for no in strange.line_nos:
        for claim in list(return_.claims.get(no, ())):
            if claim.kind in GOODS and claim.state != "superseded":
                _withdraw(return_, claim, strange)
    settle_ledger(answer.decision, return_, strange.line_nos, PostingCause(answer.decision.at))


def _withdraw(return_: Return, claim: Claim, strange: StrangeNumbers) -> None:
    steps = list(STEPS)
    until_now = steps[: steps.index(claim.kind) + 1]
    strangers = [number for kind, number, _ in strange.found if kind in until_now]
    numbers = claim.serials if strange.sort == "serial" else claim.lots
    stay = others(numbers, strangers) if strangers else numbers
    if len(stay) == len(numbers):
        return
    units = sum((quantity for kind, quantity, _, _ in claim.effects if kind == claim.kind), ZERO)
    gone = min(units, Decimal(len(numbers) - len(stay))) if strange.sort == "serial" else units
    if gone == units:
        claim.state, claim.why = "superseded", REJECTED
        return
    # Both parts together are what the document says: read again, it is known.
    kept, rejected = split_effects(list(claim.effects), units - gone)
    claim.state, claim.why = "superseded", SPREAD
    add_claim(return_, replace(claim, effects=tuple(kept), serials=stay, state="waiting", why="", seqs=[]))
    add_claim(return_, replace(claim, effects=tuple(rejected), state="superseded", why=REJECTED, seqs=[]))
