"""A person says that a parcel is lost."""

from __future__ import annotations

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.claims.acceptance import add_claim
from gateway.returns.decision import CannotResolve, PostingCause
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.ledger.parcels import missing_of
from gateway.returns.model import Claim, LedgerEffect
from gateway.returns.request import answers


def close_parcel_short(answer: Answer) -> None:
    """What is in the parcel will not come: it is closed short, and the warehouse expects it no more."""
    return_, hold = answer.return_, answer.hold
    parcel = next((c for c in return_.consignments if hold.key.endswith(f":{c.source}")), None)
    missing = missing_of(return_, parcel) if parcel is not None else {}
    if not missing:
        raise CannotResolve("nothing of this parcel is on its way any more")
    for line_no, quantity in missing.items():
        effects: tuple[LedgerEffect, ...] = (("close_short", quantity, "", "0"),)
        add_claim(return_, Claim(answer.source, 0, "close_short", line_no, effects, at=answer.decision.at))
    settle_ledger(answer.decision, return_, list(missing), PostingCause(answer.decision.at))
    answers.announce(answer.decision, return_)
