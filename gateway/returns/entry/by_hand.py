"""Decisions of people: a Hold is answered, goods are disposed of by hand, postings are voided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import CannotResolve, Decision, PostingCause
from gateway.returns.entry.finish import finish
from gateway.returns.erp.void import void
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.holds.resolve import answer_hold
from gateway.returns.items.master_data import NO_FACTS, Facts
from gateway.returns.model import Arrival, Numbers, Outcome, Return
from gateway.returns.outcome.dispose import dispose, move_on, outcomes_said_by_hand, without_outcome
from gateway.returns.policy import Policies
from gateway.returns.recovery.shipments import HandShipment, ship_by_hand


class _NoNumbers:
    """For decisions that allot no number: to ask for one raises CannotResolve."""

    def __init__(self, text: str = "nothing of this allots a number for {name}") -> None:
        self.text = text

    def next(self, name: str) -> int:
        raise CannotResolve(self.text.format(name=name))


_TO_AUTHORIZE = "a number for {name} is needed to authorize: pass numbers"


def resolve_hold(
    return_: Return,
    hold_key: str,
    decision: str,
    actor: str,
    now: datetime,
    policy: Policies,
    numbers: Numbers | None = None,
    facts: Facts = NO_FACTS,
    choices: Mapping[str, str] | None = None,
) -> Outcome:
    """Answer an open Hold of a return. The outcome carries the changed return, answers and what may be retried.

    `numbers` is needed where a decision can authorize (approve): an RMA is allotted then. `choices` says the rest of a
    decision that needs more than its name (gateway.holds says what): `{"line": "2"}`, `{"restock": "8", "scrap": "2"}`.
    Raises CannotResolve when there is no such open Hold, or the decision does not answer it.
    """
    hold = return_.holds.get(hold_key)
    if hold is None or hold.state != "open":
        raise CannotResolve(f"no open Hold {hold_key} on {return_.return_no}")
    received = Arrival(hold.document_id or 0, return_.partner, "house", now)
    context = Decision(received, [return_], facts, policy, now, numbers or _NoNumbers(_TO_AUTHORIZE))
    answer_hold(Answer(context, return_, hold, decision, actor, choices or {}))
    if not context.changed:
        settle_ledger(context, return_, list(return_.lines), PostingCause(context.at))
    return finish(context)


def dispose_by_hand(
    return_: Return,
    line_no: str,
    chosen: Mapping[str, str],
    actor: str,
    now: datetime,
    policies: Policies,
    facts: Facts = NO_FACTS,
    *,
    left: str = "",
    instead: bool = False,
    why: str = "",
) -> Outcome:
    """Give units of a line an outcome: `{"restock": "8", "scrap": "2"}`.

    `left`: the outcome that they leave for it; "" for units that were received or inspected and have none. `instead`:
    what was said of such units of this line by hand before is taken back first (its movements are reversed).
    Raises CannotResolve if the line, an outcome or a quantity is none, if the outcome may not follow the other one, or
    more is said than there are such units.
    """
    if line_no not in return_.lines:
        raise CannotResolve(f"{return_.return_no} has no line {line_no}: it has {', '.join(return_.lines)}")
    decision = _decision(return_, facts, policies, now)
    said_before = outcomes_said_by_hand(return_, line_no, left) if instead else []
    if instead and not said_before:
        raise CannotResolve(f"nothing was said of line {line_no} by hand before")
    if left:
        move_on(decision, return_, line_no, left, chosen, actor, replaced_claims=said_before)
    else:
        available = without_outcome(return_, line_no).all
        dispose(decision, return_, line_no, chosen, actor, available=available, replaced_claims=said_before)
    if why:
        decision.note(return_, f"{actor}: {why}")
    return finish(decision)


def ship_to_supplier(
    return_: Return,
    said: HandShipment,
    actor: str,
    now: datetime,
    policies: Policies,
    facts: Facts = NO_FACTS,
    *,
    why: str = "",
) -> Outcome:
    """Goods of a claim were sent to their supplier, as a person says.

    Raises CannotResolve if no such supplier is asked to take goods of this return.
    """
    decision = _decision(return_, facts, policies, now)
    ship_by_hand(decision, return_, said, actor)
    if why:
        decision.note(return_, f"{actor}: {why}")
    return finish(decision)


def void_postings(
    return_: Return,
    keys: Iterable[str],
    actor: str,
    now: datetime,
    policies: Policies,
    facts: Facts = NO_FACTS,
    *,
    why: str = "",
) -> Outcome:
    """Void these postings of a return, and with them what needs them.

    Raises CannotResolve, and has done nothing then, if one has left us or was taken back.
    """
    decision = _decision(return_, facts, policies, now)
    void(decision, return_, keys, actor, why)
    return finish(decision)


def _decision(return_: Return, facts: Facts, policies: Policies, now: datetime) -> Decision:
    """A person's decision about a return that no document stands behind."""
    return Decision(Arrival(0, return_.partner, "house", now), [return_], facts, policies, now, _NoNumbers())
