"""A person says what is to be done about goods: whose they are, on which line, what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.claims.acceptance import add_claim
from gateway.returns.decision import CannotResolve, PostingCause
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.ledger import balances
from gateway.returns.model import GOODS, REJECTED, Claim, Return
from gateway.returns.outcome.dispose import dispose, move_on, without_outcome
from gateway.returns.request import answers
from gateway.returns.request.conclusion import conclude
from gateway.returns.request.sale_terms import take_sale_terms

# Why a claim is superseded that a person gave to another line.
ASSIGNED = "assigned"


def authorize_what_came(answer: Answer) -> None:
    """What came beyond the authorization, all of it on a line that nobody asked for, is authorized as it came."""
    return_, line = answer.return_, answer.return_.lines[answer.hold.line_no]
    if answer.hold.class_ == "unexpected_item":
        line.decision, line.decision_reason, line.decision_text = "authorized", "", ""
    take_sale_terms(answer.decision, return_, line)
    tally = return_.tally(line.line_no)
    came = tally.r - tally.kept - tally.sent_back if tally.r else tally.x
    _claim(answer, line.line_no, "authorize", came - tally.a)
    conclude(answer.decision, return_, return_.request_number, answer=False)


def withdraw_goods(answer: Answer) -> None:
    """The goods are not ours: what documents said of them is withdrawn from the ledger."""
    for claim in answer.return_.claims.get(answer.hold.line_no, []):
        if claim.kind in GOODS and claim.state != "superseded":
            claim.state, claim.why = "superseded", REJECTED


def may_be_assigned_to(return_: Return, line_no: str) -> list[str]:
    """Lines that what was said of this one can be of: those that were asked for, or that we authorized."""
    lines = return_.lines.items()
    return [no for no, line in lines if no != line_no and (not line.added or return_.tally(no).a)]


def move_goods_to_line(answer: Answer) -> None:
    """What documents said of an item or line number that the return does not have is said of one of its lines.

    The ids of the one become ids of the other, so that it holds for what is said of them later too.
    """
    return_, no, to = answer.return_, answer.hold.line_no, answer.choices.get("line", "")
    lines = may_be_assigned_to(return_, no)
    if set(answer.choices) != {"line"} or to not in lines:
        named = ", ".join(lines) or "no other line that was asked for"
        raise CannotResolve(f"say to which line, as line=NUMBER: {return_.return_no} has {named}")
    stray, line = return_.lines[no], return_.lines[to]
    for claim in return_.claims.get(no, []):
        if claim.kind in GOODS and claim.state != "superseded":
            moved = replace(claim, line_no=to, state="held" if claim.state == "held" else "waiting", seqs=[])
            claim.state, claim.why = "superseded", ASSIGNED
            add_claim(return_, moved)
    line.assigned += tuple(item_id for item_id in stray.ids if item_id not in line.ids)
    line.ids += tuple(item_id for item_id in stray.ids if item_id not in line.ids)
    stray.ids, stray.decision_reason, stray.decision_text = (), "assigned", f"it is line {to}"
    settle_ledger(answer.decision, return_, [no, to], PostingCause(answer.decision.at), has_new_keys=True)
    answers.announce(answer.decision, return_)


def close_line_short(answer: Answer) -> None:
    """What has not come of the line will not come: it is closed short."""
    b = balances(answer.return_, answer.hold.line_no)
    missing = b.short if b.shipped else b.open_to_receive
    _claim(answer, answer.hold.line_no, "close_short", missing)
    settle_ledger(answer.decision, answer.return_, [answer.hold.line_no], PostingCause(answer.decision.at))
    answers.announce(answer.decision, answer.return_)


def dispose_goods(answer: Answer) -> None:
    """Inspected goods without an outcome get the one that the person chose."""
    open_ = without_outcome(answer.return_, answer.hold.line_no)
    dispose(
        answer.decision, answer.return_, answer.hold.line_no, answer.choices, answer.actor, available=open_.inspected
    )


def move_goods_on(answer: Answer) -> None:
    """Goods that stand too long in an outcome get the one that the person chose; of several lines it says which."""
    return_, left = answer.return_, answer.hold.key.split(":")[2]
    lines = [no for no in return_.lines if return_.tally(no).d.get(left)]
    chosen = dict(answer.choices)
    line_no = chosen.pop("line", lines[0] if len(lines) == 1 else "")
    if line_no not in lines:
        raise CannotResolve(f"say of which line, as line=NUMBER: {', '.join(lines) or 'none'} has goods in {left}")
    move_on(answer.decision, return_, line_no, left, chosen, answer.actor)


def withdraw_outcome(answer: Answer) -> None:
    """What waits to move goods of the line on is withdrawn: it has no effect, now or later."""
    for claim in answer.return_.claims.get(answer.hold.line_no, []):
        if claim.kind == "follow" and claim.state in {"held", "waiting"}:
            claim.state, claim.why = "superseded", REJECTED


def _claim(answer: Answer, line_no: str, kind: Literal["authorize", "close_short"], quantity: Decimal) -> None:
    add_claim(
        answer.return_,
        Claim(answer.source, 0, kind, line_no, ((kind, quantity, "", "0"),), at=answer.decision.at),
    )
