"""Suppliers who take back or credit something else than we claim."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.model import Return, plain
from gateway.returns.money.claim_differences import credit_differences
from gateway.returns.money.claim_figures import taken
from gateway.returns.money.claimable import waits_for_cost
from gateway.returns.policy import Policy
from gateway.returns.vendors.claims import differing


def vendor_causes(return_: Return, _credits: Mapping[str, Decimal], policy: Policy) -> list[HoldCause]:
    """What suppliers say of our claims that is not what we claim, and claims without money."""
    if not return_.vendor_claims:
        return []
    return [*_answers(return_), *_credit_notes(return_, policy), *_costs(return_, policy)]


def _answers(return_: Return) -> list[HoldCause]:
    """A supplier allows more or less to go back than we asked for. What it does not take needs another outcome."""
    causes: list[HoldCause] = []
    for claim, line_no, allowed, asked in differing(return_):
        rma = f" ({claim.rma})" if claim.rma else ""
        goods = return_.lines[line_no].sku or f"line {line_no}"
        text = f"{claim.supplier} takes back {plain(allowed)} of the {plain(asked)} of {goods} that {claim.number}"
        extent = f"{plain(allowed)}/{plain(asked)}"
        text += f" asks for{rma}: {claim.decision}"
        class_ = "vendor_refused" if allowed < asked else "vendor_differs"
        causes.append(HoldCause(class_, line_no, claim.supplier, extent, text, document_id=claim.document_id))
    return causes


def _credit_notes(return_: Return, policy: Policy) -> list[HoldCause]:
    """A supplier's credit notes say another amount, currency or quantity than we claim, or make no sense."""
    return [
        HoldCause(
            "vendor_credit_differs",
            "",
            each.claim.supplier,
            each.extent,
            f"{each.claim.supplier} on {each.claim.number}: {each.words}",
            document_id=next(reversed(each.claim.credits.values())).document_id,
        )
        for each in credit_differences(return_, policy.vendor_claims.tolerance)
    ]


def _costs(return_: Return, policy: Policy) -> list[HoldCause]:
    """Goods that a supplier takes, and nobody has said what they cost: the claim waits for its money."""
    causes: list[HoldCause] = []
    for claim in return_.vendor_claims.values():
        for line_no, quantity in taken(return_, claim).items():
            if waits_for_cost(return_, line_no, policy):
                sku = return_.lines[line_no].sku or f"line {line_no}"
                text = f"{claim.supplier} takes {plain(quantity)} of {sku}, and nobody has said what one cost us"
                causes.append(HoldCause("vendor_cost_unknown", line_no, claim.supplier, "", text))
    return causes
