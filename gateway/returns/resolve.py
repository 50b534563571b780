"""A person's answer to a Hold: an audited decision that writes claims and movements, never an edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gateway.returns import answers
from gateway.returns.decision import Decision, finish
from gateway.returns.facts import NO_FACTS, Facts
from gateway.returns.ledger import add_claim, balances
from gateway.returns.model import Claim, Hold, Numbers, Outcome, Received, Return, ReturnLine
from gateway.returns.policy import Policies
from gateway.returns.postings import Cause
from gateway.returns.requests import conclude


class CannotResolve(ValueError):
    """The decision does not answer this Hold; the message says which do."""


@dataclass(slots=True)
class Answer:
    """One Hold being answered."""

    decision: Decision
    return_: Return
    hold: Hold
    choice: str

    @property
    def source(self) -> str:
        """The business key of the decision, for claims and movements: unique per Hold and opening."""
        return f"decision:{self.hold.key}:{self.hold.opened_at}"


# Hold class → the decisions that answer it, and what each does. "dismiss" is always possible: it changes nothing else.
def decisions_for(class_: str) -> tuple[str, ...]:
    """The decisions that answer a Hold of this class, the most usual first."""
    return (*_DECISIONS.get(class_, _BESIDE_RETURNS.get(class_, {})), "dismiss")


def resolve_hold(
    return_: Return,
    hold_key: str,
    decision: str,
    actor: str,
    now: datetime,
    policy: Policies,
    numbers: Numbers | None = None,
    facts: Facts = NO_FACTS,
) -> Outcome:
    """Answer an open Hold of a return. The outcome carries the changed return, answers and what may be retried.

    `numbers` is needed where a decision can authorize (approve): an RMA is allotted then.
    Raises CannotResolve when there is no such open Hold, or the decision does not answer it.
    """
    hold = return_.holds.get(hold_key)
    if hold is None or hold.state != "open":
        raise CannotResolve(f"no open Hold {hold_key} on {return_.return_no}")
    act = _DECISIONS.get(hold.class_, {}).get(decision)
    if act is None and decision != "dismiss":
        raise CannotResolve(f"{decision} does not answer {hold.class_}: {', '.join(decisions_for(hold.class_))} do")
    received = Received(hold.document_id or 0, return_.partner, "house", now)
    context = Decision(received, [return_], facts, policy, now, numbers or _NoNumbers())
    answer = Answer(context, return_, hold, decision)
    hold.state, hold.resolution, hold.resolved_by, hold.resolved_at = "resolved", decision, actor, context.at
    context.note(return_, f"{actor} answered {hold.class_}: {decision}")
    if act is not None:
        act(answer)
    if return_ not in context.outcome.returns:
        finish(context, return_, list(return_.lines), Cause(context.at))
    return context.outcome


class _NoNumbers:
    def next(self, name: str) -> int:
        raise CannotResolve(f"a number for {name} is needed to authorize: pass numbers")


def _request_key(return_: Return) -> tuple[str, int]:
    """Business key and document of the request, so that a later change of it replaces what was approved."""
    return next(
        ((k, a.document_id) for k, a in return_.applied.items() if k.startswith("return_request:")), ("request", 0)
    )


def _pending_line(answer: Answer) -> ReturnLine:
    line = answer.return_.lines.get(answer.hold.line_no)
    if line is None or line.decision != "pending":
        raise CannotResolve("this Hold is not about a request that waits: add the code to the partner's crosswalk")
    return line


def _settle_request(answer: Answer) -> None:
    """The request's own document waits no more once a person has decided its last line."""
    if not any(line.decision == "pending" for line in answer.return_.lines.values()):
        _, document_id = _request_key(answer.return_)
        answer.decision.outcome.moved[document_id] = ("applied", "")


def _approve(answer: Answer) -> None:
    return_, line = answer.return_, _pending_line(answer)
    source, document_id = _request_key(return_)
    line.decision, line.decision_reason, line.decision_text = "authorized", "", ""
    _settle_request(answer)
    effects = (("authorize", line.requested, "", "0"),)
    add_claim(return_, Claim(source, document_id, "authorize", line.line_no, effects, at=answer.decision.at))
    conclude(answer.decision, return_, return_.request_number)


def _deny(answer: Answer) -> None:
    line = _pending_line(answer)
    line.decision = "denied"
    _settle_request(answer)
    conclude(answer.decision, answer.return_, answer.return_.request_number)


def _accept_surplus(answer: Answer) -> None:
    """What came beyond the authorization, all of it on a line that nobody asked for, is authorized as it came."""
    return_, line = answer.return_, answer.return_.lines[answer.hold.line_no]
    if answer.hold.class_ == "unexpected_item":
        line.decision, line.decision_reason, line.decision_text = "authorized", "", ""
    tally = return_.tally(line.line_no)
    _claim(answer, line.line_no, "authorize", (tally.r or tally.x) - tally.a)
    conclude(answer.decision, return_, return_.request_number, answer=False)


def _reject_unexpected(answer: Answer) -> None:
    """The goods are not ours: what documents said of them is withdrawn from the ledger."""
    for claim in answer.return_.claims.get(answer.hold.line_no, []):
        if claim.kind in {"ship", "receive", "inspect"} and claim.state != "superseded":
            claim.state = "superseded"


def _close_short(answer: Answer) -> None:
    b = balances(answer.return_, answer.hold.line_no)
    missing = b.short if b.shipped else b.open_to_receive
    _claim(answer, answer.hold.line_no, "close_short", missing)
    finish(answer.decision, answer.return_, [answer.hold.line_no], Cause(answer.decision.at))
    answers.announce(answer.decision, answer.return_)


def _claim(answer: Answer, line_no: str, kind: str, quantity: Decimal) -> None:
    add_claim(
        answer.return_,
        Claim(answer.source, 0, kind, line_no, ((kind, quantity, "", "0"),), at=answer.decision.at),
    )


def _retry_posting(answer: Answer) -> None:
    posting = answer.return_.postings[answer.hold.posting_key]
    posting.state, posting.error_code, posting.error_text = "waiting", "", ""
    posting.changed_at = answer.decision.at


# Answers to Holds that belong to no return: their effect is the shell's.
_BESIDE_RETURNS: dict[str, tuple[str, ...]] = {"parked_too_long": ("discard",)}
_DECISIONS: dict[str, dict[str, Callable[[Answer], None]]] = {
    "eligibility_review": {"approve": _approve, "deny": _deny},
    "crosswalk_missing": {"approve": _approve, "deny": _deny},
    "unexpected_item": {"accept_unexpected": _accept_surplus, "reject": _reject_unexpected},
    "over_received": {"accept_over": _accept_surplus, "reject": lambda _: None},
    "short_received": {"close_short": _close_short},
    "erp_refused": {"retry_posting": _retry_posting, "drop_posting": lambda _: None},
}
