"""A person says what becomes of goods that came and that their partner has cancelled."""

from __future__ import annotations

from typing import Literal

from gateway.returns.claims.acceptance import add_claim
from gateway.returns.claims.cancelled_goods import CANCELLED_GOODS, came_cancelled
from gateway.returns.decision import CannotResolve
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.model import KEPT, RETURNED, UNSENT, Claim, LedgerEffect
from gateway.returns.request.conclusion import conclude


def keep_cancelled_goods(answer: Answer) -> None:
    """What came stays a return: it is authorized, and credited as if it had not been cancelled."""
    line = answer.return_.lines[answer.hold.line_no]
    if line.decision not in {"authorized", "partial"}:
        line.decision, line.decision_reason, line.decision_text = "authorized", "", ""
    _say(answer, "authorize", "")


def send_cancelled_goods_back(answer: Answer) -> None:
    """What came goes back to its sender through quarantine; what the ERP has credited of it is taken back."""
    _let_reversals_go(answer)
    _say(answer, "surplus", RETURNED)


def keep_cancelled_without_credit(answer: Answer) -> None:
    """What came stays in stock without credit; what the ERP has credited of it is taken back."""
    _let_reversals_go(answer)
    _say(answer, "surplus", KEPT)


def _say(answer: Answer, kind: Literal["authorize", "surplus"], code: str) -> None:
    return_, line_no, at = answer.return_, answer.hold.line_no, answer.decision.at
    quantity = came_cancelled(return_, line_no)
    if quantity <= 0:
        raise CannotResolve("nothing that is cancelled is here any more")
    said: tuple[LedgerEffect, ...] = ((kind, quantity, code, "0"),)
    add_claim(return_, Claim(answer.source, 0, kind, line_no, said, said=CANCELLED_GOODS, at=at))
    conclude(answer.decision, return_, return_.request_number)


def _let_reversals_go(answer: Answer) -> None:
    """Whoever decides about the goods decides about their credit: nobody is asked a second time."""
    for posting in answer.return_.postings.values():
        is_open = posting.sign == "-" and posting.state in UNSENT and posting.state != "void"
        if is_open and posting.line_no == answer.hold.line_no:
            posting.answer, posting.changed_at = "reverse", answer.decision.at
