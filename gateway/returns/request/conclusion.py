"""The end of every decision about a request: ledger, RMA, answer and expected receipt."""

from __future__ import annotations

from datetime import timedelta

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.model import Return
from gateway.returns.request import answers


def conclude(decision: Decision, return_: Return, document_ref: str, *, answer: bool = True) -> None:
    """Settle every line, allot the RMA when the first unit is authorized, and send answer and expected receipt.

    `document_ref` is the number of the document behind new postings. `answer` false: the partner is not answered.
    """
    if not return_.rma and _authorizes_something(return_):
        _allot_rma(decision, return_)
    settle_ledger(
        decision, return_, list(return_.lines), PostingCause(decision.at, document_ref=document_ref), has_new_keys=True
    )
    if answer:
        answers.answer(decision, return_)
    answers.announce(decision, return_)


def _authorizes_something(return_: Return) -> bool:
    return any(
        claim.kind == "authorize" and claim.state != "superseded" and claim.effects for claim in return_.all_claims()
    )


def _allot_rma(decision: Decision, return_: Return) -> None:
    """An RMA number of ours, and the last day on which the authorization may be used, where the policy sets one."""
    policy = decision.policy(return_)
    return_.rma = policy.rma_format.format(decision.numbers.next("rma"))
    return_.authorized_on = decision.at
    if policy.answer_expiry_days:
        today = decision.now.astimezone(policy.calendar.zone).date()
        return_.expires_on = (today + timedelta(days=policy.answer_expiry_days)).isoformat()
    decision.note(return_, f"authorized as {return_.rma}")
