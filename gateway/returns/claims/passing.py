"""Which goods of a line the ERP may be told of.

What came beyond the authorization waits until a person says what becomes of it, and so do goods at a place where they
were not sent. Which units those are is a function of the claims: units are taken in the claims' own order (day, number,
row), whatever order they came in, and within one of them those in good condition first. So what came first is posted,
and what came on top of it waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.claims.steps_gone import CodeAndSite, by_outcome, first_outcomes, steps_from
from gateway.returns.model import ZERO, Claim, LedgerEffect, Return, Tally
from gateway.returns.policy import Policy

# Kind of the claims by which a person says where goods of a line may be: `site`, and in `said` one of the next three.
AT_SITE = "site"
# The goods are there for good; they are there and go on to where they were sent; the document named the wrong site.
ACCEPTED, TRANSFERRED, MISNAMED = "accept", "transfer", "dismiss"
_GOOD = frozenset({"good", "new", "like_new"})


@dataclass(slots=True, frozen=True)
class PassingShare:
    """Units of a line that the ERP may be told of, by condition and by outcome, with the site they are booked at.

    `outcomes` are those that goods have now, `first` those that they had first, `steps` how they went from these to
    those. `moved_on`: how many came to another site and are brought from there to where they were sent.
    """

    received: Mapping[CodeAndSite, Decimal]
    outcomes: Mapping[CodeAndSite, Decimal]
    moved_on: Mapping[str, Decimal]
    first: Mapping[CodeAndSite, Decimal]
    steps: Mapping[CodeAndSite, Decimal]


def may_pass(tally: Tally, policy: Policy) -> Decimal:
    """How many units the ERP may be told of as goods of the line: authorized, tolerated, or kept without credit."""
    taken_in = tally.a + tally.kept
    if not tally.a:
        return taken_in
    return max(taken_in, min(taken_in + policy.over_receipt_tolerance, tally.r - tally.sent_back))


def waiting_surplus(tally: Tally, policy: Policy) -> Decimal:
    """How many units beyond those wait for a person."""
    return max(ZERO, tally.r - tally.sent_back - may_pass(tally, policy))


def passing(return_: Return, line_no: str, policy: Policy) -> PassingShare:
    """The goods of a line that the ERP may be told of."""
    tally = return_.tallies[line_no]
    room = may_pass(tally, policy)
    sites = _other_sites(return_, line_no, policy)
    if tally.r <= room and not sites:
        received = {(code, ""): quantity for code, quantity in tally.by_condition.items() if quantity}
        outcomes = {(code, ""): quantity for code, quantity in tally.d.items() if quantity}
        if not tally.moved_on:
            return PassingShare(received, outcomes, {}, outcomes, {})
        steps = {(step, ""): quantity for step, quantity in tally.moved_on.items() if quantity}
        first = {(code, ""): quantity for code, quantity in first_outcomes(tally).items()}
        return PassingShare(received, outcomes, {}, first, steps)
    claims = return_.claims.get(line_no, ())
    received_, moved_on = _received(_units(claims, "receive", room), sites)
    came = sum(received_.values(), ZERO)
    first_ = _outcomes(_units(claims, "disposition", room), sites, came)
    steps_, reached = steps_from(first_, claims) if tally.moved_on else ({}, first_)
    return PassingShare(received_, reached, moved_on, first_, steps_)


def passing_outcome(return_: Return, line_no: str, code: str, policy: Policy) -> Decimal:
    """How many units of a line with this outcome the ERP may be told of, wherever they are."""
    if not return_.tallies[line_no].d.get(code):
        return ZERO
    outcomes = passing(return_, line_no, policy).outcomes
    return sum((quantity for (outcome, _), quantity in outcomes.items() if outcome == code), ZERO)


def settled_outcomes(return_: Return, line_no: str) -> Mapping[str, Decimal]:
    """Outcome → units that have it now and were authorized, so that they are settled with the partner."""
    tally = return_.tallies[line_no]
    if tally.dispositioned <= tally.a:
        return tally.d
    first = _settled_first(return_, line_no)
    return by_outcome(steps_from(first, return_.claims.get(line_no, ()))[1] if tally.moved_on else first)


def settled_steps(return_: Return, line_no: str) -> Mapping[str, Decimal]:
    """The same of the steps that units went from one outcome to another: "quarantine>restock" → units."""
    tally = return_.tallies[line_no]
    if not tally.moved_on or tally.dispositioned <= tally.a:
        return tally.moved_on
    return by_outcome(steps_from(_settled_first(return_, line_no), return_.claims.get(line_no, ()))[0])


def _settled_first(return_: Return, line_no: str) -> dict[CodeAndSite, Decimal]:
    sums: dict[CodeAndSite, Decimal] = {}
    for _, code, quantity in _units(return_.claims.get(line_no, ()), "disposition", return_.tallies[line_no].a):
        sums[code, ""] = sums.get((code, ""), ZERO) + quantity
    return sums


def expected_site(return_: Return, policy: Policy) -> str:
    """The site that the goods were sent to; "" where nobody has said one."""
    return policy.routes.sites.get(return_.warehouse, return_.warehouse)


def is_expected(site: str, return_: Return, policy: Policy) -> bool:
    """Is a site that a document names the one that the goods were sent to (or the warehouse, without a site of it)?"""
    return not site or not (expected := expected_site(return_, policy)) or site in (expected, return_.warehouse)


def sites_in_question(return_: Return, line_no: str, policy: Policy) -> dict[str, Decimal]:
    """Site → units that came there or were inspected there, which was not where they were sent, and nobody has said
    that it may be.
    """
    sums: dict[tuple[str, str], Decimal] = {}
    sites = {site for site, said in _other_sites(return_, line_no, policy).items() if not said}
    for claim in return_.claims.get(line_no, ()) if sites else ():
        if claim.site in sites and claim.seqs and claim.state == "active":
            for kind, quantity, _, _ in claim.effects:
                sums[claim.site, kind] = sums.get((claim.site, kind), ZERO) + quantity
    return {site: max(sums.get((site, "receive"), ZERO), sums.get((site, "inspect"), ZERO)) for site in sorted(sites)}


def _other_sites(return_: Return, line_no: str, policy: Policy) -> dict[str, str]:
    """Site that goods of a line are at, though they were not sent there → what a person said of it, "" so far."""
    if policy.wrong_site == "accept":
        return {}
    sites: dict[str, str] = {}
    for claim in return_.claims.get(line_no, ()):
        if claim.site and claim.seqs and not is_expected(claim.site, return_, policy):
            sites.setdefault(claim.site, "")
    for claim in return_.claims[line_no] if sites else ():
        if claim.kind == AT_SITE and claim.site in sites and claim.state != "superseded":
            sites[claim.site] = claim.said
    return sites


def _received(
    units: Iterable[tuple[Claim, str, Decimal]], sites: Mapping[str, str]
) -> tuple[dict[CodeAndSite, Decimal], dict[str, Decimal]]:
    received: dict[CodeAndSite, Decimal] = {}
    moved_on: dict[str, Decimal] = {}
    for claim, code, quantity in units:
        said = sites.get(claim.site, MISNAMED)
        if said:
            place = "" if said == MISNAMED else claim.site
            received[code, place] = received.get((code, place), ZERO) + quantity
            if said == TRANSFERRED:
                moved_on[place] = moved_on.get(place, ZERO) + quantity
    return received, moved_on


def _outcomes(
    units: Iterable[tuple[Claim, str, Decimal]], sites: Mapping[str, str], came: Decimal
) -> dict[CodeAndSite, Decimal]:
    """What may be told of outcomes: of no more units than it is told came (`came`)."""
    outcomes: dict[CodeAndSite, Decimal] = {}
    for claim, code, quantity in units:
        said = sites.get(claim.site, MISNAMED)
        taken = min(quantity, came) if said else ZERO
        if taken:
            came -= taken
            place = claim.site if said == ACCEPTED else ""
            outcomes[code, place] = outcomes.get((code, place), ZERO) + taken
    return outcomes


def own_order(claim: Claim) -> tuple[str, str, int]:
    """The order of claims whose goods come first, whatever order they came in."""
    return claim.order, claim.source, claim.row


def good_first(claim: Claim) -> list[LedgerEffect]:
    """The effects of a claim, those of goods in good condition first; an outcome stays with its condition."""
    ranked: list[tuple[bool, LedgerEffect]] = []
    condition = ""
    for effect in claim.effects:
        if effect[0] != "disposition":
            condition = effect[2]
        ranked.append((condition not in _GOOD, effect))
    return [effect for _, effect in sorted(ranked, key=lambda pair: pair[0])]


def _units(claims: Iterable[Claim], kind: str, room: Decimal) -> Iterator[tuple[Claim, str, Decimal]]:
    """The first `room` units that claims have of a kind of movement: claim, code and quantity."""
    standing = [claim for claim in claims if claim.state == "active" and claim.seqs and not claim.follows]
    for claim in sorted(standing, key=own_order):
        for effect_kind, quantity, code, _ in good_first(claim):
            if effect_kind == kind and (taken := min(quantity, room)):
                room -= taken
                yield claim, code, taken
