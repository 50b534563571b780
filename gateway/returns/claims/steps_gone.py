"""The steps that goods of a line went from one outcome to another, of all of them or of a share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from gateway.returns.claims.follow_ons import as_step
from gateway.returns.model import ZERO, Claim, Tally, ends_of

# A code of goods, and the site that they are booked at: "" for where they were sent.
CodeAndSite = tuple[str, str]


def first_outcomes(tally: Tally) -> dict[str, Decimal]:
    """How many units got which outcome first, whatever has become of them since."""
    first = dict(tally.d)
    for step, quantity in tally.moved_on.items():
        left, reached = ends_of(step)
        first[left] = first.get(left, ZERO) + quantity
        first[reached] = first.get(reached, ZERO) - quantity
    return {code: quantity for code, quantity in first.items() if quantity}


def by_outcome(units: Mapping[CodeAndSite, Decimal]) -> dict[str, Decimal]:
    """The same units, wherever they are."""
    sums: dict[str, Decimal] = {}
    for (code, _), quantity in units.items():
        sums[code] = sums.get(code, ZERO) + quantity
    return sums


def steps_from(
    first: Mapping[CodeAndSite, Decimal], claims: Iterable[Claim]
) -> tuple[dict[CodeAndSite, Decimal], dict[CodeAndSite, Decimal]]:
    """Of a share of a line's goods: the steps that they went, as the claims say, and the outcomes they have then.

    `first`: the first outcomes of the share. Each step takes of it what is there, in the claims' own order.
    """
    units, steps = dict(first), dict[CodeAndSite, Decimal]()
    standing = [c for c in claims if c.state == "active" and c.seqs and (c.follows or c.kind == "follow")]
    standing.sort(key=lambda claim: (claim.order, claim.source, claim.row))
    to_go: list[tuple[str, Decimal]] = []
    for claim in standing:
        effects = as_step(claim.effects, claim.follows) if claim.follows else claim.effects
        to_go += [(step, quantity) for _, quantity, step, _ in effects]
    went_on = True
    while went_on:
        went_on = False
        for place, (step, quantity) in enumerate(to_go):
            if gone := _go(units, steps, step, quantity):
                to_go[place] = (step, quantity - gone)
                went_on = True
    return steps, {key: quantity for key, quantity in units.items() if quantity}


def _go(units: dict[CodeAndSite, Decimal], steps: dict[CodeAndSite, Decimal], step: str, quantity: Decimal) -> Decimal:
    """Let up to `quantity` units go a step, from all sites in their order; how many went."""
    left, reached = ends_of(step)
    gone = ZERO
    for site in sorted(site for code, site in units if code == left):
        taken = min(quantity - gone, units[left, site])
        if taken > 0:
            units[left, site] -= taken
            units[reached, site] = units.get((reached, site), ZERO) + taken
            steps[step, site] = steps.get((step, site), ZERO) + taken
            gone += taken
    return gone
