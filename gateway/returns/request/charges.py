"""Charges and allowances that a request claims beside its goods, and how much of them is credited.

What a request claims as a whole is spread over its lines by their value, to the cent. Of the restocking fee and the
tax, which we reckon ourselves, only what the partner claims beyond ours counts: less fee, or more tax.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.model import ZERO, Return, ReturnLine
from gateway.returns.money.credit_parts import credit_parts
from gateway.returns.money.currency import rounded, spread
from gateway.returns.policy import Policy
from translators.canonical import Charge, RequestLine, ReturnRequest

# Stands between a kind of charge and the currency that it is claimed in, where that is not the return's.
FOREIGN = "-"


@dataclass(slots=True, frozen=True)
class ClaimedCharge:
    """A kind of charge, how much of it is claimed for the lines that are authorized, and how much the whole return
    claims and is credited.
    """

    kind: str
    of_authorized: Decimal
    claimed: Decimal
    credited: Decimal


def note_charges(
    return_: Return, document: ReturnRequest, asked: Sequence[tuple[ReturnLine, RequestLine]], policy: Policy
) -> None:
    """Note on every line what the request claims beside its goods, and what of that is credited.

    `asked`: the lines of the return with those of the request that they were asked for by.
    """
    for line in return_.lines.values():
        line.claimed_charges = {}
    if document.charges or any(requested.charges for _, requested in asked):
        lines = [line for line, _ in asked]
        currency = document.currency or return_.currency
        suffix = f"{FOREIGN}{currency}" if currency != return_.currency else ""
        stated = _stated(return_, document.charges, asked)
        for kind, shares in _beyond_ours(return_, stated, lines, policy).items():
            for line, share in zip(lines, shares, strict=True):
                if share:
                    line.claimed_charges[kind + suffix] = share
    credit_charges(return_, policy)


def _stated(
    return_: Return, of_document: Iterable[Charge], asked: Sequence[tuple[ReturnLine, RequestLine]]
) -> dict[str, list[Decimal]]:
    """What is claimed by kind of charge, for each line: its own, and its share of what is claimed for the whole."""
    stated: dict[str, list[Decimal]] = {}
    for at, (_, requested) in enumerate(asked):
        for charge in filter(_says_how_much, requested.charges):
            stated.setdefault(charge.kind, [ZERO] * len(asked))[at] += rounded(charge.amount, return_.currency)
    values = [line.requested * (line.unit_price or ZERO) for line, _ in asked]
    for charge in filter(_says_how_much, of_document) if asked else ():
        shares = spread(rounded(charge.amount, return_.currency), values, return_.currency)
        so_far = stated.setdefault(charge.kind, [ZERO] * len(asked))
        stated[charge.kind] = [a + b for a, b in zip(so_far, shares, strict=True)]
    return stated


def _says_how_much(charge: Charge) -> bool:
    """A bare percentage has no amount: nobody says of what it is."""
    return bool(charge.amount)


def _beyond_ours(
    return_: Return, stated: dict[str, list[Decimal]], lines: Sequence[ReturnLine], policy: Policy
) -> dict[str, list[Decimal]]:
    """What is claimed by kind, of fee and tax what is beyond our own; kinds of which nothing is claimed are left out.

    A fee may be written as a negative number, as it is one to the partner.
    """
    ours = [credit_parts(return_, line, line.requested, policy) for line in lines]
    for kind in stated.keys() & {"restocking", "tax"}:
        differences: list[Decimal] = []
        for parts, amount in zip(ours, stated[kind], strict=True):
            mine = (parts.tax if kind == "tax" else -parts.restocking_fee) if parts else abs(amount)
            differences.append(amount - mine if kind == "tax" else mine - abs(amount))
        beyond = max(ZERO, sum(differences, ZERO))
        stated[kind] = spread(beyond, [max(ZERO, each) for each in differences], return_.currency)
    return {kind: shares for kind, shares in stated.items() if sum(shares, ZERO) > 0}


def credit_charges(return_: Return, policy: Policy) -> None:
    """Put on every line what of its claimed charges is credited: what the policy allows, or a person accepted."""
    for line in return_.lines.values():
        line.credited_charges = ZERO
    for charge in claimed_charges(return_, policy):
        lines = list(return_.lines.values())
        weights = [max(ZERO, line.claimed_charges.get(charge.kind, ZERO)) for line in lines]
        for line, share in zip(lines, spread(charge.credited, weights, return_.currency), strict=True):
            line.credited_charges += share


def claimed_charges(return_: Return, policy: Policy) -> Iterator[ClaimedCharge]:
    """Every kind of charge that the return claims, with what is credited of it."""
    kinds = dict.fromkeys(kind for line in return_.lines.values() for kind in line.claimed_charges)
    for kind in kinds:
        shares = {no: line.claimed_charges.get(kind, ZERO) for no, line in return_.lines.items()}
        claimed = sum(shares.values(), ZERO)
        limit = policy.credited_charges.get(kind, ZERO)
        allowed = claimed if limit == "any" else max(limit, return_.accepted_charges.get(kind, ZERO))
        credited = rounded(max(ZERO, min(claimed, allowed)), return_.currency)
        of_authorized = sum((share for no, share in shares.items() if return_.tallies[no].a), ZERO)
        yield ClaimedCharge(kind, of_authorized, claimed, credited)
