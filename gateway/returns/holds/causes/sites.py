"""Goods that are not where they were sent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.claims.passing import expected_site, sites_in_question
from gateway.returns.holds.causes.words import named
from gateway.returns.model import Return, plain
from gateway.returns.policy import Policy


def site_causes(return_: Return, _credits: Mapping[str, Decimal], policy: Policy) -> list[HoldCause]:
    """Every site at which goods of a line are, though they were not sent there. Of goods that nobody authorized it is
    asked first what becomes of them.
    """
    causes: list[HoldCause] = []
    for line_no, line in return_.lines.items():
        tally = return_.tallies[line_no]
        if not tally.r or not (tally.a or tally.surplus):
            continue
        for site, quantity in sites_in_question(return_, line_no, policy).items():
            expected = expected_site(return_, policy)
            why = "is not where they were sent" if site in policy.routes.places else "is no site that we know"
            text = f"{plain(quantity)} of {named(line)} are said to be at {site}, which {why}: {expected}"
            causes.append(HoldCause("wrong_site", line_no, site, site, text))
    return causes
