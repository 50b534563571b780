"""What a supplier's credit notes say that our claim does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.model import ZERO, Return, VendorClaim, plain
from gateway.returns.money.claim_figures import ClaimFigures, figures_of, main_currency, quantities_credited, taken


@dataclass(slots=True, frozen=True)
class CreditProblem:
    """A claim whose credits are not what it claims: in words, and the figures that this is said of."""

    claim: VendorClaim
    words: str
    extent: str


def credit_differences(return_: Return, tolerance: Decimal) -> Iterator[CreditProblem]:
    """Claims that the supplier has credited otherwise than we claim them; money within `tolerance` is no difference.

    What a person has written off counts as different still: the answer holds as long as the figures are those that it
    was given to.
    """
    for claim in return_.vendor_claims.values():
        if not claim.credits:
            continue
        rows = figures_of(return_, claim)
        words = [
            *_money(rows, tolerance),
            *_currency(return_, claim, rows),
            *_quantities(return_, claim),
            *(f"note {credit.number}: {credit.problem}" for credit in claim.credits.values() if credit.problem),
        ]
        if words:
            extent = ";".join(f"{row.currency} {plain(row.credited)}/{plain(row.claimed)}" for row in rows)
            units = ",".join(f"{no} {plain(q)}" for no, q in sorted(quantities_credited(return_, claim).items()))
            problems = ",".join(sorted(credit.number for credit in claim.credits.values() if credit.problem))
            yield CreditProblem(claim, "; ".join(words), "|".join(filter(None, (extent, units, problems))))


def _money(rows: list[ClaimFigures], tolerance: Decimal) -> list[str]:
    return [
        f"{row.credited:f} {row.currency} credited, {row.claimed:f} claimed"
        for row in rows
        if abs(row.claimed - row.credited) > tolerance
    ]


def _currency(return_: Return, claim: VendorClaim, rows: list[ClaimFigures]) -> list[str]:
    ours = main_currency(return_, claim)
    return [f"credited in {row.currency}, claimed in {ours}" for row in rows if row.credited and not row.asked]


def _quantities(return_: Return, claim: VendorClaim) -> list[str]:
    """Lines of which the notes name another number of units than the supplier takes; of lines without any, nothing."""
    named, goods = quantities_credited(return_, claim), taken(return_, claim)
    return [
        f"{plain(quantity)} of the {plain(goods.get(no, ZERO))} of {return_.lines[no].sku or f'line {no}'} credited"
        for no, quantity in sorted(named.items())
        if quantity != goods.get(no, ZERO)
    ]
