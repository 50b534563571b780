"""A person says what a supplier is told, and what becomes of the money that we claim of it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import CannotResolve, PostingCause
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.model import ZERO, VendorClaim, instant
from gateway.returns.money.claim_figures import figures_of
from gateway.returns.outcome.dispose import move_on
from gateway.returns.vendors.requests import TO_VENDOR, ask

_CLOCK = "vendor_credit"


def ask_supplier_again(answer: Answer) -> None:
    """The request goes out once more as it stands: its answer clears the Hold, or opens it anew."""
    ask(answer.decision, answer.return_, _claim(answer))


def move_refused_on(answer: Answer) -> None:
    """Units that the supplier does not take leave the goods for the vendor, for the outcome that the person chose."""
    claim, line_no = _claim(answer), answer.hold.line_no
    refused = claim.asked.get(line_no, ZERO) - claim.allowed.get(line_no, ZERO)
    move_on(answer.decision, answer.return_, line_no, TO_VENDOR, answer.choices, answer.actor, at_most=refused)


def claim_again(answer: Answer) -> None:
    """Every claim that this is about goes out once more, and its money is owed from now on again."""
    for claim in _claims(answer):
        ask(answer.decision, answer.return_, claim)
    _owed_from_now(answer)


def wait_for_credit(answer: Answer) -> None:
    """The money is owed from now on again: the clock runs anew."""
    _owed_from_now(answer)


def write_off_claim(answer: Answer) -> None:
    """What is open of the claims is written off; what was credited beyond them is kept."""
    tolerance = answer.decision.policy(answer.return_).vendor_claims.tolerance
    for claim in _claims(answer):
        for row in figures_of(answer.return_, claim):
            rest = row.claimed - row.credited
            if abs(rest) > tolerance or row.open:
                claim.written_off[row.currency] = rest
                what = f"{rest:f} {row.currency} of {claim.number} is written off" if rest > 0 else ""
                kept = f"{-rest:f} {row.currency} beyond {claim.number} is kept"
                answer.decision.note(answer.return_, what or kept)
    _settle(answer)


def set_cost(answer: Answer) -> None:
    """A person says what one unit of the line cost: `cost=12.50`, and `currency=EUR` if it is another than ours."""
    line = answer.return_.lines[answer.hold.line_no]
    choices = dict(answer.choices)
    text = choices.pop("cost", "")
    currency = choices.pop("currency", "") or answer.decision.policy(answer.return_).currency
    if choices or not text:
        raise CannotResolve("say what one unit cost, as cost=12.50, and its currency where it is not the house's")
    try:
        cost = Decimal(text)
    except InvalidOperation:
        cost = Decimal("NaN")
    if not cost.is_finite() or cost < 0:
        raise CannotResolve(f"cost={text}: a cost is a number, 0 or more")
    if len(currency) != 3 or not currency.isalpha():
        raise CannotResolve(f"currency={currency}: a currency is three letters, as USD")
    line.cost_price, line.cost_currency = cost, currency.upper()
    _settle(answer)


def claim_by_quantity(answer: Answer) -> None:
    """The line's goods are claimed without an amount."""
    claim = _claim(answer)
    claim.by_quantity = (*claim.by_quantity, answer.hold.line_no)
    _settle(answer)


def _claim(answer: Answer) -> VendorClaim:
    return next(c for c in answer.return_.vendor_claims.values() if answer.hold.key.endswith(f":{c.supplier}"))


def _claims(answer: Answer) -> list[VendorClaim]:
    """The claim that the Hold names; of a broken promise, every claim with money open."""
    claims = list(answer.return_.vendor_claims.values())
    named = [claim for claim in claims if answer.hold.key.endswith(f":{claim.supplier}")]
    return named or [claim for claim in claims if any(row.open > ZERO for row in figures_of(answer.return_, claim))]


def _owed_from_now(answer: Answer) -> None:
    clock = answer.return_.clocks.get(_CLOCK)
    if clock is not None and clock.state == "running":
        clock.state, clock.stopped_at = "met", instant(answer.decision.now)
    _settle(answer)


def _settle(answer: Answer) -> None:
    settle_ledger(answer.decision, answer.return_, list(answer.return_.lines), PostingCause(answer.decision.at))
