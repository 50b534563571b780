"""The end of every decision about a request: ledger, RMA, answer and expected receipt."""

from __future__ import annotations

from datetime import timedelta

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.model import Return
from gateway.returns.request import answers
from translators.canonical import Cancellation, ReturnRequest


def _conclude(
    decision: Decision, return_: Return, document: ReturnRequest | Cancellation, *, answer: bool = True
) -> None:
    """Ledger first, then the RMA if anything is authorized, then the word to partner and warehouse."""
    conclude(decision, return_, document.number, answer=answer)


def conclude(decision: Decision, return_: Return, document_ref: str, *, answer: bool = True) -> None:
    """Settle every line, allot the RMA when the first unit is authorized, and send answer and expected receipt."""
    authorizing = any(c.kind == "authorize" and c.state != "superseded" and c.effects for c in return_.all_claims())
    if authorizing and not return_.rma:
        policy = decision.policy(return_)
        return_.rma = policy.rma_format.format(decision.numbers.next("rma"))
        return_.authorized_on = decision.at
        if policy.answer_expiry_days:
            local = decision.now.astimezone(policy.calendar.zone).date()
            return_.expires_on = (local + timedelta(days=policy.answer_expiry_days)).isoformat()
        decision.note(return_, f"authorized as {return_.rma}")
    settle_ledger(
        decision, return_, list(return_.lines), PostingCause(decision.at, document_ref=document_ref), has_new_keys=True
    )
    if answer:
        answers.answer(decision, return_)
    answers.announce(decision, return_)
