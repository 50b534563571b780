"""A person says what becomes of goods that came although their partner has cancelled them."""

from __future__ import annotations

from gateway.returns.holds.effects.answer import Answer
from gateway.returns.holds.effects.goods import authorize_what_came
from gateway.returns.holds.effects.surplus import keep_surplus, send_surplus_back
from gateway.returns.request.conclusion import conclude


def keep_cancelled_goods(answer: Answer) -> None:
    """The return stands for what came; the partner is told that only the rest is cancelled."""
    authorize_what_came(answer)
    _answer_partner(answer)


def send_cancelled_goods_back(answer: Answer) -> None:
    """What came goes back to its sender and is not credited; the partner is told that it is cancelled."""
    send_surplus_back(answer)
    _answer_partner(answer)


def keep_cancelled_without_credit(answer: Answer) -> None:
    """What came stays in stock and is not credited; the partner is told that it is cancelled."""
    keep_surplus(answer)
    _answer_partner(answer)


def _answer_partner(answer: Answer) -> None:
    conclude(answer.decision, answer.return_, answer.return_.request_number)
