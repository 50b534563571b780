"""A person says what becomes of credit or a replacement given in advance whose goods have not come back."""

from __future__ import annotations

from datetime import date, datetime

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.claims.acceptance import add_claim
from gateway.returns.clocks import put_off
from gateway.returns.decision import CannotResolve, PostingCause
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.ledger.advance import WRITTEN_OFF, undecided_exposure
from gateway.returns.model import ZERO, Claim, LedgerEffect
from gateway.returns.request import answers


def charge_back(answer: Answer) -> None:
    """What has not come is not waited for any more, and the partner is charged for it."""
    _give_up(answer, "")


def write_off(answer: Answer) -> None:
    """What has not come is not waited for any more, and nobody is charged for it."""
    _give_up(answer, WRITTEN_OFF)


def _give_up(answer: Answer, code: str) -> None:
    return_ = answer.return_
    given_up: list[str] = []
    for line in return_.lines.values():
        tally = return_.tally(line.line_no)
        if undecided_exposure(return_, line) and (missing := max(ZERO, tally.a - tally.r - tally.z)):
            given_up.append(line.line_no)
            effects: tuple[LedgerEffect, ...] = (("close_short", missing, code, "0"),)
            at = answer.decision.at
            add_claim(return_, Claim(answer.source, 0, "close_short", line.line_no, effects, at=at))
    settle_ledger(answer.decision, return_, given_up, PostingCause(answer.decision.at))
    answers.announce(answer.decision, return_)


def extend(answer: Answer) -> None:
    """The goods are waited for until the end of another day."""
    decision, text = answer.decision, answer.choices.get("date", "")
    calendar = decision.policy(answer.return_).calendar
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CannotResolve("say until which day, as date=2025-04-30") from None
    due = datetime.combine(day, calendar.closes, calendar.zone)
    if set(answer.choices) != {"date"} or due <= decision.now:
        raise CannotResolve(f"date={text}: say one day that is still to come, as date=2025-04-30")
    decision.outcome.clocks.append(put_off(answer.return_, "advance", due))
