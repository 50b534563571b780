"""A person says whether charges beyond what we owe are credited."""

from __future__ import annotations

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import CannotResolve, PostingCause
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.request.charges import FOREIGN, claimed_charges, credit_charges


def accept_charge(answer: Answer) -> None:
    """All that is claimed of the charge is credited with the goods, also where they were credited already.

    Raises CannotResolve for a charge in another currency than the return's.
    """
    return_, decision = answer.return_, answer.decision
    kind = answer.hold.key.removeprefix(f"{answer.hold.class_}:{return_.return_no}:")
    if FOREIGN in kind:
        _, _, currency = kind.partition(FOREIGN)
        raise CannotResolve(
            f"it is claimed in {currency}, and the return is in {return_.currency}: refuse it, and ask the partner to "
            f"claim it in {return_.currency}"
        )
    policy = decision.policy(return_)
    for charge in claimed_charges(return_, policy):
        if charge.kind == kind:
            return_.accepted_charges[kind] = charge.claimed
    before = {no: line.credited_charges for no, line in return_.lines.items()}
    credit_charges(return_, policy)
    changed = [no for no, line in return_.lines.items() if line.credited_charges != before[no]]
    decision.repriced = frozenset(changed)
    settle_ledger(decision, return_, changed, PostingCause(decision.at))
