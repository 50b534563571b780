"""A person says at which price, or in which currency, a return is credited."""

from __future__ import annotations

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import CannotResolve, PostingCause
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.model import ReturnLine
from gateway.returns.money.prices import credited_price, currency_in_doubt
from gateway.returns.request.conclusion import conclude


def credit_sale_price(answer: Answer) -> None:
    """The sale's price it is, as was credited meanwhile. Raises CannotResolve if no sale tells one."""
    if answer.return_.lines[answer.hold.line_no].sale_price is None:
        raise CannotResolve("no price of the sale is known: answer claimed_price, or deny the line")


def credit_claimed_price(answer: Answer) -> None:
    """The line is credited at the price that its partner claims; what was credited otherwise is made anew.

    Raises CannotResolve for a price below nothing.
    """
    line = answer.return_.lines[answer.hold.line_no]
    if line.claimed_price is None or line.claimed_price < 0:
        raise CannotResolve("what is claimed is no price that can be credited")
    line.accepted_price = line.claimed_price
    _price_anew(answer, [line])


def credit_in_our_currency(answer: Answer) -> None:
    """The figures of the request are meant in the currency of the return: they are compared with the sale's from now
    on. Raises CannotResolve if the return's own is no currency.
    """
    return_ = answer.return_
    return_.accepted_currency = return_.claimed_currency
    if currency_in_doubt(return_):
        raise CannotResolve(f"{return_.currency} is no currency that we know: the ERP must correct it in the order")
    _price_anew(answer, list(return_.lines.values()))


def _price_anew(answer: Answer, lines: list[ReturnLine]) -> None:
    return_, policy = answer.return_, answer.decision.policy(answer.return_)
    repriced: list[str] = []
    for line in lines:
        price = credited_price(return_, line, policy)
        if price != line.unit_price:
            line.unit_price = price
            repriced.append(line.line_no)
    answer.decision.repriced |= frozenset(repriced)
    settle_ledger(answer.decision, return_, repriced, PostingCause(answer.decision.at))


def deny_authorized(answer: Answer) -> None:
    """The line (or, of a Hold about the return, all of them) is denied after all, and the partner is told.

    Raises CannotResolve if goods are on their way or came.
    """
    return_, hold = answer.return_, answer.hold
    lines = [return_.lines[hold.line_no]] if hold.line_no else list(return_.lines.values())
    lines = [line for line in lines if return_.tally(line.line_no).a]
    for line in lines:
        tally = return_.tally(line.line_no)
        if tally.x or tally.r:
            raise CannotResolve(f"goods of {line.sku} are on their way or came: say at which price they are credited")
    for line in lines:
        for claim in return_.claims[line.line_no]:
            if claim.kind == "authorize":
                claim.state = "superseded"
        line.decision, line.decision_reason, line.decision_text = "denied", hold.class_, ""
    # If the partner changes its request and the line is authorized again, the same is asked again.
    hold.extent = ""
    conclude(answer.decision, return_, return_.request_number)
