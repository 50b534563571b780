"""A person says what goods are that came without a return: a new return, those of another one, or not ours."""

from __future__ import annotations

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import CannotResolve, PostingCause
from gateway.returns.goods.announced import request_for_goods
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.model import GOODS, REJECTED
from gateway.returns.request.conclusion import conclude
from gateway.returns.request.lines import judge_lines


def create_return(answer: Answer) -> None:
    """The goods are a return of the named partner from now on, judged by its policy as if it had asked for them."""
    return_, context, choices = answer.return_, answer.decision, answer.choices
    partner = choices.get("partner", "")
    if not partner or set(choices) - {"partner", "order"}:
        raise CannotResolve("say whose return it is, as partner=NAME, and of which order if the receipt names none")
    request = request_for_goods(return_, choices)
    context.outcome.redo += [applied.document_id for applied in return_.applied.values()]
    return_.partner = partner
    policy = context.policy(return_)
    return_.settlement, return_.request_number = policy.settlement, request.number
    return_.erp = return_.erp if return_.postings else policy.erp
    context.note(return_, f"a return of {partner}, made of goods that came without one")
    judge_lines(context, return_, request, f"return_request:{partner}:{request.number}")
    conclude(context, return_, request.number, answer=False)


def assign_goods(answer: Answer) -> None:
    """The goods are those of another return: the receipt is decided again, for that one."""
    return_, choices = answer.return_, answer.choices
    target = choices.get("return", "")
    if set(choices) != {"return"} or not target or target == return_.return_no:
        raise CannotResolve("say of which return the goods are, as return=NUMBER")
    return_.assigned_to = target
    answer.decision.outcome.redo += [applied.document_id for applied in return_.applied.values()]


def refuse_goods(answer: Answer) -> None:
    """The goods are not taken: they go back to their sender, and the ledger does not have them."""
    return_ = answer.return_
    for claim in return_.all_claims():
        if claim.kind in GOODS and claim.state != "superseded":
            claim.state, claim.why = "superseded", REJECTED
    return_.cancelled = True
    settle_ledger(answer.decision, return_, list(return_.lines), PostingCause(answer.decision.at))
    for applied in return_.applied.values():
        answer.decision.outcome.moved[applied.document_id] = ("ignored", "refused")
