"""The money of a return's claims against suppliers: claimed, credited, written off, and what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.model import ZERO, Return, ReturnLine, VendorClaim
from gateway.returns.money.currency import rounded


@dataclass(slots=True, frozen=True)
class ClaimFigures:
    """One claim in one currency: what the goods that the supplier takes cost us, and what became of that money.

    `claimed` counts what the supplier agreed to take, or credited unasked; `asked` is the value of what we ask it for.
    `open` is claimed less credited less written off; below zero, the supplier credited more than we claim.
    `unpriced`: units that are claimed and whose cost nobody has said; they are in no amount.
    """

    number: str
    supplier: str
    rma: str
    currency: str
    asked: Decimal
    claimed: Decimal
    credited: Decimal
    written_off: Decimal
    open: Decimal
    unpriced: Decimal = ZERO


def claim_figures(return_: Return, tolerance: Decimal = ZERO) -> list[ClaimFigures]:
    """The figures of every claim of a return, by claim and currency, in the order in which they were made.

    `tolerance`: a claim that was credited is settled if no more than this is left of it.
    """
    return [figures for claim in return_.vendor_claims.values() for figures in figures_of(return_, claim, tolerance)]


def figures_of(return_: Return, claim: VendorClaim, tolerance: Decimal = ZERO) -> list[ClaimFigures]:
    """The figures of one claim by currency; one row without amounts for a claim that has no money yet."""
    goods = taken(return_, claim)
    asked, claimed = value_of(return_, claim.asked), value_of(return_, goods)
    credited = credited_of(return_, claim)
    unpriced = sum((goods[no] for no in goods if return_.lines[no].cost_price is None), ZERO)
    currencies = dict.fromkeys((*asked, *claimed, *credited)) or {main_currency(return_, claim): None}
    rows: list[ClaimFigures] = []
    for currency in currencies:
        to_pay, paid = claimed.get(currency, ZERO), credited.get(currency, ZERO)
        gone = _given_up(claim, currency, to_pay - paid, tolerance)
        rows.append(
            ClaimFigures(
                claim.number,
                claim.supplier,
                claim.rma,
                currency,
                asked.get(currency, ZERO),
                to_pay,
                paid,
                gone,
                to_pay - paid - gone,
                ZERO if rows else unpriced,
            )
        )
    return rows


def _given_up(claim: VendorClaim, currency: str, rest: Decimal, tolerance: Decimal) -> Decimal:
    """How much of what is left of a claim is written off. What is credited after all makes it less again."""
    if claim.credits and abs(rest) <= tolerance:
        return rest
    limit = claim.written_off.get(currency, ZERO)
    return max(ZERO, min(limit, rest)) if limit > 0 else min(ZERO, max(limit, rest))


def taken(return_: Return, claim: VendorClaim) -> dict[str, Decimal]:
    """What the supplier takes of what we ask for, by line: what its answer allows; unasked, what it has credited.

    A supplier that has not answered, and has credited all that we ask for without naming quantities, takes all of it.
    """
    if claim.decision not in {"", "pending"}:
        agreed = claim.allowed
    elif not claim.credits:
        agreed = {}
    else:
        agreed = quantities_credited(return_, claim)
        if not agreed and _covers(credited_of(return_, claim), value_of(return_, claim.asked)):
            agreed = claim.asked
    return {no: min(asked, agreed[no]) for no, asked in claim.asked.items() if agreed.get(no, ZERO) > 0}


def _covers(credited: dict[str, Decimal], asked: dict[str, Decimal]) -> bool:
    return bool(asked) and all(credited.get(currency, ZERO) >= amount for currency, amount in asked.items())


def quantities_credited(return_: Return, claim: VendorClaim) -> dict[str, Decimal]:
    """Units that the supplier's credit notes name, less what its debits take back, by line.

    A note names items: what it names beyond what is asked of a line is of the other lines of that item.
    """
    quantities: dict[str, Decimal] = {}
    for credit in claim.credits.values():
        for no, quantity in credit.quantities.items():
            quantities[no] = quantities.get(no, ZERO) + quantity
    for no in list(quantities):
        for other in claim.asked:
            surplus = quantities[no] - claim.asked.get(no, ZERO)
            room = claim.asked[other] - quantities.get(other, ZERO)
            if other != no and surplus > 0 and room > 0 and return_.lines[other].ids == return_.lines[no].ids:
                quantities[other] = quantities.get(other, ZERO) + min(surplus, room)
                quantities[no] -= min(surplus, room)
    return quantities


def credited_of(return_: Return, claim: VendorClaim) -> dict[str, Decimal]:
    """Credits less debits by currency; a note that names none has that of the claim."""
    amounts: dict[str, Decimal] = {}
    for credit in claim.credits.values():
        currency = credit.currency or main_currency(return_, claim)
        amounts[currency] = amounts.get(currency, ZERO) + credit.amount
    return amounts


def value_of(return_: Return, quantities: dict[str, Decimal]) -> dict[str, Decimal]:
    """What so many units of these lines cost us, by currency; lines whose cost nobody has said are left out."""
    amounts: dict[str, Decimal] = {}
    for no, quantity in quantities.items():
        line = return_.lines[no]
        amount = cost_of(line, quantity)
        if amount is not None:
            amounts[line.cost_currency] = amounts.get(line.cost_currency, ZERO) + amount
    return amounts


def cost_of(line: ReturnLine, quantity: Decimal) -> Decimal | None:
    """What so many units of a line cost us, in their currency's decimals; None while nobody has said what one does."""
    if line.cost_price is None:
        return None
    return rounded(quantity * line.cost_price, line.cost_currency)


def main_currency(return_: Return, claim: VendorClaim) -> str:
    """The currency of a claim: that of the cost of its first line, else that of the return."""
    currencies = (return_.lines[no].cost_currency for no in claim.asked)
    return next((currency for currency in currencies if currency), return_.currency)


def owing(return_: Return, tolerance: Decimal = ZERO) -> Iterator[VendorClaim]:
    """Claims of which the supplier owes money that nobody has given up: it takes the goods, and has not paid."""
    for claim in return_.vendor_claims.values():
        if any(figures.open > 0 for figures in figures_of(return_, claim, tolerance)):
            yield claim
